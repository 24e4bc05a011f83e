"""A browser without a screen, and `shuzhi serve` to show it pages."""
import http.cookiejar
import re
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request


class Browser:
    """Keeps cookies and fills in forms, no more."""

    def __init__(self, address):
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def open(self, path, data=None, kind=None, **headers):
        """Ask for @path; a header If_None_Match is sent as If-None-Match."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, data=data,
                                         headers={**headers, **({"Content-Type": kind} if kind else {})})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read(), answer.geturl(), answer.headers
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read(), path, refused.headers

    def page(self, path):
        status, body, url, _ = self.open(path)
        return status, body.decode(), url

    def token(self, path):
        return re.search(r'name="form_token" value="([0-9a-f]*)"', self.page(path)[1]).group(1)

    def post(self, path, page, **fields):
        data = urllib.parse.urlencode({"form_token": self.token(page), **fields}).encode()
        status, body, url, _ = self.open(path, data)
        return status, body.decode(), url

    def upload(self, path, page, name, content, control="file", more=(), **fields):
        """Send the file @name, and those of @more (name, content) in the same control."""
        boundary = "of-a-test"
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
                 for key, value in {"form_token": self.token(page), **fields}.items()]
        for one, bytes_of in [(name, content), *more]:
            parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{control}"; filename="{one}"\r\n\r\n'.encode()
                         + bytes_of + b"\r\n")
        parts.append(f"--{boundary}--\r\n".encode())
        status, body, url, _ = self.open(path, b"".join(parts), f"multipart/form-data; boundary={boundary}")
        return status, body.decode(), url


class Server:
    """`shuzhi serve` on a free port."""

    def __init__(self, t, *arguments, before=None):
        words = [t.offices.get(argument, argument) for argument in arguments]
        self.process = subprocess.Popen([t.program, "serve", *words, "--port", "0", "--quiet"], cwd=t.home, preexec_fn=before,
                                        env=t.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = self.process.stdout.readline()
        self.address = re.search(r"http://[0-9.:]+", first).group()
        self.said = first

    def rest(self):
        """Return the lines that follow, as they come, up to the accounts' end."""
        return [self.process.stdout.readline() for _ in range(9)]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60), self.process.stderr.read()
