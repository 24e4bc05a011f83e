#!/usr/bin/env python3
"""Make an office, verify it, damage it in every way.  usage: office.py SHUZHI"""
import fcntl
import json
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from browser import Browser, Server
from harness import Shuzhi


def check_init(t):
    out = t.good("init", "init", "office", "--name", "示范县政府办公室", language="zh")
    t.check("示范县政府办公室" in out and "keys" in out, "init names the office and its key", out)
    key = json.loads(t.good("init --json", "init", "second", "--json"))
    t.check(Path(key["key"]).stat().st_mode & 0o777 == 0o600 and key["name"] == "second" and "case" in key["ledgers"],
            "the key is the owner's alone, the name that of the folder", key)
    t.bad(21, "there is an office", "init", "office")
    t.write("full/note.txt", "mine")
    t.bad(21, "not empty", "init", "full")
    t.check((t.home / "full/note.txt").exists(), "what was there is untouched")
    t.bad(11, "no such file", "init", "third", "--pack", "nowhere")
    t.check(not (t.home / "third").exists(), "a failed init leaves nothing")
    t.write("file", "mine")
    done = t.run("init", "file")
    t.check(done.returncode != 0 and (t.home / "file").read_text() == "mine", "a file is not made an office", done)
    out = t.good("pack show", "pack", "show", "office")
    t.check("case" in out, "pack show lists the ledgers", out)
    t.check("case" in t.good("pack show ledgers", "pack", "show", "office", "ledgers"), "one list")
    t.bad(2, "no 'lists'", "pack", "show", "office", "lists")
    t.check([row["name"] for row in t.json("pack", "show", "office")["ledgers"]][0] == "case", "pack show --json")


def check_sound(t):
    answer = t.json("verify", "office")
    t.check(answer["verdict"] == "sound" and answer["events"] == answer["signed"] and not answer["findings"],
            "a new office is sound", answer)
    out = t.good("verify in Chinese", "verify", "office", language="zh")
    t.check("可信" in out, "the verdict is named", out)
    t.good("check", "check", "office")
    t.write("old.txt", t.good("checkpoint", "checkpoint", "office"))
    t.write("key.txt", t.good("checkpoint --key", "checkpoint", "office", "--key"))
    shutil.copytree(t.home / "office", t.home / "yesterday")
    t.good("unit add", "unit", "add", "office", "信访室")
    t.good("entry add", "entry", "add", "office", "case", "title=路灯不亮", "received_at=2023-05-06")
    t.write("new.txt", t.good("checkpoint", "checkpoint", "office"))
    out = t.good("verify against its past", "verify", "office", "--checkpoint", "old.txt", "--key", "key.txt")
    old = (t.home / "old.txt").read_text()
    t.check(f"goes on from the checkpoint given, of {old.splitlines()[1]} event" in out, "says against which", out)
    t.check("checkpoint given" not in t.good("verify", "verify", "office", "--key", "key.txt"), "and only then")
    for name, text in (("windows.txt", old.replace("\n", "\r\n")), ("mail.txt", old.rstrip("\n")), ("blank.txt", old + "\n\n")):
        seen = t.json("verify", "office", "--checkpoint", t.write(name, text), "--key", "key.txt")
        t.check(seen["verdict"] == "sound" and seen["checkpoint"] == int(old.splitlines()[1]), f"{name} is the same text", seen)
    foreign = "\n".join(old.splitlines()[:4]) + "\n— " + old.splitlines()[0] + " " + "A" * 91 + "=\n"
    t.bad(10, "nothing of this office", "verify", "office", "--checkpoint", t.write("foreign.txt", foreign), "--key", "key.txt")
    check_key(t)


def check_key(t):
    """What a signature shows depends on where its key was got: said, and never left open."""
    t.check(t.json("verify", "office")["key"] == "kept", "by the key of this machine")
    t.check(t.json("verify", "office", "--key", "key.txt")["key"] == "given", "by the key given")
    (t.home / "keys").rename(t.home / "keys-away")
    answer = t.json("verify", "office")
    t.check(answer["verdict"] == "sound" and answer["key"] == "named", "by the key that the office names", answer)
    t.check("--key FILE" in t.good("verify elsewhere", "verify", "office"), "which is said")
    (t.home / "keys-away").rename(t.home / "keys")
    [path] = [path for path in (t.home / "keys").glob("*.key") if path.stem in t.good("", "checkpoint", "office")]
    mine = path.read_text()
    path.write_text([other for other in (t.home / "keys").glob("*.key") if other != path][0].read_text())
    verdict(t, "not-this-key", "office")
    path.write_text(mine)


def check_log(t):
    events = t.json("log", "list", "office")
    t.check([event["seq"] for event in events] == list(range(1, len(events) + 1)) and
            all(event["actor"].startswith("os:") for event in events), "the log names who acts", events)
    t.check(t.json("log", "list", "office", "--after", "2", "--limit", "1")[0]["seq"] == 3, "a stretch of it")
    t.check("unit.add" in t.good("log list", "log", "list", "office"), "as text")
    out = t.good("log prove", "log", "prove", "office", "3")
    t.check(out.startswith("c2sp.org/tlog-proof@v1\n") and "shuzhi/" in out, "a proof of an event", out)
    t.bad(11, "there is no event 99999", "log", "prove", "office", "99999")
    t.bad(10, "not the number", "log", "prove", "office", "third")


def verdict(t, name, *arguments, status=1):
    done = t.run("verify", *arguments, "--json")
    answer = json.loads(done.stdout) if done.stdout else {}
    t.check(done.returncode == status and answer.get("verdict") == name, f"verdict: {name}", done)
    text = t.run("verify", *arguments)
    t.check(text.returncode == status and text.stdout != "", f"verdict {name} as text", text)


# A table that takes other values than it was made for; read by those who open the database after.
LOOSEN = "PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = replace(sql, {}) WHERE name = 'ledger_case'"


def hide_from_index(path):
    """Take rows out of an index by which figures are counted, so that its declaration is as it was."""
    database = sqlite3.connect(path)
    name, sql = database.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'ix_case_f_received%'").fetchone()
    database.executescript(f"DROP INDEX {name}; {sql} WHERE entry_id < 0; PRAGMA writable_schema = 1;")
    database.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, name))
    database.commit()
    database.close()


def double(path, table):
    """Make @table anew without its primary key, with each row twice."""
    database = sqlite3.connect(path)
    sql = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    indexes = [row[0] for row in database.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql <> ''", (table,))]
    database.executescript("PRAGMA foreign_keys = 0; PRAGMA legacy_alter_table = 1; "
                           + sql.replace(" PRIMARY KEY", "").replace(table, "beside", 1) + ";"
                           + f"INSERT INTO beside SELECT * FROM {table} UNION ALL SELECT * FROM {table};"
                           + f"DROP TABLE {table}; ALTER TABLE beside RENAME TO {table}; {';'.join(indexes)}")
    database.close()


def edit(path, *statements):
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.executescript(statement)
    connection.close()


def check_attacks(t):
    verdict(t, "older", "yesterday", "--checkpoint", "new.txt")
    t.write("other-key.txt", t.run("checkpoint", "second", "--key").stdout)
    verdict(t, "not-this-key", "office", "--key", "other-key.txt")
    done = t.run("verify", "office", "--checkpoint", t.write("other.txt", t.run("checkpoint", "second").stdout))
    t.check(done.returncode == 10 and "nothing of this office" in done.stderr, "a checkpoint of another office accuses nobody", done)
    forged = (t.home / "new.txt").read_text(encoding="utf-8").split("\n")
    forged[1] = "999"
    t.bad(10, "nothing of this office", "verify", "office", "--checkpoint", t.write("forged.txt", "\n".join(forged)))
    marked = t.write("marked.txt", "\ufeff" + (t.home / "new.txt").read_text(encoding="utf-8"))
    t.good("an editor's mark in front of it", "verify", "office", "--checkpoint", marked)
    t.bad(10, "twice", "verify", "postgres://db/gov?schema=a&schema=b")
    t.bad(10, "cannot be read", "verify", "postgres://db/gov?nonsense=1&schema=a")
    attacks = [("altered", "UPDATE unit SET name = '别的' WHERE name = '信访室'"),
               ("altered", "UPDATE account SET state = 'locked'"),
               ("altered", "UPDATE definition SET text = text || ' '"),
               ("altered", "UPDATE definition SET text = 'ledger: ['"),
               ("altered", "UPDATE entry SET title = '别的' WHERE number = 'SQ2023-00001'"),
               ("altered", "UPDATE ledger_case SET f_title = '别的'"),
               ("missing", "DELETE FROM ledger_case"),
               ("altered", "INSERT INTO step VALUES (1, 1, 'case', 'answer', 'received', 'replied', 1, 1, 'os:x', NULL)"),
               ("missing", "DELETE FROM event WHERE seq = 3"),
               ("altered", "UPDATE unit SET until = 'x' WHERE until IS NULL"),
               ("altered", "UPDATE definition SET is_current = 2 WHERE name LIKE 'reports/%'"),
               ("altered", "UPDATE checkpoint SET size = size - 1"),
               ("altered", "CREATE TRIGGER sneak AFTER INSERT ON step BEGIN DELETE FROM step; END"),
               ("altered", "CREATE TABLE beside (x INTEGER) STRICT; ALTER TABLE beside RENAME COLUMN x TO y; CREATE VIEW v AS SELECT 1"),
               ("altered", LOOSEN.format("'STRICT', '-- STRICT'")),
               ("altered", LOOSEN.format("'\"f_replied_at\" INTEGER', '\"f_replied_at\" ANY'")),
               ("altered", LOOSEN.format("'\"f_replied_at\" INTEGER', '\"f_replied_at\" TEXT'")),
               ("altered", LOOSEN.format("'\"f_channel\" TEXT', '\"f_channel\" TEXT COLLATE NOCASE'")),
               ("altered", LOOSEN.format("'batch INTEGER NOT NULL', 'batch INTEGER'")),
               ("altered", "DROP INDEX entry_number; CREATE INDEX entry_number ON entry (ledger, year, n)"),
               ("altered", "UPDATE entry SET gone = ''; DELETE FROM step; DELETE FROM link; DELETE FROM ledger_case"),
               ("altered", "INSERT INTO batch VALUES (0, 'case', 'x', 'x', 0, '', 'open')"),
               ("altered", "INSERT INTO definition SELECT -1, -1, kind, name, version + 9, since, sha256, text, 1 FROM definition LIMIT 1"),
               ("altered", "INSERT INTO office SELECT 0, office_id, '伪', 0, public_key, 0 FROM office"),
               ("altered", "UPDATE head SET size = -1"),
               ("altered", "DELETE FROM office"),
               ("altered", "UPDATE number_series SET last = 9223372036854775807"),
               ("missing", "UPDATE entry SET id = 9223372036854775807; UPDATE ledger_case SET entry_id = 9223372036854775807"),
               ("altered", "DROP TABLE step"),
               ("altered", "DROP TABLE ledger_award"),
               ("altered", "DROP TABLE tile"),
               ("altered", "DROP INDEX entry_number"),
               ("altered", "ALTER TABLE step DROP COLUMN due"),
               ("altered", "ALTER TABLE ledger_case DROP COLUMN f_body"),
               ("altered", " ALTER TABLE entry ADD COLUMN beside INTEGER"),
               ("altered", "CREATE UNIQUE INDEX own ON entry (title, id)"),
               ("altered", "UPDATE event SET line = line || char(0) || 'x' WHERE seq = 3"),
               ("altered", "UPDATE entry SET title = title || char(0) || 'x'"),
               ("altered", "UPDATE entry SET title = CAST(x'ff41' AS TEXT)")]
    for name, statement in attacks:
        shutil.rmtree(t.home / "attacked", ignore_errors=True)
        shutil.copytree(t.home / "office", t.home / "attacked")
        edit(t.home / "attacked/office.db", statement)
        done = t.run("verify", "attacked", "--json")
        answer = json.loads(done.stdout) if done.stdout else {}
        t.check(done.returncode == 1 and answer.get("verdict") in (name, "altered") and answer["findings"],
                f"{statement}: {name}", done)
        t.check(all(re.fullmatch("[a-z-]+", finding["name"]) for finding in answer["findings"]), "findings have names", answer)
        if statement.startswith("DROP") and ";" not in statement or statement.startswith("ALTER"):
            done = t.run("check", "attacked")
            t.check(done.returncode == 17 and statement.split()[-1] in done.stderr, f"{statement}: check names it", done)
        done = t.run("verify", "attacked", "--json", language="zh")
        t.check(all(re.search("[一-鿿]", finding["text"]) for finding in json.loads(done.stdout)["findings"]),
                "and are told in the reader's language", done)
    shutil.rmtree(t.home / "attacked")
    shutil.copytree(t.home / "office", t.home / "attacked")
    t.check(t.run("entry", "attach", "attacked", "SQ2023-00001", "scene", t.write("照片.jpg", "x")).returncode == 0, "a file")  # a copy is not signed, and says so
    evidence = next(path for path in (t.home / "attacked/files").rglob("*") if path.is_file())
    evidence.unlink()
    os.mkfifo(evidence)
    done = t.run("verify", "attacked")
    t.check(done.returncode == 1 and "is no file" in done.stdout, "a pipe in a file's place is not waited for", done)
    shutil.rmtree(t.home / "attacked/files")
    answer = t.json("verify", "attacked")
    t.check(answer["verdict"] == "missing" and "evidence-folder" in [finding["name"] for finding in answer["findings"]],
            "a folder of files that is not there is one finding", answer)
    shutil.rmtree(t.home / "attacked")
    shutil.copytree(t.home / "office", t.home / "attacked")
    for table, finding in (("ledger_case", "entry-rows"), ("unit", "row-twice")):
        double(t.home / "attacked/office.db", table)
        answer = json.loads(t.run("verify", "attacked", "--json").stdout)
        t.check(answer["verdict"] == "altered" and {"structure", finding} <= {finding["name"] for finding in answer["findings"]},
                f"{table}: a row that is there twice", answer)
        shutil.rmtree(t.home / "attacked")
        shutil.copytree(t.home / "office", t.home / "attacked")
    edit(t.home / "attacked/office.db", "UPDATE office SET office_id = '0123456789abcdef'")
    for words in ((), ("--checkpoint", "new.txt", "--key", "key.txt")):
        answer = json.loads(t.run("verify", "attacked", *words, "--json").stdout)
        t.check(answer["verdict"] == "not-this-key" and "value" in [finding["name"] for finding in answer["findings"]],
                f"an office that calls itself otherwise {words}", answer)
    shutil.rmtree(t.home / "attacked")
    shutil.copytree(t.home / "office", t.home / "attacked")
    edit(t.home / "attacked/office.db", "UPDATE office SET public_key = 'x'")
    answer = json.loads(t.run("verify", "attacked", "--json").stdout)
    t.check(answer["verdict"] == "not-this-key" and any("no key any more" in finding["text"] for finding in answer["findings"]),
            "an office whose key is none", answer)
    shutil.rmtree(t.home / "attacked")
    shutil.copytree(t.home / "office", t.home / "attacked")
    edit(t.home / "attacked/office.db", "DELETE FROM office")
    t.bad(17, "last good backup", "entry", "list", "attacked", "case")
    shutil.rmtree(t.home / "attacked")
    shutil.copytree(t.home / "office", t.home / "attacked")
    edit(t.home / "attacked/office.db", "UPDATE number_series SET last = 9223372036854775807")
    t.bad(17, "numbers of ledger", "entry", "add", "attacked", "case", "title=x", "received_at=2023-05-06")
    edit(t.home / "attacked/office.db", "UPDATE entry SET id = 9223372036854775807; UPDATE ledger_case SET entry_id = 9223372036854775807")
    t.check(t.json("figure", "attacked", "cases_received", "--period", "2023")["members"][0]["id"] == "9223372036854775807", "an id beyond JSON is a text")
    shutil.rmtree(t.home / "attacked")
    shutil.copytree(t.home / "office", t.home / "attacked")
    edit(t.home / "attacked/office.db", "INSERT INTO checkpoint SELECT size + 1000, replace(note, char(10) || size || char(10), char(10) || (size + 1000) || char(10)) FROM checkpoint")
    t.check(t.run("checkpoint", "attacked").returncode == 17, "no forged checkpoint is handed out", t.run("checkpoint", "attacked"))
    shutil.rmtree(t.home / "attacked")
    shutil.copytree(t.home / "office", t.home / "attacked")
    hide_from_index(t.home / "attacked/office.db")
    done = t.run("verify", "attacked", "--json")
    t.check(done.returncode == 1 and json.loads(done.stdout)["findings"][-1]["name"] == "database",
            "an index that does not hold what its table holds", done)
    t.bad(11, "no such file", "verify", "office", "--checkpoint", "nowhere.txt")
    t.bad(10, "not a text", "verify", "office", "--key", t.write("binary", b"\xff\xfe\x00"))
    t.bad(10, "", "verify", "office", "--key", t.write("nonsense.txt", "nonsense"))


def check_foreign_checkpoint(t, path):
    """What the key signed of the history that is no more is not handed out as the one of this log, though it is signed."""
    note = path.read_text(encoding="utf-8").split("\n", 1)[1]
    shutil.copytree(t.home / "forked", t.home / "lent")
    with sqlite3.connect(t.home / "lent/office.db") as connection:
        connection.execute("INSERT INTO checkpoint VALUES (?, ?)", (int(note.splitlines()[1]), note))
    connection.close()
    t.bad(17, "is not one that the key of this office signed of this log", "checkpoint", "lent")
    answer = json.loads(t.run("verify", "lent", "--json").stdout)
    t.check(answer["verdict"] == "forked", "and verify tells", answer)
    t.check(t.run("checkpoint", "forked").returncode == 0, "the one before the fork is of both")


def check_other_history(t):
    """Who holds the folder cannot make the office sign another history by its next write."""
    t.good("init", "init", "forked")
    shutil.copytree(t.home / "forked", t.home / "before")
    t.good("what happened", "unit", "add", "forked", "甲科")
    shutil.rmtree(t.home / "forked")
    (t.home / "before").rename(t.home / "forked")
    done = t.run("unit", "add", "forked", "乙科")
    t.check(done.returncode == 0 and "not those that the key signed" in done.stderr, "something else is told", done)
    answer = t.json("verify", "forked")
    t.check(answer["verdict"] == "forked" and answer["signed"] < answer["events"], "it stays unsigned, and verify tells", answer)
    [path] = [path for path in (t.home / "keys").glob("*.signed") if str(path) in done.stderr]
    check_foreign_checkpoint(t, path)
    path.unlink()
    t.good("the way out that was named", "unit", "add", "forked", "丙科")
    t.check(t.json("verify", "forked")["verdict"] == "sound", "it goes on from there")


def check_older(t):
    """Where the key is, an office that was put back to yesterday's copy is seen without a checkpoint."""
    t.good("init", "init", "older")
    shutil.copytree(t.home / "older", t.home / "old")
    t.good("what happened", "unit", "add", "older", "甲科")
    shutil.rmtree(t.home / "older")
    (t.home / "old").rename(t.home / "older")
    verdict(t, "older", "older")
    t.check("signed last" in t.run("verify", "older").stdout, "which is said")


def check_torn_pages(t):
    """Each page of the file overwritten: a verdict, wherever the reading ends; never sound."""
    shutil.rmtree(t.home / "attacked")
    shutil.copytree(t.home / "office", t.home / "attacked")
    database = t.home / "attacked/office.db"
    bytes_ = database.read_bytes()
    size = int.from_bytes(bytes_[16:18], "big")  # as SQLite's header says
    seen = set()
    for page in range(2, len(bytes_) // size, max(1, len(bytes_) // size // 12)):
        database.write_bytes(bytes_[:page * size] + b"\xff" * size + bytes_[(page + 1) * size:])
        done = t.run("verify", "attacked", "--json")
        answer = json.loads(done.stdout) if done.stdout else {}
        check = t.run("check", "attacked")
        is_named = done.returncode == 1 and answer.get("verdict") in ("altered", "missing")
        seen.add(is_named)
        # an index is not read by verify: that is what check is for
        t.check(is_named or (done.returncode == 0 and check.returncode == 17), f"page {page} torn: found", (done, check))
    t.check(True in seen, "some of them by verify", seen)


def check_keyless(t):
    """Without its key an office works, unsigned."""
    (t.home / "keys").rename(t.home / "keys-away")
    done = t.run("unit", "add", "second", "秘书科")
    t.check(done.returncode == 0 and "not signed" in done.stderr, "a missing key is remarked", done)
    verdict(t, "asserted", "second", status=3)
    (t.home / "keys-away").rename(t.home / "keys")
    t.good("the next write signs it all", "unit", "add", "second", "文书科")
    t.check(t.json("verify", "second")["verdict"] == "sound", "sound again")


def serve_and_kill(t):
    """Let a server of the office 'killed' write something, and kill it before it signs."""
    server = Server(t, "killed")
    status, _, _ = Browser(server.address).post("/sign-in", "/sign-in", name="nobody", password="wrong")
    t.check(status == 403, "somebody fails to sign in, which is an event", status)
    server.process.kill()
    server.process.communicate()


def check_killed(t):
    """What a killed process left unsigned is told plainly, and signed by whoever opens the office for writing next."""
    t.good("init", "init", "killed")
    serve_and_kill(t)
    verdict(t, "asserted", "killed", status=3)
    answer = json.loads(t.run("verify", "killed", "--json").stdout)
    text = " ".join(t.run("verify", "killed").stdout.split())
    t.check("a program was killed" in text and "'shuzhi checkpoint'" in text, "what it means, and what to do", text)
    t.check(answer["signed"] < answer["events"], "verify itself writes nothing", answer)
    (t.home / "keys").rename(t.home / "keys-away")
    done = t.run("checkpoint", "killed")
    t.check(done.returncode == 0 and "being unsigned" in done.stderr, "without the key it stays so, and is said", done)
    (t.home / "keys-away").rename(t.home / "keys")
    out = t.good("checkpoint", "checkpoint", "killed")
    t.check(out.splitlines()[1] == str(answer["events"]), "the checkpoint covers what was left", out)
    t.check(t.json("verify", "killed")["verdict"] == "sound", "and it is sound")
    serve_and_kill(t)
    verdict(t, "asserted", "killed", status=3)
    whole = {path: path.read_bytes() for path in (t.home / "killed").glob("office.db*")}
    edit(t.home / "killed/office.db", "UPDATE event SET line = replace(line, '127.0.0.1', '127.0.0.2') WHERE seq = (SELECT max(seq) FROM event)")
    done = t.run("checkpoint", "killed")
    t.check("not what was written" in done.stderr, "what was altered in between is not signed", done)
    for path, content in whole.items():
        path.write_bytes(content)
    server = Server(t, "killed")
    for _ in range(100):
        answer = json.loads(t.run("verify", "killed", "--json").stdout)
        if answer["verdict"] == "sound":
            break
        time.sleep(0.1)
    t.check(answer["verdict"] == "sound", "the next server signs it at its start", answer)
    t.check(server.stop() == (0, ""), "and has nothing to say")


def check_damage(t):
    for command in (["verify"], ["check"], ["pack", "show"], ["unit", "list"]):
        t.bad(11, "there is no office at 'nowhere'", *command, "nowhere")
    t.write("table.csv", b"a\n")
    t.bad(11, "'table.csv' is a file", "unit", "list", "table.csv")
    (t.home / "bare").mkdir()
    t.bad(11, "no office in the folder 'bare'", "unit", "list", "bare")
    t.write("half/office.db", (t.home / "office/office.db").read_bytes()[:20000])
    t.bad(17, "", "unit", "list", "half")
    t.bad(17, "", "unit", "add", "half", "科")
    t.write("empty/office.db", b"")
    t.write("text/office.db", "This is a diary, not a database. " * 500)
    for folder in ("empty", "text"):
        t.bad(17, "", "check", folder)
        t.bad(17, "", "unit", "add", folder, "科")
    shutil.copytree(t.home / "office", t.home / "newer")
    edit(t.home / "newer/office.db", "INSERT INTO migration VALUES (9999, 'x', 0)")
    t.bad(18, "newer", "unit", "list", "newer")
    t.bad(18, "newer", "unit", "add", "newer", "科")


def check_locked(t):
    with open(t.home / "office/lock", "r+", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        t.bad(14, "office", "unit", "add", "office", "法规科")
        t.good("reading goes on", "unit", "list", "office")


def become_nobody():
    """Root may write everywhere: be somebody who may not."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def check_read_only(t):
    """What a build with coverage writes at its end goes where anybody may write."""
    counts = t.home / "counts"
    counts.mkdir()
    counts.chmod(0o777)
    nobody = {"before": become_nobody, "GCOV_PREFIX": str(counts)}
    if subprocess.run([t.program, "--version"], preexec_fn=become_nobody, capture_output=True, check=False,
                      env=t.environment).returncode != 0:
        t.check(True, "a folder that cannot be written to # SKIP the program is not readable for others")
        return
    shutil.copytree(t.home / "office", t.home / "shut")
    for path in [t.home / "shut", *(t.home / "shut").rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    t.home.chmod(0o755)
    t.good("a folder that cannot be written to can be read", "unit", "list", "shut", **nobody)
    t.bad(13, "", "unit", "add", "shut", "法规科", **nobody)
    t.home.chmod(0o555)
    t.bad(13, "", "init", "fresh", **nobody)
    t.home.chmod(0o755)
    t.check(not (t.home / "fresh").exists(), "init where one may not write leaves nothing")


def starve(n_bytes):
    """Let no file of this process grow beyond @n_bytes: what a full disk looks like from inside."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))


def check_full(t):
    before = t.run("unit", "list", "office").stdout
    done = t.run("init", "starved", before=lambda: starve(50_000))
    t.check(done.returncode in (15, 16) and not (t.home / "starved").exists(), "a full disk: init leaves nothing", done)
    done = t.run("unit", "add", "office", "档案科", before=lambda: starve(2_000))
    t.check(done.returncode in (15, 16) and t.run("unit", "list", "office").stdout == before,
            "a full disk: nothing is changed", done)
    done = t.run("unit", "list", "office", before=lambda: starve(2_000))
    t.check(done.returncode == 0 and done.stdout == before, "and reading wants no room", done)
    t.check(t.json("verify", "office")["verdict"] in ("sound", "asserted"), "and nothing is lost")


def main():
    with Shuzhi() as t:
        os.chdir(t.home)
        check_init(t)
        check_sound(t)
        check_log(t)
        check_attacks(t)
        check_torn_pages(t)
        check_other_history(t)
        check_older(t)
        check_keyless(t)
        check_killed(t)
        check_damage(t)
        check_locked(t)
        check_read_only(t)
        check_full(t)
        return t.finish()


sys.exit(main())
