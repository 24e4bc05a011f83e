#!/usr/bin/env python3
"""Packs: check, export, change, apply.  usage: pack.py SHUZHI"""
import datetime
import json
import sys
from pathlib import Path

from harness import Shuzhi


def check_check(t):
    t.good("pack export", "pack", "export", "office", "pack")
    t.bad(21, "already", "pack", "export", "office", "pack")
    out = t.good("pack check", "pack", "check", "pack")
    t.check("sound" in out, "an exported pack is sound", out)
    case = (t.home / "pack/ledgers/case.yaml").read_text(encoding="utf-8")
    t.write("broken/pack.yaml", (t.home / "pack/pack.yaml").read_text(encoding="utf-8"))
    t.write("broken/ledgers/case.yaml", case + "\nlable: x\n")
    done = t.run("pack", "check", "broken")
    t.check(done.returncode == 10 and "ledgers/case.yaml:" in done.stdout and "lable" in done.stdout and
            "broken" in done.stderr, "a fault has its place", done)
    done = t.run("pack", "check", "broken", "--json")
    answer = json.loads(done.stdout)
    t.check(done.returncode == 10 and answer["sound"] is False and "lable" in " ".join(answer["problems"]),
            "faults as JSON", done)
    applied = t.run("pack", "apply", "office", "broken", "--json", "--yes")
    t.check(applied.returncode == 10 and json.loads(applied.stdout) == answer, "applying it says the same", applied)
    t.check(t.json("pack", "check", "pack") == {"sound": True, "problems": [], "n_problems": 0, "remarks": [],
                                                    "n_remarks": 0}, "a sound pack as JSON")
    t.write("broken/ledgers/case.yaml", case + "".join("lable%d: x\n" % i for i in range(85)))
    done = t.run("pack", "check", "broken")
    answer = json.loads(t.run("pack", "check", "broken", "--json").stdout)
    n = answer["n_problems"]
    t.check(n >= 85 and len(answer["problems"]) == 50 and all(":" in line for line in answer["problems"]),
            "what is left out is a count beside, no problem", answer)
    t.check("not sound: %d faults" % n in done.stderr and "and %d more" % (n - 50) in done.stdout,
            "faults beyond 50 are counted", done)
    report = t.home / "pack/reports/annual.md"
    text = report.read_text(encoding="utf-8")
    report.write_text(text + "\n本年收文100件，全部办结，见第12条。\n", encoding="utf-8")
    out = t.good("pack check", "pack", "check", "pack")
    t.check("reports/annual.md:%d:5: '100件'" % (text.count("\n") + 2) in out and "sound" in out,
            "a number that is typed is named", out)
    answer = t.json("pack", "check", "pack")
    t.check(answer["sound"] is True and len(answer["remarks"]) == 1, "remarks as JSON", answer)
    report.write_text(text, encoding="utf-8")
    t.bad(11, "nowhere", "pack", "check", "nowhere")
    (t.home / "empty").mkdir()
    done = t.run("pack", "check", "empty")
    t.check(done.returncode in (10, 11) and done.stderr != "", "an empty folder is no pack", done)
    return case


def check_papers(t):
    out = t.good("pack doc", "pack", "doc", "pack", language="zh")
    t.check("群众诉求" in out and out.startswith("# "), "the handbook", out[:300])
    done = t.run("pack", "doc", "broken")
    t.check(done.returncode == 10 and "lable" in done.stdout, "none of a broken pack", done)
    t.check("ledger" in t.good("pack reference", "pack", "reference"), "all keys")
    schema = json.loads(t.good("pack reference --schema", "pack", "reference", "--schema"))
    t.check("json-schema.org" in schema["$schema"], "a JSON Schema", schema.get("$schema"))


def check_apply(t):
    before = t.run("verify", "office", "--json").stdout
    out = t.good("the same pack", "pack", "apply", "office", "pack", "--yes")
    t.check("nothing to change" in out and t.run("verify", "office", "--json").stdout == before, "writes nothing", out)
    ledger = t.home / "pack/ledgers/duty.yaml"
    ledger.write_text("ledger: duty\nname: 值班\nnumber: ZB{year}-{n:4}\ntitle: title\n"
                      "fields:\n  title: text 事项\n  hours: number 时长\n", encoding="utf-8")
    manifest = t.home / "pack/pack.yaml"
    listed = manifest.read_text(encoding="utf-8")
    manifest.write_text(listed.replace("ledgers: [", "ledgers: [duty, "), encoding="utf-8")
    done = t.run("pack", "apply", "office", "pack")
    t.check(done.returncode == 22 and "duty" in done.stdout and "--yes" in done.stderr, "it asks", done)
    t.check("duty" not in t.run("pack", "show", "office").stdout, "and changes nothing without an answer")
    out = t.good("apply --yes", "pack", "apply", "office", "pack", "--yes")
    t.check("duty" in out and "duty" in t.run("pack", "show", "office", "ledgers").stdout, "the ledger is there", out)
    text = ledger.read_text(encoding="utf-8")
    ledger.write_text(text.replace("  hours: number 时长\n", ""), encoding="utf-8")
    done = t.run("pack", "apply", "office", "pack", "--yes")
    t.check(done.returncode == 12 and "duty.hours" in done.stderr, "removing a field is refused", done)
    t.bad(10, "neither removes nor narrows", "pack", "apply", "office", "pack", "--yes", "--allow", "duty.hours",
          "--allow", "duty.hour")
    done = t.run("pack", "apply", "office", "pack", "--yes", "--allow", "duty.hours")
    t.check(done.returncode == 0, "until it is asked for by name", done)
    t.check(t.json("verify", "office")["verdict"] == "sound", "sound after all that")
    done = t.run("pack", "apply", "office", "broken", "--yes")
    t.check(done.returncode == 10 and "lable" in done.stdout, "a broken pack is not applied", done)
    t.bad(11, "", "pack", "apply", "nowhere", "pack", "--yes")
    t.good("init --pack", "init", "own", "--pack", "pack")
    t.check("duty" in t.run("pack", "show", "own").stdout, "an office of one's own pack")
    done = t.run("init", "broken-office", "--pack", "broken")
    t.check(done.returncode == 10 and not Path(t.path("broken-office")).exists(), "none of a broken one", done)


def check_calendar(t):
    """Once the days off of a year are published, the deadlines that waited for them are worked out anew."""
    today = datetime.date.today()
    holidays = t.home / "pack/calendar/holidays.txt"
    before, _, _ = holidays.read_text(encoding="utf-8").partition(f"notice {today.year} ")
    holidays.write_text(before, encoding="utf-8")
    t.good("init without this year", "init", "waiting", "--pack", "pack")
    number = t.json("entry", "add", "waiting", "case", "title=等通知", f"received_at={today} 00:00")["number"]
    waiting = t.json("entry", "show", "waiting", number)
    t.check(waiting["due_provisional"], "provisional", waiting)
    day = datetime.date.fromisoformat(waiting["due"][:10]) - datetime.timedelta(days=1)  # its last, 24:00
    off = f"off {day}..{day + datetime.timedelta(days=2)} 国庆节"
    notices = "".join(f"notice {year} https://example.invalid/{year}\n{off if year == day.year else f'off {year}-01-01 元旦'}\n"
                      for year in range(today.year, day.year + 2))
    holidays.write_text(before + notices, encoding="utf-8")
    t.good("the notice comes", "pack", "apply", "waiting", "pack", "--yes")
    settled = t.json("entry", "show", "waiting", number)
    t.check(not settled["due_provisional"] and settled["due"] > waiting["due"], "settled", [waiting["due"], settled])
    t.check(t.json("verify", "waiting")["verdict"] == "sound", "and logged")


def main():
    with Shuzhi() as t:
        t.good("init", "init", "office")
        check_check(t)
        check_papers(t)
        check_apply(t)
        check_calendar(t)
        return t.finish()


sys.exit(main())
