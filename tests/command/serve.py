#!/usr/bin/env python3
"""shuzhi serve: an office in a browser, walked over the network."""
import gzip
import http.client
import json
import os
import pty
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

from browser import Browser, Server
from harness import Shuzhi


def check_order(t, browser):
    """A list sorted by states, choices or units has one order, as a page, page by page, and as every file."""
    browser.post("/be", "/sign-in", name="demo-secretary")
    for query in ("sort=state", "sort=handler&desc=1", "sort=channel", "sort=handler&where=due+%3C%3D+2023-06-30"):
        seen = {}
        for ending in ("", ".csv", ".jsonl", ".json", ".atom"):
            content = browser.open(f"/ledger/case{ending}?{query}")[1].decode()
            seen[ending] = list(dict.fromkeys(re.findall(r"SQ\d{4}-\d{5}", content)))
        whole = seen[".csv"]
        t.check(len(seen[""]) == min(50, len(whole)) > 5 and all(numbers == whole[:len(numbers)] for numbers in seen.values()),
                f"one order: {query}", seen)
        pages, after = [], ""
        while after is not None and len(pages) <= len(whole):
            page = json.loads(browser.open(f"/ledger/case.json?{query}&limit=7{after}")[1])
            pages += [entry["number"] for entry in page["entries"]]
            after = "&after=" + urllib.parse.quote(page["next"]) if page["next"] else None
        t.check(pages == whole, f"page by page: {query}", (pages, whole))


def walk(t, browser):
    """sign in, record, attach, step, list, report, figure, entry"""
    status, body, _ = browser.page("/")
    t.check(status == 200 and "signed" not in body and 'name="password"' in body, "the door", body)
    status, body, url = browser.post("/be", "/sign-in", name="demo-dispatcher")
    t.check(status == 200 and url.endswith("/"), "come in as the dispatcher", (status, url))
    title = "桥头路灯不亮"
    status, body, url = browser.post("/ledger/case/add", "/ledger/case/add",
                                     **{"f-title": title, "f-received_at": "2023-12-28 09:00", "f-channel": "hotline"})
    t.check(status == 200 and "/entry/SQ2023-" in url and title in body, "record a case", (status, url, body[-3000:]))
    entry = urllib.parse.urlparse(url).path
    status, body, _ = browser.post("/ledger/case/add", "/ledger/case/add", **{"f-title": title, "f-received_at": "昨天上午"})
    t.check(status == 400 and title in body and "昨天上午" in body, "a bad date brings the form back filled in")
    status, body, _ = browser.page(entry)
    step = re.search(r'name="step" value="(\w+)"', body)
    t.check(step is not None, "there is a step to do", body)
    place = re.search(r'<select id="place" name="place">\s*<option value="(\w+)"', body)
    if t.check(place is not None, "there is a place for evidence", body):
        status, body, _ = browser.upload(entry + "/attach", entry, "照片.txt", "灯已修好".encode(), place=place.group(1))
        link = re.search(entry + r"/file/\d+", body)
        t.check(status == 200 and "照片.txt" in body and link, "attach a file", body)
        check_kept(t, browser, link.group())
        check_files(t, browser)
        status, content, _, headers = browser.open(link.group())
        t.check(content.decode() == "灯已修好" and headers["Content-Disposition"].startswith("attachment"),
                "it comes back as it was, as an attachment", headers)
        status, body, _ = browser.upload(entry + "/step", entry, "早了.txt", b"x", "f-" + place.group(1), step=step.group(1),
                                         happened="2001-01-01 09:00")
        t.check(status == 400 and "早了.txt" not in browser.page(entry)[1], "a step that is refused leaves no file", (status, body))
    for version in ({}, {"version": ""}, {"version": "abc"}):
        status, body, _ = browser.post(entry + "/change", entry, **{"f-title": "另一个标题", **version})
        t.check(status == 409 and title in browser.page(entry)[1], f"a form that says no version writes nothing over: {version}", (status, body[-2000:]))
    status, body, _ = browser.post(entry + "/comment", entry, text="已电话联系")
    t.check(status == 200 and "已电话联系" in body, "comment")
    status, body, _ = browser.page("/ledger/case?q=" + urllib.parse.quote("桥头"))
    t.check(status == 200 and body.count("SQ2023-") >= 1 and title in body, "found in the list")
    status, body, url = browser.post("/ledger/case/view?due=running&sort=due", "/ledger/case?due=running&sort=due",
                                     name="在办", shared="1")
    t.check(status == 200 and url.endswith("/ledger/case?due=running&sort=due") and "在办" in body, "keep a view", (status, url))
    status, body, _ = browser.page("/")
    t.check("/ledger/case?due=running&amp;sort=due" in body, "it is on the first page")
    status, body, _ = browser.page("/report/annual?period=2023")
    t.check(status == 200 and "80余件" in body and "figure=cases_handled" in body, "the report with its figures")
    status, body, _ = browser.page("/report/annual?period=1900")
    paper, _, beside = body.partition("</article>")
    n = beside.count("figure=")
    t.check(status == 200 and f"正文共0处数字，0处说法不成立；另有{n}项没有登记" in body and n > 40,
            "figures that the text leaves out are not counted in it", re.findall("共.{0,40}", body))
    t.check('class="figure' not in paper and "没有登记" not in paper.partition("<article")[2] and "都可点开" not in body
            and '<section class="card noprint">\n<h2>台账中没有登记、正文未作陈述的事项</h2>\n<h3>抓学习，打牢思想基础</h3>' in beside,
            "they are named beside the official text, by section", beside[:600])
    status, body, _ = browser.page("/report/annual?period=2023&figure=cases_handled")
    t.check(status == 200 and body.count("/entry/SQ") >= 80, "a figure opens to its 80-odd cases", body.count("/entry/SQ"))
    first = re.search(r"/entry/SQ2023-\d+", body).group()
    status, body, _ = browser.page(first)
    t.check(status == 200 and "<h2>" in body, "a case behind it")
    for ending, start in ((".csv", b"\xef\xbb\xbf"), (".xlsx", b"PK"), (".json", b"{"), (".atom", b"<?xml")):
        status, content, _, _ = browser.open("/ledger/study" + ending)
        allowed = status == 200 and content.startswith(start)
        t.check(allowed or (status == 403 and ending in (".csv", ".xlsx")), f"the list as {ending}", (status, content[:80]))


def check_files(t, browser):
    """of several files the good ones are attached, and what became of each is told"""
    _, _, url = browser.post("/ledger/case/add", "/ledger/case/add",
                             **{"f-title": "井盖松动", "f-received_at": "2023-06-01 09:00"})
    entry = url.removeprefix(browser.address)
    t.check('name="attach"' in browser.page("/ledger/case/add")[1], "papers can follow at once")
    t.check('name="attach"' not in browser.page(entry + "/change")[1], "of what is there already they are on its page")
    _, body, url = browser.post("/ledger/case/add", "/ledger/case/add",
                                **{"f-title": "井盖不见", "f-received_at": "2023-06-01 10:00", "attach": "yes"})
    t.check(re.search(r"<details open>\n<summary>上传佐证", body) and re.search(r'<input id="file" [^>]*autofocus', body) and
            url.endswith("?attach=yes") and "已登记，编号" in body, "recorded, and the files are next", (url, body[body.find("佐证材料"):]))
    status, body, _ = browser.upload(entry + "/attach", entry, "图一.txt", b"1", place="scene",
                                     more=[("图二.txt", b""), ("图三.txt", b"3"), ("图一副本.txt", b"1")])
    attached = re.findall(r'/file/[0-9]+">([^<]*)</a> <small class="dots">', body)
    t.check(status == 200 and attached == ["图一.txt", "图三.txt"], "the good ones are there", (status, attached))
    t.check("<del>" not in body and re.search("附上文件.*\n.*\n<dt>[^<]*</dt><dd>图三.txt</dd>", body),
            "its history tells of each file by itself", body[body.find("<h2>经过"):])
    told = re.search(r'<p class="notice ok"[^>]*>(.*?)</p>', body).group(1)
    t.check("已上传2个文件。" in told and "“图二.txt”未上传" in told and "是空的" in told, "what was refused is told", told)
    t.check("“图一副本.txt”此处已有（名为“图一.txt”）" in told, "and what is there already", told)
    status, body, _ = browser.upload(entry + "/attach", entry, "另名.txt", b"3", place="scene")
    told = re.search(r'<p class="notice ok"[^>]*>(.*?)</p>', body).group(1)
    t.check(status == 200 and told == "“另名.txt”此处已有（名为“图三.txt”），只保存一份。", "under another name", told)
    status, body, _ = browser.upload(entry + "/attach", entry, "空.txt", b"", place="scene", more=[("也空.txt", b"")])
    t.check(status == 400 and "“空.txt”未上传" in body and "“也空.txt”未上传" in body, "all refused", status)


def check_kept(t, browser, file):
    """what a browser may keep, and what it need not fetch again"""
    _, body, _ = browser.page("/roster")
    assets = re.findall(r'(?:href|src)="(/assets/[^"]*)"', body)
    t.check(len(assets) == 3 and all("?v=" in path for path in assets), "assets are asked for by their version", assets)
    for path in assets:
        status, content, _, headers = browser.open(path)
        t.check(status == 200 and "immutable" in headers["Cache-Control"] and "Cookie" not in (headers["Vary"] or ""),
                f"{path} may be kept for good", headers)
        status, again, _, _ = browser.open(path, If_None_Match=headers["ETag"])
        t.check(status == 304 and again == b"", f"{path} is not sent twice")
        status, plain, _, headers = browser.open(path.split("?")[0])
        t.check(plain == content and headers["Cache-Control"] == "no-cache", "without its version, only while it is asked about")
    for path in ("/", "/ledger/case", "/report/annual?period=2023", "/sign-in"):
        _, _, _, headers = browser.open(path)
        t.check(headers["Cache-Control"] == "no-store" and headers["ETag"] is None and "Cookie" in headers["Vary"],
                f"the page {path} is not kept", headers)
    for path in ("/ledger/case.csv", "/ledger/case.jsonl", "/ledger/case.atom", "/log.csv"):
        _, plain, _, headers = browser.open(path)
        status, content, _, packed = browser.open(path, Accept_Encoding="gzip")
        small = status == 200 and packed["Content-Encoding"] == "gzip" and len(content) < len(plain) / 2
        t.check(status == 403 or (small and gzip.decompress(content) == plain and "Accept-Encoding" in headers["Vary"]),
                f"{path} travels compressed", (status, str(packed)))
    for path in (file, "/ledger/study.json", "/ledger/study.atom", "/api/v1/ledgers"):
        status, content, _, headers = browser.open(path)
        t.check(status == 200 and headers["Cache-Control"] == "private, no-cache" and "Cookie" in headers["Vary"],
                f"{path} is kept by its reader alone", headers)
        status, again, _, _ = browser.open(path, If_None_Match=headers["ETag"])
        t.check(status == 304 and again == b"", f"{path} is not sent twice", status)
        status, again, _, _ = browser.open(path, If_None_Match='"other"')
        t.check(status == 200 and again == content, f"but to who has another, {path} is", status)
    _, _, _, headers = browser.open("/api/v1/ledgers")
    t.check("Accept-Language" in headers["Vary"] and "Authorization" in headers["Vary"], "who asks, and in which language", headers)


def check_refused(t, browser):
    """what no page sees is refused with a page all the same, in the reader's language"""
    for language, words in (("zh", "请求无法识读"), ("en", "not readable")):
        browser.post("/language", "/sign-in", language=language, to="/sign-in")
        for path, data in (("/%zz", None), ("/sign-in", b"name=%ff")):
            status, body, _, headers = browser.open(path, data, data and "application/x-www-form-urlencoded")
            t.check(status == 400 and words in body.decode() and "<h1>" in body.decode() and headers["Connection"] == "close",
                    f"{path} is refused with a page in {language}", (status, body))
        status, body, _, headers = browser.open("/sign-in", Host="evil.example")
        t.check(status == 421 and b"localhost" in body and b"<h1>" in body and "frame-ancestors" in headers["Content-Security-Policy"],
                f"another's name is refused with a page in {language}", (status, body))
        status, body, _, _ = browser.open("/sign-in", b"name=a&password=b", "text/plain")
        t.check(status == 415 and b"multipart/form-data" in body, f"what is no form is refused in {language}", (status, body))
        status, body, _, headers = browser.open("/sign-in", X="x" * 40000)
        t.check(status == 431 and b"32 KB" in body and b"<h1>" in body and "frame-ancestors" in headers["Content-Security-Policy"],
                f"a head that is too long is refused with a page in {language}", (status, body))
        status, body, _, _ = browser.open("/api/v1/ledgers", Expect="200-ok")
        t.check(status == 417 and json.loads(body)["status"] == 417, f"what is not known is expected, in {language}", body)
    browser.post("/language", "/sign-in", language="zh", to="/sign-in")


def check_signing(t):
    """What is written is signed while the office is served."""
    server = Server(t, "office", "--demo", "--sign-after", "1")
    password = dict(re.findall(r"(demo-\S+)\s+(\S+)$", "".join(server.rest()), re.M))["demo-audit"]
    browser = Browser(server.address)
    browser.post("/sign-in", "/sign-in", name="demo-audit", password=password)
    newest = int(re.search(r'href="/log/(\d+)"', browser.page("/log")[1]).group(1))
    signed, end = 0, time.monotonic() + 120
    while signed < newest and time.monotonic() < end:
        status, body, _ = browser.page("/checkpoint")
        signed = int(body.split("\n")[1]) if status == 200 else 0
    t.check(signed >= newest, "signed without ending", (signed, newest))
    server.stop()


def check_languages(t, browser):
    pages = ["/", "/ledger/case", "/ledger/case/add", "/report/annual?period=2023&figure=cases_handled", "/roster", "/me",
             "/ledger/case/import"]
    browser.post("/language", "/roster", language="en", to="/roster")
    for path in pages:
        status, body, _ = browser.page(path)
        t.check(status == 200 and '<html lang="en">' in body, f"{path} in English")
    browser.post("/language", "/roster", language="zh", to="/roster")
    status, body, _ = browser.page("/roster")
    t.check('<html lang="zh-CN">' in body and "机构和人员" in body, "and back in Chinese")


def links(body):
    """Return where a page leads on this server."""
    return [link for link in re.findall(r' (?:href|src|action|formaction)="(/[^"]*)"', body)
            if not link.startswith("/assets/")]


def check_removed(t):
    """what is written to a database that was removed is on no disk that anybody can open: it is refused"""
    t.good("a demo to lose", "demo", "lost")
    server = Server(t, "lost", "--demo")
    server.rest()
    browser = Browser(server.address)
    browser.post("/be", "/sign-in", name="demo-dispatcher")
    fields = {"f-title": "路灯", "f-received_at": "2023-12-28 09:00", "f-channel": "hotline"}
    t.check(browser.post("/ledger/case/add", "/ledger/case/add", **fields)[0] == 200, "recorded")
    token = browser.token("/ledger/case/add")
    for path in (t.home / "lost").glob("office.db*"):
        path.unlink()
    t.check(Browser(server.address).page("/health")[:2] == (503, "store: UNAVAILABLE\n"), "it is not well")
    status, body, _, _ = browser.open("/ledger/case/add", urllib.parse.urlencode({"form_token": token, **fields}).encode())
    t.check(status == 503 and "请联系系统管理员" in body.decode() and "停止程序" not in body.decode(), "nothing is acknowledged", (status, body.decode()[-2000:]))
    server.stop()


def check_own_first(t):
    """an office of one's own: how its first account is made is said"""
    t.good("an office of one's own", "init", "own")
    terminal, theirs = pty.openpty()
    process = subprocess.Popen([t.program, "serve", "own", "--port", "0", "--quiet"], cwd=t.home, env=t.environment, stdout=theirs)
    os.close(theirs)
    with os.fdopen(terminal, encoding="utf-8") as said:
        lines = said.readline() + said.readline()
        t.check("user add --help" in lines, "how the first account is made", lines)
        process.send_signal(signal.SIGINT)
        t.check(process.wait(60) == 0, "and it ends")


def check_folder(t):
    """a folder of offices: each below its name, and nothing crosses"""
    folder = os.path.join(t.home, "offices")
    os.mkdir(folder)
    t.good("a demo in a folder", "demo", "offices/甲局")
    t.good("another office there", "init", "offices/b")
    for name in ("broken", "not-one"):
        os.mkdir(os.path.join(folder, name))
    with open(os.path.join(folder, "broken", "office.db"), "wb") as file:
        file.write(b"SQLite format 3\0" + os.urandom(4096))
    server = Server(t, "offices", "--demo")
    said = server.said + "".join(server.process.stdout.readline() for _ in range(12))
    base = "/" + urllib.parse.quote("甲局")
    t.check(f"{server.address}{base}/" in said and "'b' is not served" in said and "'broken' is not served" in said,
            "what is served where, and what is not and why", said)
    browser = Browser(server.address)
    status, body, _ = browser.page("/")
    t.check(status == 200 and f'href="{base}/"' in body and "broken" in body and "not-one" not in body, "the list", body)
    t.check(browser.page("/broken/")[0] == 503 and browser.page("/not-one/")[0] == 404, "what cannot be opened says so")
    status, body, url = browser.post(base + "/be", base + "/sign-in", name="demo-secretary")
    t.check(status == 200 and url == f"{server.address}{base}/", "come in", (status, url))
    seen, waiting = set(), [base + "/"]
    while waiting and len(seen) < 60:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        status, content, _, headers = browser.open(path.replace("&amp;", "&"))
        if not headers["Content-Type"].startswith(("text/html", "application/atom")):
            continue
        wrong = [link for link in links(content.decode()) if not link.startswith(base + "/")]
        if wrong or status != 200:
            t.check(False, f"{path} leads within its office", (status, wrong))
        waiting += [link for link in re.findall(r' href="(/[^"]*)"', content.decode()) if link.startswith(base + "/")]
    t.check(len(seen) == 60, "60 pages lead within their office", len(seen))
    t.check(server.stop() == (0, ""), "and ends")
    check_neighbours(t, base)


def check_neighbours(t, base):
    """without --demo both are served; a third that is in use is not"""
    server = Server(t, "offices", "--metrics", "0")
    lines = [server.said] + [server.process.stdout.readline() for _ in range(4)]
    t.check(any(line.startswith("metrics") for line in lines) and f"{server.address}/b/" in "".join(lines), "both", lines)
    metrics = Browser(re.search(r"http://[0-9.:]+", lines[-1]).group()).page("/metrics")[1]
    t.check('shuzhi_office_up{office="b"} 1' in metrics and 'shuzhi_office_up{office="broken"} 0' in metrics
            and 'shuzhi_office_up{office="甲局"} 1' in metrics, "each in the metrics", metrics)
    t.check(Browser(server.address).page("/health")[:2] == (503, "broken: office: UNAVAILABLE\n"), "one of them is not well")
    status, _, url = Browser(server.address).page("/b/ledger/case")
    t.check(status == 200 and url == server.address + "/b/sign-in?to=%2Fledger%2Fcase", "its own door", url)
    t.bad(14, "in use", "serve", "offices/b")
    t.bad(14, "in use", "serve", "offices")
    t.check(server.stop()[0] == 0, "and ends again")


def check_refusals(t, server):
    t.good("a command runs inside the server", "entry", "comment", "office", "SQ2023-00001", "x")
    t.bad(14, "port", "serve", "office2", "--port", server.address.rsplit(":", 1)[1])
    t.bad(2, "encrypted", "serve", "office2", "--address", "0.0.0.0")
    t.bad(14, "--metrics", "serve", "office2", "--port", "0", "--metrics", server.address.rsplit(":", 1)[1])
    t.bad(10, "no address in numbers", "serve", "office2", "--address", "300.1.1.1")
    t.bad(10, "no address in numbers", "serve", "office2", "--proxy", "nosuch.invalid")
    t.bad(2, "belong together", "serve", "office2", "--certificate", "x.pem")
    t.bad(10, "is no demo", "serve", "office2", "--demo")
    t.bad(11, "there is no office", "serve", "nowhere")


def check_crowd(t):
    """who takes all the connections it can get leaves places, and the process's descriptors, to others"""
    server = Server(t, "office", "--demo", before=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200)))
    password = dict(re.findall(r"(demo-\S+)\s+(\S+)$", "".join(server.rest()), re.M))["demo-dispatcher"]
    address = urllib.parse.urlparse(server.address)
    crowd = [socket.create_connection((address.hostname, address.port), source_address=("127.0.0.2", 0)) for _ in range(300)]
    browser = Browser(server.address)
    status, _, url = browser.post("/sign-in", "/sign-in", name="demo-dispatcher", password=password)
    t.check(status == 200 and url.endswith("/"), "signed in beside a crowd", (status, url))
    fields = {"f-title": "桥头路灯不亮", "f-received_at": "2023-12-28 10:00", "f-channel": "hotline"}
    _, body, url = browser.post("/ledger/case/add", "/ledger/case/add", **fields)
    entry = urllib.parse.urlparse(url).path
    place = re.search(r'<select id="place" name="place">\s*<option value="(\w+)"', body)
    status, body, _ = browser.upload(entry + "/attach", entry, "照片.txt", b"x" * 100000, place=place and place.group(1))
    t.check(status == 200 and "照片.txt" in body, "a file comes in beside it", (status, body[:2000]))
    n_held = len(os.listdir(f"/proc/{server.process.pid}/fd"))
    t.check(n_held < 150, "and descriptors are left", n_held)
    for one in crowd:
        one.close()
    t.check(server.stop() == (0, ""), "and it ends")


def send_half(server, path, n_bytes):
    """Begin to send a file of @n_bytes to @path, as nobody; return the connection, on which its end is missing."""
    address = urllib.parse.urlparse(server.address)
    connection = socket.create_connection((address.hostname, address.port))
    part = b'--xy\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + b"x" * n_bytes
    connection.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=xy\r\n"
                       f"Content-Length: {len(part) + 10}\r\n\r\n".encode() + part)
    return connection


def check_waiting(t):
    """files that wait: nobody's are kept, the folder comes back when a cleaner took it, and a killed server leaves none"""
    folder = t.path("waiting")
    os.mkdir(folder)
    t.environment["TMPDIR"] = folder
    server = Server(t, "office", "--demo")
    server.rest()
    halves = [send_half(server, path, 3 << 20) for path in ("/nope", "/sign-in", "/ledger/case/add")]
    browser = Browser(server.address)
    browser.post("/be", "/sign-in", name="demo-dispatcher")
    n_bytes = sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)
    t.check(n_bytes == 0, "no byte of a file that nobody brings is kept", n_bytes)
    halves[1].sendall(b"\r\n--xy--\r\n")
    t.check(b" 400 " in halves[1].recv(100), "and the answer is what it is without the file")
    entry = "/entry/SQ2023-00001"
    place = re.search(r'<select id="place" name="place">\s*<option value="(\w+)"', browser.page(entry)[1])
    for name in os.listdir(folder):
        shutil.rmtree(os.path.join(folder, name))
    status, body, _ = browser.upload(entry + "/attach", entry, "照片.txt", b"x", place=place and place.group(1))
    t.check(status == 200 and "照片.txt" in body, "a file comes in after the folder was taken away", (status, body[-2000:]))
    for name in os.listdir(folder):
        shutil.rmtree(os.path.join(folder, name))
    reader = Browser(server.address)
    reader.post("/be", "/sign-in", name="demo-secretary")
    status, content, _, _ = reader.open("/ledger/case.xlsx")
    t.check(status == 200 and content.startswith(b"PK"), "and a table goes out", (status, content[-2000:]))
    shutil.rmtree(folder)
    status, body, _ = browser.upload(entry + "/attach", entry, "照片.txt", b"x", place=place and place.group(1))
    t.check(status == 500 and "请联系系统管理员" in body, "where it cannot be had, that is the server's fault", (status, body[-2000:]))
    os.mkdir(folder)
    server.process.kill()
    server.process.wait()
    os.makedirs(os.path.join(folder, "shuzhi-serve-killed"))
    t.write("waiting/shuzhi-serve-killed/upload-1", "x")
    server = Server(t, "office2")
    t.check(len(os.listdir(folder)) == 1 and "shuzhi-serve-killed" not in os.listdir(folder),
            "what a killed server left goes at the next start", os.listdir(folder))
    t.check(server.stop() == (0, "") and os.listdir(folder) == [], "and nothing is left", os.listdir(folder))
    t.environment["TMPDIR"] = t.path("missing")
    t.bad(11, "files that wait", "serve", "office2", "--port", "0")
    del t.environment["TMPDIR"]


def check_fonts(t):
    """without Chinese characters, charts show boxes, and whoever runs the server is told why"""
    t.write("fonts.conf", "<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir></fontconfig>")
    t.environment["FONTCONFIG_FILE"] = t.path("fonts.conf")
    server = Server(t, "office2")
    said = server.process.stdout.readline()
    t.check("fonts-wqy-microhei" in said, "what to install", said)
    del t.environment["FONTCONFIG_FILE"]
    t.check(server.stop()[0] == 0, "and it serves all the same")


def check_interrupted(t):
    """Ctrl+C at a terminal: it says that it is over"""
    terminal, theirs = pty.openpty()
    process = subprocess.Popen([t.program, "serve", "office2", "--port", "0", "--quiet"], cwd=t.home, env=t.environment, stdout=theirs)
    os.close(theirs)
    with os.fdopen(terminal, encoding="utf-8") as said:
        said.readline()
        said.readline()  # how the first account is made
        process.send_signal(signal.SIGINT)
        t.check(process.wait(60) == 0 and said.readline().startswith("stopped"), "Ctrl+C is answered")


def check_proxy(t):
    """behind a proxy: its cookies are for https, and one that does not pass on what it must is told of, once"""
    process = subprocess.Popen([t.program, "serve", "office", "--demo", "--port", "0", "--proxy", "127.0.0.1"], cwd=t.home,
                               env=t.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    address = re.search(r"http://[0-9.:]+", process.stdout.readline()).group()
    asked = {"Origin": "https://office.example", "Sec_Fetch_Site": "same-origin"}
    passed = {"X_Forwarded_Host": "office.example", "X_Forwarded_For": "192.0.2.7"}
    form = urllib.parse.urlencode({"name": "demo-dispatcher"}).encode()
    for _ in range(2):
        status, body, _, _ = Browser(address).open("/be", form, **asked)
        t.check(status == 403 and "X-Forwarded-Host" in body.decode(), "the page says what the proxy must pass on", body.decode())

    class Still(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    for more, is_secure in (({}, True), ({"X_Forwarded_Proto": "https"}, True), ({"X_Forwarded_Proto": "http"}, False)):
        browser = Browser(address)
        browser.opener = urllib.request.build_opener(Still())
        status, _, _, headers = browser.open("/be", form, **asked, **passed, **more)
        t.check(status == 303 and ("; Secure" in headers["Set-Cookie"]) == is_secure, f"a cookie of https, {more}", (status, str(headers)))
    connection = http.client.HTTPConnection(urllib.parse.urlparse(address).netloc)
    connection.request("DELETE", "/health")
    connection.getresponse().read()
    process.send_signal(signal.SIGTERM)
    errors = process.communicate(timeout=60)[1]
    t.check(process.returncode == 0 and errors.count("X-Forwarded-Host (or Host") == 1, "the log says it once", errors)
    t.check(re.search(r" 192\.0\.2\.7 POST /be 303 \d+ [0-9.]+ms\n", errors) is not None, "who asked, how, and what went out", errors)
    t.check(re.search(r" 127\.0\.0\.1 DELETE /health 405 [1-9]\d* [0-9.]+ms\n", errors) is not None, "of other methods too", errors)


def check_hangup(t):
    """a connection to the machine that is lost ends it as Ctrl+C does, unless it was begun to outlive that"""
    server = Server(t, "office2")
    server.process.send_signal(signal.SIGHUP)
    t.check(server.process.wait(60) == 0, "a hangup ends it in peace")
    t.check(not [name for name in os.listdir(t.path("office2")) if name.endswith(("-wal", ".sock"))], "and leaves nothing open",
            os.listdir(t.path("office2")))
    server = Server(t, "office2", before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    server.process.send_signal(signal.SIGHUP)
    t.check(Browser(server.address).page("/health")[0] == 200, "but not what nohup began")
    t.check(server.stop()[0] == 0, "which ends by SIGTERM")


def main():
    with Shuzhi() as t:
        t.good("a demo", "demo", "office")
        t.good("an office", "init", "office2")
        server = Server(t, "office", "--demo")
        accounts = server.rest()
        t.check(sum("demo-" in line for line in accounts) == 8, "eight accounts with their passwords", accounts)
        browser = Browser(server.address)
        walk(t, browser)
        check_order(t, Browser(server.address))
        check_languages(t, browser)
        check_refused(t, browser)
        check_refusals(t, server)
        status, errors = server.stop()
        t.check(status == 0 and errors == "", "SIGTERM ends it in peace", (status, errors))
        t.check(t.json("verify", "office")["verdict"] == "sound", "sound after all that")
        check_signing(t)
        check_crowd(t)
        check_waiting(t)
        server = Server(t, "office2", "--metrics", "0")
        metrics = re.search(r"http://[0-9.:]+", server.process.stdout.readline()).group()
        status, body, _ = Browser(server.address).page("/health")
        t.check((status, body) == (200, "ok\n"), "healthy")
        status, body, _ = Browser(metrics).page("/metrics")
        t.check(status == 200 and 'shuzhi_requests_total{status="2xx"} 1\n' in body, "and counted", body)
        for n_bytes in (40000, 100000):  # refused by us, by the library
            t.check(Browser(server.address).open("/health", X="x" * n_bytes)[0] == 431, f"a header of {n_bytes} bytes is refused")
        for _ in range(100):  # what the library refuses is counted when its connection ends
            _, body, _ = Browser(metrics).page("/metrics")
            if 'shuzhi_requests_total{status="4xx"} 2\n' in body:
                break
            time.sleep(0.1)
        t.check('shuzhi_requests_total{status="4xx"} 2\n' in body, "who is refused is counted", body)
        status, body, _ = Browser(server.address).page("/")
        t.check(status == 200 and "/be" not in body, "no switch of roles but in a demo")
        t.check(server.stop()[0] == 0, "and ends")
        check_interrupted(t)
        check_hangup(t)
        check_proxy(t)
        check_removed(t)
        check_own_first(t)
        check_fonts(t)
        check_folder(t)
        return t.finish()


os.environ.pop("http_proxy", None)
sys.exit(main())
