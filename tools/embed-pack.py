#!/usr/bin/env python3
"""Turn the folder of a pack into the C table that schema/schema-folder.c hands out.

usage: embed-pack.py OUTPUT.c OUTPUT.d FOLDER

OUTPUT.d names every file and folder that was looked at, for ninja: a new file is noticed by its
folder's change.  A file must be UTF-8 without NUL."""
import sys
from pathlib import Path

from ctext import quote

ENDINGS = {".yaml", ".txt", ".md"}


def read(path):
    text = path.read_bytes()
    text.decode("utf-8")
    if b"\0" in text:
        sys.exit(f"embed-pack.py: '{path}' has a NUL byte")
    return text


def write_table(out, folder, files):
    out.write("/* Made by tools/embed-pack.py; do not edit. */\n")
    out.write('#include "schema/pack-texts.h"\n\n')
    out.write("const EmbeddedFile schema_pack_texts[] = {\n")
    for path in files:
        name = path.relative_to(folder).as_posix().encode()
        out.write(f"    {{{quote(name)},\n")
        lines = read(path).splitlines(keepends=True) or [b""]
        out.write("\n".join("     " + quote(line) for line in lines) + "},\n")
    out.write("    {0},\n};\n")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    target, depfile, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix in ENDINGS]
    files.sort(key=lambda path: path.relative_to(folder).as_posix().encode())
    with open(target, "w", encoding="ascii") as out:
        write_table(out, folder, files)
    seen = [folder, *(path for path in folder.rglob("*") if path.is_dir()), *files]
    with open(depfile, "w", encoding="utf-8") as out:
        out.write(f"{target}: " + " ".join(str(path).replace(" ", "\\ ") for path in seen) + "\n")


main()
