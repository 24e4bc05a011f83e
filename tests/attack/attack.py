#!/usr/bin/env python3
"""Attack a demo office: requests of our own that are malformed, oversized or smuggled, then sqlmap, wapiti and
slowhttptest, where they are installed.  What each tries, and why, is in docs/security.md.

usage: tests/attack/attack.py SHUZHI

Prints what was tried and what was found; the exit status is 1 when anything was found, or a tool is missing."""
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROLES = ("demo-dispatcher", "demo-secretary", "demo-audit", "demo-system")


class Attack:
    """A demo office, served, and what was found about it."""

    def __init__(self, program):
        self.home = tempfile.mkdtemp(prefix="shuzhi-attack-")
        self.program = os.path.abspath(program)
        self.environment = {**os.environ, "HOME": self.home, "SHUZHI_KEYS": self.home + "/keys", "SHUZHI_LANGUAGE": "en",
                            "LSAN_OPTIONS": "print_suppressions=0"}  # what is known to stay is not news
        for proxy in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
            self.environment.pop(proxy, None)
        self.found = []
        self.tried = []

    def __enter__(self):
        subprocess.run([self.program, "demo", "office"], cwd=self.home, env=self.environment, check=True,
                       stdout=subprocess.DEVNULL)
        self.errors = open(self.home + "/errors", "w+", encoding="utf-8")
        self.server = subprocess.Popen([self.program, "serve", "office", "--demo", "--quiet", "--port", "0"], cwd=self.home,
                                       env=self.environment, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.server.stdout.readline()
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", line).group(1))
        self.address = f"http://127.0.0.1:{self.port}"
        self.cookies = {role: self.sign_in(role) for role in ROLES}
        return self

    def __exit__(self, kind, value, trace):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(timeout=60)
        self.errors.seek(0)
        errors = self.errors.read()
        if self.server.returncode != 0 or errors:
            self.find("the server", f"ended with {self.server.returncode}: {errors[-2000:]}")
        if kind is None:
            done = subprocess.run([self.program, "verify", "office"], cwd=self.home, env=self.environment, check=False,
                                  capture_output=True, text=True)
            if done.returncode != 0:
                self.find("the office", done.stdout + done.stderr)
        shutil.rmtree(self.home, ignore_errors=True)

    def find(self, where, what):
        self.found.append((where, what))
        print(f"FOUND: {where}: {what}", flush=True)

    def try_out(self, what, n):
        self.tried.append(f"{n} {what}")
        print(f"tried: {n} {what}", flush=True)

    def ask(self, method, path, body=None, **headers):
        """Return status, headers and body of an answer, without following where it leads."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")

    def sign_in(self, role):
        _, headers, _ = self.ask("POST", "/be", f"name={role}", Content_Type="application/x-www-form-urlencoded")
        return headers["Set-Cookie"].split(";")[0]

    def raw(self, request):
        """Send bytes and return all that comes within a second of silence, or until the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            try:
                connection.sendall(request)
            except (BrokenPipeError, ConnectionResetError):
                pass
            answer = b""
            connection.settimeout(1)
            try:
                while piece := connection.recv(65536):
                    answer += piece
            except (TimeoutError, ConnectionResetError):
                pass
        return answer


# ---- requests of our own -------------------------------------------------------------------------

HEAD = "Host: 127.0.0.1\r\nConnection: close\r\n"
SMUGGLED = "GET /health?smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"

# What is sent, and which statuses are right; () is no answer at all.
RAW = {
    "both lengths": (f"POST / HTTP/1.1\r\n{HEAD}Content-Length: 6\r\n{CHUNKED}\r\n0\r\n\r\n{SMUGGLED}", (400,)),
    "both lengths, other order": (f"POST / HTTP/1.1\r\n{HEAD}{CHUNKED}Content-Length: 6\r\n\r\n0\r\n\r\n{SMUGGLED}", (400,)),
    "two lengths": (f"POST / HTTP/1.1\r\n{HEAD}Content-Length: 0\r\nContent-Length: 40\r\n\r\n{SMUGGLED}", (400,)),
    "two equal lengths": (f"POST / HTTP/1.1\r\n{HEAD}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", (400,)),
    "a list of lengths": (f"POST / HTTP/1.1\r\n{HEAD}Content-Length: 0, 40\r\n\r\n{SMUGGLED}", (400, 413)),
    "a length with a sign": (f"POST / HTTP/1.1\r\n{HEAD}Content-Length: +3\r\n\r\nabc", (400, 413)),
    "a negative length": (f"POST / HTTP/1.1\r\n{HEAD}Content-Length: -1\r\n\r\n", (400, 413)),
    "a length in hex": (f"POST / HTTP/1.1\r\n{HEAD}Content-Length: 0x10\r\n\r\n{SMUGGLED}", (400, 413)),
    "a length beyond 64 bits": (f"POST / HTTP/1.1\r\n{HEAD}Content-Length: 18446744073709551617\r\n\r\nx", (400, 413)),
    "a length that is too great": (f"POST / HTTP/1.1\r\n{HEAD}Content-Length: 99999999999\r\n\r\nx", (413,)),
    "a blank before the colon": (f"POST / HTTP/1.1\r\n{HEAD}Content-Length : 40\r\n\r\n{SMUGGLED}", (400,)),
    "an unknown coding": (f"POST / HTTP/1.1\r\n{HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{SMUGGLED}", (400, 501)),
    "two codings": (f"POST / HTTP/1.1\r\n{HEAD}{CHUNKED}Transfer-Encoding: identity\r\n\r\n0\r\n\r\n", (400,)),
    "a coding of two": (f"POST / HTTP/1.1\r\n{HEAD}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n", (400, 501)),
    "a vertical tab in the coding": (f"POST / HTTP/1.1\r\n{HEAD}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", (400, 501)),
    "a chunk that is no number": (f"POST / HTTP/1.1\r\n{HEAD}{CHUNKED}\r\nzz\r\n", (411,)),
    "a chunk beyond 64 bits": (f"POST / HTTP/1.1\r\n{HEAD}{CHUNKED}\r\n1ffffffffffffffff\r\nx", (411,)),
    "a negative chunk": (f"POST / HTTP/1.1\r\n{HEAD}{CHUNKED}\r\n-1\r\nx", (411,)),
    "chunks between bare LFs": (f"POST / HTTP/1.1\r\n{HEAD}{CHUNKED}\r\n3\na=b\n0\n\n{SMUGGLED}", (411,)),
    "a chunk with 2,000 bytes of extension": (f"POST / HTTP/1.1\r\n{HEAD}{CHUNKED}\r\n3;{'a' * 2000}\r\na=b\r\n0\r\n\r\n{SMUGGLED}",
                                              (411,)),
    "lines that end with LF": (f"GET /health HTTP/1.1\nHost: 127.0.0.1\n\n{SMUGGLED}", (400,)),
    "a bare LF between headers": (f"GET / HTTP/1.1\r\nX: a\nY: b\r\n{HEAD}\r\n", (400,)),
    "a NUL in a header": (f"GET / HTTP/1.1\r\nX: a\0b\r\n{HEAD}\r\n", (400,)),
    "a blank in the address": (f"GET /sign in HTTP/1.1\r\n{HEAD}\r\n", (400,)),
    "an expectation": (f"GET / HTTP/1.1\r\n{HEAD}Expect: 200-ok\r\n\r\n", (417,)),
    "another's name": ("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", (421,)),
    "five hundred fields": ("GET /sign-in?" + "".join(f"a{i}=1&" for i in range(500)) + f" HTTP/1.1\r\n{HEAD}\r\n", (200, 400)),
    "an address above the root": (f"GET /../../etc/passwd HTTP/1.1\r\n{HEAD}\r\n", (400,)),
    "the same, escaped": (f"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n{HEAD}\r\n", (400,)),
    "the same, overlong": (f"GET /%c0%ae%c0%ae/etc/passwd HTTP/1.1\r\n{HEAD}\r\n", (400,)),
    "escaped slashes": (f"GET /entry/..%2f..%2fetc%2fpasswd HTTP/1.1\r\n{HEAD}\r\n", (400,)),
    "two slashes": (f"GET //evil.example/ HTTP/1.1\r\n{HEAD}\r\n", (400,)),
    "a NUL": (f"GET /sign-in%00.css HTTP/1.1\r\n{HEAD}\r\n", (400,)),
    "a whole address": (f"GET http://evil.example/ HTTP/1.1\r\n{HEAD}\r\n", (400,)),
    "an address of 60,000 bytes": ("GET /" + "a" * 60000 + f" HTTP/1.1\r\n{HEAD}\r\n", (400, 413, 414, 431)),
    "a header of 60,000 bytes": (f"GET / HTTP/1.1\r\n{HEAD}X: " + "a" * 60000 + "\r\n\r\n", (400, 413, 431)),
    "five thousand headers": (f"GET / HTTP/1.1\r\n{HEAD}" + "".join(f"X{i}: y\r\n" for i in range(5000)) + "\r\n",
                              (400, 413, 431)),
    "three thousand fields": ("GET /sign-in?" + "a=1&" * 3000 + f" HTTP/1.1\r\n{HEAD}\r\n", (413,)),
    "two hosts": ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", (400,)),
    "no host": ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", (400,)),
    "two cookies": (f"GET / HTTP/1.1\r\n{HEAD}Cookie: session=a\r\nCookie: session=b\r\n\r\n", (400,)),
    "a header without a name": (f"GET / HTTP/1.1\r\n{HEAD}: x\r\n\r\n", (303, 400)),
    "a control character": (f"GET / HTTP/1.1\r\n{HEAD}X: a\x01b\r\n\r\n", (400,)),
    "TRACE": (f"TRACE / HTTP/1.1\r\n{HEAD}\r\n", (405,)),
    "CONNECT": (f"CONNECT evil.example:443 HTTP/1.1\r\n{HEAD}\r\n", (400, 405)),
    "DELETE": (f"DELETE /entry/SQ2023-00001 HTTP/1.1\r\n{HEAD}\r\n", (405,)),
    "HTTP/2 without leave": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 405, 505, ())),
    "TLS": ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "\x00" * 200, (400, 405, ())),
    "a form that is cut short": (f"POST /sign-in HTTP/1.1\r\n{HEAD}Content-Type: multipart/form-data; boundary=xy\r\n"
                                 "Content-Length: 62\r\n\r\n--xy\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\ncut short",
                                 (400,)),
    "a form without boundary": (f"POST /sign-in HTTP/1.1\r\n{HEAD}Content-Type: multipart/form-data\r\nContent-Length: 1\r\n\r\nx",
                                (400,)),
    "bad UTF-8 in a form": (f"POST /sign-in HTTP/1.1\r\n{HEAD}Content-Type: application/x-www-form-urlencoded\r\n"
                            "Content-Length: 8\r\n\r\nname=%ff", (400,)),
}


def send_raw(attack):
    """malformed, oversized and smuggled requests"""
    for name, (request, right) in RAW.items():
        answer = attack.raw(request.encode("latin-1"))
        statuses = [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d+)", answer, re.M)]
        if not (statuses[:1] or [()])[0] in right:
            attack.find(name, f"{statuses} {answer[:300]}")
        elif 200 in statuses[1:]:
            attack.find(name, f"what was smuggled behind it was answered: {answer[:600]}")
        elif b"passwd" in answer or b"root:" in answer:
            attack.find(name, f"it comes back: {answer[:600]}")
    attack.try_out("malformed, oversized and smuggled requests", len(RAW))


PROBE = "'\"><script>alert(7)</script>"
LINES = "x\r\nSet-Cookie: evil=1"


def send_probes(attack):
    """markup, line breaks and other hosts in each field of a query, as each role"""
    pages = {"/ledger/case": ("q", "filter", "sort", "after", "state", "unit", "columns", "view", "from", "until"),
             "/search": ("q",), "/report/annual": ("period", "figure", "at"), "/figure/cases_handled": ("period", "at"),
             "/log": ("after", "object", "actor", "kind"), "/pick/unit": ("q", "for"), "/pick/person": ("q",),
             "/pick/entry/case": ("q",), "/roster": ("date", "q"), "/sign-in": ("back", "name"), "/help": ("q",)}
    n = 0
    for role, cookie in attack.cookies.items():
        for path, fields in pages.items():
            for field in fields:
                for probe in (PROBE, LINES, "//evil.example/"):
                    address = f"{path}?{field}={urllib.parse.quote(probe, safe='')}"
                    status, headers, body = attack.ask("GET", address, Cookie=cookie)
                    n += 1
                    location = headers.get("Location", "/")
                    if status >= 500:
                        attack.find(address, f"{status} as {role}")
                    if "<script>alert(7)" in body:
                        attack.find(address, f"markup comes back unescaped, as {role}")
                    if "evil" in headers.get("Set-Cookie", ""):
                        attack.find(address, f"a header can be added, as {role}")
                    if not location.startswith("/") or location.startswith("//"):
                        attack.find(address, f"leads to {location}")
    attack.try_out("fields of queries with markup, line breaks and other hosts", n)


def send_forgeries(attack):
    """what another site would make a browser send"""
    cookie = attack.cookies["demo-dispatcher"]
    kind = "application/x-www-form-urlencoded"
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', attack.ask("GET", "/roster", Cookie=cookie)[2]).group(1)
    tries = {
        "a form without its token": attack.ask("POST", "/entry/SQ2023-00001/comment", "text=forged", Cookie=cookie, Content_Type=kind),
        "a form with another token": attack.ask("POST", "/entry/SQ2023-00001/comment", f"text=forged&form_token={'0' * len(token)}",
                                                Cookie=cookie, Content_Type=kind),
        "a form from elsewhere": attack.ask("POST", "/entry/SQ2023-00001/comment", f"text=forged&form_token={token}",
                                            Cookie=cookie, Content_Type=kind, Origin="https://evil.example"),
        "a form of another site": attack.ask("POST", "/entry/SQ2023-00001/comment", f"text=forged&form_token={token}",
                                             Cookie=cookie, Content_Type=kind, Sec_Fetch_Site="cross-site"),
        "JSON without the token": attack.ask("POST", "/api/v1/entries/SQ2023-00001/comments", '{"text":"forged"}',
                                             Cookie=cookie, Content_Type="application/json"),
    }
    for name, (status, _, _) in tries.items():
        if status < 400:
            attack.find(name, f"was taken: {status}")
    if "forged" in attack.ask("GET", "/entry/SQ2023-00001", Cookie=cookie)[2]:
        attack.find("a forged form", "its comment is in the entry")
    status, headers, _ = attack.ask("GET", "/", Host="evil.example")
    if "evil" in headers.get("Location", ""):
        attack.find("a foreign host", f"leads to {headers['Location']}")
    ways = ["//evil.example", "/%09/evil.example", "/%5Cevil.example", "/ok%0d%0aX-Evil:+1"]
    for way in ways:
        status, headers, _ = attack.ask("POST", "/language", f"language=en&to={way}", Content_Type=kind)
        if status != 303 or not re.match(r"/(?![/\\\\\t])", headers.get("Location", "")) or "X-Evil" in headers:
            attack.find("a way back", f"{way} gives {status} and leads to {headers.get('Location')}")
    attack.try_out("forged forms and redirects", len(tries) + 1 + len(ways))


# ---- tools of others -----------------------------------------------------------------------------

def run(attack, tool, arguments, seconds):
    """Run a tool; return what it printed, or None when it is not installed."""
    if shutil.which(tool) is None:
        attack.find(tool, "is not installed: nothing was tried with it")
        return None
    try:
        done = subprocess.run([tool, *arguments], cwd=attack.home, env=attack.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, check=False)
        return done.stdout.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as late:
        print(f"{tool}: stopped after {seconds} s", flush=True)
        return (late.stdout or b"").decode("utf-8", "replace")


def run_sqlmap(attack):
    """SQL injection into every kind of parameter: query, path, form"""
    cookie = attack.cookies["demo-dispatcher"]
    targets = [("/ledger/case?q=x&filter=state+%3D+handling&sort=due&after=1", None), ("/search?q=x", None),
               ("/entry/SQ2023-00001*", None), ("/report/annual?period=2023&figure=cases_handled", None),
               ("/pick/person?q=x", None), ("/api/v1/ledgers/case/entries?q=x&sort=opened&limit=5", None),
               ("/sign-in", "name=x&password=y")]
    n = 0
    for path, form in targets:
        arguments = ["-u", attack.address + path, "--batch", "--level=2", "--risk=1", "--technique=BEU", "--threads=4",
                     "--disable-coloring", "--flush-session", "--ignore-code=400,401,403,404,429", "--skip=Cookie,User-Agent,Referer",
                     "--output-dir", attack.home + "/sqlmap"]
        arguments += ["--data", form] if form else ["--cookie", cookie]
        said = run(attack, "sqlmap", arguments, 75)
        if said is None:
            return
        n += 1
        for line in re.findall(r".*(?:is vulnerable|appears to be.*injectable|is '.*' injectable|Parameter: .*).*", said):
            attack.find("sqlmap", f"{path}: {line.strip()}")
        if "[CRITICAL]" in said and "do not appear to be injectable" not in said:
            attack.find("sqlmap", f"{path}: could not try: {said[-600:]}")
    attack.try_out("addresses and forms with sqlmap", n)


# Its modules but those that need the network (ssrf, wapp) or guess at other programs (nikto, buster, shellshock).
WAPITI_MODULES = "crlf,exec,file,methods,permanentxss,redirect,sql,blindsql,xss,http_headers,cookieflags,csp,xxe,backup,htaccess"

# What wapiti reports of this server that is meant to be so, and why.
EXPECTED = {
    "Strict-Transport-Security": "plain http on loopback must not be bound to https",
    "X-XSS-Protection": "withdrawn by browsers; Content-Security-Policy has no inline script",
    "Secure flag is not set": "plain http on loopback; the cookie is Secure over https",
}


def run_wapiti(attack):
    """what a crawler with payloads finds on the pages of each role

    It calls itself another site's page, whose forms are refused: else the first form it sends would sign it out.
    What forms store is attacked by the unit test web/attack."""
    n = 0
    for role in ("demo-dispatcher", "demo-system"):
        name, _, value = attack.cookies[role].partition("=")
        jar, report = f"{attack.home}/{role}.jar", f"{attack.home}/{role}.json"
        with open(jar, "w", encoding="utf-8") as file:
            json.dump({"127.0.0.1": {"/": {name: {"version": 0, "expires": None, "secure": False, "value": value, "port": None}}}}, file)
        said = run(attack, "wapiti", ["-u", attack.address + "/", "-c", jar, "--scope", "folder", "-d", "3", "--flush-session",
                                      "--max-links-per-page", "12", "--max-files-per-dir", "6", "--max-scan-time", "40",
                                      "--max-attack-time", "10", "--store-session", attack.home + "/wapiti", "-v", "0",
                                      "-H", "Sec-Fetch-Site: cross-site", "-m", WAPITI_MODULES, "-f", "json", "-o", report], 240)
        if said is None:
            return
        if not os.path.exists(report):
            attack.find("wapiti", f"made no report: {said[-600:]}")
            continue
        with open(report, encoding="utf-8") as file:
            told = json.load(file)
        n += int(re.search(r"found (\d+) URLs and forms", said).group(1))
        if attack.ask("GET", "/roster", Cookie=attack.cookies[role])[0] != 200:
            attack.find("wapiti", f"{role} was signed out on the way: what came after was not tried")
        for group in ("vulnerabilities", "anomalies"):
            for kind, reports in told[group].items():
                for one in reports:
                    if not any(words in one["info"] for words in EXPECTED):
                        attack.find("wapiti", f"{kind}: {one['method']} {one['path']}: {one['info']}")
    attack.try_out("addresses and forms with wapiti", n)


def run_slow(attack):
    """clients that send or read a byte now and then, four hundred at once"""
    ways = {"slow headers": ["-H", "-i", "5"], "slow bodies": ["-B", "-i", "5", "-s", "100000", "-t", "POST"],
            "slow reading": ["-X", "-w", "10", "-y", "20", "-n", "5", "-z", "32"], "many ranges": ["-R", "-t", "HEAD"]}
    for name, arguments in ways.items():
        said = run(attack, "slowhttptest", ["-c", "400", "-r", "200", "-l", "15", "-p", "5", "-u", attack.address + "/sign-in",
                                            *arguments], 60)
        if said is None:
            return
        if re.search(r"service available:\s*\S*NO", said):
            attack.find("slowhttptest", f"{name}: the page was not answered within 5 seconds")
    attack.try_out("kinds of slow clients with slowhttptest", len(ways))


def check_alive(attack, after):
    try:
        status = attack.ask("GET", "/health")[0]
    except OSError as lost:
        status = lost
    if status != 200:
        attack.find("the server", f"does not answer after {after}: {status}")


def main():
    start = time.monotonic()
    with Attack(sys.argv[1]) as attack:
        for part in (send_raw, send_probes, send_forgeries, run_sqlmap, run_wapiti, run_slow):
            print(f"== {part.__doc__.splitlines()[0]}", flush=True)
            part(attack)
            check_alive(attack, part.__doc__.splitlines()[0])
    minutes = (time.monotonic() - start) / 60
    found = f"{len(attack.found)} findings" if attack.found else "nothing was found"
    print(f"Tried in {minutes:.0f} minutes: {'; '.join(attack.tried)}. The server lived through it and {found}."
          if not any(where == "the server" for where, _ in attack.found)
          else f"Tried in {minutes:.0f} minutes: {'; '.join(attack.tried)}. The server did not live through it: {found}.")
    sys.exit(bool(attack.found))


main()
