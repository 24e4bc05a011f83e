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
        check_nothing_is_lost(t)
        t.bad(11, "there is no office", "backup", "nowhere", "kept/third")
        t.bad(2, "DIR is missing", "backup", "office")
        return t.finish()


sys.exit(main())
