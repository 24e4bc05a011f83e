#!/usr/bin/env python3
"""Check what packaging/ and GNUmakefile do beside compiling: keys of the demo, where things are installed, tests that are skipped.  TAP."""
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DEMO = "00000000000000aa"
OTHER = "00000000000000bb"


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, cwd=ROOT)


def demo_keys(names, demo_id):
    with tempfile.TemporaryDirectory() as build:
        folder = Path(build, "demo-keys")
        folder.mkdir()
        for name in names:
            Path(folder, name).write_text("")
        if demo_id:
            Path(build, "demo.id").write_text(f"{demo_id}\n")
        return run("packaging/demo-keys", build)


def check_keys():
    yield "no folder of keys", run("packaging/demo-keys", "/nonexistent").returncode == 0
    yield "the demo's own key may go", demo_keys([f"{DEMO}.key", f"{DEMO}.signed", "https-root.key"], DEMO).returncode == 0
    yield "the only key of a demo that was not noted", demo_keys([f"{DEMO}.key"], None).returncode == 0
    for demo_id in (DEMO, None):
        done = demo_keys([f"{DEMO}.key", f"{OTHER}.key"], demo_id)
        yield f"another office's key may not (noted: {demo_id})", done.returncode == 1 and "nothing was removed" in done.stderr
    done = demo_keys([f"{OTHER}.key"], DEMO)
    yield "also when it is the only one", done.returncode == 1 and OTHER in done.stderr


def check_install():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "closed").write_text("")
        done = run("packaging/install", f"{folder}/nobuild", f"{folder}/closed/usr")
        yield "what is not writable is said", (done.returncode == 1 and f"'{folder}/closed'" in done.stderr and
                                               "PREFIX=" in done.stderr and done.stderr.count("\n") == 1)
        Path(folder, "GNUmakefile").symlink_to(ROOT / "GNUmakefile")
        done = run("make", "--no-print-directory", "-C", folder, "uninstall", "SETUP=true")
        yield "there is an uninstall", done.returncode != 0 and "nothing was installed" in done.stderr
        done = run("make", "--no-print-directory", "-C", folder, "run", "SETUP=true", "PORT=80x")
        yield "a port that is none is said before anything is done", done.returncode != 0 and "80x" in done.stderr and done.stdout == ""


def check_browser():
    done = run("env", "PATH=/nonexistent", "/bin/sh", "tests/browser/run", "x.mjs")
    yield "without node the tests in a browser are skipped as they run", done.returncode == 0 and done.stdout.startswith("1..0 # SKIP")


def main():
    points = [*check_keys(), *check_install(), *check_browser()]
    print(f"1..{len(points)}")
    for number, (what, is_good) in enumerate(points, 1):
        print("ok" if is_good else "not ok", number, "-", what)
    sys.exit(0 if all(is_good for _, is_good in points) else 1)


main()
