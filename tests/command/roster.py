#!/usr/bin/env python3
"""Units, people, posts and accounts.  usage: roster.py SHUZHI"""
import sys

from harness import Shuzhi


def check_units(t):
    t.good("unit add", "unit", "add", "office", "信访室", "--since", "2022年1月1日")
    t.good("unit add --under", "unit", "add", "office", "接访组", "--under", "信访室", "--kind", "section",
           "--since", "2022-01-01")
    t.good("a branch", "unit", "add", "office", "第一党支部", "--kind", "branch", "--since", "2023-06-15")
    units = t.json("unit", "list", "office")
    names = [unit["name"] for unit in units]
    t.check(names == ["示范县", "信访室", "接访组", "第一党支部"] and units[2]["parent"] == units[1]["id"],
            "unit list --json", units)
    out = t.good("unit list in Chinese", "unit", "list", "office", language="zh")
    t.check("    接访组" in out and "党支部" in out, "the tree is indented", out)
    units = t.json("unit", "list", "office", "--on", "2022-05-01")
    t.check("第一党支部" not in [unit["name"] for unit in units], "as of a day before it was founded", units)
    t.good("unit change", "unit", "change", "office", "接访组", "--name", "接访科")
    t.good("unit close", "unit", "close", "office", "接访科", "--until", "2023-12-31")
    t.check("接访科" not in t.run("unit", "list", "office").stdout, "a closed unit is not listed")
    t.check("接访科" in t.run("unit", "list", "office", "--all").stdout, "but among all")
    t.good("unit of an open entry", "unit", "add", "office", "值班室")
    t.good("its entry", "entry", "add", "office", "case", "title=路灯不亮", "received_at=2023-05-06", "handler=值班室")
    done = t.run("unit", "close", "office", "值班室", "--until", "2023-12-31")
    t.check(done.returncode != 0 and "1 entry of this unit is not finished yet" in done.stdout + done.stderr,
            "a unit with open entries is asked about", done)
    t.good("and closed all the same", "unit", "close", "office", "值班室", "--until", "2023-12-31", "--yes")
    made = t.json("unit", "add", "office", "督查科")
    t.check(made["event"] == "unit.add" and made["id"] == made["seq"] > 0 and made["name"] == "督查科", "what was made", made)
    t.bad(10, "kind", "unit", "add", "office", "某科", "--kind", "departmnt")
    t.bad(21, "信访室", "unit", "add", "office", "信访室")
    t.bad(11, "没有", "unit", "add", "office", "某科", "--under", "没有的科")
    t.bad(10, "--since", "unit", "add", "office", "某科", "--since", "去年")
    t.bad(2, "--until is missing", "unit", "close", "office", "信访室")
    t.bad(10, "", "unit", "add", "office", "")


def check_people(t):
    t.good("person add", "person", "add", "office", "甄有才", "--unit", "信访室", "--role", "clerk", "--title", "科员",
           "--party", "yes", "--level", "科员", "--since", "2022-01-01")
    t.good("another", "person", "add", "office", "贾文书")
    t.bad(21, "--namesake", "person", "add", "office", "甄有才", "--unit", "信访室", "--role", "clerk")
    people = t.json("person", "list", "office")
    t.check([p["name"] for p in people] == ["甄有才", "贾文书"] and people[0]["party"] == "yes", "person list", people)
    posts = t.json("post", "list", "office")
    t.check(posts == [{"id": posts[0]["id"], "unit": "信访室", "person": "甄有才", "role": "clerk", "title": "科员"}],
            "the post came with the person", posts)
    t.good("post add", "post", "add", "office", "贾文书", "信访室", "head", "--title", "主任", "--since", "2023-01-01")
    t.check(len(t.json("post", "list", "office", "--unit", "信访室")) == 2, "posts of a unit")
    t.check(len(t.json("post", "list", "office", "--on", "2022-06-01")) == 1, "posts as of a day")
    t.good("post end", "post", "end", "office", f"#{posts[0]['id']}", "--until", "2023-12-31")
    t.check(len(t.json("post", "list", "office")) == 1, "an ended post is not listed")
    t.good("person change", "person", "change", "office", "甄有才", "--until", "2023-12-31")
    t.check([p["name"] for p in t.json("person", "list", "office")] == ["贾文书"], "who left is not listed")
    out = t.good("person list", "person", "list", "office", "--all")
    t.check("甄有才" in out, "but among all", out)
    t.bad(10, "", "post", "add", "office", "贾文书", "信访室", "king")
    t.bad(11, "", "post", "add", "office", "无此人", "信访室", "clerk")
    t.bad(10, "#ID", "post", "end", "office", "clerk", "--until", "2023-12-31")
    t.bad(11, "", "post", "end", "office", "#99999", "--until", "2023-12-31")
    t.bad(2, "--unit", "person", "add", "office", "某人", "--role", "clerk")
    t.bad(10, "", "person", "add", "office", "某人", "--party", "perhaps")
    t.bad(10, "no role that a post gives", "person", "add", "office", "误填者", "--unit", "信访室", "--role", "clark")
    t.bad(11, "", "person", "add", "office", "误填者", "--unit", "无此科")
    t.check("误填者" not in t.good("all people", "person", "list", "office"), "a refused person add adds nobody")
    t.bad(12, "", "person", "change", "office", "贾文书", "--until", "2023-06-30")
    t.bad(21, "on the roster already", "person", "add", "office", "甄有才")  # also who left
    t.good("a person", "person", "add", "office", "甲同名")
    made = t.json("person", "add", "office", "甲同名", "--namesake")
    t.check(made == {"event": "person.add", "seq": made["id"], "id": made["id"], "name": "甲同名"}, "a namesake", made)
    t.bad(21, "several people", "person", "add", "office", "甲同名")
    made = t.json("post", "add", "office", f"#{made['id']}", "信访室", "staff", "--since", "2023-01-01")
    t.check(made["event"] == "post.add" and made["id"] == made["seq"], "a post", made)


def check_users(t):
    t.good("user add with a password", "user", "add", "office", "jia", "--person", "贾文书", given="Xiangshan-2023\n")
    users = {user["name"]: user for user in t.json("user", "list", "office")}
    t.check(users["jia"]["state"] == "pending" and users["jia"]["password"], "a new account opens nothing", users)
    t.good("user activate", "user", "activate", "office", "jia")
    t.bad(12, "", "user", "activate", "office", "jia")
    t.good("user password", "user", "password", "office", "jia", given="Another-Word-77\n")
    t.good("user lock", "user", "lock", "office", "jia")
    out = t.good("user list in Chinese", "user", "list", "office", language="zh")
    t.check("锁定" in out and "贾文书" in out, "states are said in words", out)
    t.good("an administrator", "user", "add", "office", "safety", "--administrator", "security", "--os", "nobody")
    t.good("is activated", "user", "activate", "office", "safety")
    t.good("an account made now", "user", "add", "office", "zhen", "--person", "甄有才", "--os", "daemon")
    t.bad(13, "", "user", "activate", "office", "zhen")
    t.bad(2, "--person", "user", "add", "office", "x")
    t.bad(2, "--person", "user", "add", "office", "x", "--person", "贾文书", "--administrator", "audit")
    t.bad(10, "password", "user", "add", "office", "weak", "--administrator", "audit", given="12345\n")
    t.bad(10, "password", "user", "add", "office", "mute", "--administrator", "audit", given="")
    t.bad(10, "", "user", "add", "office", "x", "--administrator", "king", "--os", "games")
    t.bad(11, "", "user", "lock", "office", "nobody-here")
    t.bad(21, "", "user", "add", "office", "jia", "--administrator", "audit", "--os", "games")
    t.good("an office with all administrators", "init", "three")
    for role, name in (("audit", "sys"), ("system", "bin"), ("security", "mail")):
        t.good(f"{role} is made", "user", "add", "three", role, "--administrator", role, "--os", name)
    for role in ("audit", "system", "security"):
        t.good(f"{role} is activated", "user", "activate", "three", role)
    t.check({"audit", "system", "security"} < {user["name"] for user in t.json("user", "list", "three")}, "the console sees the accounts still")


def main():
    with Shuzhi() as t:
        t.good("init", "init", "office", "--name", "示范县")
        check_units(t)
        check_people(t)
        check_users(t)
        t.check(t.json("verify", "office")["verdict"] == "sound", "the office is sound after all that")
        return t.finish()


sys.exit(main())
