#!/usr/bin/env python3
"""Check packaging/setup with a dpkg-query, apt-get, id and sudo of our own.  TAP."""
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

SETUP = Path(__file__).resolve().parent.parent.parent / "packaging" / "setup"
TOOLS = ["sh", "awk", "grep", "dirname", "mktemp", "tail", "rm", "env", "tee", "sed"]

HAS_ALL = 'shift 2; for p; do echo "installed $p"; done'
LACKS_MESON = 'shift 2; for p; do [ "$p" = meson ] || echo "installed $p"; done; exit 1'
APT_WORKS = 'echo "$@" >>"$LOG"'
APT_FAILS = """case "$*" in
*update*) echo "W: Failed to fetch http://deb.debian.org: Temporary failure resolving 'deb.debian.org'" ;;
*) echo "E: Unable to locate package"; exit 100 ;;
esac"""
# Another program holds the lock at the first look; who waits finds it free.
APT_LOCKED = """[ -e "$LOG.2" ] || { : >"$LOG.2"; echo "E: Could not get lock /var/lib/dpkg/lock-frontend"; exit 100; }
echo "$@" >>"$LOG" """
APT_SAYS = """case "$*" in
*assume-no*) echo "0 upgraded, 312 newly installed, 0 to remove"; echo "Need to get 480 MB of archives."; exit 1 ;;
*--yes*) echo "Get:1 x"; echo "Unpacking x"; echo "Setting up x" ;;
esac"""
SUDO_REFUSES = 'echo "$@" >>"$LOG"; [ "$1" = -n ] || echo "pw is not in the sudoers file"; exit 1'

# what, fakes, groups -> exit status, words in the output (none: silent), words in apt-get's log
CASES = [
    ("silent when nothing is missing", {"dpkg-query": HAS_ALL}, ["build"], 0, [], []),
    ("root installs what is missing", {"dpkg-query": LACKS_MESON, "apt-get": APT_WORKS, "id": "echo 0"}, ["build"],
     0, ["installing meson"], ["update", "install --yes --no-install-recommends meson"]),
    ("sudo installs for others",
     {"dpkg-query": LACKS_MESON, "apt-get": APT_WORKS, "id": "echo 1000", "sudo": '[ "$1" = -n ] && exit 0; "$@"'},
     ["build"], 0, ["installing meson"], ["install --yes --no-install-recommends meson"]),
    ("a sentence where only root could", {"dpkg-query": LACKS_MESON, "id": "echo 1000"}, ["build"],
     1, ["please run as root: apt-get update && apt-get install", "meson"], []),
    ("and by sudo where there is one", {"dpkg-query": LACKS_MESON, "id": "echo 1000", "sudo": SUDO_REFUSES}, ["build"],
     1, ["only root", "please run: sudo sh -c 'apt-get update && apt-get install"], ["true"]),
    ("another's lock is waited for", {"dpkg-query": LACKS_MESON, "apt-get": APT_LOCKED, "id": "echo 0", "sleep": "exit 0"},
     ["build"], 0, ["another program is installing packages"], ["update", "install --yes"]),
    ("how much comes, and how far it is", {"dpkg-query": LACKS_MESON, "apt-get": APT_SAYS, "id": "echo 0"}, ["build"],
     0, ["312 packages", "480 MB", "\n...\n"], []),
    ("a sentence where there is no network", {"dpkg-query": LACKS_MESON, "apt-get": APT_FAILS, "id": "echo 0"},
     ["build"], 1, ["E: Unable to locate", "Temporary failure resolving", "could not be installed",
                    "as root: apt-get update && apt-get install"], []),
    ("a list where there is no dpkg", {}, ["build"], 0, ["not a Debian system", "libglib2.0-dev"], []),
    ("silent without dpkg when meson is there", {"meson": "true"}, ["build"], 0, [], []),
    ("only the groups asked for", {"dpkg-query": "exit 1", "id": "echo 1000"}, ["clang"], 1, ["clang"], []),
    ("a command stands for its package", {"dpkg-query": "exit 1", "id": "echo 1000", "npm": "true", "node": "true"},
     ["browser"], 1, ["install --yes --no-install-recommends chromium fonts-noto-cjk\n"], []),
    ("usage without groups", {}, [], 2, ["usage"], []),
]


def run_case(fakes, groups):
    """Return (exit status, output, apt-get's log)."""
    with tempfile.TemporaryDirectory() as folder:
        for name in TOOLS:
            path = next(Path(place, name) for place in ("/usr/bin", "/bin") if Path(place, name).exists())
            Path(folder, name).symlink_to(path)
        for name, body in fakes.items():
            file = Path(folder, name)
            file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
            file.chmod(file.stat().st_mode | stat.S_IXUSR)
        log = Path(folder, "log")
        done = subprocess.run(["/bin/sh", str(SETUP), *groups], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, env={**os.environ, "PATH": folder, "LOG": str(log)})
        return done.returncode, done.stdout + done.stderr, log.read_text(encoding="utf-8") if log.exists() else ""


def main():
    print(f"1..{len(CASES)}")
    n_failed = 0
    for number, (what, fakes, groups, status, words, apt_words) in enumerate(CASES, 1):
        found, output, log = run_case(fakes, groups)
        is_good = (found == status and all(word in output for word in words) and bool(output) == bool(words) and
                   all(word in log for word in apt_words))
        n_failed += not is_good
        print("ok" if is_good else "not ok", number, "-", what)
        if not is_good:
            print(f"{what}: exit status {found}\n{output}{log}", file=sys.stderr)
    sys.exit(1 if n_failed else 0)


main()
