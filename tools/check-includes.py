#!/usr/bin/env python3
"""Check who includes whom (STYLE.md 4, 5; ARCHITECTURE.md's folder table).

usage: check-includes.py [--root DIR] [--build DIR]

With --build, headers that no .c file includes first are compiled alone, with the flags of the build.
TAP on standard output, one test a rule; complaints on standard error; exit status 1 if one is broken."""
import argparse
import json
import re
import shlex
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

from checks import Tree, line_of, report
from csource import STRING, without_comments

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"]+)[>"]', re.MULTILINE)

# Libraries that have one door: header -> the files that may include it.
DOORS = {
    "microhttpd.h": "http/server.c",
    "sqlite3.h": "store/store-*.[ch]",
    "libpq-fe.h": "store/store-*.[ch]",
    "microhttpd.h": "http/server.c",
    "openssl/*": ("base/crypto.c", "base/certificate.c"),
    "crypt.h": "base/crypto.c",
    "yaml.h": "schema/*.[ch]",
}
SQL = re.compile(r"\b(SELECT .*|INSERT INTO .*|UPDATE \S+ SET .*|DELETE FROM .*|CREATE TABLE .*)")


def sources(tree):
    return tree.files("src/**/*.c", "src/**/*.h")


def includes(tree, path):
    """Yield (line, '<' or '"', name) of each include of @path that is not an X-macro's table."""
    text = without_comments(tree.read(path))
    for match in INCLUDE.finditer(text):
        if not match.group(2).endswith(".def"):
            yield line_of(text, match.start(2)), match.group(1), match.group(2)


def folder_of(path):
    parts = Path(path).parts
    return parts[1] if len(parts) > 2 else None


def check_tiers(tree):
    """a folder includes only from itself and from folders before it"""
    order = tree.folders()
    for path in sources(tree):
        own = folder_of(path)
        if own is not None and own not in order:
            yield path, 1, f"folder '{own}' is missing from the list in src/meson.build"
            continue
        for line, kind, name in includes(tree, path):
            if kind == "<":
                continue
            other = name.split("/")[0]
            if "/" not in name:
                yield path, line, f"'{name}' is included without its folder: write \"folder/{name}\""
            elif other not in order:
                yield path, line, f"'{name}' is in no folder of src/meson.build's list"
            elif own is not None and order.index(other) > order.index(own):
                yield path, line, f"'{own}' comes before '{other}' and may not include '{name}'"


def own_headers(tree, path):
    """Return the headers that may stand first in @path: its own, else its family's.

    store/store-sqlite.c may begin with store/store-sqlite.h, store/store-internal.h or store/store.h."""
    folder, stem = folder_of(path), Path(path).stem
    own = f"{folder}/{stem}.h"
    if (tree.root / "src" / own).is_file():
        return [own]
    parts = stem.split("-")
    families = ["-".join(parts[:n]) for n in range(len(parts), 0, -1)]
    names = [family + end for family in families for end in ("-internal", "", "s")]
    if folder is None:  # src/main.c stands above the tiers and has no header
        return []
    return [f"{folder}/{name}.h" for name in names if (tree.root / "src" / folder / f"{name}.h").is_file()]


def check_own_header(tree):
    """each .c has its .h and includes it first"""
    for path in tree.files("src/*/*.c"):
        first = next(includes(tree, path), (1, "", ""))
        allowed = own_headers(tree, path)
        if not allowed:
            yield path, 1, "has no header of its name"
        elif first[2] not in allowed:
            yield path, first[0], f"includes '{first[2]}' first, not '{allowed[0]}'"


def check_order(tree):
    """includes stand in order: own header, <system>, "folder/x.h", each block sorted"""
    for path in sources(tree):
        found = list(includes(tree, path))
        if path.endswith(".c") and found and found[0][1] == '"' and found[0][2] in own_headers(tree, path):
            line = found.pop(0)[0]
            if found and found[0][0] == line + 1:
                yield path, line + 1, "a blank line is missing after the own header"
        for (line, kind, name), (next_line, next_kind, next_name) in zip(found, found[1:]):
            if kind == '"' and next_kind == "<":
                yield path, next_line, f"<{next_name}> belongs above the project's headers"
            elif kind != next_kind and next_line == line + 1:
                yield path, next_line, "a blank line is missing between <system> and project headers"
            elif kind == next_kind and next_line == line + 1 and name > next_name:
                yield path, next_line, f"'{next_name}' is out of order after '{name}'"


def check_doors(tree):
    """a library with one door is included only there"""
    for path in sources(tree):
        for line, _, name in includes(tree, path):
            for header, door in DOORS.items():
                doors = [door] if isinstance(door, str) else door
                if fnmatch(name, header) and not any(fnmatch(path, f"src/{one}") for one in doors):
                    yield path, line, f"only {' and '.join(doors)} may include '{name}'"


def check_sql(tree):
    """SQL stands only in the folders that ARCHITECTURE.md names"""
    table = tree.folder_table()
    for path in sources(tree):
        row = table.get(folder_of(path))
        if row is None or "SQL" in row:
            continue
        text = without_comments(tree.read(path))
        for match in STRING.finditer(text):
            if SQL.match(match.group(1)):
                yield path, line_of(text, match.start()), f"SQL in {folder_of(path)}/: {match.group(1)[:40]}"


def check_alone(tree, build):
    """each header compiles alone"""
    commands = json.loads((Path(build) / "compile_commands.json").read_text())
    flags = {}
    for command in commands:
        path = (Path(command["directory"]) / command["file"]).resolve()
        if path.is_relative_to(tree.root.resolve() / "src"):
            flags.setdefault(folder_of(str(path.relative_to(tree.root.resolve()))), command)
    proven = {next(includes(tree, path), (0, "", ""))[2] for path in tree.files("src/**/*.c")}
    for path in tree.files("src/*/*.h"):
        command = flags.get(folder_of(path))
        if path[len("src/"):] in proven or command is None:
            continue
        words = shlex.split(command["command"])
        keep = [word for word in words[1:] if word.startswith(("-I", "-D", "-W", "-std", "-i")) and not
                word.startswith("-Wp,")]
        done = subprocess.run([words[0] if "ccache" not in words[0] else words[1], *keep, "-fsyntax-only",
                               "-include", str((tree.root / path).resolve()), "-x", "c", "/dev/null"], cwd=command["directory"],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            yield path, 1, "does not compile alone: " + (done.stderr.strip().split("\n") or ["?"])[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--build")
    options = parser.parse_args()
    rules = [check_tiers, check_own_header, check_order, check_doors, check_sql]
    if options.build:
        def alone(tree):
            yield from check_alone(tree, options.build)
        alone.__doc__ = check_alone.__doc__
        rules.append(alone)
    sys.exit(report(rules, Tree(options.root)))


if __name__ == "__main__":
    main()
