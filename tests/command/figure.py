#!/usr/bin/env python3
"""The main path: a spreadsheet in, figures out, each opened to its entries.  usage: figure.py SHUZHI"""
import csv
import datetime
import io
import hashlib
import json
import sys

from harness import Shuzhi, width

KEYS = {"name", "title", "kind", "value", "text", "unit", "period", "cutoff", "definition", "members", "entries"}


def make_rows():
    """Return 240 made-up requests of five years; three in ten are never answered."""
    rows = []
    for i in range(240):
        received = datetime.datetime(2015, 1, 3, 8, 30) + datetime.timedelta(days=7 * i, minutes=37 * i)
        replied = received + datetime.timedelta(days=i % 40, hours=i % 5) if i % 10 < 7 else None
        rows.append({"id": 1000 + i, "created_at": received, "title": f"第{i}件诉求",
                     "body": f"第一行\n第{i}行，“引号”", "reply": "已办理" if replied else "",
                     "replied_at": replied or ""})
    return rows


def to_csv(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def check_numbers(t, rows):
    for year in range(2014, 2021):
        for name, field in (("cases_received", "created_at"), ("cases_answered", "replied_at")):
            want = sorted(row["title"] for row in rows if row[field] and row[field].year == year)
            figure = t.json("figure", "office", name, "--period", str(year))
            t.check(figure["value"] == len(want) == len(figure["entries"]), f"{name} of {year} is {len(want)}", figure)
            counted = [member for member in figure["members"] if member["counted"]]
            t.check(len(counted) == len(want) and len(set(figure["entries"])) == len(want), f"{name} of {year} opens")
    figure = t.json("figure", "office", "cases_received", "--period", "2016")
    t.check(KEYS <= set(figure) and figure["period"] == {"from": "2016-01-01", "to": "2016-12-31"} and
            figure["definition"] and {"kind", "id", "counted", "why"} <= set(figure["members"][0]),
            "name, period, definition, members", {key: figure.get(key) for key in KEYS - {"members", "entries"}})
    t.check(figure["definition"]["brought"].startswith(f"{figure['value']} came by import"), "the card says who brought them",
            figure["definition"])
    titles = {t.json("entry", "show", "office", number)["title"] for number in figure["entries"][:5]}
    t.check(titles <= {row["title"] for row in rows if row["created_at"].year == 2016}, "its entries are shown", titles)


def check_periods(t, rows):
    def count(first, last):
        return sum(first <= row["created_at"].date() <= last for row in rows)

    day = datetime.date
    for text, first, last in (("2016Q1", day(2016, 1, 1), day(2016, 3, 31)), ("2016-02", day(2016, 2, 1), day(2016, 2, 29)),
                              ("2016年上半年", day(2016, 1, 1), day(2016, 6, 30)),
                              ("2016-02-01..2016-05-15", day(2016, 2, 1), day(2016, 5, 15)),
                              ("2015..2019", day(2015, 1, 1), day(2019, 12, 31))):
        value = t.json("figure", "office", "cases_received", "--period", text)["value"]
        t.check(value == count(first, last), f"the period {text}", (value, count(first, last)))
    total = t.json("figure", "office", "cases_received", "--period", "2016")["value"]
    parts = [t.json("figure", "office", "cases_received", "--period", f"2016Q{i}")["value"] for i in range(1, 5)]
    t.check(sum(parts) == total, "quarters add up to the year", (parts, total))


def check_text(t):
    out = t.good("figure in Chinese", "figure", "office", "cases_received", "--period", "2016", language="zh")
    t.check("收到群众诉求" in out and "2016年" in out and "SQ2016-00001" in out, "number, card, members", out)
    out = t.good("figure in English", "figure", "office", "cases_received", "--period", "2016", "--members", "3")
    t.check(out.count("SQ2016-") == 3 and "more" in out, "so many members as one likes", out)
    out = t.good("all figures", "figure", "office", "--period", "2016")
    t.check("cases_received" in out and "cases_answered" in out, "all measures with their values", out)
    t.check(not [c for c in out if "\u4e00" <= c <= "\u9fff"] and "52 requests" in out and "nothing to count" in out and
            " of " in out, "in English alone", out)
    t.check(all(width(line) <= 80 for line in out.splitlines()) and "…" not in out,
            "on lines that a terminal takes, and whole", out)
    figures = t.json("figure", "office", "--period", "2016")
    t.check(isinstance(figures, list) and {"cases_received", "cases_answered"} <= {f["name"] for f in figures},
            "all of them as JSON", [figure["name"] for figure in figures])
    two = t.json("figure", "office", "cases_received", "cases_answered", "--period", "2016")
    t.check([figure["name"] for figure in two] == ["cases_received", "cases_answered"], "two of them")


def check_changes(t):
    before = t.json("figure", "office", "cases_received", "--period", "2016")
    t.good("one more", "entry", "add", "office", "case", "title=补登的", "received_at=2016-07-01 09:00")
    after = t.json("figure", "office", "cases_received", "--period", "2016")
    t.check(after["value"] == before["value"] + 1 and "补登的" in str(after["members"]), "a new entry counts at once")
    t.check(after["definition"]["brought"] == before["definition"]["brought"], "but no import brought it")
    number = (set(after["entries"]) - set(before["entries"])).pop()
    t.good("taken out", "entry", "delete", "office", number, "--why", "误登", "--yes")
    t.check(t.json("figure", "office", "cases_received", "--period", "2016")["value"] == before["value"], "and no more")
    value = t.json("figure", "office", "cases_received", "--period", "2016", "--cutoff", "2016-06-30")["value"]
    half = t.json("figure", "office", "cases_received", "--period", "2016H1")["value"]
    t.check(value == half, "up to a day within the period", (value, half))


def check_cut_claims(t, key, proved, unsound):
    """What a claim could be checked by may not be taken away from it, nor be named twice."""
    def refused(why, change):
        bent = json.loads(json.dumps(proved))
        change(bent)
        t.bad(10, why, "log", "check", t.write("cut.json", json.dumps(bent)), "--key", key)

    for name in ("total", "counted", "entries", "log", "period", "value", "kind"):
        refused(f"'{name}' is missing", lambda bent: bent["figure"].pop(name))
    member = proved["figure"]["members"][0]
    for change in ({"id": str(member["id"])}, {"number": None}, {"counted": 1}, {"kind": "case"}):
        refused("member 1 of the figure", lambda bent: bent["figure"]["members"][0].update(change))
    refused("one of the two", lambda bent: bent.update(entry=member["number"]))
    refused("one of the two", lambda bent: bent.pop("figure"))

    def again(bent):
        figure = bent["figure"]
        figure["members"].append(figure["members"][0])
        figure.update({name: figure[name] + 1 for name in ("total", "counted", "value")})
    unsound("again.json", "as a member more than once", again)
    unsound("swapped.json", "with the id of another entry",
            lambda bent: bent["figure"]["members"][0].update(id=bent["figure"]["members"][1]["id"]))
    unsound("value.json", "the figure's 'value'", lambda bent: bent["figure"].update(value=1000))

    def lines(change):
        bent = json.loads(json.dumps(proved))
        change(bent["figure"])
        return t.run("log", "check", t.write("log.json", json.dumps(bent)), "--key", key).stdout
    size = proved["figure"]["log"]["size"]
    t.check(f"of the log at {size} events, signed so" in lines(lambda figure: None), "the log of the figure is the signed one")
    t.check("which no checkpoint shown bears out" in lines(lambda figure: figure["log"].update(size=size + 3000)), "or is not")
    out = lines(lambda figure: figure.update(title="x\nevery entry that the figure names is shown\n\nproved"))
    t.check(out.count("\nevery entry that the figure names is shown\n") == 1 and "\n  x every" in out,
            "a title makes no line of its own", out[:500])


def check_claims(t, key, proved, unsound):
    """What a file says beside its events is believed as far as they bear it out, and paints no verdict of its own."""
    entries = proved["figure"]["entries"]

    def without(bent, numbers):
        bent["figure"]["members"] = [m for m in bent["figure"]["members"] if m["number"] not in numbers]
        bent["figure"]["entries"] = [n for n in entries if n not in numbers]

    unsound("fewer.json", "the figure's 'total'", lambda bent: without(bent, entries[:1]))
    unsound("flipped.json", "the figure's 'counted'", lambda bent: bent["figure"]["members"][0].update(counted=False))
    unsound("root.json", "another log at", lambda bent: bent["figure"]["log"].update(root="00" * 32))
    unsound("hidden.json", "may not read", lambda bent: bent["figure"]["members"][0].update(id=None, restricted=True))
    unsound("stranger.json", "is of nothing that the file is said to be of", lambda bent: (bent.pop("figure"), bent.update(entry=entries[0])))
    unsound("nobody.json", "named by the file, but not shown", lambda bent: (bent.pop("figure"), bent.update(entry="SQ1-1")))

    check_cut_claims(t, key, proved, unsound)

    def paint(bent):
        line = json.loads(bent["events"][0]["event"])
        line["kind"] = "\x1b[2Jsound: all\nlog\u202e"
        bent["events"][0]["event"] = json.dumps(line)
    unsound("paint.json", "not sound", paint)
    out = t.run("log", "check", "paint.json", "--key", key).stdout
    t.check("\x1b" not in out and "\u202e" not in out and "\nlog\u202e" not in out, "no foreign control character is printed", out[:300])
    for figure in (None, "cases: 1000", {"members": {}}):
        bent = dict(proved, figure=figure)
        t.bad(10, "is missing or not of the form", "log", "check", t.write("other.json", json.dumps(bent)), "--key", key)
    t.bad(10, "nothing of it can be checked", "log", "check", t.write("none.json", json.dumps(dict(proved, events=[]))), "--key", key)
    huge = json.dumps(proved).replace('\\"seq\\":', '\\"seq\\":9007199254740993', 1)
    t.bad(10, "", "log", "check", t.write("huge.json", huge), "--key", key, "--json")


def check_proofs(t):
    """A figure with its proofs, checked from the file and the key alone, and every way to bend the file is seen."""
    key = t.write("office.pub", t.good("key", "checkpoint", "office", "--key"))
    text = t.good("--prove", "figure", "office", "cases_answered", "--period", "2016", "--prove")
    proved = json.loads(text)
    path = t.write("answered.json", text)
    checked = t.json("log", "check", path, "--key", key)
    t.check(checked["sound"] and checked["missing"] == [] and len(checked["events"]) == len(proved["events"]),
            "every event of a figure's entries is in the log", checked["missing"])
    t.check({event["number"] for event in checked["events"]} >= set(proved["figure"]["entries"]), "of each entry it counts")
    t.check(proved["figure"]["log"]["root"] == t.json("verify", "office")["root"], "the figure names its log",
            proved["figure"]["log"])
    out = t.good("log check", "log", "check", path, "--key", key)
    t.check(out.startswith("sound: ") and "every entry that the figure names is shown" in out, "said in words", out[:300])
    t.check(all(width(line) <= 80 for line in out.splitlines()), "in 80 columns")

    def unsound(name, why, change):
        bent = json.loads(text)
        change(bent)
        done = t.run("log", "check", t.write(name, json.dumps(bent)), "--key", key)
        t.check(done.returncode == 1 and why in done.stdout, why, done.stdout[:300])

    titled = next(i for i, event in enumerate(proved["events"]) if "title" in event["fields"])
    unsound("value.json", "the value is not the one that was recorded",
            lambda bent: bent["events"][titled]["fields"]["title"].update(value="别的"))
    unsound("line.json", "does not lead to the checkpoint's root",
            lambda bent: bent["events"][0].update(event=bent["events"][0]["event"].replace("entry.add", "entry.bad")))
    unsound("short.json", "named by the file, but not shown",
            lambda bent: bent["events"].pop(0))
    check_claims(t, key, proved, unsound)
    t.good("another office", "init", "other")
    other = t.write("other.pub", t.good("key", "checkpoint", "other", "--key"))
    done = t.run("log", "check", path, "--key", other)
    t.check(done.returncode == 10 and "nothing was checked" in done.stderr, "the key of another office", done.stderr[:300])
    t.bad(2, "--prove takes one measure", "figure", "office", "--period", "2016", "--prove")
    t.bad(2, "--key is missing", "log", "check", path)
    t.bad(10, "office.pub.bad", "log", "check", path, "--key", t.write("office.pub.bad", "x"))
    t.bad(10, "no text under 'event'", "log", "check", t.write("none.json", "{}"), "--key", key)
    marked = t.write("marked.pub", b"\xef\xbb\xbf" + (t.home / "office.pub").read_bytes())
    t.good("a key that went through an editor", "log", "check", path, "--key", marked)
    t.bad(10, "bent.json", "log", "check", t.write("bent.json", "{"), "--key", key)
    t.bad(11, "", "log", "check", "nowhere.json", "--key", key)


def check_entry_proof(t, number):
    """An entry with its proofs; a personal field opens only for who looks, and then the look is proved too."""
    key = t.write("office.pub", t.good("key", "checkpoint", "office", "--key"))
    proved = t.good("entry prove", "entry", "prove", "office", number)
    checked = t.json("log", "check", t.write("entry.json", proved), "--key", key)
    history = t.json("entry", "history", "office", number)
    t.check(checked["sound"] and [event["seq"] for event in checked["events"]] == [event["seq"] for event in history],
            "all events of an entry", checked)
    t.check([event["values"] for event in checked["events"]] == [event["values"] for event in history], "with what they say",
            checked["events"])
    photo = t.write("修好.jpg", "一张照片")
    t.good("evidence", "entry", "attach", "office", number, "scene", photo)
    proved = t.good("entry prove", "entry", "prove", "office", number)
    checked = t.json("log", "check", t.write("entry.json", proved), "--key", key)
    added = [event["data"]["sha256"] for event in checked["events"] if event["kind"] == "evidence.add"]
    t.check(checked["sound"] and added == [hashlib.sha256("一张照片".encode()).hexdigest()], "its evidence by its hash", added)
    bent = json.loads(proved)
    bent["events"] = [event for event in bent["events"] if '"evidence.add"' not in event["event"]]
    done = t.run("log", "check", t.write("bare.json", json.dumps(bent)), "--key", key)
    t.check(done.returncode == 1 and "which brought a file that is attached, is not shown" in done.stdout,
            "evidence left out is missed", done.stdout[:300])
    t.good("evidence", "entry", "attach", "office", number, "scene", t.write("又修.jpg", "又一张照片"))
    seqs = [event["seq"] for event in json.loads(t.good("entry prove", "entry", "prove", "office", number))["events"]]
    t.check(len(seqs) == len(set(seqs)), "each event once", seqs)
    for place in ("甲街", "乙街"):
        t.good("a correction", "entry", "set", "office", number, f"place={place}", "--why", "更正")
    bent = json.loads(t.good("entry prove", "entry", "prove", "office", number))
    versions = [json.loads(event["event"])["data"].get("version") for event in bent["events"]]
    bent["events"].pop(versions.index(max(v for v in versions if v) - 1))
    done = t.run("log", "check", t.write("gap.json", json.dumps(bent)), "--key", key)
    t.check(done.returncode == 1 and "events between those shown are missing" in done.stdout, "a gap is seen", done.stdout[:300])
    looked = t.good("--personal", "entry", "prove", "office", number, "--personal")
    checked = t.json("log", "check", t.write("looked.json", looked), "--key", key)
    t.check(checked["sound"] and len(json.loads(looked)["events"]) > 0, "the look is signed before it is proved", checked)
    line = t.good("log prove --json", "log", "prove", "office", "3", "--json")
    alone = t.write("3.tlog-proof", t.good("log prove", "log", "prove", "office", "3"))
    t.bad(10, "without its event", "log", "check", alone, "--key", key)
    t.check(t.json("log", "check", t.write("line.json", line), "--key", key)["events"][0]["seq"] == 3, "one event alone")


def check_completeness(t):
    """Numbers of an import that was taken back are void, and shown to be; what has no numbers is asserted."""
    key = t.write("office.pub", t.good("key", "checkpoint", "office", "--key"))
    void = t.write("void.csv", "标题,收到时间\n重复甲,2003-05-06 09:00\n重复乙,2003-05-07 09:00\n")
    batch = t.json("import", "office", "case", void, "--yes")["batch"]
    t.good("taken back", "import", "office", "--undo", batch, "--yes")
    number = t.json("entry", "add", "office", "case", "title=留下的", "received_at=2003-06-01 09:00")["number"]
    text = t.good("--prove", "figure", "office", "cases_received", "--period", "2003", "--prove")
    proved = json.loads(text)
    t.check(number.endswith("3") and proved["figure"]["undone"] == [batch] and proved["figure"]["entries"] == [number],
            "the figure names the import", proved["figure"])
    path = t.write("void.json", text)
    checked = t.json("log", "check", path, "--key", key)
    t.check(checked["sound"] and checked["completeness"] == {"asserted": False, "series": [
        {"ledger": "case", "year": 2003, "last": 3, "missing": 0}]}, "no number is missing", checked["completeness"])
    out = t.good("in words", "log", "check", path, "--key", key)
    t.check("numbers of case 2003: each from 1 to 3 is shown" in out and "asserted" not in out, "said so", out[:600])
    for kind in ("batch.add", "batch.change"):
        bent = dict(proved, events=[event for event in proved["events"] if f'"{kind}"' not in event["event"]])
        done = t.run("log", "check", t.write("bent.json", json.dumps(bent)), "--key", key)
        t.check(done.returncode == 1 and f"#{batch}" in done.stdout, f"without its {kind}", done.stdout[:300])
    del proved["figure"]["undone"]
    proved["events"] = [event for event in proved["events"] if '"batch.' not in event["event"]]
    checked = t.json("log", "check", t.write("bent.json", json.dumps(proved)), "--key", key)
    t.check(checked["completeness"]["series"][0]["missing"] == 2, "left out, its numbers are missed", checked["completeness"])
    t.good("a unit", "unit", "add", "office", "法规科", "--kind", "section", "--since", "2003-01-01")
    text = t.good("of units", "figure", "office", "pledges_integrity_all", "--period", "2016", "--prove")
    out = t.run("log", "check", t.write("units.json", text), "--key", key).stdout
    t.check("completeness asserted by the signer" in out, "of units the signer asserts it", (out[:600], text[:600]))
    t.check(t.json("log", "check", t.path("units.json"), "--key", key)["completeness"]["asserted"], "for programs, too")


def check_witness(t):
    """A proof against a checkpoint that its reader kept: the same, an older one with the proof that the log goes on."""
    key = t.write("office.pub", t.good("key", "checkpoint", "office", "--key"))
    number = t.json("figure", "office", "cases_received", "--period", "2016")["entries"][0]
    kept = t.write("kept.txt", t.good("kept", "checkpoint", "office"))
    before = t.write("before.json", t.good("entry prove", "entry", "prove", "office", number))

    def relation(path, status, *more):
        done = t.run("log", "check", path, "--key", key, "--json", *more)
        answer = json.loads(done.stdout)
        t.check(done.returncode == status and answer["sound"], f"status {status}", done)
        return answer["checkpoint"]["relation"] if answer["checkpoint"] else None
    t.check(relation(before, 0) is None, "none given")
    t.check(relation(before, 0, "--checkpoint", kept) == "same", "the same")
    t.good("later", "entry", "comment", "office", number, "后来的话")
    newer = t.write("newer.txt", t.good("a newer one", "checkpoint", "office"))
    after = t.write("after.json", t.good("entry prove", "entry", "prove", "office", number))
    t.check(relation(after, 3, "--checkpoint", kept) == "unshown", "a later file alone does not show it")
    t.check(relation(before, 3, "--checkpoint", newer) == "older", "nor does an older one")
    for name, words in (("entry.json", ("entry", "prove", "office", number)),
                        ("figure.json", ("figure", "office", "cases_received", "--period", "2016", "--prove"))):
        path = t.write(name, t.good("proved with it", *words, "--checkpoint", kept))
        t.check(relation(path, 0, "--checkpoint", kept) == "after", f"{name} goes on from it")
        out = t.good("in words", "log", "check", path, "--key", key, "--checkpoint", kept)
        t.check("goes on from the checkpoint given" in out, "said so", out[:400])
    t.bad(10, "says nothing of this log", "log", "check", after, "--key", key, "--checkpoint",
          t.write("bent.txt", (t.home / "kept.txt").read_text(encoding="utf-8").replace("\n", "\n1", 1)))
    t.bad(10, "is no checkpoint", "log", "check", after, "--key", key, "--checkpoint", key)
    t.bad(11, "nowhere", "entry", "prove", "office", number, "--checkpoint", "nowhere.txt")


def check_nothing(t):
    """a claim of "none" needs a ledger that was kept, or a statement"""
    def figure():
        return t.json("figure", "office", "discipline_none", "--period", "2016")
    t.check(figure()["holds"] is False, "an empty ledger proves nothing")
    t.bad(10, "not over yet", "entry", "nothing", "office", "discipline", "--period", "2026..2030")
    t.bad(10, "takes no statement", "entry", "nothing", "office", "case", "--period", "2016")
    t.good("state it", "entry", "nothing", "office", "discipline", "--period", "2016")
    t.check(figure()["holds"] is True, "stated, it holds")
    rows = t.json("entry", "nothing", "office", "discipline")
    t.check([(row["from"], row["to"]) for row in rows] == [("2016-01-01", "2016-12-31")], "listed", rows)
    t.bad(10, "say why", "entry", "nothing", "office", "discipline", "--remove", str(rows[0]["id"]))
    t.good("take it back", "entry", "nothing", "office", "discipline", "--remove", str(rows[0]["id"]), "--why", "误报")
    t.check(figure()["holds"] is False, "taken back, it does not hold")


def check_opening(t):
    """What a figure is opened for stands first: those that break it, what was found, who was counted once."""
    t.good("demo", "demo", "demo")
    out = t.good("a claim", "figure", "demo", "cases_on_time", "--period", "2023")
    lines = [line.split()[0] for line in out.splitlines() if " SQ20" in line]
    t.check(lines[:3] == ["-", "-", "+"] and "not counted (-) 2" in out, "those that break it come first", out)
    out = t.good("by quarter", "figure", "demo", "talks_quarterly", "--period", "2023")
    t.check(out.count("YT2023-") >= 4, "a quarter names the entries found for it", out)
    members = t.json("figure", "demo", "training_people", "--period", "2023")["members"]
    keys = [member["key"] for member in members]
    t.check(len(set(keys)) < len(keys), "a person counted once is seen twice", keys)
    out = t.good("in text", "figure", "demo", "training_people", "--period", "2023")
    t.check(f"({keys[0]})" in out, "and named in the text", out)
    t.good("in HTML", "report", "demo", "--period", "2023", "--html", "opened.html")
    with open(t.path("opened.html"), encoding="utf-8") as file:
        html = file.read()
    quarter = html[html.index('id="figure-talks_quarterly"'):]
    t.check("YT2023-001" in quarter[:quarter.index("</section>")], "and in the printed HTML", quarter[:2000])
    late = html[html.index('id="figure-cases_on_time"'):]
    late = late[:late.index("</section>")]
    t.check(0 < late.index("Not counted") < late.index("<h3>Counted"), "there too what breaks a claim stands first", late[:2000])
    t.bad(2, "two forms", "report", "demo", "--period", "2023", "--html", "other.html", "--json")
    out = t.good("before all records", "report", "demo", "--period", "2010", "--plain", language="zh")
    t.check("现有党支部" not in out, "nobody knows the branches of a time before all records", out)


def check_bad(t):
    t.bad(11, "did you mean 'cases_received'", "figure", "office", "cases_recieved", "--period", "2016")
    t.bad(10, "2016Q5", "figure", "office", "cases_received", "--period", "2016Q5")
    t.bad(10, "last year", "figure", "office", "cases_received", "--period", "last year")
    t.bad(10, "nothing to report yet", "report", "office", "--period", "9998")
    t.bad(10, "still to come", "figure", "office", "cases_received", "--period", "9998")
    t.bad(10, "before the period", "figure", "office", "cases_received", "--period", "2016", "--cutoff", "2015-12-31")
    t.bad(2, "--period is missing", "figure", "office", "cases_received")
    t.bad(10, "--cutoff", "figure", "office", "cases_received", "--period", "2016", "--cutoff", "soon")
    t.bad(11, "there is no office", "figure", "nowhere", "cases_received", "--period", "2016")


def main():
    with Shuzhi() as t:
        rows = make_rows()
        t.good("init", "init", "office", "--name", "示范县政府办公室")
        t.good("import", "import", "office", "case", t.write("letters.csv", to_csv(rows)), "--yes")
        check_numbers(t, rows)
        check_periods(t, rows)
        check_text(t)
        check_changes(t)
        check_proofs(t)
        check_entry_proof(t, t.json("figure", "office", "cases_received", "--period", "2016")["entries"][0])
        check_completeness(t)
        check_witness(t)
        check_nothing(t)
        check_bad(t)
        check_opening(t)
        t.check(t.json("verify", "office")["verdict"] == "sound", "sound after all that")
        return t.finish()


sys.exit(main())
