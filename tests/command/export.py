#!/usr/bin/env python3
"""A ledger as a table: csv, xlsx, JSON Lines, and back again.  usage: export.py SHUZHI"""
import csv
import io
import json
import sys
import zipfile

from harness import Shuzhi

ROWS = ("标题,created_at,body,replied_at,reply,citizen,渠道,票数\n"
        "路灯不亮,2023-05-06 09:30:00,\"夜里,\n\"\"不亮\"\"\",2023-05-08 15:00:00,已修复,甄有才,12345热线,3\n"
        "=1+1,2023-05-07,@SUM(A1),,,,,\n"
        "噪声扰民,2022-12-30 08:00:01,,,,,,5\n")


def check_order(t):
    """A table, a workbook and a list of one order, which is the pack's for choices and states, not that of their spelling."""
    sources = {"visit": "2023-06-01", "letter": "2023-06-02", "hotline": "2023-06-03", "": "2023-06-04"}
    t.good("an office", "init", "order")
    t.write("order.csv", "标题,收到时间,渠道\n" + "".join(
        f"{source or '无'},{day},{source}\n" for source, day in reversed(sources.items())))
    t.good("requests", "import", "order", "case", "order.csv", "--yes")
    for options, want in ((("--sort", "channel"), ["hotline", "visit", "letter", "无"]),
                          (("--sort", "channel", "--descending"), ["letter", "visit", "hotline", "无"]),
                          (("--sort", "received_at"), ["visit", "letter", "hotline", "无"])):
        titles = [entry["title"] for entry in t.json("entry", "list", "order", "case", *options)["entries"]]
        t.check(titles == want, f"listed {options}", titles)
        pages, after = [], ()
        while after is not None:
            page = t.json("entry", "list", "order", "case", "--limit", "1", *options, *after)
            pages += [entry["title"] for entry in page["entries"]]
            after = ("--after", page["next"]) if page["next"] else None
        t.check(pages == want, f"page by page {options}", pages)
        out = t.good("csv", "export", "order", "case", *options)
        t.check([row["标题"] if "标题" in row else row["title"] for row in csv.DictReader(io.StringIO(out.lstrip("\ufeff")))] == want,
                f"as csv {options}", out)
        t.good("xlsx", "export", "order", "case", "order.xlsx", "--force", *options)
        text = zipfile.ZipFile(t.path("order.xlsx")).read("xl/worksheets/sheet1.xml").decode()
        t.check([title for title in sorted(want, key=text.find) if title in text] == want, f"as xlsx {options}", text)
    t.bad(10, "cannot be sorted by 'body'", "export", "order", "case", "--sort", "body")


def main():
    with Shuzhi() as t:
        t.good("init", "init", "office")
        t.good("import", "import", "office", "case", t.write("rows.csv", ROWS), "--yes")
        out = t.good("export to standard output", "export", "office", "case", language="zh")
        rows = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))
        t.check(len(rows) == 3 and rows[0]["编号"] == "SQ2023-00001" and rows[0]["诉求内容"] == "夜里,\n\"不亮\"" and
                rows[0]["状态"] == "已答复", "csv in words", rows)
        t.check(rows[1]["时限"] == "2023-05-12" and "其他列" not in rows[0],
                "a deadline at midnight is the day that it ends, and no column is always empty", rows[1])
        t.check("甄有才" not in out, "without the citizen's name")
        t.check(not any(cell and cell[0] in "=@" for row in rows for cell in row.values()), "formulas are defused", out)
        out = t.good("jsonl", "export", "office", "case", "--format", "jsonl")
        lines = [json.loads(line) for line in out.splitlines()]
        t.check([line["title"] for line in lines] == ["路灯不亮", "=1+1", "噪声扰民"] and
                lines[2]["received_at"] == "2022-12-30T08:00:01" and lines[2]["opened"].endswith("T08:00:01+08:00") and
                lines[1]["due"].endswith("T00:00:00+08:00"), "one object a line, times to the second, its own with their zone", lines)
        t.check([(line["state"], line["channel"]) for line in lines][:2] == [("replied", "hotline"), ("received", None)],
                "states and choices by name, whatever the language", lines)
        t.check(t.good("jsonl", "export", "office", "case", "--format", "jsonl", language="zh") == "\n".join(
            json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines) + "\n", "the same in Chinese")
        out = t.good("xlsx by the file's ending", "export", "office", "case", "cases.xlsx")
        t.check("3 entries" in out and zipfile.ZipFile(t.path("cases.xlsx")).testzip() is None, "a workbook", out)
        out = t.good("some of it", "export", "office", "case", "some.csv", "--where", "state = replied", "--names")
        text = (t.home / "some.csv").read_text(encoding="utf-8-sig")
        t.check("wrote 1 entry to" in out and text.startswith("number,state,unit,") and "received_at" in text, "by condition", text)
        rows = list(csv.DictReader(io.StringIO(t.good("names", "export", "office", "case", "--names").lstrip("\ufeff"))))
        t.check(rows[1]["due"] == "2023-05-12", "with names too it is the day that it ends", rows[1])
        check_order(t)
        t.good("a second office", "init", "other")
        t.good("the whole ledger", "export", "office", "case", "all.csv")
        t.good("comes back", "import", "other", "case", "all.csv", "--yes")
        titles = [entry["title"] for entry in t.json("entry", "list", "other", "case")["entries"]]
        t.check(titles == ["路灯不亮", "=1+1", "噪声扰民"], "with every title", titles)
        first = t.json("entry", "show", "other", "SQ2023-00001")
        t.check(first["fields"]["body"] == "夜里,\n\"不亮\"" and first["fields"]["reply"] == "已修复", "and field", first)
        t.bad(21, "--force", "export", "office", "study", "all.csv")
        t.good("what is there, on purpose", "export", "office", "study", "all.csv", "--force")
        t.good("a report", "report", "office", "--period", "2023", "--html", "report.html")
        t.bad(21, "--force", "report", "office", "--period", "2023", "--html", "report.html")
        t.bad(10, "pdf", "export", "office", "case", "cases.pdf")
        t.bad(11, "did you mean 'case'", "export", "office", "csae")
        t.bad(10, "--where", "export", "office", "case", "x.csv", "--where", "nonsense")
        t.check(not (t.home / "x.csv").exists(), "a failed export leaves no file")
        t.bad(11, "", "export", "office", "case", "nowhere/x.csv")
        t.bad(11, "there is no office", "export", "nowhere", "case")
        return t.finish()


sys.exit(main())
