#!/usr/bin/env python3
"""Commands that write an office while it is served: over its socket, as if alone.  usage: inside.py SHUZHI ROOT"""
import array
import fcntl
import json
import os
import pty
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from harness import Shuzhi

GOOD = "标题,created_at\n路灯不亮,2023-05-06\n噪声扰民,2023-05-08\n"
ROWS = 8000

# What is done, in order, alone and served; the office is the folder "office" of where it is run.
COMMANDS = [
    "unit add office 信访室 --since 2022-01-01", "unit add office 接访组 --under 信访室", "unit add office 信访室",
    "unit change office 接访组 --name 接访科", "unit close office 接访科 --until 2023-12-31",
    "person add office 甄有才 --unit 信访室 --role clerk --since 2022-01-01", "person change office 甄有才 --party yes",
    "person add office 贾文书", "post add office 贾文书 信访室 head --since 2022-01-01", "post add office 无此人 信访室 head",
    "user add office zhen --person 甄有才", "user add office safe --administrator security --os nobody",
    "user activate office zhen", "user password office zhen", "user lock office zhen", "user lock office nobody-here",
    "entry add office case title=路灯不亮 received_at=2023-05-06", "entry add office case titel=x",
    "entry add office case title=井盖 received_at=2023-05-07 --json", "entry set office SQ2023-00001 title=路灯全不亮",
    "entry set office SQ2023-00001 title=旧 --version 1", "entry step office SQ2023-00001 answer reply=已修复 --at 2023-05-08",
    "entry step office SQ2023-00002 nonsense", "entry comment office SQ2023-00002 已电话联系",
    "entry attach office SQ2023-00002 scene ../photo.txt", "entry attach office SQ2023-00002 scene gone.txt",
    "entry delete office SQ2023-00002 --why 重复", "entry delete office SQ2023-00002 --why 重复 --yes",
    "entry show office SQ2023-00001 --personal", "entry erase office SQ2023-00001 --yes", "entry nothing office study --period 2022",
    "import office case good.csv", "import office case good.csv --yes", "import office case good.csv --yes", "import office --list",
    "export office case --personal",
    "import office case gone.csv --yes", "import office case", "pack export office pack", "pack apply office pack --yes",
    "pack apply office ../changed", "pack apply office ../changed --yes", "pack apply office ../broken --yes",
    "backup office copy", "backup office copy", "unit list office", "entry list office case", "entry add office --help",
    "entry fields office case", "checkpoint office --key", "restore copy office", "init office", "demo office",
]


class Server:
    """`shuzhi serve` of a folder's office."""

    def __init__(self, t, folder, *arguments):
        self.process = subprocess.Popen([t.program, "serve", "office", "--port", "0", *arguments], cwd=folder, env=t.environment,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.address = re.search(r"http://[0-9.:]+", self.process.stdout.readline()).group()

    def stop(self):
        self.process.terminate()
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors


def run(t, folder, line, given="Sehr-geheim-77\n", **environment):
    done = subprocess.run([t.program, *line.split(" ")], cwd=folder, input=given, capture_output=True, text=True, check=False,
                          env={**t.environment, **environment})
    return done.returncode, done.stdout, done.stderr


def make_office(t, name):
    """Make NAME/office and what the commands need beside it; its keys are its own."""
    folder = t.home / name
    folder.mkdir()
    t.write(f"{name}/good.csv", GOOD)
    status, _, errors = run(t, folder, "init office")
    t.check(status == 0, f"{name}: an office", errors)
    return folder


def make_packs(t, folder):
    """Two packs beside the offices: one with another title, one that is broken."""
    run(t, folder, "pack export office ../changed")
    shutil.copytree(t.home / "changed", t.home / "broken")
    ledger = t.home / "changed" / "ledgers" / "case.yaml"
    ledger.write_text(ledger.read_text() + "# changed\n")
    (t.home / "broken" / "ledgers" / "case.yaml").write_text("ledger: [\n")


def neutral(text):
    """@text without what differs between any two runs: times, keys, roots, where it is."""
    text = re.sub(r"/(alone|served)/", "/", text)
    return re.sub(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d[.\d]*)?(\+08:00|Z)?|\b[0-9a-f]{16,}\b|\+[0-9a-f]{8}\+[\w+/=]+", "…", text)


def check_same(t):
    """each command says and returns the same, alone and inside the server"""
    t.write("photo.txt", "路灯照片")
    alone = make_office(t, "alone")
    served = make_office(t, "served")
    make_packs(t, alone)
    server = Server(t, served, "--quiet")
    for i, line in enumerate(COMMANDS):
        language = ("en", "zh")[i % 2]
        left = run(t, alone, line, SHUZHI_LANGUAGE=language)
        right = run(t, served, line, SHUZHI_LANGUAGE=language)
        t.check(left[0] == right[0] and [neutral(x) for x in left[1:]] == [neutral(x) for x in right[1:]],
                f"{line} ({language}, {left[0]})", (left, right))
    actors = [{event["actor"] for event in t.json("log", "list", f"{name}/office")} for name in ("alone", "served")]
    t.check(actors[0] == actors[1] and len(actors[0]) == 1, "who acted is who typed the command", actors)
    t.check(t.json("verify", "served/office")["verdict"] == "sound", "sound and signed while it is served")
    t.check(t.json("verify", "served/copy")["verdict"] == "sound", "a backup is signed to its end, as it is alone")
    t.bad(14, "in use", "serve", "served/office", "--port", "0")
    t.check(server.stop() == (0, ""), "it ends in peace")
    t.check(not (served / "office" / "socket").exists(), "and takes its socket with it")
    t.check(t.json("verify", "served/office")["verdict"] == "sound", "sound")
    return served


# ---- the socket itself -----------------------------------------------------------------------------------------------


def head(kind, length, value=0):
    return struct.pack("<BBxxI", ord(kind), value, length)


def connect(path):
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(60)
    line.connect(str(path))
    return line


def command(*words):
    return b"".join(word.encode() + b"\0" for word in words)


def send(path, data, n_files):
    """Send @data with @n_files descriptors of a pipe; return what came back and what was printed."""
    reading, writing = os.pipe()
    folder = os.open("/", os.O_RDONLY)
    files = [writing, writing, folder, writing][:n_files]
    with connect(path) as line:
        try:
            line.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))] if files else [])
            line.shutdown(socket.SHUT_WR)
            answer = line.recv(100)
        except (BrokenPipeError, ConnectionResetError):
            answer = b""
    os.close(writing)
    os.close(folder)
    with os.fdopen(reading) as printed:
        return answer, printed.read()


def check_malformed(t, path, version):
    """what is no message is not answered, and harms nobody"""
    whole = command(version, "en", "", "unit", "list", "office")
    for name, data, n_files in (
            ("nothing", b"", 0), ("noise", b"GET / HTTP/1.1\r\n\r\n", 0), ("half a head", b"R\0\0", 3),
            ("a head of no kind", head("X", 0), 3), ("RUN without descriptors", head("R", len(whole)) + whole, 0),
            ("with too few", head("R", len(whole)) + whole, 2), ("with too many", head("R", len(whole)) + whole, 4),
            ("too long by one", head("R", (8 << 20) + 1) + whole, 3), ("cut short", head("R", len(whole) + 9) + whole, 3),
            ("not ended", head("R", len(whole) - 1) + whole[:-1], 3), ("no words", head("R", 5) + b"a\0en\0", 3),
            ("no UTF-8", head("R", 10) + b"a\0en\0\xff\xfe\xfd\xfc\0", 3), ("an answer unasked", head("A", 1) + b"x", 0)):
        t.check(send(path, data, n_files) == (b"", ""), f"malformed: {name}")
    answer, printed = send(path, head("R", 12) + b"0 old\0en\0x\0\0", 3)
    t.check(answer == head("D", 0, 12) and "another version" in printed, "another version is told so", (answer, printed))
    for words in (["serve", "office"], ["init", "new"], ["restore", "copy", "new"], ["demo", "new"], ["pack", "check", "office"],
                  ["nonsense"], ["unit"], ["--version"], [""]):
        text = command(version, "en", "", *words)
        answer, printed = send(path, head("R", len(text)) + text, 3)
        t.check(answer == head("D", 0, 10) and "no command that runs inside" in printed, f"refused inside: {words}", printed)


def check_strangers(t, folder, path):
    """another account gets nothing, even where the file would let it"""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return
    t.check(path.stat().st_mode & 0o777 == 0o660, "only the group of the folder may connect", oct(path.stat().st_mode))
    path.chmod(0o666)
    for place in (t.home, folder, folder / "office"):
        place.chmod(0o755)
    probe = ("import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); "
             "sys.stdout.write(s.recv(100)[:1].decode())")
    done = subprocess.run(["setpriv", "--reuid=65533", "--regid=65533", "--clear-groups", sys.executable, "-c", probe, str(path)],
                          cwd="/", capture_output=True, text=True, check=False)
    t.check(done.stdout == "S", "a stranger is sent away", done)
    path.chmod(0o600)


def check_guests(t):
    """who has an account and is in the folder's group works through the server, with that account's rights alone"""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return
    folder = make_office(t, "guests")
    for line in ("unit add office 科", "person add office 甲 --unit 科 --role clerk", "user add office jia --person 甲 --os nobody"):
        t.check(run(t, folder, line)[0] == 0, line)
    program = shutil.copy(t.program, t.home / "program")
    os.chown(folder / "office", -1, 65534)
    for place in (t.home, folder):
        place.chmod(0o755)

    def guest(line, user=65534):
        done = subprocess.run(["setpriv", f"--reuid={user}", "--regid=65534", "--clear-groups", program, *line.split(" ")],
                              cwd=folder, capture_output=True, text=True, check=False, env=t.environment)
        return done.returncode, done.stdout, done.stderr

    status, _, errors = guest("entry list office case")
    t.check(status == 13 and "no server" in errors, "without a server the files are closed", errors)
    server = Server(t, folder, "--quiet")
    status, _, errors = guest("entry list office case")
    t.check(status == 13 and "activate" in errors, "an account that is not active opens nothing", errors)
    t.check(run(t, folder, "user activate office jia")[0] == 0, "activate it")
    for line in ("entry add office case title=路灯不亮 received_at=2023-05-06", "entry comment office SQ2023-00001 已电话联系",
                 "entry history office SQ2023-00001 --personal", "figure office cases_received --period 2023", "entry fields office case",
                 "unit list office", "person list office", "post list office", "pack show office", "report office --period 2023",
                 "verify office", "check office", "export office case"):
        status, _, errors = guest(line)
        t.check(status == 0, f"a guest: {line}", errors)
    t.write("guests/good.csv", GOOD)
    t.check("路灯不亮" in guest("export office case")[1], "a guest has the entries printed")
    for line, what in (("verify office --key good.csv", "--key"), ("report office --period 2023 --html x", "--html"), ("export office case x.csv", "x.csv")):
        status, _, errors = guest(line)
        t.check(status == 13 and f"leave out '{what}'" in errors, f"a guest names no file: {line}", errors)
    for line in ("unit add office 科", "user list office", "user activate office jia"):
        status, _, errors = guest(line)
        t.check(status == 13 and "root only" not in errors, f"by the rights of its account: {line}", errors)
    status, out, errors = guest("entry list office case --json")
    t.check(status == 0 and [entry["number"] for entry in json.loads(out)["entries"]] == ["SQ2023-00001"], "a guest reads", errors)
    t.write("guests/good.csv", GOOD)
    for line, why in (("log list office", "for their own part of the office may"), ("entry attach office SQ2023-00001 scene office/office.db", "root only"),
                      ("import office case good.csv --yes", "root only"), ("backup office copy", "root only")):
        status, _, errors = guest(line)
        t.check(status == 13 and why in errors, f"but not: {line}", errors)
    t.check(run(t, folder, "entry add office case title=别家的事 received_at=2023-05-06")[0] == 0, "an entry of another unit")
    for line in ("delete office SQ2023-00002 --why x --yes", "erase office SQ2023-00002 --yes"):
        status, out, errors = guest(f"entry {line}")
        t.check(status == 13 and out == "" and "别家" not in errors, f"who may not read it does not learn its title: {line}", out + errors)
    status, _, errors = guest("entry list office case", user=65533)
    t.check(status == 13 and "account" in errors, "nor does a user without an account", errors)
    check_hoarder(t, folder)
    actors = [event["from"] for event in t.json("log", "list", "guests/office") if event["kind"] == "entry.comment" and "from" in event]
    t.check(actors == ["os:nobody"], "the log names who it was", actors)
    t.check(server.stop()[0] == 0, "the server ends")


HOLD = """
import socket, sys
held = []
for i in range(40):
    line = socket.socket(socket.AF_UNIX)
    line.connect("office/socket")
    held.append(line)
print("held", flush=True)
sys.stdin.read()
"""


def check_hoarder(t, folder):
    """one guest who opens connections and says nothing keeps nobody else waiting"""
    holder = subprocess.Popen(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c", HOLD], cwd=folder,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    holder.stdout.readline()
    started = time.monotonic()
    status, _, errors = run(t, folder, "unit list office")
    status, _, errors = run(t, folder, "entry comment office SQ2023-00001 有人占着")
    t.check(status == 0 and time.monotonic() - started < 9, "the office's own account need not wait", (errors, time.monotonic() - started))
    holder.communicate("")


def check_unread(t, folder):
    """a client whose output or errors nobody reads does not keep the server from ending"""
    server = Server(t, folder, "--quiet")
    client = subprocess.Popen([t.program, "entry", "list", "office", "case", "--limit", "1000", "--json", "--personal"], cwd=folder,
                              env=t.environment, stdout=subprocess.PIPE)
    client.stdout.read(1)
    t.check(server.stop()[0] == 0, "the server ends all the same")
    client.kill()
    client.communicate()
    server = Server(t, folder, "--quiet")
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    client = subprocess.Popen([t.program, "unit", "close", "office", "x" * 9000, "--until", "2023-12-31"], cwd=folder, env=t.environment, stderr=writing)
    os.read(reading, 1)
    client.kill()
    client.communicate()
    t.check(server.stop()[0] == 0, "and where its errors are not read, also after it is gone")
    os.close(reading)
    os.close(writing)


def check_other_socket(t):
    """on PostgreSQL the socket is in the folder that the address names: with another office's nothing is written there"""
    server = os.environ.get("SHUZHI_TEST_POSTGRES")
    if not server:
        return
    schemas = [f"inside_{os.getpid()}_{i}" for i in (1, 2)]
    places = [f"{server}{'&' if '?' in server else '?'}schema={schema}&files={t.home}/" for schema in schemas]
    for i, place in enumerate(places):
        t.good(f"office {schemas[i]}", "init", f"{place}files{i}")
    serving = [subprocess.Popen([t.program, "serve", f"{place}files{i}", "--port", "0"], env=t.environment,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for i, place in enumerate(places)]
    for process in serving:
        process.stdout.readline()
    t.bad(12, "another office's", "unit", "add", f"{places[0]}files1", "错科")
    t.good("with its own folder it is done", "unit", "add", f"{places[0]}files0", "甲科")
    subprocess.run(["psql", "--quiet", "--dbname", server, "--command", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"], check=False, stdout=subprocess.DEVNULL)
    for name in ("乙科", "丙科"):
        t.good("a server that lost its connection has the office still", "unit", "add", f"{places[0]}files0", name)
    names = [[unit["name"] for unit in t.json("unit", "list", f"{place}files{i}")] for i, place in enumerate(places)]
    t.check("甲科" in str(names[0]) and "科" not in str(names[1]), "in the right office", names)
    for process in serving:
        process.terminate()
    said = [process.communicate(timeout=60)[1] for process in serving]
    t.check(said[0].count("command unit add 0") == 3 and "unit add" not in said[1], "all by the server of the office", said)
    subprocess.run(["psql", "--quiet", "--dbname", server, "--command", "SET client_min_messages = error; "
                    + " ".join(f"DROP SCHEMA {schema} CASCADE;" for schema in schemas)], check=False)


def check_crowd(t, folder):
    """many at once: each is done once"""
    before = len(t.json("log", "list", f"{folder.name}/office", "--limit", "1000"))
    with ThreadPoolExecutor(40) as pool:
        done = list(pool.map(lambda i: run(t, folder, f"entry comment office SQ2023-00001 第{i}条"), range(40)))
    t.check(all(status == 0 for status, _, _ in done), "forty clients at once", [x for x in done if x[0]][:1])
    after = len(t.json("log", "list", f"{folder.name}/office", "--limit", "1000"))
    t.check(after == before + 40, "forty events", (before, after))


def check_import(t, folder, server):
    """a large import: progress, pages meanwhile; a client that is killed takes its import with it"""
    t.write(f"{folder.name}/large.csv", "标题,created_at\n" + "".join(f"事{i},2021-05-06\n" for i in range(ROWS)))
    master, slave = pty.openpty()
    client = subprocess.Popen([t.program, "import", "office", "case", "large.csv", "--yes"], cwd=folder, env=t.environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=slave)
    os.close(slave)
    first = os.read(master, 1000).decode()
    t.check(f" / {ROWS}" in first, "the client's terminal shows progress", first)
    with urllib.request.urlopen(server.address + "/health", timeout=60) as answer:
        t.check(client.poll() is None and answer.status == 200, "pages answer meanwhile")
    client.kill()
    client.wait()
    os.close(master)
    status, out, errors = run(t, folder, "import office case large.csv --yes")
    t.check(status == 0 and f"imported {ROWS} entries" in out, "the same file goes in after all", errors)
    states = [batch["state"] for batch in t.json("import", f"{folder.name}/office", "--list")]
    t.check("done" in states and "new" not in states, "what the killed client began is taken back", states)


def check_end(t, folder, server):
    """a server that is told to end does not wait for a person"""
    master, slave = pty.openpty()
    client = subprocess.Popen([t.program, "entry", "delete", "office", "SQ2023-00001", "--why", "x"], cwd=folder,
                              env=t.environment, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    seen = ""
    while "[y/N]" not in seen:
        seen += os.read(master, 1000).decode()
    status, errors = server.stop()
    t.check(status == 0, "the server ends while a command waits for an answer", errors)
    lines = errors.splitlines()
    t.check(any(re.fullmatch(r"\S+ os:\S+ command entry comment 0 [\d.]+ms", line) for line in lines), "a line for each command",
            lines[-3:])
    t.check("第" not in errors, "without what was written")
    os.write(master, b"y\n")
    t.check(client.wait(timeout=60) == 22, "an answer that comes too late changes nothing")
    os.close(master)


def check_stale(t, folder, path):
    """a socket that a killed server left is no hindrance"""
    server = Server(t, folder, "--quiet")
    server.process.kill()
    server.process.communicate()
    t.check(path.exists(), "kill -9 leaves the socket")
    t.check(run(t, folder, "unit add office 三科")[0] == 0, "a command then runs alone")
    t.check(run(t, folder, "backup office copy-2")[0] == 0, "a backup too")
    server = Server(t, folder, "--quiet")
    t.check(run(t, folder, "unit add office 四科")[0] == 0, "a new server takes the place")
    t.check(server.stop() == (0, ""), "and ends")


def check_other_view(t):
    """a server with a /tmp of its own said "backed up", and only it saw the backup"""
    alone = ["unshare", "--mount", "--propagation", "private"]
    if os.geteuid() != 0 or not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode != 0:
        return
    folder = make_office(t, "hidden")
    place = t.home / "private"
    place.mkdir()
    t.write("private/good.csv", GOOD)
    start = f'mount -t tmpfs none "{place}" && exec "$0" serve office --port 0 --quiet'
    process = subprocess.Popen([*alone, "sh", "-c", start, t.program], cwd=folder, env=t.environment, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    for line in (f"backup office {place}/copy", "backup office ../private/copy", f"import office case {place}/good.csv --yes", f"backup office {place}"):
        status, out, errors = run(t, folder, line)
        t.check(status == 13 and "sees another" in errors and "PrivateTmp" in errors and out == "", f"not where only the server is: {line}", (status, out, errors))
    t.check([path.name for path in place.iterdir()] == ["good.csv"], "nothing was written")
    for line in ("backup office copy", "import office case good.csv --yes", "export office case out.csv", "unit add office 一科"):
        t.check(run(t, folder, line)[0] == 0, f"where both are it is done: {line}")
    process.send_signal(signal.SIGTERM)
    t.check(process.wait(60) == 0, "and ends")


def main():
    with Shuzhi() as t:
        served = check_same(t)
        path = served / "office" / "socket"
        server = Server(t, served)
        version = "2 " + t.run("--version").stdout.split()[1]
        check_malformed(t, path, version)
        check_strangers(t, served, path)
        check_guests(t)
        check_other_socket(t)
        check_crowd(t, served)
        check_import(t, served, server)
        check_end(t, served, server)
        check_unread(t, served)
        check_stale(t, served, path)
        check_other_view(t)
        t.check(t.json("verify", "served/office")["verdict"] == "sound", "sound after all that")
        deep = "/".join(["很深的文件夹" * 5] * 3)
        (t.home / deep).mkdir(parents=True)
        make_office(t, deep + "/x")
        server = Server(t, t.home / deep / "x", "--quiet")
        t.check(run(t, t.home / deep / "x", "unit add office 一科")[0] == 0, "a path longer than a socket's address")
        server.stop()
        return t.finish()


sys.exit(main())
