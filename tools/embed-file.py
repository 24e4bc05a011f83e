#!/usr/bin/env python3
"""Turn text files into C string constants, so that the program carries them in itself.

usage: embed-file.py OUTPUT.c NAME=FILE…

Each NAME becomes `const char NAME[]`, the file's text with a NUL after it, and `NAME_version[]`, which
another text would have another of; declare them where they are used: `extern const char NAME[];`.  A
file must be UTF-8 without NUL."""
import hashlib
import re
import sys

from ctext import quote


def read_text(path):
    """Return the text of the file @path."""
    with open(path, "rb") as source:
        text = source.read()
    text.decode("utf-8")
    if b"\0" in text:
        sys.exit(f"embed-file.py: '{path}' has a NUL byte")
    return text


def literals(text):
    """Return @text as C string literals, one a line."""
    return "\n".join("    " + quote(line) for line in text.splitlines(keepends=True) or [b""])


def write_texts(out, pairs):
    for pair in pairs:
        name, _, path = pair.partition("=")
        if not re.fullmatch(r"[a-z_][a-z0-9_]*", name) or not path:
            sys.exit(f"embed-file.py: '{pair}' is not NAME=FILE")
        text = read_text(path)
        version = hashlib.sha256(text).hexdigest()[:12]
        out.write(f"\nextern const char {name}[];\nconst char {name}[] =\n{literals(text)};\n")
        out.write(f'extern const char {name}_version[];\nconst char {name}_version[] = "{version}";\n')


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    target, *arguments = sys.argv[1:]
    with open(target, "w", encoding="ascii") as out:
        out.write("/* Made by tools/embed-file.py; do not edit. */\n")
        write_texts(out, arguments)


main()
