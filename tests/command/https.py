#!/usr/bin/env python3
"""shuzhi serve --own-certificate: https that is trusted where its own root is.  usage: https.py SHUZHI"""
import hashlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

from harness import Shuzhi

_resolve = socket.getaddrinfo


def resolve(host, *arguments, **keywords):
    """Find 'localhost' also where the machine has no list of hosts."""
    return _resolve("127.0.0.1" if host == "localhost" else host, *arguments, **keywords)


socket.getaddrinfo = resolve


class Server:
    """`shuzhi serve office --own-certificate NAMES` on a free port."""

    def __init__(self, t, names, *arguments):
        self.process = subprocess.Popen([t.program, "serve", "office", "--own-certificate", names, "--port", "0", "--quiet",
                                         *arguments], cwd=t.home, env=t.environment, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.said = "".join(self.process.stdout.readline() for _ in range(3))
        self.port = int(re.search(r"https://[^/\s]+:(\d+)/", self.said).group(1))

    def stop(self):
        self.process.terminate()
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors


def ask(port, name, context, host=None):
    """Return the status and the headers of /health, or why there is no answer."""
    try:
        request = urllib.request.Request(f"https://{name}:{port}/health", headers={"Host": host} if host else {})
        with urllib.request.urlopen(request, context=context, timeout=60) as answer:
            return answer.status, answer.headers
    except urllib.error.URLError as refused:
        return type(refused.reason).__name__, str(refused.reason)


def only_version(root, version):
    """A client that would speak @version and nothing else, whatever its own library thinks of that."""
    context = ssl.create_default_context(cafile=root)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    return context


def check_trust(t, server, root):
    trusting = ssl.create_default_context(cafile=root)
    for name in ("127.0.0.1", "localhost"):
        status, headers = ask(server.port, name, trusting)
        t.check(status == 200 and headers["Strict-Transport-Security"] is None, f"{name}: trusted, and bound to nothing", headers)
    status, headers = ask(server.port, "localhost", trusting, "office.lan")
    t.check(status == 200 and "max-age" in headers["Strict-Transport-Security"], "a host of its own: https from now on", headers)
    status, why = ask(server.port, "127.0.0.1", ssl.create_default_context())
    t.check(status == "SSLCertVerificationError", "not trusted where the root is not", why)
    status, why = ask(server.port, "127.0.0.2", trusting)
    t.check(status == "SSLCertVerificationError", "nor under another address", why)
    for version, is_spoken in ((ssl.TLSVersion.TLSv1, False), (ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True),
                               (ssl.TLSVersion.TLSv1_3, True)):
        status, why = ask(server.port, "127.0.0.1", only_version(root, version))
        t.check((status == 200) == is_spoken, f"{version.name}: {'spoken' if is_spoken else 'refused'}", why)


def check_files(t, server, root):
    keys = t.home / "keys"
    der = ssl.PEM_cert_to_DER_cert((keys / "https-root.pem").read_text())
    fingerprint = hashlib.sha256(der).hexdigest().upper()
    t.check(":".join(re.findall("..", fingerprint)) in server.said, "the fingerprint is printed", server.said)
    t.check(root == str(keys / "https-root.pem"), "the root lies beside the signing keys", root)
    for name in ("https-root.key", "https-server.key"):
        t.check((keys / name).stat().st_mode & 0o777 == 0o600, f"{name} is its owner's alone")
    if shutil.which("openssl"):
        done = subprocess.run(["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", root,
                               str(keys / "https-server.pem")], capture_output=True, text=True, check=False)
        t.check(done.returncode == 0, "openssl verifies it, strictly", done)
        text = subprocess.run(["openssl", "x509", "-noout", "-text", "-in", root], capture_output=True, text=True, check=False).stdout
        t.check("CA:TRUE, pathlen:0" in text and "Name Constraints: critical" in text, "the root is bound", text)


def check_ciphers(t, server, root):
    """TLS 1.2 with what authenticates as it encrypts, and with nothing else"""
    for cipher, is_spoken in (("ECDHE-ECDSA-AES128-SHA", False), ("ECDHE-ECDSA-AES256-SHA384", False),
                              ("ECDHE-ECDSA-AES128-GCM-SHA256", True), ("ECDHE-ECDSA-CHACHA20-POLY1305", True)):
        context = ssl.create_default_context(cafile=root)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(cipher + ":@SECLEVEL=0")
        status, why = ask(server.port, "127.0.0.1", context)
        t.check((status == 200) == is_spoken, f"{cipher}: {'spoken' if is_spoken else 'refused'}", why)
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        t.check(b"HTTP/" not in plain.recv(1000), "plain http is answered with nothing, at once")


def check_faults(t):
    """a certificate and a key that cannot be served say so, each by its name"""
    keys = t.home / "keys"
    pair = [str(keys / "https-server.pem"), str(keys / "https-server.key")]
    t.write("junk.pem", "junk")
    for certificate, key, named in ((pair[0], str(keys / "https-root.key"), "https-root.key' is not the key of"),
                                    ("junk.pem", pair[1], "'junk.pem' holds no certificate"),
                                    (pair[0], "junk.pem", "'junk.pem' holds no private key")):
        t.bad(17, named, "serve", "office", "--port", "0", "--certificate", certificate, "--key", key)


def check_addresses(t):
    """what is printed is where it is reached; '::' is every address, of IPv4 too"""
    server = Server(t, "localhost,127.0.0.1", "--address", "::")
    t.check(f"https://localhost:{server.port}/" in server.said, "the name is printed", server.said)
    trusting = ssl.create_default_context(cafile=str(t.home / "keys" / "https-root.pem"))
    t.check(ask(server.port, "127.0.0.1", trusting)[0] == 200, "'::' takes IPv4")
    t.check(server.stop() == (0, ""), "and ends")


def check_again(t):
    """what is good stays; other names get another certificate from the same root"""
    keys = t.home / "keys"

    def held():
        return [(keys / name).read_text() for name in ("https-root.pem", "https-root.key", "https-server.pem")]

    first = held()
    t.check(Server(t, "localhost,127.0.0.1").stop() == (0, "") and held() == first, "a second start changes nothing")
    t.check(Server(t, "10.1.2.3, 127.0.0.1").stop() == (0, ""), "other names")
    t.check(held()[:2] == first[:2] and held()[2] != first[2], "another certificate, the same root")
    t.bad(13, "cannot vouch", "serve", "office", "--own-certificate", "bank.example")
    t.bad(10, "neither a host name", "serve", "office", "--own-certificate", "a b")
    t.bad(2, "do not go together", "serve", "office", "--own-certificate", "localhost", "--certificate", "x", "--key", "y")
    t.bad(2, "--own-certificate", "serve", "office", "--address", "0.0.0.0")
    (keys / "https-root.key").unlink()
    t.bad(11, "https-root.key", "serve", "office", "--own-certificate", "localhost")
    (keys / "https-root.pem").write_text("nonsense")
    (keys / "https-root.key").write_text("nonsense")
    t.bad(17, "https-root.pem", "serve", "office", "--own-certificate", "localhost")


def main():
    with Shuzhi() as t:
        t.good("an office", "init", "office")
        server = Server(t, "localhost,127.0.0.1", "--address", "0.0.0.0")
        root = re.search(r"'(/\S*https-root\.pem)'", server.said).group(1)
        check_trust(t, server, root)
        check_files(t, server, root)
        check_ciphers(t, server, root)
        t.check(server.stop() == (0, ""), "it ends in peace")
        check_addresses(t)
        check_faults(t)
        check_again(t)
        return t.finish()


sys.exit(main())
