#!/usr/bin/env python3
"""Drive `shuzhi due`: the answers of domain tables, bad input, exit status.  usage: due.py SHUZHI"""
import json
import subprocess
import sys

VECTORS = [  # start, limit, due: 2023 and 2024 notices of the State Council
    ("2023-01-20", "5 workdays", "2023-02-01"),
    ("2023-04-21", "5 workdays", "2023-04-27"),
    ("2023-06-20", "5 workdays", "2023-06-28"),
    ("2023-09-28", "5个工作日", "2023-10-11"),
    ("2023-09-20", "20 workdays", "2023-10-24"),
    ("2023-05-05", "1 workday", "2023-05-06"),
    ("2024-02-08", "5 workdays", "2024-02-21"),
    ("2023-09-20", "15日", "2023-10-07"),
]
BAD = [  # arguments, exit status, words of the message
    (["due"], 10, "--start"),
    (["due", "--start", "2023-02-30", "--within", "5 workdays"], 10, "2023-02-30"),
    (["due", "--start", "2023-01-20", "--within", "5 wrokdays"], 10, "5 wrokdays"),
    (["due", "--strat", "2023-01-20"], 10, "--strat"),
    (["deu"], 2, "deu"),
    ([], 2, "shuzhi"),
]


def run(program, arguments, language="en"):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False,
                          env={"SHUZHI_LANGUAGE": language, "PATH": "/usr/bin:/bin"})


def main():
    program, number, failed = sys.argv[1], 0, 0

    def check(is_good, name, seen):
        nonlocal number, failed
        number += 1
        failed += not is_good
        print(f"{'ok' if is_good else 'not ok'} {number} {name}")
        if not is_good:
            print(f"# {seen}")

    print(f"1..{2 * len(VECTORS) + 2 * len(BAD)}")
    for start, limit, due in VECTORS:
        done = run(program, ["due", "--start", start, "--within", limit, "--json"])
        answer = json.loads(done.stdout)
        check(done.returncode == 0 and answer["due"] == due and not answer["provisional"],
              f"due {start} + {limit}", done)
        check(answer["days"][0]["counted"] is False and answer["days"][-1]["date"] == due,
              f"due {start} + {limit} is explained to its last day", done)
    for arguments, status, words in BAD:
        for language in ("en", "zh"):
            done = run(program, arguments, language)
            check(done.returncode == status and words in done.stderr and done.stdout == "",
                  f"{arguments} in {language} is refused with {status}", done)
    return failed > 0


sys.exit(main())
