#!/usr/bin/env python3
"""Run the checkers of tools/ on small trees that break one rule each, and on trees that break none.

A case is a text file of cases/: "=== PATH" begins a file of the tree, "=== expect CHECKER" the lines
that CHECKER must complain with, all of them and no others.  TAP, one test a case."""
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parent.parent / "tools"


def sections(text):
    """Yield (heading, body) of each "=== heading" section."""
    heading, lines = None, []
    for line in text.split("\n"):
        if line.startswith("=== "):
            if heading is not None:
                yield heading, "\n".join(lines) + "\n"
            heading, lines = line[4:], []
        else:
            lines.append(line)
    yield heading, "\n".join(lines)


def complaints(checker, root):
    done = subprocess.run([sys.executable, str(TOOLS / f"{checker}.py"), "--root", root], capture_output=True,
                          text=True, check=False)
    found = done.stderr.splitlines()
    if done.returncode != (1 if found else 0):
        found.append(f"exit status {done.returncode}")
    return found


def run_case(path):
    """Return what differs: lines of "missing: …" and "unexpected: …"."""
    differences = []
    with tempfile.TemporaryDirectory() as root:
        for heading, body in sections(path.read_text(encoding="utf-8")):
            if heading.startswith("expect "):
                expected = [line for line in body.split("\n") if line]
                found = complaints(heading.split()[1], root)
                differences += [f"missing: {line}" for line in expected if line not in found]
                differences += [f"unexpected: {line}" for line in found if line not in expected]
            else:
                file = Path(root) / heading
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(body, encoding="utf-8")
    return differences


def main():
    cases = sorted((HERE / "cases").glob("*.txt"))
    print(f"1..{len(cases)}")
    n_failed = 0
    for number, path in enumerate(cases, 1):
        differences = run_case(path)
        n_failed += bool(differences)
        print("not ok" if differences else "ok", number, "-", path.stem)
        for line in differences:
            print("#", line)
    sys.exit(1 if n_failed else 0)


main()
