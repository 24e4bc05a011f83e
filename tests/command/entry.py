#!/usr/bin/env python3
"""Entries by command: record, correct, step on, list, look, take out.  usage: entry.py SHUZHI"""
import json
import sys

from harness import Shuzhi

DUTY = """ledger: duty
name: 值班 | duty
number: ZB{n:3}
title: title
list: [day]
fields:
  title: text 事项
  day: date 日期 | day
  hours: {is: number, name: 时长, decimals: 1}
  case: {is: entry, of: case, name: 诉求}
  people: {is: rows, name: 人员, fields: {name: text 姓名, shift: {is: choice, name: 班次, of: {day: 白班, night: 夜班}}}}
"""


def check_add(t):
    entry = t.json("entry", "add", "office", "case", "title=路灯不亮", "received_at=2023-05-06 09:30",
                   "citizen=甄有才", "phone=13800000000", "channel=县政府网站")
    t.check(entry["number"] == "SQ2023-00001" and entry["state"] == "received" and entry["version"] == 1,
            "an entry gets the first number", entry)
    t.check("citizen" not in entry["fields"], "personal fields are not printed", entry)
    out = t.good("fields by their words", "entry", "add", "office", "case", "标题=噪声扰民", "收到时间=2023年5月8日9时",
                 "诉求内容=夜间施工\n不能入睡", language="zh")
    t.check("SQ2023-00002" in out and "待受理" in out, "number and state are printed", out)
    entry = t.json("entry", "add", "office", "case", "title=去年的", "received_at=2022.12.30")
    t.check(entry["number"] == "SQ2022-00001", "each year has its own numbers", entry)
    t.bad(11, "did you mean 'case'", "entry", "add", "office", "caes", "title=x")
    t.bad(10, "did you mean 'title'", "entry", "add", "office", "case", "titel=x")
    t.bad(10, "FIELD=VALUE", "entry", "add", "office", "case", "title")
    t.bad(10, ": 'received': there is no such day", "entry", "add", "office", "case", "title=x", "received_at=2023-02-30")
    t.bad(10, "channel", "entry", "add", "office", "case", "title=x", "received_at=2023-05-06", "channel=pigeon")
    t.bad(10, "", "entry", "add", "office", "case", "received_at=2023-05-06")
    t.bad(10, "", "entry", "add", "office", "case", "title=x", "received_at=2123-05-06")
    entry = t.json("entry", "add", "office", "case", "title=下一个", "received_at=2023-05-09")
    t.check(entry["number"] == "SQ2023-00003", "what was refused took no number", entry)


def check_unique(t):
    """What came in with an import is not typed in once more."""
    t.good("an office", "init", "unique")
    entry = ("entry", "add", "unique", "case", "title=同一件", "received_at=2023-02-05 09:00")
    t.write("unique.csv", "标题,收到时间,工单编号\n同一件,2023-02-05 09:00,A1\n")
    t.json("import", "unique", "case", "unique.csv", "--yes")
    t.bad(21, "'SQ2023-00001' says the same in number at the source, received", *entry, "source_no=A1")
    t.good("another number", *entry, "source_no=A2")
    t.good("no number", *entry)
    t.good("no number either", *entry)
    t.bad(21, "SQ2023-00001", "entry", "set", "unique", "SQ2023-00003", "source_no=A1")
    t.good("another", "entry", "set", "unique", "SQ2023-00003", "source_no=A3")
    t.good("what stays", "entry", "set", "unique", "SQ2023-00003", "source_no=A3", "title=改了")
    t.good("taken out", "entry", "delete", "unique", "SQ2023-00001", "--why", "重复", "--yes")
    t.good("may come again", *entry, "source_no=A1")


def check_change(t):
    entry = t.json("entry", "set", "office", "SQ2023-00002", "title=施工噪声扰民", "channel=website")
    t.check(entry["version"] == 2 and entry["fields"]["channel"] is not None, "entry set", entry)
    done = t.run("entry", "set", "office", "SQ2023-00002", "title=我的标题", "--version", "1")
    t.check(done.returncode == 12 and "施工噪声扰民" in done.stdout and "我的标题" in done.stdout,
            "a stale change is refused, both versions are shown", done)
    done = t.run("entry", "set", "office", "SQ2023-00002", "title=我的标题", "--version", "1", "--json")
    answer = json.loads(done.stdout)
    t.check(done.returncode == 12 and answer["current"]["version"] == 2 and
            answer["current"]["fields"]["title"] == "施工噪声扰民" and answer["sent"] == {"title": "我的标题"},
            "also for programs", done)
    t.bad(10, "'title' is given twice", "entry", "set", "office", "SQ2023-00002", "title=甲", "标题=乙")
    entry = t.json("entry", "set", "office", "SQ2023-00002", "channel=", "--why", "来源不明")
    t.check(entry["fields"]["channel"] is None, "a field is emptied", entry)
    t.bad(10, "--version", "entry", "set", "office", "SQ2023-00002", "title=x", "--version", "last")
    t.bad(11, "SQ2023-00999", "entry", "set", "office", "SQ2023-00999", "title=x")
    t.bad(11, "", "entry", "show", "office", "no number")
    t.bad(2, "FIELD=VALUE is missing", "entry", "set", "office", "SQ2023-00002")


def check_steps(t):
    entry = t.json("entry", "step", "office", "SQ2023-00001", "answer", "reply=已修复", "replied_at=2023-05-08", "--at",
                   "2023-05-08 15:00")
    t.check(entry["state"] == "replied" and entry["stopped"] == "2023-05-08T15:00:00+08:00", "a step", entry)
    shown = t.json("entry", "show", "office", "SQ2023-00001")
    t.check(t.json("entry", "show", "office", "sq2023-00001") == shown, "its number in small letters")
    t.check(shown["steps"][0]["step"] == "answer" and shown["steps"][0]["to"] == "replied", "its step is kept", shown)
    out = t.good("entry show", "entry", "show", "office", "SQ2023-00001", language="zh")
    t.check("路灯不亮" in out and "已修复" in out and "13800000000" not in out and "--personal" in out,
            "shown without the citizen's telephone", out)
    t.bad(10, "anwser", "entry", "step", "office", "SQ2023-00002", "anwser")
    t.bad(10, "", "entry", "step", "office", "SQ2023-00001", "accept")
    t.bad(10, "", "entry", "step", "office", "SQ2023-00002", "answer")
    t.bad(10, "--at", "entry", "step", "office", "SQ2023-00002", "answer", "reply=好", "--at", "某日")
    t.bad(10, "", "entry", "step", "office", "SQ2023-00002", "answer", "reply=好", "--at", "2023-01-01")
    t.bad(10, "give one of them", "entry", "step", "office", "SQ2023-00002", "answer", "reply=好", "replied_at=2023-05-20 10:00",
          "--at", "2023-05-20 11:00")
    t.check(t.json("entry", "show", "office", "SQ2023-00002")["state"] == "received", "refused steps change nothing")
    t.bad(10, "a reason is needed: this moves the deadline", "entry", "set", "office", "SQ2023-00001", "grade=complex")
    t.check(t.json("entry", "show", "office", "SQ2023-00001")["fields"]["grade"] is None,
            "an empty field filled in afterwards makes no late answer one in time")


def check_list(t):
    page = t.json("entry", "list", "office", "case", "--limit", "2")
    t.check(len(page["entries"]) == 2 and page["next"], "a page", page)
    rest = t.json("entry", "list", "office", "case", "--limit", "2", "--after", page["next"])
    numbers = [entry["number"] for entry in page["entries"] + rest["entries"]]
    t.check(sorted(numbers) == ["SQ2022-00001", "SQ2023-00001", "SQ2023-00002", "SQ2023-00003"], "all pages", numbers)
    rows = t.json("entry", "list", "office", "case", "--sort", "opened", "--descending")["entries"]
    t.check([row["number"] for row in rows][0] == "SQ2023-00003", "the last first", rows)
    rows = t.json("entry", "list", "office", "case", "--where", "state = replied")["entries"]
    t.check([row["number"] for row in rows] == ["SQ2023-00001"], "by a condition", rows)
    out = t.good("entry list", "entry", "list", "office", "case", language="zh")
    t.check("噪声扰民" in out and "待受理" in out, "as text", out)
    t.check(t.good("an empty list", "entry", "list", "office", "case", "--where", "state = refused") == "", "is empty")
    t.bad(10, "--where", "entry", "list", "office", "case", "--where", "stat = replied")
    t.bad(10, "body", "entry", "list", "office", "case", "--sort", "body")
    t.bad(10, "--limit", "entry", "list", "office", "case", "--limit", "0")
    t.bad(10, "", "entry", "list", "office", "case", "--after", "nonsense")
    fields = t.json("entry", "fields", "office", "case")
    t.check({"name", "zh", "kind", "required", "personal"} <= set(fields[0]), "entry fields --json", fields[0])
    t.check("phone" in t.good("entry fields", "entry", "fields", "office", "case"), "fields as text")


def check_personal(t):
    shown = t.json("entry", "show", "office", "SQ2023-00001", "--personal")
    t.check(shown["fields"]["phone"] == "13800000000", "a look shows the telephone", shown)
    history = t.json("entry", "history", "office", "SQ2023-00001")
    t.check([event["kind"] for event in history] == ["entry.add", "entry.step", "entry.look"] and
            "phone" not in history[0]["values"] and "phone" in history[0]["hidden"], "and is an event", history)
    t.check("13800000000" in t.run("entry", "history", "office", "SQ2023-00001", "--personal").stdout, "in history too")
    t.good("entry comment", "entry", "comment", "office", "SQ2023-00001", "已电话联系")
    out = t.good("entry history", "entry", "history", "office", "SQ2023-00001", language="zh")
    t.check("已电话联系" in out and "登记" in out and "13800000000" not in out, "as text", out)
    done = t.run("entry", "erase", "office", "SQ2023-00001")
    t.check(done.returncode == 22, "forgetting asks", done)
    t.check("files of evidence" in done.stdout, "and says what stays", done)
    made = t.json("entry", "comment", "office", "SQ2023-00001", "又来电")
    t.check(made == {"event": "entry.comment", "seq": made["seq"], "id": made["id"], "number": "SQ2023-00001"}, "--json of a comment", made)
    t.good("entry erase", "entry", "erase", "office", "SQ2023-00001", "--yes", "--why", "本人要求")
    t.bad(21, "left to forget", "entry", "erase", "office", "SQ2023-00001", "--yes", "--why", "本人要求")
    shown = t.json("entry", "show", "office", "SQ2023-00001", "--personal")
    t.check(shown["fields"]["phone"] is None and shown["title"] == "路灯不亮", "the person is gone, the entry not", shown)


def check_delete(t):
    done = t.run("entry", "delete", "office", "SQ2023-00003", "--why", "重复")
    t.check(done.returncode == 22 and "SQ2023-00003" in done.stdout, "taking out asks", done)
    t.bad(2, "--why is missing", "entry", "delete", "office", "SQ2023-00003", "--yes")
    t.good("entry delete", "entry", "delete", "office", "SQ2023-00003", "--why", "重复登记", "--yes")
    shown = t.json("entry", "show", "office", "SQ2023-00003")
    t.check(shown["gone"] == "deleted", "the number stays, void", shown)
    t.check("SQ2023-00003" not in t.run("entry", "list", "office", "case").stdout, "and is not listed")
    t.check("taken out" in t.good("a void number", "entry", "show", "office", "SQ2023-00003"), "said in words")
    t.bad(11, "taken out", "entry", "set", "office", "SQ2023-00003", "title=x")


def check_files(t):
    photo = t.write("照片.jpg", b"\xff\xd8 not quite a photo")
    t.good("entry attach", "entry", "attach", "office", "SQ2023-00002", "scene", photo)
    files = t.json("entry", "show", "office", "SQ2023-00002")["files"]
    t.check(len(files) == 1 and files[0]["name"] == "照片.jpg" and files[0]["field"] == "scene", "it is shown", files)
    t.check("照片.jpg" in t.run("entry", "show", "office", "SQ2023-00002").stdout, "as text too")
    kinds = [event["kind"] for event in t.json("entry", "history", "office", "SQ2023-00002")]
    t.check(kinds[-1] == "entry.attach", "an event says so", kinds)
    t.bad(11, "nowhere.jpg", "entry", "attach", "office", "SQ2023-00002", "scene", "nowhere.jpg")
    t.bad(10, "scnee", "entry", "attach", "office", "SQ2023-00002", "scnee", photo)
    t.bad(10, "", "entry", "attach", "office", "SQ2023-00002", "scene", t.write("机密文件.pdf", "x"))
    wrong = t.write("错.jpg", b"\xff\xd8 of another place")
    t.good("a wrong one", "entry", "attach", "office", "SQ2023-00002", "scene", wrong)
    t.bad(2, "--why is missing", "entry", "detach", "office", "SQ2023-00002", "scene", "错.jpg")
    t.bad(11, "nowhere.jpg", "entry", "detach", "office", "SQ2023-00002", "scene", "nowhere.jpg", "--why", "误传")
    t.good("entry detach", "entry", "detach", "office", "SQ2023-00002", "scene", "错.jpg", "--why", "误传")
    names = [file["name"] for file in t.json("entry", "show", "office", "SQ2023-00002")["files"]]
    last = t.json("entry", "history", "office", "SQ2023-00002")[-1]
    t.check(names == ["照片.jpg"] and last["kind"] == "entry.detach", "it is gone, and an event says so", (names, last))
    t.check(t.json("verify", "office")["verdict"] == "sound", "sound with evidence")
    path = files[0]["path"] if files[0]["path"].startswith("/") else t.path(files[0]["path"])
    with open(path, "r+b") as file:
        file.write(b"other")
    done = t.run("verify", "office")
    t.check(done.returncode == 1 and "altered" in done.stdout, "edited evidence is found", done)
    with open(path, "r+b") as file:
        file.write(b"\xff\xd8 no")


def check_rows(t):
    t.good("pack export", "pack", "export", "office", "pack")
    t.write("pack/ledgers/duty.yaml", DUTY)
    manifest = t.home / "pack/pack.yaml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("ledgers: [", "ledgers: [duty, "), encoding="utf-8")
    done = t.run("pack", "apply", "office", "pack", "--yes")
    t.check(done.returncode == 0, "a ledger with rows", done)
    entry = t.json("entry", "add", "office", "duty", "title=国庆值班", "day=2023.10.1", "hours=7.5", "case=SQ2023-00002",
                   "people=name=甄有才;shift=day", "people=姓名=贾文书;班次=夜班", "--at", "2023-10-01")
    t.check(entry["number"] == "ZB001" and [row["name"] for row in entry["fields"]["people"]] == ["甄有才", "贾文书"] and
            entry["fields"]["hours"] == "7.5" and entry["opened"].startswith("2023-10-01"), "rows, a link, a number", entry)
    used = t.json("entry", "show", "office", "SQ2023-00002")["used_in"]
    t.check([use["number"] for use in used] == ["ZB001"], "used in one place", used)
    t.check("used in 1" in t.run("entry", "show", "office", "SQ2023-00002").stdout, "which is shown")
    t.bad(12, "", "entry", "delete", "office", "SQ2023-00002", "--why", "x", "--yes")
    t.bad(10, "shft", "entry", "add", "office", "duty", "title=x", "people=shft=day")
    t.bad(10, "", "entry", "add", "office", "duty", "title=x", "hours=many")


def main():
    with Shuzhi() as t:
        t.good("init", "init", "office", "--name", "示范县")
        t.bad(11, "there is no office", "entry", "list", "nowhere", "case")
        check_add(t)
        check_unique(t)
        check_change(t)
        check_steps(t)
        check_list(t)
        check_files(t)
        check_rows(t)
        check_delete(t)
        check_personal(t)
        t.check(t.json("verify", "office")["verdict"] == "sound", "sound after all that")
        return t.finish()


sys.exit(main())
