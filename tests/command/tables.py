#!/usr/bin/env python3
"""What the tables of offices mean: who did it, on which day, under which name, and what is left when one is forgotten.
usage: tables.py SHUZHI"""
import json
import sys

from harness import Shuzhi, make_xlsx


def check_two_lines(t):
    """A header of two lines, of merged cells, is one in a csv too."""
    t.write("lines.csv", "诉求台账,,,,,\n序号,标题,收到时间,办理情况,,\n,,,承办单位,答复时间,答复内容\n1,两行表头,2016.1.6,,2016.1.7,好\n")
    answer = t.json("import", "office", "case", "lines.csv", "--yes")
    t.check([column["field"] for column in answer["columns"]] == [None, "title", "received_at", "handler", "replied_at", "reply"] and
            answer["imported"] == 1 and [row["row"] for row in answer["above"]] == [1], "columns of both lines", answer)


def check_doers(t):
    """Who answered does not close, in a table neither, where it says who did."""
    head = "标题,收到时间,答复时间,答复内容,答复人,办结归档时间,满意度,回访人\n"
    def row(title, first, last):
        return f"{title},2016.5.6,2016.5.8,好,{first},2016.5.9,满意,{last}\n"
    t.write("doers.csv", head + row("同人", "张三", "张 三（科长）") + row("二人", "张三", "李四") + row("无名", "张三", "/") +
            row("其中一人", "张三、李四", "李四同志") + row("同名二人", "张三#11", "张三#12"))
    done = t.run("import", "office", "case", "doers.csv", "--yes", "--json")
    answer = json.loads(done.stdout)
    t.check([(fault["row"], fault["column"]) for fault in answer["faults"]] == [(2, "回访人"), (5, "回访人")] and
            "never done by one person" in answer["faults"][0]["reason"] and answer["columns"][4]["step"] == "answer", "named", answer)
    answer = t.json("import", "office", "case", "doers.csv", "--yes", "--skip-bad")
    t.check(answer["imported"] == 3, "the others come", answer)
    t.write("doer.csv", head.replace("回访人", "经手") + row("另一列", "张三", "张三"))
    t.check(t.json("import", "office", "case", "doer.csv", "--yes")["bad"] == 0, "a column that says nothing of it", "")
    t.bad(10, "1 row is bad", "import", "office", "case", "doer.csv", "--yes", "--again", "--map", "经手=close")


def check_people(t):
    """One course and day of several people are several records: an entry makes one of them known."""
    t.good("an office", "init", "people")
    for name in ("张甲", "李乙", "王丙"):
        t.good("person", "person", "add", "people", name)
    head = "报到社区,报到日期,报到党员,服务内容\n"
    t.write("p1.csv", head + "东街,2023.9.1,张甲,\n")
    t.write("p2.csv", head + "东街,2023.9.1,李乙,\n东街,2023.9.1,张甲,扫雪\n东街,2023.9.1,王丙,\n")
    t.json("import", "people", "registration", "p1.csv", "--yes")
    answer = t.json("import", "people", "registration", "p2.csv", "--yes", "--new")
    t.check(answer["imported"] == 2 and [(row["row"], row["differs"]) for row in answer["known"]] == [(3, ["content"])],
            "the other two come", answer)
    head = "学习主题,学习日期,参加人数,学习情况\n"
    t.write("s1.csv", head + "学法,2023.9.1,30,上午\n")
    t.write("s2.csv", head + "学法,2023.9.1,28,下午\n学法,2023.9.1,30,上午\n")
    t.json("import", "people", "study", "s1.csv", "--yes", "--set", "kind=law")
    answer = t.json("import", "people", "study", "s2.csv", "--yes", "--set", "kind=law", "--new")
    t.check(answer["imported"] == 1 and [row["row"] for row in answer["known"]] == [3], "an entry is one row", answer)
    t.write("each.csv", "培训名称,开班日期,姓名,学时\n轮训班,2023.5.6,张甲,8\n轮训班,2023.5.6,李乙,8\n另一班,2023.5.6,李乙,8\n")
    done = t.run("import", "people", "training", "each.csv")
    t.check("2 rows share title and day" in done.stdout and "under 'trainees'" in done.stdout, "one course, two people: it is said", done)


def check_former(t):
    """A row names units and people as they were called on its day."""
    t.good("an office", "init", "former")
    t.good("a unit that ended", "unit", "add", "former", "督查科", "--until", "2021-12-31", "--kind", "subordinate")
    t.good("one of its name", "unit", "add", "former", "督查科", "--since", "2022-01-01", "--kind", "section")
    for name, dates in (("张三", ("--until", "2020-12-31")), ("张三", ("--since", "2021-01-01", "--namesake")), ("李四", ())):
        t.good("person", "person", "add", "former", name, *dates)
    t.good("a unit", "unit", "add", "former", "综合办")
    t.good("gets a new name", "unit", "change", "former", "综合办", "--name", "综合科")
    t.good("a person too", "person", "change", "former", "李四", "--name", "李思")
    t.write("then.csv", "问题,查找日期,责任单位,责任人\n甲,2020.3.1,督查科,张三\n乙,2023.3.1,督查科,张 三\n丙,2020.3.1,综合办,李四\n")
    answer = t.json("import", "former", "problem", "then.csv", "--yes")
    t.check(answer["imported"] == 3, "all are found", answer)
    found = {}
    for row in t.json("entry", "list", "former", "problem")["entries"]:
        shown = t.json("entry", "show", "former", row["number"])["fields"]
        found[shown["title"]] = (shown["responsible"], shown["owner"])
    t.check(found["丙"] == ("综合科", "李思"), "as of the day", found)
    counts = [t.json("entry", "list", "former", "problem", "--where", f"title = '{title}' and responsible.kind = {kind}")["entries"]
              for title, kind in (("甲", "subordinate"), ("乙", "section"))]
    t.check(all(len(rows) == 1 for rows in counts), "one is of the unit that ended, one of the other", counts)
    t.write("nobody.csv", "问题,查找日期,责任单位\n丁,2023.3.1,督查办\n")
    t.bad(10, "row is bad", "import", "former", "problem", "nobody.csv", "--yes")


def check_rivals(t):
    """Two columns that may be the day: it is told which was taken, and with --yes none is where both fit."""
    t.write("days.csv", "标题,登记日期,办理日期,日期\n几个日期,2016.5.6,2016.5.8,2016.5.1\n")
    done = t.run("import", "office", "case", "days.csv")
    t.check("'登记日期' is taken for 'received'" in done.stdout and "--map '日期=received_at'" in done.stdout, "it is told", done)
    t.bad(10, "--map '登记日期=received_at' or --map '日期=received_at'", "import", "office", "case", "days.csv", "--yes")
    answer = t.json("import", "office", "case", "days.csv", "--yes", "--map", "日期=received_at")
    t.check(answer["imported"] == 1 and answer["rivals"] == [], "unless one says which", answer)
    t.write("hour.csv", "学习主题,时间,学习时间,类别\n看钟点,9:00,2016.5.6,学法\n")
    answer = t.json("import", "office", "study", "hour.csv", "--yes")
    t.check(answer["columns"][2]["field"] == "held_on", "an hour is no day", answer)
    t.write("near.csv", "问题,整改登记日期,查找的日期\n甲,2016.1.2,2016.2.3\n")
    plan = t.run("import", "office", "problem", "near.csv", "--yes")
    t.check("--map '查找的日期=found_on'" in plan.stderr, "of several the nearest by name is proposed", plan)


def check_signs(t):
    """Yes, no and nothing as tables have them."""
    signs = {"✓": "yes", "√": "yes", "✔": "yes", "☑": "yes", "有": "yes", "×": "no", "✗": "no", "无": "no", "否": "no", "—": None,
             "/": None, "——": None, "～": None}
    t.write("signs.csv", "培训班次,开始日期,外出培训\n" + "".join(f"记号{i},2016-05-06,{sign}\n" for i, sign in enumerate(signs)))
    answer = t.json("import", "office", "training", "signs.csv", "--yes")
    read = {}
    for row in t.json("entry", "list", "office", "training", "--limit", "100")["entries"]:
        shown = t.json("entry", "show", "office", row["number"])["fields"]
        if shown["title"].startswith("记号"):
            read[shown["title"]] = shown.get("away")
    t.check(answer["imported"] == len(signs) and list(signs.values()) == [read[f"记号{i}"] for i in range(len(signs))], "signs", read)
    t.write("numbers.csv", "学习主题,学习日期,类别,参加人数\n无人数,2016-05-06,学法,——\n也无,2016-05-07,学法,无\n有,2016-05-08,学法,３０人\n")
    t.check(t.json("import", "office", "study", "numbers.csv", "--yes")["imported"] == 3, "strokes in a column of numbers", "")


def check_forgetting(t):
    """What is erased takes its files and names along; what others use stays."""
    for name, text in (("own.txt", "只此一份"), ("both.txt", "两处都用")):
        t.write(name, text)
    t.write("王某某举报.csv", "标题,收到时间,姓名\n要清除的,2023-05-06,王某某\n")
    t.write("kept.csv", "标题,收到时间\n留下的,2023-05-07\n")
    batch = t.json("import", "office", "case", "王某某举报.csv", "--yes")["batch"]
    t.json("import", "office", "case", "kept.csv", "--yes")
    for number, name in (("SQ2023-00001", "own.txt"), ("SQ2023-00001", "both.txt"), ("SQ2023-00002", "both.txt")):
        t.good(f"attach {name}", "entry", "attach", "office", number, "scene", name)
    t.good("forget its person", "entry", "erase", "office", "SQ2023-00001", "--yes")
    out = t.good("take back and erase", "import", "office", "--undo", batch, "--erase", "--force", "--why", "误导入", "--yes")
    t.check("1 attached file is erased with it: 'own.txt'" in out and "1 attached file stays" in out, "what was erased is said", out)
    files = t.home / "office" / "files"
    if files.is_dir():
        kept = [path.read_text(encoding="utf-8") for path in files.rglob("*") if path.is_file()]
        t.check(kept == ["两处都用"], "the bytes are gone", kept)
    t.good("the next write", "unit", "add", "office", "后来科")
    held = [path for path in (t.home / "office").glob("office.db*") for name in ("王某某", "own.txt", "要清除的") if name.encode() in path.read_bytes()]
    t.check(not held, "nothing of it is left", held)
    t.check("(erased)" in t.good("import --list", "import", "office", "--list"), "the list says so")
    t.bad(21, "--again", "import", "office", "case", "王某某举报.csv", "--yes", "--new")
    t.good("the same file can be attached anew", "entry", "attach", "office", "SQ2023-00002", "scene", "own.txt")
    t.good("erasing once more is nothing", "import", "office", "--undo", batch, "--erase", "--yes")
    t.check(t.json("verify", "office")["verdict"] == "sound", "and the office is sound")
    t.good("out of the books", "entry", "delete", "office", "SQ2023-00002", "--why", "重复", "--yes")
    t.good("and forgotten", "entry", "erase", "office", "SQ2023-00002", "--yes")
    plan = t.run("import", "office", "case", "kept.csv", "--new")
    t.check("2 entries of this ledger were taken out" in plan.stdout, "what cannot be known is said", plan)


def check_ugly(t):
    """Sheets as offices make them: rows that explain, headings, hours, remarks, and what stands below."""
    for kind, name in (("unit", "综合科"), ("unit", "督查科"), ("person", "赵甲"), ("person", "钱乙")):
        t.run(kind, "add", "office", name)
    t.write("study.csv", "2022年学习情况统计表,,,,,\n填报单位：示范局,,,,填报日期：2022年12月30日,\n"
            "序号,学习内容,学习时间,形式,组织科室,参加人数\n栏次,1,2,3,4,5\n（必填）,（必填）,格式：2023-5-6,,,\n示例,学习宪法,2022-01-01,学法,综合科,30\n"
            "一、综合科,,,,,\n1,学习报告,2022.11.3,中心组,综合科,３２人\n2,学习法律,2022年11月10日下午,专题学法,综合科,28\n"
            "二、督查科,,,,,\n3,公文写作,44888,业务学习,督查科（牵头）,——\n,合计,,,,60\n填表人：郑某,,审核人：吴某,,,\n", encoding="gb18030")
    answer = t.json("import", "office", "study", "study.csv", "--yes")
    t.check(answer["imported"] == 3 and answer["n_kept"] == 2 and [row["row"] for row in answer["asides"]] == [4, 5, 6, 7, 10, 12, 13],
            "records are read, the rest is told of", answer)
    make_xlsx(t.path("meeting.xlsx"), {"一季度": [["三会一课记录表"], ["会议主题", "会议时间", "会议类型", "主持人", "缺席人员"],
                                                  ["党员大会", "2023年3月6日（星期一）", "党员大会", "赵 甲", "钱乙（请假）"],
                                                  ["支委会", "2023-03-07 15:00", "支委会", "赵甲", "无"]]})
    answer = t.json("import", "office", "meeting", "meeting.xlsx", "--yes")
    number = max(row["number"] for row in t.json("entry", "list", "office", "meeting")["entries"])
    entry = t.json("entry", "show", "office", number, "--personal")
    t.check(answer["imported"] == 2 and entry["fields"]["held_on"] == "2023-03-07" and entry["extra"] == {"会议时间": "2023-03-07 15:00"},
            "an hour is kept beside a day", entry)
    t.write("two.csv", "标题,收到时间,承办单位\n两个单位,2023-05-06,综合科、督查科\n请求修路,2023-05-06,综合科\n")
    done = t.run("import", "office", "case", "two.csv", "--yes")
    t.check(done.returncode == 10 and "unit add" not in done.stdout, "two units in one cell are no unit to add", done)
    t.check(json.loads(t.run("import", "office", "case", "two.csv", "--json").stdout)["rows"] == 2, "a title like a remark is a record", "")
    t.write("whether.csv", "事项名称,事项类别,提出日期,是否合法性审查,末位表态\n购车,大额资金,2023.6.7,√,×\n")
    answer = t.json("import", "office", "decision", "whether.csv", "--yes", "--map", "末位表态=")
    t.check(answer["columns"][3]["field"] == "legality", "是否 before a name", answer)


def main():
    with Shuzhi() as t:
        t.good("init", "init", "office", "--name", "示范县")
        check_forgetting(t)
        check_two_lines(t)
        check_doers(t)
        check_people(t)
        check_former(t)
        check_rivals(t)
        check_signs(t)
        check_ugly(t)
        t.check(t.json("verify", "office")["verdict"] == "sound", "sound after all that")
        return t.finish()


sys.exit(main())
