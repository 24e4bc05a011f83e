#!/usr/bin/env python3
"""An office backed up, lost, and restored.  usage: backup.py SHUZHI"""
import contextlib
import hashlib
import shutil
import sqlite3
import sys

from harness import Shuzhi


def check_altered(t):
    """What was altered before it was backed up comes back, and is told of."""
    for name in ("kept/altered", "kept/again"):
        shutil.copytree(t.home / "kept/second", t.home / name)
    database = t.home / "kept/altered/office.db"
    with contextlib.closing(sqlite3.connect(database)) as db:
        db.execute("UPDATE entry SET title = '路灯亮了'")
        db.commit()
    manifest = t.home / "kept/altered/backup.json"
    old = hashlib.sha256((t.home / "kept/again/office.db").read_bytes()).hexdigest()
    new = hashlib.sha256(database.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    done = t.run("restore", "kept/altered", "altered")
    t.check(done.returncode == 1 and "'title'" in done.stdout and "altered" in done.stdout, "an altered office is told of", done)
    t.check(t.run("restore", "kept/again", "again", "--json").returncode == 0, "and only that one")


def check_copies(t):
    """The key signs one office: a copy that is restored or made by hand beside it is not signed while that stands."""
    number = 0

    def add(office):
        nonlocal number
        number += 1
        return t.run("unit", "add", office, f"第{number}科")

    t.good("init", "init", "live")
    t.good("backup", "backup", "live", "kept/live")
    done = t.run("restore", "kept/live", "drill")
    t.check(done.returncode == 0 and "stays unsigned" in done.stderr and str(t.home / "live") in done.stderr, "a drill is told of", done)
    shutil.copytree(t.home / "live", t.home / "copied")
    for copy in ("drill", "copied"):
        done = add(copy)
        t.check(done.returncode == 0 and "of which this is a copy" in done.stderr, f"{copy} is not signed", done)
        t.check(t.json("verify", copy)["verdict"] == "asserted", f"{copy} is asserted, no more")
    t.check(add("live").stderr == "" and t.json("verify", "live")["verdict"] == "sound", "the office itself is signed as ever")
    (t.home / "live").rename(t.home / "moved")
    t.check(add("moved").stderr == "" and t.json("verify", "moved")["verdict"] == "sound", "also where it was moved to")
    shutil.rmtree(t.home / "moved")
    t.good("restored for good", "restore", "kept/live", "new")
    t.check(add("new").stderr == "" and t.json("verify", "new")["verdict"] == "sound", "what is put in its place is signed")
    for name in ("demo1", "demo2"):
        t.good(name, "demo", name, "--seed", "1")
    t.check(add("demo1").stderr == "", "the first of two demos is signed")
    done = add("demo2")
    [signed] = [path for path in (t.home / "keys").glob("*.signed") if str(path) in done.stderr]
    signed.unlink()
    t.check(add("demo2").stderr == "", "the other one once that is asked for", done)
    t.check(str(t.home / "demo2") in add("demo1").stderr, "and then it is the one")
    for name in ("demo3", "demo4"):
        t.good(name, "demo", name)
        t.check(add(name).stderr == "", "without a seed each demo is an office of its own")


def check_older(t):
    """A backup of before the program was renewed is restored by the new one."""
    t.good("a backup", "backup", "office", "kept/older")
    database, manifest = t.home / "kept/older/office.db", t.home / "kept/older/backup.json"
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    with contextlib.closing(sqlite3.connect(database)) as db:
        [version] = db.execute("SELECT max(number) FROM migration").fetchone()
        db.execute("DELETE FROM migration WHERE number BETWEEN 18 AND ?", [version])
        db.execute("DROP TABLE batch_mapping")  # which number 19 made; number 18 makes a table of evidence anew
        db.commit()
    after = hashlib.sha256(database.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    done = t.run("restore", "kept/older", "renewed")
    t.check(done.returncode == 0 and t.json("verify", "renewed")["findings"] == [], "an older backup", done)
    t.check(hashlib.sha256(database.read_bytes()).hexdigest() == after, "which stays as it was")


def check_stays(t):
    """Looking into a backup changes nothing of it: what writes is refused."""
    t.good("a backup to look into", "backup", "office", "kept/looked")
    for line in (["entry", "show", "SQ2023-00001", "--personal"], ["unit", "add", "科"]):
        t.bad(10, "is a backup", *line[:2], "kept/looked", *line[2:])
    t.check(t.run("entry", "show", "kept/looked", "SQ2023-00001").returncode == 0, "what only reads is not")
    t.check(t.run("restore", "kept/looked", "looked").returncode == 0, "it is restored as ever")


def check_nothing_is_lost(t):
    """What is called DIR.part is somebody's, and a link of that name leads to somebody's."""
    t.write("photos.part/a.jpg", "x")
    t.write("precious/work.txt", "x")
    (t.home / "copy.part").symlink_to(t.home / "precious")
    for name in ("photos", "copy"):
        t.good(f"backup to {name}", "backup", "office", name)
    t.bad(17, "office.db", "restore", "kept/second", "photos2")
    t.check((t.home / "photos.part/a.jpg").exists() and (t.home / "precious/work.txt").exists(), "both are there")
    t.check(not [path for path in t.home.iterdir() if path.name.startswith("photos2")], "and nothing half made")
    t.bad(10, "inside the office", "backup", "office", "office/files/b")


def main():
    with Shuzhi() as t:
        t.good("init", "init", "office", "--name", "示范县")
        t.good("entry add", "entry", "add", "office", "case", "title=路灯不亮", "received_at=2023-05-06")
        root = t.json("verify", "office")["root"]
        t.bad(11, "kept/first", "backup", "office", "kept/first")  # no such folder: a disk that is not mounted
        (t.home / "kept").mkdir()
        made = t.json("backup", "office", "kept/first")
        t.check(made["root"] == root and made["name"] == "示范县" and made["files"] == 0, "backup --json", made)
        out = t.good("in words", "backup", "office", "kept/second", language="zh")
        t.check("示范县" in out, "names the office", out)
        t.bad(21, "already", "backup", "office", "kept/first")
        t.good("entries go on", "entry", "add", "office", "case", "title=后来的", "received_at=2023-05-07")
        shutil.rmtree(t.home / "office")
        t.good("restore", "restore", "kept/first", "office")
        t.check(t.json("verify", "office")["root"] == root, "the same root")
        told = [str(path.relative_to(t.home)) for folder in ("kept", "office") for path in (t.home / folder).rglob("*")
                if path.is_file() and path.stat().st_mode & 0o077]
        t.check(not told, "nobody but its owner reads a copy", told)
        t.check(t.json("entry", "show", "office", "SQ2023-00001")["title"] == "路灯不亮", "the entry is back")
        t.bad(11, "SQ2023-00002", "entry", "show", "office", "SQ2023-00002")
        t.good("and it is written to", "entry", "add", "office", "case", "title=重录的", "received_at=2023-05-07")
        t.bad(21, "not empty", "restore", "kept/first", "office")
        t.bad(11, "no backup", "restore", "office", "elsewhere")
        t.bad(11, "no backup", "restore", "nowhere", "elsewhere")
        (t.home / "keys").rename(t.home / "keys-away")
        done = t.run("restore", "kept/second", "keyless")
        t.check(done.returncode == 0 and "signing key" in done.stderr, "a missing key is remarked", done)
        check_altered(t)
        database = t.home / "kept/second/office.db"
        bytes_ = bytearray(database.read_bytes())
        bytes_[len(bytes_) // 3] ^= 4
        database.write_bytes(bytes_)
        t.bad(17, "office.db", "restore", "kept/second", "elsewhere")
        t.check(not (t.home / "elsewhere").exists(), "a damaged backup makes no office")
        shutil.copytree(t.home / "office", t.home / "cut")
        with contextlib.closing(sqlite3.connect(t.home / "cut/office.db")) as db:
            db.execute("DELETE FROM event WHERE seq = 3")
            db.commit()
        t.bad(17, "no backup of it could be restored", "backup", "cut", "kept/cut")
        t.check(not (t.home / "kept/cut").exists(), "a log with a gap is not backed up")
        check_nothing_is_lost(t)
        check_stays(t)
        check_older(t)
        (t.home / "keys-away").rename(t.home / "keys")
        check_copies(t)
        t.bad(11, "there is no office", "backup", "nowhere", "kept/third")
        t.bad(2, "DIR is missing", "backup", "office")
        return t.finish()


sys.exit(main())
