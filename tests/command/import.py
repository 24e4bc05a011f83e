#!/usr/bin/env python3
"""Spreadsheets into a ledger, all of it or nothing, and back.  usage: import.py SHUZHI"""
import json
import os
import pty
import re
import signal
import subprocess
import sys
import zipfile

from harness import Shuzhi, make_xlsx

GOOD = ("id,created_at,标题,body,votes,reply,replied_at\n"
        "1,2023-05-06 09:30:00,路灯不亮,\"夜里\n不亮，请修\",3,已修复,2023-05-08 15:00:00\n"
        "2,2023.5.8,噪声扰民,夜间施工,,,\n"
        "3,2022年12月30日,井盖缺失,=1+1,1,,\n")
BAD = ("标题,created_at\n好的,2023-05-06\n日期不对,2023-13-06\n,2023-05-07\n也是好的,2023-05-08\n")


def numbers(t):
    return sorted(entry["number"] for entry in t.json("entry", "list", "office", "case")["entries"])


def check_good(t):
    t.write("good.csv", GOOD)
    done = t.run("import", "office", "case", "good.csv")
    t.check(done.returncode == 22 and "received_at" in done.stdout and "--yes" in done.stderr,
            "without --yes the plan is shown and nothing done", done)
    t.check(numbers(t) == [], "nothing is written")
    answer = t.json("import", "office", "case", "good.csv", "--yes")
    fields = {column["header"]: column["field"] for column in answer["columns"]}
    t.check(answer["imported"] == 3 and answer["bad"] == 0 and answer["batch"] > 0, "three rows", answer)
    t.check(fields["created_at"] == "received_at" and fields["标题"] == "title" and fields["votes"] is None,
            "the columns found their fields", fields)
    t.check(numbers(t) == ["SQ2022-00001", "SQ2023-00001", "SQ2023-00002"], "numbers by year", numbers(t))
    entry = t.json("entry", "show", "office", "SQ2023-00001", "--personal")
    t.check(entry["fields"]["body"] == "夜里\n不亮，请修" and entry["extra"] == {"votes": "3"} and
            entry["state"] == "replied" and entry["steps"][0]["happened"] == "2023-05-08T15:00:00+08:00",
            "line breaks, other columns and steps are kept", entry)
    t.check(entry["steps"][0]["imported"] and "imported from a table by os:" in t.good("its steps", "entry", "show", "office", "SQ2023-00001"),
            "who imported a step is not called its doer", entry["steps"])
    t.check("votes" in t.run("entry", "show", "office", "SQ2023-00001", "--personal").stdout and
            "votes" not in t.run("entry", "show", "office", "SQ2023-00001").stdout,
            "other columns are shown to who may see what is personal")
    t.bad(21, "--again", "import", "office", "case", "good.csv", "--yes")
    return answer["batch"]


def check_undo(t, batch):
    batches = t.json("import", "office", "--list")
    t.check([(row["batch"], row["state"]) for row in batches] == [(batch, "done")], "import --list", batches)
    done = t.run("import", "office", "--undo", batch)
    t.check(done.returncode == 22 and len(numbers(t)) == 3, "taking back asks", done)
    t.good("entry set", "entry", "set", "office", "SQ2023-00002", "title=改过的")
    t.bad(12, "SQ2023-00002", "import", "office", "--undo", batch, "--yes")
    t.bad(10, "with a reason", "import", "office", "--undo", batch, "--yes", "--force")
    t.good("import --undo --force", "import", "office", "--undo", batch, "--yes", "--force", "--why", "导错了表")
    t.check(numbers(t) == [], "the entries are gone")
    t.check("导错了表" in t.good("history", "entry", "history", "office", "SQ2023-00002"), "what was changed since keeps its history")
    t.bad(11, f"SQ2023-00001 was given to import #{batch} of 'good.csv', which was taken back",
          "entry", "show", "office", "SQ2023-00001")
    t.bad(11, "there is no entry 'SQ2023-00009'", "entry", "show", "office", "SQ2023-00009")
    t.check("taken back" in t.good("import --list", "import", "office", "--list"), "the list says so")
    t.bad(11, "", "import", "office", "--undo", 99999, "--yes")
    t.bad(10, "--undo", "import", "office", "--undo", "last", "--yes")
    answer = t.json("import", "office", "case", "good.csv", "--yes")
    t.check(answer["imported"] == 3, "what was taken back can come again", answer)
    check_erasing(t, batch, answer["batch"])


def check_erasing(t, undone, done):
    """A spreadsheet of people that should never have come is forgotten, not only hidden."""
    def holds(text):
        files = list((t.home / "office").glob("office.db*"))
        return any(text.encode() in path.read_bytes() for path in files) if files else None
    t.bad(21, "undone already", "import", "office", "--undo", undone, "--yes")
    t.check(holds("夜里") is not False, "what was taken back is still in the log")
    t.check("3 entries" in t.good("erase one taken back", "import", "office", "--undo", undone, "--erase", "--yes"), "erased")
    t.check(holds("夜里") is not False, "another import of the same is in the books")
    out = t.good("take back and erase", "import", "office", "--undo", done, "--erase", "--yes")
    t.good("the next write", "unit", "add", "office", "后来科")
    t.check("taken back" in out and "3 entries" in out and not holds("夜里"), "nothing of it is left", out)
    t.check(t.json("verify", "office")["verdict"] == "sound", "and the office is sound")
    t.bad(21, "erased for good", "import", "office", "case", "good.csv", "--yes", "--new")
    t.check(t.json("import", "office", "case", "good.csv", "--yes", "--again")["imported"] == 3, "it can come again, where one says so")


def check_bad_rows(t):
    t.write("bad.csv", BAD)
    before = numbers(t)
    for language, word in (("en", "row 3"), ("zh", "第3行")):
        done = t.run("import", "office", "case", "bad.csv", "--yes", language=language)
        t.check(done.returncode == 10 and word in done.stdout and "--skip-bad" in done.stderr,
                f"bad rows are named in {language}, nothing is written", done)
    done = t.run("import", "office", "case", "bad.csv", "--yes", "--json")
    answer = json.loads(done.stdout)
    t.check(done.returncode == 10 and answer["bad"] == 2 and answer["batch"] is None and
            [fault["row"] for fault in answer["faults"]] == [3, 4] and answer["faults"][0]["column"] == "created_at",
            "bad rows as JSON", done)
    t.check(numbers(t) == before, "nothing is written")
    answer = t.json("import", "office", "case", "bad.csv", "--yes", "--skip-bad")
    t.check(answer["imported"] == 2 and len(numbers(t)) == len(before) + 2, "bad rows are left out", answer)


def check_map(t):
    t.write("map.csv", "甲,乙,丙\n标题一,2023-06-01,x\n")
    answer = t.json("import", "office", "case", "map.csv", "--map", "甲=title", "--map=乙=received_at", "--map", "丙=",
                    "--yes")
    t.check(answer["imported"] == 1 and [column["why"] for column in answer["columns"][:2]] == ["given", "given"],
            "columns as one says", answer)
    t.bad(10, "mapped twice", "import", "office", "case", "map.csv", "--map", "甲=title", "--map", "甲=body", "--yes")
    t.bad(10, "titel", "import", "office", "case", "map.csv", "--map", "甲=titel", "--yes")
    t.bad(10, "丁", "import", "office", "case", "map.csv", "--map", "丁=title", "--yes")
    t.write("own.csv", "会议名称,日期,召开日期,会议类别\n党员大会,2024.3.9,2023.3.6,支部党员大会\n")
    answer = t.json("import", "office", "meeting", "own.csv", "--yes")
    found = {column["header"]: column["field"] for column in answer["columns"]}
    t.check(found["召开日期"] == "held_on" and found["日期"] is None, "a field's own name goes before its others", answer)
    t.write("year.csv", "标题,收到时间\n五月的,5月6日\n")
    done = t.run("import", "office", "case", "year.csv", "--yes")
    t.check(done.returncode == 10, "a day without a year is refused", done)
    answer = t.json("import", "office", "case", "year.csv", "--yes", "--year", "2021")
    t.check(answer["imported"] == 1 and "SQ2021-00001" in numbers(t), "unless the year is said", answer)


def check_values(t):
    """What a cell means that names no choice: told with a guess, and said for all rows."""
    t.write("values.csv", "标题,收到时间,来源\n换灯,2022-06-05,12345\n换井盖,2022-06-06,12345\n")
    done = t.run("import", "office", "case", "values.csv", "--yes")
    t.check(done.returncode == 10 and "12345" in done.stdout and "hotline" in done.stdout and "--map-value" in done.stdout,
            "what a value may mean is told, and not taken for it", done)
    t.bad(10, "HEADER:VALUE=NAME", "import", "office", "case", "values.csv", "--yes", "--map-value", "12345=hotline")
    answer = t.json("import", "office", "case", "values.csv", "--yes", "--map-value", "来源:12345=hotline")
    t.check(answer["imported"] == 2 and answer["values"][0] == {"header": "来源", "text": "12345", "rows": 2,
                                                                "name": "hotline", "why": "given", "guess": None},
            "it is said", answer)


def check_files(t):
    t.write("gb.csv", "标题,收到时间\n国标编码,2020-05-06\n", encoding="gb18030")
    t.check(t.json("import", "office", "case", "gb.csv", "--yes")["imported"] == 1, "GB18030")
    t.check(t.json("entry", "show", "office", "SQ2020-00001")["title"] == "国标编码", "is read as such")
    t.write("bom.csv", "\ufeff标题;收到时间\r\n分号;2020-05-07\r\n")
    t.check(t.json("import", "office", "case", "bom.csv", "--yes")["imported"] == 1, "UTF-8 with a mark, semicolons")
    make_xlsx(t.path("book.xlsx"), {"S": [["标题", "收到时间"], ["工作簿", "2020-05-08"]]})
    t.check(t.json("import", "office", "case", "book.xlsx", "--yes")["imported"] == 1, "a workbook")
    t.write("quote.csv", "标题,收到时间\n\"没有闭合,2020-05-09\n")
    done = t.run("import", "office", "case", "quote.csv", "--yes", language="zh")
    t.check("“quote.csv”：第2行A列的引号没有闭合" in done.stderr, "a fault of the file names it", done)
    t.bad(11, "nowhere.csv", "import", "office", "case", "nowhere.csv", "--yes")
    (t.home / "folder.csv").mkdir()
    done = t.run("import", "office", "case", "folder.csv", "--yes")
    t.check(done.returncode in (10, 15) and done.stderr.count("\n") == 1, "a folder", done)
    for name, content in (("empty.csv", b""), ("header.csv", "标题,收到时间\n".encode()), ("zero.csv", b"\0" * 4096),
                          ("broken.xlsx", b"PK\x03\x04" + b"\xff" * 400), ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600)):
        t.write(name, content)
        t.bad(10, "", "import", "office", "case", name, "--yes")
    t.bad(11, "did you mean 'case'", "import", "office", "caes", "good.csv", "--yes")
    t.bad(11, "there is no office", "import", "nowhere", "case", "good.csv", "--yes")
    t.bad(2, "OFFICE LEDGER FILE", "import", "office", "case", "--yes")
    t.bad(2, "OFFICE LEDGER FILE", "import", "office", "--yes")
    t.bad(2, "OFFICE LEDGER FILE", "import", "office", "case", "good.csv", "--undo", "3")


def check_1904(t):
    """A day as a plain number is four years later in a workbook that counts from 1904."""
    rows = [["标题", "收到时间"], ["数成的日子", 43590]]
    for name, properties, day in (("mac.xlsx", "<workbookPr date1904=\"1\"/>", "2023-05-06"), ("pc.xlsx", "", "2019-05-05")):
        make_xlsx(t.path(name), {"S": rows}, properties)
        answer = t.json("import", "office", "case", name, "--yes")
        days = [row["opened"][:10] for row in t.json("entry", "list", "office", "case", "--where", "title = '数成的日子'")["entries"]]
        t.check(answer["imported"] == 1 and day in days, name, days)


def check_money(t):
    """Offices count in 万元: what a bracket or a line above the header says is what the cells are in."""
    head = "事项名称,提出日期,事项类别,涉及金额"
    def amount(name, text):
        t.write(name, text)
        answer = t.json("import", "office", "decision", name, "--yes")
        t.check(answer["imported"] == 1, name, answer)
        number = max(row["number"] for row in t.json("entry", "list", "office", "decision")["entries"])
        return t.json("entry", "show", "office", number)["fields"]["amount"], answer
    value, answer = amount("wan.csv", f"{head}（万元）\n修路,2023-05-06,重大决策,1.2\n")
    t.check(value == "12000.00" and [row["places"] for row in answer["columns"]] == [0, 0, 0, 4], "金额（万元）", answer)
    value, _ = amount("above.csv", f"三重一大事项表,,,\n填报单位：示范局,,,单位：万元\n{head}\n修桥,2023-05-06,重大决策,\"1,234.5\"\n")
    t.check(value == "12345000.00", "单位：万元 above the header", value)
    value, _ = amount("own.csv", f"{head}（万元）\n修渠,2023-05-06,重大决策,300元\n")
    t.check(value == "300.00", "a cell that says its unit", value)
    value, _ = amount("short.csv", "事项名称,提出日期,事项类别,金额（万元）\n修闸,2023-05-06,重大决策,3\n")
    t.check(value == "30000.00", "a column called 金额 is the amount", value)
    value, _ = amount("yuan.csv", f"{head}（元）\n修井,2023-05-06,重大决策,300\n")
    t.check(value == "300.00", "金额（元）", value)
    t.write("last.csv", f"{head}（上年）\n修塘,2023-05-06,重大决策,300\n")
    fields = [row["field"] for row in t.json("import", "office", "decision", "last.csv", "--yes")["columns"]]
    t.check(fields[3] is None, "（上年） is another column", fields)


def check_merged(t):
    """The amount of merged cells is one amount, and the unit above a group of columns is theirs."""
    head = ["事项名称", "提出日期", "事项类别", "涉及金额", "备用"]
    rows = [["三重一大事项表"], ["填报单位：示范县人民政府办公室综合协调与督查督办科（党组办公室）", "", "填报日期：2023年12月31日 联系人：张三",
             "联系电话：0931-8888888", "单位：万元"], head, ["甲", "2023-05-06", "重大决策", "12.5", ""]]
    make_xlsx(t.path("unit.xlsx"), {"S": rows})
    t.run("import", "office", "decision", "unit.xlsx", "--yes")
    rows = [["事项名称", "提出日期", "事项类别", "资金（万元）", ""], ["", "", "", *head[3:]], ["丙", "2023-05-06", "重大决策", "1.5", ""]]
    make_xlsx(t.path("group.xlsx"), {"S": rows}, merged="A1:A2,B1:B2,C1:C2,D1:E1")
    answer = t.json("import", "office", "decision", "group.xlsx", "--yes")
    t.check(answer["n_above"] == 0, "both lines of the header are its own", answer)
    rows = [head[:4], ["一期", "2023-05-06", "重大决策", 100], ["二期", "2023-05-07", "重大决策", ""], ["三期", "2023-05-08", "重大决策", ""]]
    make_xlsx(t.path("merged.xlsx"), {"S": rows}, merged="D2:D4")
    plan = t.run("import", "office", "decision", "merged.xlsx").stdout
    t.check("2 amounts of merged cells are taken for the first" in plan, "merged amounts are told of", plan)
    answer = t.json("import", "office", "decision", "merged.xlsx", "--yes")
    t.check(answer["imported"] == 3 and answer["n_merged"] == 2, "and read once", answer)
    entries = t.json("entry", "list", "office", "decision", "--where", "title in ('甲', '丙', '一期', '二期', '三期')")["entries"]
    amounts = {row["title"]: t.json("entry", "show", "office", row["number"])["fields"].get("amount") for row in entries}
    t.check(amounts == {"甲": "125000.00", "丙": "15000.00", "一期": "100.00", "二期": None, "三期": None}, "amounts", amounts)


def check_asides(t):
    """What stands below a table, or names its columns once more, is no record; what looks like one is never lost."""
    head = "标题,收到时间,办理情况"
    t.write("asides.csv", f"{head}\n其一,2013-05-06,好\n{head}\n其二,2013-05-07,好\n合计,2,共2件\n"
            "联系人：王五,2013-05-08,好\n填表人：张三,,审核人：李四\n注：本表按月填报,,\n")
    answer = t.json("import", "office", "case", "asides.csv", "--yes")
    t.check(answer["imported"] == 3 and answer["n_asides"] == 4, "four rows are no records", answer)
    t.check([row["row"] for row in answer["asides"]] == [3, 5, 7, 8], "and named", answer["asides"])
    t.write("notes.csv", "标题,收到时间,来源编号,诉求内容\n说明：小区停车位不足,2014-05-06 10:30,,\n"
            "备注：某路坑洼,2014-05-07 09:10,N1,来电反映:坑深\n负责人：拖欠工资,2014.5.7 9:30,,\n路灯,2014.5.8,,\n注：按月填报,,,\n")
    done = t.good("a title may begin like a note", "import", "office", "case", "notes.csv", "--yes")
    t.check("imported 4 entries" in done and "left out: 1 row that is no record" in done, "what is left out is said at the end", done)


def check_hidden_sheets(t):
    """A hidden sheet with such a table is asked about like any other."""
    table = [["标题", "收到时间"], ["在册", "2012-05-06"]]
    make_xlsx(t.path("sheets.xlsx"), {"明": table, "藏": table}, hidden="藏")
    done = t.run("import", "office", "case", "sheets.xlsx", "--yes")
    t.check("'藏' (hidden)" in done.stdout and "--sheet" in done.stderr, "a hidden sheet is told of", done)
    answer = t.json("import", "office", "case", "sheets.xlsx", "--yes", "--sheet", "明")
    t.check(answer["imported"] == 1, "and left out where one is named", answer)
    table = [["标题", "收到时间"], ["在册的", "2012-05-07"]]
    for sheets, chosen in (({"空": [], "表": table}, "表"), ({"说明": [["填表说明"], ["请如实填写"]], "表": table}, "表"),
                           ({"说明": [["填表说明", "要求"], ["请如实填写", "齐全"]], "表": [["标题", "别的"], ["只认得标题", "x"]]}, "表"),
                           ({"表": table, "说明": [["标题", "别的"], ["一", "x"]]}, "表"), ({"甲": [], "乙": []}, None)):
        make_xlsx(t.path("which.xlsx"), sheets)
        done = t.run("import", "office", "case", "which.xlsx", "--json")
        t.check((json.loads(done.stdout)["sheet"] if done.stdout else None) == chosen, f"of {list(sheets)} the one that is like it", done)
    damage(t.path("which.xlsx"), {"表": table, "坏": table}, "xl/worksheets/sheet2.xml")
    answer = t.json("import", "office", "case", "which.xlsx", "--yes")
    t.check(answer["other_sheets"] == ["坏"] and answer["imported"] == 1, "what cannot be read may hold something too", answer)
    damage(t.path("which.xlsx"), {"坏": table, "表": table}, "xl/worksheets/sheet1.xml")
    done = t.run("import", "office", "case", "which.xlsx", "--yes")
    t.check(done.returncode == 10, "the first sheet is no sheet", done)
    make_xlsx(t.path("many.xlsx"), {f"第{i}张": [["标题", "收到时间"], [f"第{i}件", "2012-05-08"]] if i == 1 else [] for i in range(1, 43)})
    t.bad(10, "--sheet", "import", "office", "case", "many.xlsx", "--yes")
    answer = t.json("import", "office", "case", "many.xlsx", "--yes", "--sheet", "第1张")
    t.check(answer["imported"] == 1, "more sheets than are looked at: one is named", answer)


def damage(path, sheets, part):
    """Write a workbook in which @part is no XML."""
    make_xlsx(path, sheets)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content[:len(content) // 2] if name == part else content)


def check_digits(t):
    """A spreadsheet keeps fifteen digits of a number: two ids that differ in the last are one to it."""
    head = ["标题", "收到时间", "来源编号"]
    make_xlsx(t.path("digits.xlsx"), {"S": [head, ["单号", "2012-06-06", 110101199003071000]]})
    done = t.run("import", "office", "case", "digits.xlsx", "--yes")
    t.check("row 2" in done.stdout and "keeps 15" in done.stdout, "lost digits are a fault", done)
    make_xlsx(t.path("digits.xlsx"), {"S": [head, ["单号", "2012-06-06", 123456789012345]]})
    t.check(t.json("import", "office", "case", "digits.xlsx", "--yes")["imported"] == 1, "fifteen are all there", "")


def check_rows(t):
    """What an export writes of child rows an import reads, and other texts in such a column are told of."""
    for name in ("甲某", "乙某"):
        t.run("person", "add", "office", name)
    head = "培训班次,开始日期,参训人员"
    t.write("rows.csv", f"{head}\n轮训班,2023-05-06,\"person=甲某;hours=3\n姓名=乙某;hours=2.5\"\n")
    answer = t.json("import", "office", "training", "rows.csv", "--yes")
    t.check(answer["columns"][2]["field"] == "trainees" and answer["imported"] == 1, "rows by their name", answer)
    t.run("export", "office", "training", "trained.csv")
    text = open(t.path("trained.csv"), encoding="utf-8-sig").read()
    t.check("person=甲某;hours=3.0\nperson=乙某;hours=2.5" in text, "come out as they came in", text)
    t.write("again.csv", text)
    t.bad(21, "in the ledger already", "import", "office", "training", "again.csv", "--yes")
    t.write("fewer.csv", text.replace("乙某", "甲某"))
    done = t.run("import", "office", "training", "fewer.csv", "--yes")
    t.check(done.returncode == 21 and "does not say the same in 'trainees'" in done.stdout, "other rows of one course are told of", done)
    t.check(t.json("import", "office", "training", "fewer.csv", "--yes", "--again")["imported"] == 1, "or are another course", "")
    again = t.json("import", "office", "training", "again.csv", "--yes", "--again")
    t.check(again["imported"] == 1, "and are read again", again)
    t.write("other.csv", f"{head}\n外训班,2023-05-07,甲某等二人\n")
    done = t.run("import", "office", "training", "other.csv", "--yes")
    t.check(done.returncode == 10 and "row 2, column '参训人员'" in done.stdout and "--map 'HEADER='" in done.stderr,
            "other texts are faults, as in every other field", done)
    answer = t.json("import", "office", "training", "other.csv", "--yes", "--map", "参训人员=")
    t.check(answer["columns"][2]["field"] is None and answer["columns"][2]["why"] == "given", "other texts are kept", answer)
    t.write("names.csv", f"{head}\n外训班二,2023-06-07,\"甲某、乙某\"\n")
    answer = t.json("import", "office", "training", "names.csv", "--yes")
    number = max(row["number"] for row in t.json("entry", "list", "office", "training")["entries"])
    rows = t.json("entry", "show", "office", number)["fields"].get("trainees", [])
    t.check(answer["columns"][2]["field"] == "trainees" and len(rows) == 2, "a list of names is a row a name", (answer, rows))
    t.write("scores.csv", "考试名称,考试日期,考试类别,成绩\n普法考试,2023-06-08,在线普法考试,92\n")
    t.bad(10, "", "import", "office", "exam", "scores.csv", "--yes")


def check_hidden(t):
    """A filter hides rows, and whoever sends the file forgets them: they are read, and that is said."""
    rows = [["标题", "收到时间"], ["看得见", "2014-05-06"], ("筛掉了", "2014-05-07"), ("也筛掉了", "2014-05-08")]
    make_xlsx(t.path("hidden.xlsx"), {"S": rows})
    done = t.run("import", "office", "case", "hidden.xlsx")
    t.check("2 rows that the sheet hides are read" in done.stdout, "hidden rows are told of", done)
    answer = t.json("import", "office", "case", "hidden.xlsx", "--yes")
    t.check(answer["imported"] == 3 and answer["n_hidden"] == 2, "and read", answer)


def check_left_out(t):
    """Rows above the header, and other sheets, are named; what may be lost stops the import."""
    t.write("above.csv", "台账\n标题,收到时间\n上一,2016-05-06\n标题,收到时间,诉求内容,姓名\n下一,2016-05-07,x,y\n")
    t.bad(10, "--header", "import", "office", "case", "above.csv", "--yes")
    done = t.run("import", "office", "case", "above.csv", "--yes")
    t.check("row 3, looks like data: 上一 | 2016-05-06" in done.stdout, "rows above the header are named", done)
    done = t.run("import", "office", "case", "above.csv", "--yes", "--json")
    answer = json.loads(done.stdout)
    t.check(done.returncode == 10 and answer["header"] == 4 and answer["n_above"] == 3 and answer["batch"] is None and
            [row["looks_like_data"] for row in answer["above"]] == [False, False, True], "as JSON too", answer)
    t.check("SQ2016-00001" not in numbers(t), "nothing is written")
    answer = t.json("import", "office", "case", "above.csv", "--yes", "--header", "4")
    t.check(answer["imported"] == 1 and answer["n_above"] == 3, "unless the header is said", answer)
    t.bad(11, "line 9", "import", "office", "case", "above.csv", "--yes", "--header", "9")
    t.write("bare.csv", "无表头,2016-06-01\n第二行,2016-06-02\n")
    t.bad(10, "names a field", "import", "office", "case", "bare.csv", "--yes")
    t.bad(10, "names a field", "import", "office", "case", "bare.csv", "--yes", "--map", "无表头=title")


def check_sheets(t):
    table = [["标题", "收到时间"], ["第二张表", "2015-05-08"]]
    make_xlsx(t.path("guide.xlsx"), {"填表说明": [["请逐项填写"], ["标题", "必填"]], "数据": table, "空": []})
    done = t.good("the sheet with the columns", "import", "office", "case", "guide.xlsx", "--yes")
    t.check("sheet '数据'; not read: '填表说明'" in done, "the others are named", done)
    table = [table[0], ["每月的表", "2015-05-08"]]
    make_xlsx(t.path("months.xlsx"), {"1月": table, "2月": table})
    t.bad(10, "--sheet", "import", "office", "case", "months.xlsx", "--yes")
    answer = t.json("import", "office", "case", "months.xlsx", "--yes", "--sheet", "2月")
    t.check(answer["sheet"] == "2月" and answer["other_sheets"] == ["1月"] and answer["imported"] == 1,
            "one of several alike is to be named", answer)
    t.bad(21, "--again", "import", "office", "case", "months.xlsx", "--yes", "--sheet", "2月")
    t.bad(21, "in the ledger already", "import", "office", "case", "months.xlsx", "--yes", "--sheet", "1月")
    make_xlsx(t.path("quarter.xlsx"), {"4月": [table[0], ["四月的", "2015-04-08"]], "5月": [table[0], ["五月的", "2015-05-09"]]})
    t.bad(10, "'4月', '5月'", "import", "office", "case", "quarter.xlsx", "--yes")
    for sheet in ("4月", "5月"):
        answer = t.json("import", "office", "case", "quarter.xlsx", "--yes", "--sheet", sheet)
        t.check(answer["imported"] == 1, "one sheet does not stand for another", answer)
    names = [row["file"] for row in t.json("import", "office", "--list")][:2]
    t.check(names == ["quarter.xlsx/5月", "quarter.xlsx/4月"], "the list names the sheets", names)
    t.bad(11, "1月, 2月", "import", "office", "case", "months.xlsx", "--yes", "--sheet", "3月")
    t.bad(10, "no sheets", "import", "office", "case", "good.csv", "--yes", "--sheet", "3月")


def check_used(t):
    """What others refer to, or have added a file to, is not taken back without saying so."""
    t.write("met.csv", "会议名称,召开日期,会议类别,召开单位\n主任办公会一,2015.5.6,主任办公会,办公室\n")
    t.write("decided.csv", "事项名称,提出日期,类别,研究会议,决定日期,会议决定,主要负责人末位表态\n"
            "修路,2015.5.1,重大决策,HY2015-0001,2015.5.6,同意,是\n")
    t.run("unit", "add", "office", "办公室")
    batch = t.json("import", "office", "meeting", "met.csv", "--yes")["batch"]
    using = t.json("import", "office", "decision", "decided.csv", "--yes")["batch"]
    t.bad(12, "HY2015-0001", "import", "office", "--undo", batch, "--yes")
    t.good("comment", "entry", "comment", "office", "JC2015-001", "要核对")
    t.bad(12, "JC2015-001", "import", "office", "--undo", using, "--yes")
    t.bad(10, "with a reason", "import", "office", "--undo", using, "--yes", "--force")
    t.good("with --force", "import", "office", "--undo", using, "--yes", "--force", "--why", "重复导入")
    t.good("then nobody refers to it", "import", "office", "--undo", batch, "--yes")


def check_unnumbered(t):
    """A stroke in the column of numbers is no number: two requests of one day are two."""
    t.write("strokes.csv", "标题,收到时间,工单编号\n路灯不亮,2015.5.6,/\n噪声扰民,2015.5.6,/\n坑洼,2015.5.6,无\n漏水,2015.5.6,无\n")
    t.check(t.json("import", "office", "case", "strokes.csv", "--yes")["imported"] == 4, "four requests", "")


def check_two_tables(t):
    """Rows below a second header were taken under the columns of the first."""
    t.write("two.csv", "标题,收到时间,诉求人,诉求内容\n路灯,2016.1.6,刘某,不亮\n二、来访,,,\n诉求人,收到时间,标题,诉求内容\n王某某,2016.2.1,要工钱,三个月\n")
    t.bad(10, "row 4 names columns once more", "import", "office", "case", "two.csv", "--yes", "--skip-bad")
    t.write("lines.csv", "序号,标题,收到时间,标题,收到时间,\n,,,承办单位,答复时间,答复内容\n1,路灯,2016.1.6,,2016.1.7,好\n")
    t.bad(10, "row 2 names columns once more", "import", "office", "case", "lines.csv", "--yes", "--skip-bad")


def check_hours(t):
    """The same table a month later knows the hour, or leaves the unit out: the requests are the same."""
    t.run("unit", "add", "office", "信访科")
    t.write("day.csv", "标题,收到时间,承办单位\n灯灭,2016.5.6,信访科\n井塌,2016.5.7,信访科\n鸣笛,2016.5.8 09:00,信访科\n")
    t.good("by the day", "import", "office", "case", "day.csv", "--yes")
    t.write("hour.csv", "标题,收到时间,承办单位\n灯灭,2016.5.6 09:30,信访科\n井塌,2016.5.7,\n鸣笛,2016.5.8 10:00,信访科\n")
    answer = t.json("import", "office", "case", "hour.csv", "--yes", "--new")
    t.check(answer["imported"] == 1 and [row["row"] for row in answer["known"]] == [2, 3], "by the hour", answer)


def check_known(t):
    """A table that was mended, or has grown, brings most of its rows again: they are told of, and come once."""
    head = "工单编号,标题,收到时间\n"
    t.write("grown1.csv", f"{head}A1,甲件,2011.5.6\nA2,乙件,2011.5.7\nA3,丙件,5月8号上午\n")
    done = t.run("import", "office", "case", "grown1.csv", "--yes", "--skip-bad")
    t.check(done.returncode == 0 and "left out: 1 bad row" in done.stdout.splitlines()[-1], "what was left out is said last", done)
    t.write("grown2.csv", f"{head}A1,甲件,2011.5.6\nA2,乙件改了标题,2011.5.7\nA3,丙件,2011.5.8\nA3,丙件又一行,2011.5.8\n")
    before = numbers(t)
    done = t.run("import", "office", "case", "grown2.csv", "--yes")
    t.check(done.returncode == 21 and "3 of 4 rows are in the ledger already or say" in done.stderr and "--new" in done.stderr and
            "row 3: SQ2011-00002" in done.stdout and "row 5 says what row 4 says" in done.stdout, "known rows are named", done)
    t.check(numbers(t) == before, "and nothing is written")
    answer = t.json("import", "office", "case", "grown2.csv", "--yes", "--new")
    t.check(answer["imported"] == 1 and answer["n_known"] == 3 and numbers(t) == sorted([*before, "SQ2011-00003"]),
            "the others come alone", answer)
    t.write("grown3.csv", f"{head}A1,甲件,2011.5.6\nA2,乙件,2011.5.7\n")
    t.bad(21, "--again", "import", "office", "case", "grown3.csv", "--yes", "--new")
    answer = t.json("import", "office", "case", "grown3.csv", "--yes", "--again")
    t.check(answer["imported"] == 2, "or all of them once more", answer)
    t.write("plain1.csv", "标题,收到时间\n无编号的,2011-06-01\n")
    t.write("plain2.csv", "标题,收到时间\n无编号的,2011/6/1\n无编号的,2011/6/2\n")
    t.json("import", "office", "case", "plain1.csv", "--yes")
    t.bad(21, "1 of 2 rows are in the ledger", "import", "office", "case", "plain2.csv", "--yes")


def check_grown(t):
    """The same table a month later, with the answers filled in: known rows that say more are told, never doubled."""
    t.good("an office", "init", "grown")
    t.write("month1.csv", "工单编号,标题,收到时间\nA1,甲,2023.5.6\nA2,乙,2023.5.7 10:00\n")
    t.write("month2.csv", "工单编号,标题,收到时间,答复时间,答复内容\nA1,甲,2023.5.6,2023.5.8,办了\nA2,乙,2023.5.7 10:05,,\nA4,丁,2023.5.10,,\n")
    t.json("import", "grown", "case", "month1.csv", "--yes")
    done = t.run("import", "grown", "case", "month2.csv", "--yes")
    t.check(done.returncode == 21 and "row 2: SQ2023-00001, which does not say the same in 'reply', 'replied'" in done.stdout and
            "row 3: SQ2023-00002, which does not say the same in 'received'" in done.stdout, "what they say more is told", done)
    answer = t.json("import", "grown", "case", "month2.csv", "--yes", "--new")
    t.check(answer["imported"] == 1 and answer["n_differing"] == 2 and answer["known"][0]["differs"] == ["reply", "replied_at"],
            "the new one comes alone", answer)
    done = t.run("import", "grown", "case", "month2.csv", "--yes")
    t.check(done.returncode == 21 and "--new" in done.stderr, "a file once more", done)
    done = t.run("import", "grown", "case", "month2.csv", "--yes", "--new")
    t.check(done.returncode == 21 and t.json("figure", "grown", "cases_received", "--period", "2023")["value"] == 3, "nothing doubles", done)
    t.write("plain1.csv", "标题,收到时间\n无编号甲,2023.7.6\n")
    t.write("plain2.csv", "标题,收到时间,答复时间,答复内容\n无编号甲,2023.7.6,2023.7.8,办了\n无编号乙,2023.7.6,,\n")
    t.json("import", "grown", "case", "plain1.csv", "--yes")
    answer = t.json("import", "grown", "case", "plain2.csv", "--yes", "--new")
    t.check(answer["imported"] == 1 and answer["n_differing"] == 1, "without numbers, title and date tell", answer)
    t.good("take it back", "import", "grown", "--undo", str(answer["batch"]), "--yes")
    gone = t.json("figure", "grown", "cases_received", "--period", "2023")["definition"].get("gone") or ""
    t.check("SQ2023-00005" in gone, "the card of a count says what was taken back", gone)
    t.write("one.csv", "学习主题,学习日期,参加人数\n学宪法,2023.3.1,30\n")
    t.write("two.csv", "学习主题,学习日期,参加人数\n学宪法,2023.3.1,32\n学监察法,2023.5.1,29\n")
    t.json("import", "grown", "study", "one.csv", "--yes", "--set", "kind=law")
    answer = t.json("import", "grown", "study", "two.csv", "--yes", "--set", "kind=law", "--new")
    t.check(answer["imported"] == 1 and answer["known"][0]["differs"] == ["present"], "a cell that was put right", answer)


def check_undone_first(t):
    """A later table left out what the first one had; when that is taken back, the later one brings it."""
    t.good("an office", "init", "first")
    t.write("w1.csv", "标题,收到时间\n丙,2023.5.6\n")
    t.write("w2.csv", "标题,收到时间\n丙,2023.5.6\n丁,2023.5.7\n")
    batch = t.json("import", "first", "case", "w1.csv", "--yes")["batch"]
    t.json("import", "first", "case", "w2.csv", "--yes", "--new")
    t.check("'w2.csv'" in t.good("take it back", "import", "first", "--undo", batch, "--yes"), "the later table is named")
    answer = t.json("import", "first", "case", "w2.csv", "--yes", "--new")
    t.check(answer["imported"] == 1 and answer["n_known"] == 1, "and brings what is missing", answer)


def check_same(t):
    """Rows that say the same are told once, whatever the order of people and child rows in them."""
    t.good("an office", "init", "same")
    for name in ("张甲", "李乙"):
        t.good("person", "person", "add", "same", name)
    t.write("twice.csv", "会议名称,召开日期,会议类别\n甲会,2023.3.1,支部党员大会\n甲会,2023.3.1,支部党员大会\n")
    done = t.run("import", "same", "meeting", "twice.csv", "--yes")
    t.check(done.returncode == 21 and "row 3 says what row 2 says" in done.stdout and "already:" not in done.stdout, "a row twice", done)
    answer = t.json("import", "same", "meeting", "twice.csv", "--yes", "--new")
    t.check(answer["imported"] == 1 and answer["n_repeated"] == 1 and answer["known"][0]["above"] == 2, "comes once", answer)
    t.write("order1.csv", "学习主题,学习日期,参加人员\n学法,2023.3.1,张甲、李乙\n")
    t.write("order2.csv", "学习主题,学习日期,参加人员\n学法,2023.3.1,李乙、张甲\n")
    t.json("import", "same", "study", "order1.csv", "--yes", "--set", "kind=law")
    t.bad(21, "in the ledger already", "import", "same", "study", "order2.csv", "--yes", "--set", "kind=law")
    t.write("rows1.csv", "培训班次,开始日期,参训人员\n班二,2023.3.1,\"person=张甲;hours=2\nperson=李乙\"\n")
    t.write("rows2.csv", "培训班次,开始日期,参训人员\n班二,2023.3.1,\"person=李乙\nperson=张甲;hours=2\"\n")
    t.json("import", "same", "training", "rows1.csv", "--yes")
    answer = json.loads(t.run("import", "same", "training", "rows2.csv", "--yes", "--json").stdout)
    t.check(answer["n_known"] == 1 and answer["n_differing"] == 0, "child rows in another order", answer)


def check_guesses(t):
    """With --yes nobody looks: a birthday does not become when a request came."""
    t.write("birth.csv", "标题,出生日期\n甲,1960.6.1\n")
    t.bad(10, "--map '出生日期=received_at'", "import", "office", "case", "birth.csv", "--yes")


def check_same_day(t):
    """Answered on the day it came, the day alone being known."""
    t.write("day.csv", "标题,收到时间,答复时间,答复内容\n当日,2012.5.6 15:00,2012.5.6,办了\n")
    t.json("import", "office", "case", "day.csv", "--yes")
    figure = t.json("figure", "office", "cases_answered", "--period", "2012")
    t.check(figure["value"] == 1, "an answer on the day itself is no answer before the question", figure["value"])


def check_doubles(t):
    """Of two tables side by side, the second would be lost."""
    t.write("side.csv", "序号,标题,收到时间,,序号,标题,收到时间\n1,左一,2011-07-01,,2,右一,2011-07-02\n")
    t.bad(10, "--map '标题 (2)=FIELD'", "import", "office", "case", "side.csv", "--yes")
    answer = t.json("import", "office", "case", "side.csv", "--yes", "--map", "标题 (2)=", "--map", "收到时间 (2)=")
    t.check(answer["imported"] == 1, "unless one says that it is none", answer)


def check_set(t):
    """What a table does not say, as all its rows are of one kind, is said once."""
    t.write("law.csv", "学习内容,学习时间\n宪法,2011-03-04\n民法典,2011-03-05\n")
    columns = ["--map", "学习内容=title", "--map", "学习时间=held_on"]
    done = t.run("import", "office", "study", "law.csv", *columns)
    t.check("--set kind=" in done.stdout and "law" in done.stdout, "how to say it is said", done)
    t.bad(10, "did you mean 'law'", "import", "office", "study", "law.csv", *columns, "--set", "kind=lax", "--yes")
    t.bad(10, "fills it too", "import", "office", "study", "law.csv", *columns, "--set", "title=法", "--yes")
    t.bad(10, "twice", "import", "office", "study", "law.csv", *columns, "--set", "kind=law", "--set", "kind=law", "--yes")
    answer = t.json("import", "office", "study", "law.csv", *columns, "--set", "kind=law", "--yes")
    kinds = {t.json("entry", "show", "office", row["number"])["fields"]["kind"] for row in
             t.json("entry", "list", "office", "study", "--where", "opened < 2012-01-01")["entries"]}
    t.check(answer["imported"] == 2 and kinds == {"law"}, "in all rows", (answer, kinds))


def check_gather(t):
    """A table of participations: a row a person and session becomes, if asked for, one entry with all of them."""
    t.good("an office to gather in", "init", "many")
    for name in ("甲某", "乙某", "丙某"):
        t.good(name, "person", "add", "many", name)
    head = "序号,学习内容,学习时间,姓名,备注\n"
    rows = ["1,宪法,2023-05-06,甲某,\n", "2,监察法,2023-05-07,甲某,\n", "3,宪法,2023-05-06,乙某,\n", "4,宪法,2023-05-06,丙某,请假\n",
            "5,监察法,2023-05-07,丙某,\n", "6,宪法,2023-05-06,乙某,\n", "7,,2023-05-08,甲某,\n"]
    t.write("parts.csv", head + "".join(rows))
    words = ["import", "many", "study", "parts.csv", "--set", "kind=law", "--map", "姓名=participants"]
    t.check("--gather" in t.run(*words).stdout, "that rows may be one is said")
    t.bad(10, "several people", *words[:-1], "姓名=", "--gather", "--yes")
    done = t.run(*words, "--gather")
    text = " ".join(done.stdout.split())
    t.check("4 rows, 1 of them bad" in text and "5 rows differ in the people alone: they are 2 entries" in text, "which rows are one is said", text)
    answer = t.json(*words, "--gather", "--skip-bad", "--yes")
    t.check((answer["rows"], answer["imported"], answer["n_gathered"], answer["n_gatherings"]) == (4, 3, 5, 2), "for programs, too", answer)
    people = {}
    for row in t.json("entry", "list", "many", "study")["entries"]:
        entry = t.json("entry", "show", "many", row["number"])
        people.setdefault(entry["title"], set()).add(entry["fields"]["participants"])
    t.check(people == {"宪法": {"甲某、乙某", "丙某"}, "监察法": {"甲某、丙某"}}, "nobody is lost, who differs otherwise stays apart", people)
    answer = json.loads(t.run(*words, "--gather", "--json").stdout)
    t.check(answer["n_known"] == 3, "and the whole is known when it comes again", answer)
    t.good("verified", "verify", "many")


def check_missing(t):
    """Units and people that there are not are named with what makes them; a stroke names nobody."""
    t.write("who.csv", "问题,查找日期,责任单位,责任人\n一,2011-04-01,宣传科,丁某\n二,2011-04-02,/,无\n三,2011-04-03,—,\n")
    done = t.run("import", "office", "problem", "who.csv", "--yes", "--json")
    t.check([fault["row"] for fault in json.loads(done.stdout)["faults"]] == [2, 2], "strokes are no names", done.stdout)
    done = t.run("import", "office", "problem", "who.csv", "--yes")
    for what, name in (("unit", "宣传科"), ("person", "丁某")):  # the office's address has no user in it
        t.check(re.search(rf"shuzhi {what} add \S+ {name}", done.stdout), f"how to make a {what}", done)


def check_terminal(t):
    """At a terminal it asks, and takes the answer."""
    t.write("ask.csv", "标题,收到时间\n问过的,2019-05-06\n")
    for answer, status in ((b"n\n", 22), (b"y\n", 0)):
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(t.home)
            os.execve(t.program, [t.program, "import", t.offices.get("office", "office"), "case", "ask.csv"], t.environment)
        os.write(terminal, answer)
        seen = b""
        try:
            while chunk := os.read(terminal, 4096):
                seen += chunk
        except OSError:
            pass
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(terminal)
        t.check(ended == status and b"[y/N]" in seen, f"answered {answer.decode().strip()}", (ended, seen.decode()))
    t.check("SQ2019-00001" in numbers(t), "and does it")


def check_large(t):
    """More rows than go into one transaction."""
    rows = "".join(f"第{i}件,2018-01-{i % 28 + 1:02d}\n" for i in range(5000))
    t.write("large.csv", "标题,收到时间\n" + rows)
    answer = t.json("import", "office", "case", "large.csv", "--yes")
    t.check(answer["imported"] == 5000, "5000 rows", answer["imported"])
    seen = t.json("entry", "list", "office", "case", "--where", "opened < 2019-01-01", "--limit", "1000")
    t.check(len(seen["entries"]) == 1000 and seen["next"], "are there")
    t.good("and go again", "import", "office", "--undo", answer["batch"], "--yes")


def check_stopped(t):
    """An import that is stopped or killed half-way leaves nothing to be seen."""
    before = numbers(t)
    t.write("long.csv", "标题,收到时间\n" + "".join(f"第{i}件,2017-02-03\n" for i in range(20000)))
    for number, statuses in ((signal.SIGINT, (22, -signal.SIGINT)), (signal.SIGKILL, (-signal.SIGKILL,))):
        office = t.offices.get("office", "office")
        child = subprocess.Popen([t.program, "import", office, "case", "long.csv", "--yes"], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, cwd=t.home, env=t.environment)
        child.stdout.readline()  # the plan: now the work begins
        child.send_signal(number)
        _, errors = child.communicate()
        t.check(child.returncode in statuses, f"signal {number} ends it", (child.returncode, errors))
        t.check(numbers(t) == before, "nothing of it is to be seen")
        t.good("the next write clears it away", "entry", "comment", "office", before[0], "后来")
        states = {row["state"] for row in t.json("import", "office", "--list")}
        t.check("open" not in states, "no import is left open", states)


def check_turned(t):
    """What turns the direction of text does not reach the terminal, where the plan is read."""
    t.write("turned.csv", "标题,created_at,\u202e来源\x1b[31m\n路灯,2023-05-06,x\n")
    done = t.run("import", "office", "case", "turned.csv")
    t.check("来源" in done.stdout + done.stderr and not set("\u202e\x1b") & set(done.stdout + done.stderr), "shown without", done)


def main():
    with Shuzhi() as t:
        t.good("init", "init", "office", "--name", "示范县")
        batch = check_good(t)
        check_undo(t, batch)
        check_bad_rows(t)
        check_map(t)
        check_values(t)
        check_files(t)
        check_left_out(t)
        check_hidden(t)
        check_money(t)
        check_merged(t)
        check_asides(t)
        check_hidden_sheets(t)
        check_digits(t)
        check_rows(t)
        check_1904(t)
        check_sheets(t)
        check_used(t)
        check_unnumbered(t)
        check_hours(t)
        check_two_tables(t)
        check_known(t)
        check_grown(t)
        check_same(t)
        check_undone_first(t)
        check_guesses(t)
        check_same_day(t)
        check_doubles(t)
        check_set(t)
        check_gather(t)
        check_missing(t)
        check_terminal(t)
        check_turned(t)
        check_large(t)
        check_stopped(t)
        t.check(t.json("verify", "office")["verdict"] == "sound", "sound after all that")
        return t.finish()


sys.exit(main())
