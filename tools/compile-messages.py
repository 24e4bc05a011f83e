#!/usr/bin/env python3
"""Turn .po catalogues, one a folder of src/, into the C table that base/message.c searches.

usage: compile-messages.py message-table.c base.po [store.po …]

Fuzzy and untranslated entries are left out; msgfmt --check has looked at the formats before."""
import ast
import subprocess
import sys


def read_catalogue(path):
    """Return {id: text} of the translated, not fuzzy entries."""
    entries, field, entry, fuzzy = {}, None, {}, False

    def finish():
        if entry.get("msgid") and entry.get("msgstr") and not fuzzy:
            entries[entry["msgid"]] = entry["msgstr"]

    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            if field == "msgstr":
                finish()
                entry, field, fuzzy = {}, None, False
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        if line.startswith(("msgid ", "msgstr ")):
            name, line = line.split(" ", 1)
            if name == "msgid" and field == "msgstr":
                finish()
                entry, fuzzy = {}, False
            field = name
            entry[field] = ""
        if not line.startswith('"') or field is None:
            sys.exit(f"{path}:{number}: expected a quoted string")
        entry[field] += ast.literal_eval(line)
    finish()
    return entries


def quote(text):
    out = ['"']
    for byte in text.encode("utf-8"):
        char = chr(byte)
        if char in '"\\':
            out.append("\\" + char)
        elif 0x20 <= byte < 0x7F:
            out.append(char)
        else:
            out.append(f"\\{byte:03o}")
    return "".join(out) + '"'


def main():
    target, *sources = sys.argv[1:]
    catalogue = {}
    for source in sources:
        subprocess.run(["msgfmt", "--check-format", "--output-file=/dev/null", source], check=True)
        for key, text in read_catalogue(source).items():
            if catalogue.setdefault(key, text) != text:
                sys.exit(f"{source}: '{key}' is translated differently in an earlier catalogue")
    entries = sorted(catalogue.items(), key=lambda pair: pair[0].encode("utf-8"))
    with open(target, "w", encoding="utf-8") as out:
        out.write("/* Made by tools/compile-messages.py; do not edit. */\n")
        out.write('#include "base/message.h"\n\n')
        out.write("const MessageEntry message_table_zh[] = {\n")
        for key, text in entries:
            out.write(f"    {{{quote(key)}, {quote(text)}}},\n")
        out.write("    {NULL, NULL},\n};\n")
        out.write(f"const size_t message_table_zh_length = {len(entries)};\n")


main()
