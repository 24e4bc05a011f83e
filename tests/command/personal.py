#!/usr/bin/env python3
"""Personal data stays behind its wall: every way out of an office, as every role.  usage: personal.py SHUZHI SOURCE"""
import hashlib
import io
import os
import re
import shutil
import sys
import urllib.parse
import zipfile

from browser import Browser, Server
from harness import Shuzhi

VISIT = """ledger: visit
name: 走访 | visit
number: ZF{n:3}
title: title
unit: place
list: [day]
states: {open: 走访中 | open, done: {name: 已办结 | done, final: yes}}
steps:
  finish: {name: 办结 | finish, from: open, to: done, by: [clerk, head, dispatcher], asks: [answer_phone, reply]}
evidence: {note: 走访记录 | note}
fields:
  title: text 事项
  day: date 日期 | day
  place: {is: unit, name: 单位}
  reply: text 答复
  answer_phone: {is: phone, name: 回访电话}
  home: {is: text, name: 住址, personal: true}
  card: {is: file, name: 证件, personal: true}
  scan: {is: file, name: 走访照片}
  about: {is: entry, of: case, name: 诉求, personal: true}
  people:
    is: rows
    name: 人员
    fields: {name: {is: text, name: 姓名, personal: true}, phone: {is: phone, name: 电话}, card_no: {is: identity, name: 证号}, seat: text 座次}
"""
# How often somebody was phoned is a figure; by whom, and on which number, is not.
MEASURES = """measures:
  visits_phoned:
    name: 走访人数 | people visited
    of: "rows of visit: people"
    counts: seat is not empty
    kind: ratio
  visits_by_seat:
    name: 座次 | seats
    of: "rows of visit: people"
    by: seat
"""
SECRETS = ("甄隐姓", "13812345678", "11010519491231002X", "桂花巷九号", "甄家证件", "BYTES-OF-A-CARD", "13900000001", "表外之言")
SEEN = "靠窗"  # what of the same row is not personal
ROUTE = re.compile(r'\{HTTP_GET,\s+"([^"]+)"')
HAVE_ENDINGS = ("ledger", "entry", "figure", "report")
ENDINGS = ("", ".json", ".csv", ".xlsx", ".jsonl", ".atom", ".ics")


def secrets_in(content):
    """Return which secrets @content holds; a workbook is looked into."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return [secret for secret in SECRETS if secret.encode() in content or secret.encode("unicode_escape") in content]


def make_office(t):
    """Make the demo with one more ledger, an entry that has everything personal, and one that came with a spreadsheet."""
    t.good("a demo", "demo", "office")
    shutil.copytree(os.path.join(sys.argv[2], "packs", "county-office"), t.path("pack"))
    t.write("pack/ledgers/visit.yaml", VISIT)
    t.write("pack/measures/visit.yaml", MEASURES)
    t.good("a ledger with personal columns", "pack", "apply", "office", "pack", "--yes")
    case = t.json("entry", "list", "office", "case", "--limit", "1")["entries"][0]["number"]
    unit = t.json("unit", "list", "office")
    unit = (unit["units"] if isinstance(unit, dict) else unit)[0]["name"]
    row = "people=姓名=甄隐姓;电话=13812345678;证号=11010519491231002X;座次=" + SEEN
    t.good("an entry", "entry", "add", "office", "visit", "title=入户走访", "day=2023-05-06", "place=" + unit,
           "home=桂花巷九号", "about=" + case, row)
    t.write("甄家证件.txt", "BYTES-OF-A-CARD")
    t.good("a personal file", "entry", "attach", "office", "ZF001", "card", t.path("甄家证件.txt"))
    t.good("an open file", "entry", "attach", "office", "ZF001", "scan", t.write("走访照片.txt", "BYTES-OF-A-PHOTO"))
    t.good("corrected", "entry", "set", "office", "ZF001", row, "people=姓名=甄隐姓;座次=后排")
    t.good("a step that asks for a phone", "entry", "step", "office", "ZF001", "finish", "answer_phone=13900000001", "reply=已答复")
    t.write("more.csv", "事项,日期,备用\n表中来的,2023-05-07,表外之言\n")
    t.good("and one of a spreadsheet", "import", "office", "visit", t.path("more.csv"), "--yes")
    return case


def check_commands(t, case):
    """What is read without --personal shows none of it; with it, all that the entry holds."""
    reads = [["entry", "show", "office", number] for number in ("ZF001", "ZF002", case)]
    reads += [["entry", "history", "office", number] for number in ("ZF001", "ZF002", case)]
    reads += [["figure", "office", name, "--period", "2023", *more] for name in ("visits_phoned", "visits_by_seat")
              for more in ((), ("--members", "9"), ("--prove",))]
    reads += [["entry", "list", "office", "visit"], ["log", "list", "office", "--limit", "1000"], ["entry", "fields", "office", "visit"]]
    for read in reads:
        for more in ([], ["--json"]):
            done = t.run(*read, *more)
            t.check(done.returncode in (0, 20) and not secrets_in(done.stdout.encode()), " ".join(read + more), done)
    for name in ("out.csv", "out.xlsx", "out.jsonl"):
        t.good("exported", "export", "office", "visit", t.path(name))
        found = (t.home / name).read_bytes()
        t.check(not secrets_in(found), f"the export {name}", secrets_in(found))
    t.check(SEEN in t.good("shown", "entry", "show", "office", "ZF001"), "the rest of the row is shown")
    for more in ([], ["--json"]):
        for verb in ("show", "history"):
            shown = t.good("a look", "entry", verb, "office", "ZF001", "--personal", *more)
            t.check("11010519491231002X" in shown and "桂花巷九号" in shown, f"a look by {verb} {more} shows it", shown)
    used = t.json("entry", "show", "office", case)["used_in"]
    t.check(all(use["number"] != "ZF001" for use in used), "a personal link is not told from its other end", used)


def check_proofs(t):
    """The files of its fields are proved with an entry, by their hashes; a personal one only for who looks."""
    key = t.write("office.pub", t.good("key", "checkpoint", "office", "--key"))

    def files(*more):
        proved = t.good("entry prove", "entry", "prove", "office", "ZF001", *more)
        checked = t.json("log", "check", t.write("proved.json", proved), "--key", key)
        t.check(checked["sound"] and checked["strangers"] == [], "sound, with nothing foreign", checked["strangers"])
        return {event["data"]["sha256"] for event in checked["events"] if event["kind"] == "evidence.add"}
    photo, card = (hashlib.sha256(text).hexdigest() for text in (b"BYTES-OF-A-PHOTO", b"BYTES-OF-A-CARD"))
    t.check(files() == {photo}, "the open one")
    t.check(files("--personal") == {photo, card}, "and the personal one")


def targets(t, browser, case):
    """Return every address to read, out of the table of routes, filled in for the entries."""
    with open(os.path.join(sys.argv[2], "src", "web", "routes.c"), encoding="utf-8") as source:
        patterns = sorted(set(ROUTE.findall(source.read())))
    t.check(len(patterns) > 50, "the table of routes", patterns)
    entries = ["ZF001", "ZF002", case]
    fills = {"ledger": ["visit"], "ledgers": ["visit"], "entry": entries, "entries": entries, "log": ["1"], "report": ["annual"],
             "reports": ["annual"], "figure": ["cases_received", "visits_phoned", "visits_by_seat"], "figures": ["cases_received", "visits_phoned"]}
    found = []
    for pattern in patterns:
        parts = pattern.split("/")
        noun = next((part for part, after in zip(parts, parts[1:]) if after == "*"), "")
        for fill in fills.get(noun, ["1"]):
            path = pattern.replace("*", fill, 1).replace("*", "1")
            found += [path + ending for ending in ENDINGS] if pattern.endswith("/*") and noun in HAVE_ENDINGS else [path]
    return found + ["/search?q=" + urllib.parse.quote(secret) for secret in SECRETS] + \
        ["/ledger/visit?where=home+is+not+empty&cols=home,people,title", "/log?object=ZF001", "/log.csv?object=ZF001",
         "/api/v1/ledgers/visit/entries?where=home+is+not+empty", "/pick/entry/visit?q=", "/entry/ZF001?lang=en"]


def is_corrected_there(target):
    """Who may see it corrects it in a form, which notes the look."""
    return re.fullmatch(r"/entry/ZF00[12]/change", target)


def check_pages(t, server, case):
    names = re.findall(r"demo-[a-z0-9-]+", "".join(server.rest()))
    t.check(len(names) == 8, "an account for each role", names)
    for name in names:
        browser = Browser(server.address)
        browser.post("/be", "/sign-in", name=name)
        n_seen = 0
        for target in targets(t, browser, case):
            status, body, _, _ = browser.open(target)
            n_seen += status == 200 and SEEN.encode() in body
            asked = urllib.parse.unquote(target.partition("?q=")[2])
            # A page may say back what was sought.
            leaks = [secret for secret in secrets_in(body) if secret != asked]
            if status >= 500 or (leaks and not is_corrected_there(target)):
                t.check(False, f"{name}: {target}", (status, leaks))
        is_of_business = name not in ("demo-audit", "demo-security", "demo-system", "demo-clerk-1", "demo-head-1")
        t.check(n_seen > 0 or not is_of_business, f"{name} reads the rest", n_seen)


def check_not_kept(t, server, case):
    """Whoever may look reads it, and no browser or proxy keeps it: every address, with all that it can be asked."""
    browser = Browser(server.address)
    browser.post("/be", "/sign-in", name="demo-dispatcher")
    n_shown = 0
    found = [target for target in targets(t, browser, case) if "?" not in target]
    for target in found + [target + "?personal=1" for target in found] + ["/entry/ZF001/file/1"]:
        status, body, _, headers = browser.open(target)
        if status == 200 and secrets_in(body):
            n_shown += 1
            t.check(headers["Cache-Control"] == "no-store" and headers["ETag"] is None, f"{target} is not kept", headers)
    t.check(n_shown >= 4, "pages that show it", n_shown)
    for ending in ("", ".json", ".atom"):  # what a filter finds tells of what it asks
        _, body, _, headers = browser.open(f"/ledger/visit{ending}?where=home+is+not+empty")
        t.check(b"ZF001" in body and headers["Cache-Control"] == "no-store", f"a filter by it is not kept{ending}", headers)
    _, _, _, headers = browser.open("/ledger/visit.json")
    t.check(headers["Cache-Control"] == "private, no-cache", "the list alone is", headers)


def check_looks(t, server):
    """Who may look sees it all, and every way to it is in the log."""
    browser = Browser(server.address)
    browser.post("/be", "/sign-in", name="demo-dispatcher")
    status, body, _ = browser.post("/entry/ZF001/look", "/entry/ZF001")
    t.check(status == 200 and all(secret in body for secret in ("甄隐姓", "13812345678", "甄家证件")), "a look shows it", (status, body[-3000:]))
    file = re.search(r"/entry/ZF001/file/\d+", body).group()
    n_looks = count_looks(t)
    t.check(browser.open(file)[1] == b"BYTES-OF-A-CARD" and count_looks(t) == n_looks + 1, "fetching the file is a look")
    t.check("13812345678" not in browser.page("/entry/ZF001/change")[1] and count_looks(t) == n_looks + 1, "correcting the rest is none")
    t.check("13812345678" in browser.page("/entry/ZF001/change?personal=yes")[1] and count_looks(t) == n_looks + 2, "its whole form is")
    browser.post("/be", "/", name="demo-secretary")
    t.check(browser.open(file)[0] == 403, "the file is walled off")
    page = browser.page("/entry/ZF001/change")[1]
    t.check('name="f-title"' in page and "f-people" not in page, "rows with personal columns are corrected by who may see them", page[-2000:])
    status, body, _ = browser.post("/entry/ZF001/change", "/entry/ZF001/change", **{"f-title": "改", "f-home": "别处", "version": "99"})
    t.check(count_looks(t) == n_looks + 2, "and nobody else looked")


def count_looks(t):
    return sum(event["kind"] == "entry.look" for event in t.json("entry", "history", "office", "ZF001"))


def check_erased(t):
    """Erasure takes the columns of rows, too."""
    t.good("erased", "entry", "erase", "office", "ZF001", "--why", "本人要求", "--yes")
    for verb in ("show", "history"):
        for more in ([], ["--json"]):
            done = t.run("entry", verb, "office", "ZF001", "--personal", *more)
            left = [secret for secret in secrets_in(done.stdout.encode()) if secret not in ("甄家证件",)]
            t.check(done.returncode == 0 and not left, f"nothing of it is left: {verb} {more}", (left, done))
    t.check(SEEN in t.good("shown", "entry", "show", "office", "ZF001"), "the rest of the row stays")
    for more in (["--members", "9"], ["--prove"]):
        done = t.run("figure", "office", "visits_phoned", "--period", "2023", *more)
        t.check(done.returncode == 0 and not secrets_in(done.stdout.encode()), f"nor in a figure: {more}", done)
    t.check(t.json("verify", "office")["verdict"] == "sound", "sound after all that")


def main():
    with Shuzhi() as t:
        case = make_office(t)
        check_commands(t, case)
        check_proofs(t)
        server = Server(t, "office", "--demo")
        check_pages(t, server, case)
        check_not_kept(t, server, case)
        check_looks(t, server)
        status, errors = server.stop()
        t.check(status == 0 and errors == "", "the server ends in peace", (status, errors))
        check_erased(t)
        return t.finish()


os.environ.pop("http_proxy", None)
sys.exit(main())
