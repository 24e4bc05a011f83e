#!/usr/bin/env python3
"""shuzhi serve: every page that each role of the demo is led to opens, and in English it is English.

In Chinese no choice stands by its bare name.  A crawl follows the links of each page, of each kind of address a few.
What forms send is asked for with a field that came twice: that is refused as such, and so without effect, once the
role's right to the address is found good."""
import html.parser
import re
import sys
import urllib.parse
from collections import Counter, deque

from browser import Browser, Server
from harness import Shuzhi

A_FEW = 3  # addresses of one kind
CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")
SAID = ("alt", "aria-label", "placeholder", "title", "data-words", "content")
BARE = re.compile("[a-z]+(_[a-z]+)*")  # a choice by the name that programs know it by
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"}


class Page(html.parser.HTMLParser):
    """The links and forms of a page, the Chinese in it that no element with lang=\"zh…\" holds, and bare names."""

    def __init__(self, text):
        super().__init__()
        self.open = []  # [element, whether it holds data of people]
        self.links, self.forms, self.chinese, self.bare = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        is_data = bool(self.open and self.open[-1][1])
        if "lang" in attributes:
            is_data = attributes["lang"].startswith("zh")
        for name in SAID:
            if not is_data and CHINESE.search(attributes.get(name) or ""):
                self.chinese.append(f"{tag} {name}={attributes[name]}")
        self.links += [attributes[name] for name in ("href", "src") if attributes.get(name, "").startswith("/")]
        if tag == "form":
            (self.forms if attributes.get("method") == "post" else self.links).append(attributes.get("action"))
        if attributes.get("formaction"):
            self.forms.append(attributes["formaction"])
        if tag not in VOID:
            self.open.append([tag, is_data or tag in ("title", "pre")])

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.open and self.open[-1][0] in ("option", "dd") and BARE.fullmatch(data.strip()):
            self.bare.append(data.strip())
        if not (self.open and self.open[-1][1]) and CHINESE.search(data):
            path = ">".join(name for name, _ in self.open[-3:])
            self.chinese.append(f"{path}: {data.strip()}")


def kind_of(address):
    """The address without what tells one of its kind from another."""
    path, _, query = address.partition("?")
    names = sorted({pair.split("=")[0] for pair in query.split("&")}) if query else []
    return re.sub(r"(SQ|XX|HY|JC|ZG|ZR|YT|BZ|PX|KS|BD|FZ|RY|WJ)\d{4}-\d+|\d+", "*", path) + "?" + "&".join(names)


class Crawl:
    """What one reader is led to."""

    def __init__(self, browser):
        self.browser, self.token = browser, browser.token("/me")
        self.seen, self.kinds, self.faults, self.chinese, self.choices = set(), Counter(), [], set(), []
        self.waiting = deque([("/", "the beginning")])
        while self.waiting:
            self.visit(*self.waiting.popleft())

    def is_new(self, address):
        if address in self.seen or address.startswith(("/assets/", "/sign-out", "/language", "/be")):
            return False
        self.seen.add(address)
        self.kinds[kind_of(address)] += 1
        return self.kinds[kind_of(address)] <= A_FEW

    def visit(self, address, origin):
        if not self.is_new(address):
            return
        status, content, _, headers = self.browser.open(address)
        if status != 200:
            self.faults.append(f"{address} answers {status}, from {origin}")
        if not headers["Content-Type"].startswith("text/html") or status != 200:
            return
        page = Page(content.decode())
        self.chinese.update(f"{address}: {text}" for text in page.chinese)
        if "<option" in content.decode() and not address.startswith("/help") and self.kinds[kind_of(address)] == 1:
            self.choices.append(address)
        self.waiting += [(link.split("#")[0], address) for link in page.links]
        for action in page.forms:
            self.send(action, address)

    def send(self, action, origin):
        if not self.is_new("POST " + action):
            return
        data = urllib.parse.urlencode([("form_token", self.token), ("twice", "1"), ("twice", "2")])
        status = self.browser.open(action, data.encode())[0]
        if status != 400:
            self.faults.append(f"the form for {action} is answered {status}, from {origin}")


def check_choices(t, browser, addresses):
    """In Chinese no choice stands by its bare name on the pages that have some."""
    browser.post("/language", "/me", language="zh", to="/me")
    bare = {f"{address}: {text}" for address in addresses for text in Page(browser.page(address)[1]).bare}
    t.check("/roster/person" in addresses and not bare, f"{len(addresses)} pages with choices", "\n".join(sorted(bare)))


def main():
    with Shuzhi() as t:
        t.good("a demo", "demo", "office")
        server = Server(t, "office", "--demo")
        server.rest()
        door = Browser(server.address).page("/sign-in")[1]
        roles = re.findall(r'<option value="(demo-[a-z0-9-]+)"', door)
        t.check(len(roles) == 8, "the roles of the demo", roles)
        for role in roles:
            browser = Browser(server.address)
            browser.post("/be", "/sign-in", name=role)
            browser.post("/language", "/me", language="en", to="/me")
            crawl = Crawl(browser)
            t.check(len(crawl.seen) > 50, f"{role} is led to {len(crawl.seen)} addresses")
            t.check(not crawl.faults, f"{role}: each opens", "\n".join(crawl.faults))
            t.check(not crawl.chinese, f"{role}: nothing Chinese but what people wrote", "\n".join(sorted(crawl.chinese)))
            if role == "demo-secretary":
                check_choices(t, browser, crawl.choices)
        t.check(server.stop() == (0, ""), "the server ends in peace")
        return t.finish()


if __name__ == "__main__":
    sys.exit(main())
