#!/usr/bin/env python3
"""Check how tools/run-tests counts.  TAP."""
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

sys.dont_write_bytecode = True
PATH = Path(__file__).resolve().parent.parent.parent / "tools" / "run-tests"
Totals = SourceFileLoader("run_tests", str(PATH)).load_module().Totals

# (what, result of the program, its output) -> (passed, failed, skipped)
CASES = [
    (("points count one by one", "OK", "1..2\nok 1 /a\nok 2 /b\n"), (2, 0, 0)),
    (("a failed point", "FAIL", "1..2\nok 1 /a\nnot ok 2 /b\n"), (1, 1, 0)),
    (("a crash after a good point", "ERROR", "1..2\nok 1 /a\n"), (1, 1, 0)),
    (("a failed point and the exit status count once", "ERROR", "not ok 1 /a\n1..1\n"), (0, 1, 0)),
    (("a time-out", "TIMEOUT", ""), (0, 1, 0)),
    (("a skipped point", "OK", "1..2\nok 1 /a # SKIP no server\nok 2 /b\n"), (1, 0, 1)),
    (("a skipped program", "SKIP", "1..0 # SKIP no server\n"), (0, 0, 1)),
    (("comments and nested points do not count", "OK", "# ok\n    ok 1 /a/b\nok 1 /a\n1..1\n"), (1, 0, 0)),
    (("a program without a test in it", "SKIP", ""), (0, 1, 0)),
    (("a program that is no TAP", "OK", "fine\n"), (0, 1, 0)),
]


def main():
    print(f"1..{len(CASES)}")
    n_failed = 0
    for number, ((what, result, output), expected) in enumerate(CASES, 1):
        totals = Totals()
        totals.add_program("p", result, output)
        found = (totals.n_passed, len(totals.failed), len(totals.skipped))
        n_failed += found != expected
        print("ok" if found == expected else "not ok", number, "-", what)
        if found != expected:
            print(f"{what}: {found}, not {expected}", file=sys.stderr)
    sys.exit(1 if n_failed else 0)


main()
