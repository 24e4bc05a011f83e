#!/usr/bin/env python3
"""Real records, where there are any beside the project: citizens' letters, days off, spreadsheets.

What they are is told in their own folder, ../shared/data; SHUZHI_REAL_DATA names another.  Nothing of them is
in the project, so that without them these tests are skipped.  usage: real.py SHUZHI SOURCE"""
import collections
import csv
import datetime
import json
import os
import sys
from pathlib import Path

from harness import Shuzhi

DATA = Path(os.environ.get("SHUZHI_REAL_DATA") or Path(sys.argv[2]).resolve().parent / "shared" / "data")


def lines(text):
    """Return @text as a field keeps it: line breaks are one character, blanks at the ends go."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def check_letters(t):
    path = DATA / "letters.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    t.good("an office", "init", "office", "--name", "某县某局")
    t.good("the letters go in, without a question", "import", "office", "case", path, "--yes")
    for year in range(2010, 2020):
        for name, field in (("cases_received", "created_at"), ("cases_answered", "replied_at")):
            want = sum(row[field].startswith(str(year)) for row in rows)
            figure = t.json("figure", "office", name, "--period", str(year))
            t.check(figure["value"] == want == len(set(figure["entries"])), f"{name} of {year} is {want}", figure["value"])
    t.good("they come out", "export", "office", "case", "letters.jsonl", "--names")
    entries = [json.loads(line) for line in Path(t.path("letters.jsonl")).read_text(encoding="utf-8").splitlines()]
    came = collections.Counter((lines(row["title"]), lines(row["body"]), lines(row["reply"])) for row in rows)
    kept = collections.Counter((entry["title"], entry.get("body") or "", entry.get("reply") or "") for entry in entries)
    t.check(came == kept, f"each of {len(rows)} with all that it says", list((came - kept).items())[:1])
    t.check(t.good("what they say is what was logged", "verify", "office").startswith("sound"), "sound")


def check_days_off(t):
    """Compare every day of the years that are published with what counts as a working day."""
    days = {}
    for path in sorted((DATA / "holidays").glob("*.json")):
        for day in json.loads(path.read_text(encoding="utf-8"))["days"]:
            days[day["date"]] = not day["isOffDay"]
    for year in range(2007, 2027):
        told = t.json("due", "--start", f"{year - 1}-12-31", "--within", "240 workdays", "--explain")
        wrong = [day for day in told["days"][1:]
                 if day["counted"] != days.get(day["date"], datetime.date.fromisoformat(day["date"]).weekday() < 5)]
        t.check(len(told["days"]) > 330 and not wrong, f"each day of {year} counts as it did", wrong[:3])


def check_spreadsheets(t):
    """Whatever is in them, the program says so in a sentence and takes nothing that does not fit."""
    for path in sorted((DATA / "files").iterdir()):
        done = t.run("import", "office", "study", path, "--yes")
        t.check(done.returncode == 10 and done.stderr.count("\n") == 1 and done.stderr.startswith("shuzhi import: "),
                f"{path.suffix[1:]}: told why it is no list of studies", done)


def main():
    if not (DATA / "letters.csv").exists():
        print("1..0 # SKIP there are no real records at ../shared/data")
        return 0
    with Shuzhi() as t:
        check_letters(t)
        check_days_off(t)
        check_spreadsheets(t)
        return t.finish()


if __name__ == "__main__":
    sys.exit(main())
