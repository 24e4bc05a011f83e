#!/usr/bin/env python3
"""Drive `shuzhi due`: days that the notices of the State Council settle, bad input.  usage: due.py SHUZHI"""
import sys

from harness import Shuzhi

VECTORS = [  # start, limit, due: 2023 and 2024 notices of the State Council
    ("2023-01-20", "5 workdays", "2023-02-01"),
    ("2023-04-21", "5 workdays", "2023-04-27"),
    ("2023-06-20", "5 workdays", "2023-06-28"),
    ("2023-09-28", "5个工作日", "2023-10-11"),
    ("2023-09-20", "20 workdays", "2023-10-24"),
    ("2023-05-05", "1 workday", "2023-05-06"),
    ("2024-02-08", "5 workdays", "2024-02-21"),
    ("2023-09-20", "15日", "2023-10-07"),
    ("2023年1月20日", "五个工作日", "2023-02-01"),
    ("2023.1.20", "５个工作日内", "2023-02-01"),
    ("2023-09-20", "十五日", "2023-10-07"),
    ("2023-01-20", "两个月", "2023-03-20"),
]


def main():
    with Shuzhi() as t:
        for start, limit, due in VECTORS:
            answer = t.json("due", "--start", start, "--within", limit)
            t.check(answer["due"] == due and not answer["provisional"], f"{start} + {limit}", answer)
            t.check(answer["days"][0]["counted"] is False and answer["days"][-1]["date"] == due,
                    f"{start} + {limit} is explained to its last day", answer)
        out = t.good("a day by itself", "due", "--start", "2023-01-20", "--within", "5 workdays")
        t.check(out == "2023-02-01\n", "the day is all that is printed", out)
        for start, limit, due in [("2023-05-05 23:10", "2 hours", "2023-05-06 01:10"),
                                  ("2023-05-05 09:00", "1 workday by 17:30", "2023-05-06 17:30")]:
            out = t.good("an hour", "due", "--start", start, "--within", limit)
            t.check(out == due + "\n", f"{start} + {limit} ends within the day", out)
            answer = t.json("due", "--start", start, "--within", limit)
            t.check(answer["until"] == due.replace(" ", "T") + ":00+08:00" and answer["due"] == due[:10], "to the minute", answer)
        out = t.good("explained", "due", "--start=2023-01-20", "--within=5 workdays", "--explain", language="zh")
        t.check(len(out.split("\n")) > 10 and "春节" in out, "each day has its line", out)
        answer = t.json("due", "--start", "2030-03-01", "--within", "5 workdays")
        t.check(answer["provisional"], "a year without a calendar gives a provisional day", answer)
        out = t.good("a long reason", "due", "--start", "2030-02-20", "--within", "5 workdays", "--explain")
        t.check("provisional" in out and max(map(len, out.split("\n"))) <= 80, "lines fit into a terminal", out)
        t.bad(2, "--start", "due")
        t.bad(2, "--within", "due", "--start", "2023-01-20")
        t.bad(2, "did you mean '--start'", "due", "--strat", "2023-01-20")
        t.bad(10, "2023-02-30", "due", "--start", "2023-02-30", "--within", "5 workdays")
        t.bad(10, "5 wrokdays", "due", "--start", "2023-01-20", "--within", "5 wrokdays")
        return t.finish()


sys.exit(main())
