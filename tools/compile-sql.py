#!/usr/bin/env python3
"""Turn the numbered migrations of sql/ into the C table that store/store-migration.c applies.

usage: compile-sql.py migrations.c migrations.c.d sql/

Checks the names (0001-store.sql, numbered without gaps), and that each file begins with a comment
(why it exists) and gives every table and every column one.  The dependency file names the folder
too, so that a new migration is seen by the next build."""
import os
import re
import sys

NAME = re.compile(r"^(\d{4})-([a-z][a-z0-9-]*)\.sql$")
TABLE = re.compile(r"^CREATE (VIRTUAL )?TABLE ", re.IGNORECASE)
RULE = re.compile(r"^(PRIMARY KEY|UNIQUE|FOREIGN KEY|CHECK)\b", re.IGNORECASE)


def check_comments(path, text):
    """Every table and column has a comment: on its line, or alone on the line above."""
    lines = text.split("\n")
    if not lines[0].startswith("-- "):
        sys.exit(f"{path}:1: a migration begins with a comment that says why")
    in_table, previous = False, ""
    for number, line in enumerate(lines, 1):
        words = line.strip()
        if TABLE.match(words):
            in_table = not words.split("--")[0].rstrip().endswith(";")
            wanted = True
        else:
            is_end = words.startswith(")")
            in_table = in_table and not is_end
            is_code = words != "" and not words.startswith("--")
            wanted = in_table and is_code and not RULE.match(words) and line.startswith("    ") \
                and not line.startswith("     ")
        if wanted and "--" not in words and not previous.strip().startswith("--"):
            sys.exit(f"{path}:{number}: a table or column without a comment: {words}")
        previous = line


def quote(text):
    """Return @text as C string literals, one a line."""
    lines = []
    for line in text.splitlines():
        escaped = line.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
        lines.append(f'     "{escaped}\\n"')
    return "\n".join(lines)


def main():
    output, depfile, folder = sys.argv[1:]
    names = sorted(name for name in os.listdir(folder) if name.endswith(".sql"))
    entries, paths = [], []
    for expected, name in enumerate(names, 1):
        path = os.path.join(folder, name)
        match = NAME.match(name)
        if not match or int(match[1]) != expected:
            sys.exit(f"{path}: expected the name {expected:04d}-….sql")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        check_comments(path, text)
        entries.append(f'    {{{expected}, "{match[2]}",\n{quote(text)}}},\n')
        paths.append(path)
    with open(output, "w", encoding="utf-8") as file:
        file.write("/* Made by tools/compile-sql.py from sql/. */\n"
                   '#include "store/store-internal.h"\n\n'
                   "const StoreMigration store_migrations[] = {\n" + "".join(entries) + "};\n"
                   f"const size_t store_n_migrations = {len(entries)};\n")
    with open(depfile, "w", encoding="utf-8") as file:
        file.write(f"{output}: {' '.join([folder] + paths)}\n")


main()
