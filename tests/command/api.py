#!/usr/bin/env python3
"""The API over the network: a token made in the browser, then a program with it."""
import collections
import concurrent.futures
import csv
import io
import json
import os
import re
import shlex
import sys
import urllib.error
import urllib.parse
import urllib.request

from browser import Browser, Server
from harness import Shuzhi

CASE = {"fields": {"title": "桥头路灯不亮", "received_at": "2023-12-28 09:00", "channel": "hotline"}}


TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_of(value, name):
    if name in ("integer", "number"):
        return isinstance(value, int if name == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


class Description:
    """The OpenAPI document, and what the answers so far have against it."""

    def __init__(self):
        self.document = None
        self.seen = set()
        self.faults = []

    def read(self, document):
        self.document = document
        parts = (re.sub(r"{\w+}", "[^/]+", path) for path in document["paths"])
        self.paths = [(re.compile("/api/v1" + part), path) for part, path in zip(parts, document["paths"])]

    def check(self, schema, value, place):
        """Hold @value against @schema; what it does not describe is a fault too."""
        if "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        types = schema.get("type", [])
        types = [types] if isinstance(types, str) else types
        if types and not any(is_of(value, name) for name in types):
            self.faults.append(f"{place}: {json.dumps(value, ensure_ascii=False)[:60]} is not {types}")
        if isinstance(value, list):
            for item in value:
                self.check(schema.get("items", {}), item, place + "[]")
        if isinstance(value, dict) and "properties" in schema:
            self.faults += [f"{place}.{name} is missing" for name in schema.get("required", []) if name not in value]
            for name, member in value.items():
                if name in schema["properties"]:
                    self.check(schema["properties"][name], member, f"{place}.{name}")
                else:
                    self.faults.append(f"{place}.{name} is not described")

    def hold(self, method, address, status, value):
        asked = address.split("?")[0]
        known = [path for pattern, path in self.paths if pattern.fullmatch(asked)] if self.document else []
        if known:
            operation = self.document["paths"][known[0]][method]
            answers = operation["responses"]
            answer = answers.get(str(status), {})
            if "$ref" in answer:
                answer = self.document["components"]["responses"]["Error"]
            if not answer:
                self.faults.append(f"{method} {known[0]}: {status} is not described")
                return
            self.seen.add(operation["operationId"])
            self.check(answer["content"]["application/json"]["schema"], value, f"{method} {known[0]} {status}")


DESCRIPTION = Description()


class Program:
    """Asks with a token."""

    def __init__(self, address, token):
        self.address = address
        self.token = token

    def ask(self, path, body=None, kind="application/json", **headers):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, headers={
            "Authorization": "Bearer " + self.token, "Content-Type": kind,
            **{name.replace("_", "-"): value for name, value in headers.items()}})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def json(self, path, body=None, **headers):
        status, content = self.ask(path, body, **headers)
        value = json.loads(content)
        DESCRIPTION.hold("get" if body is None else "post", path, status, value)
        return status, value


def make_token(t, browser, password, **fields):
    status, body, _ = browser.post("/me/token", "/me", own=password, days="90", **fields)
    found = re.search(r"shuzhi_[0-9a-f]{64}", body)
    t.check(status == 200 and found, "a token, shown", (status, body[-2000:]))
    t.check(found.group() not in browser.page("/me")[1], "and shown once")
    return found.group()


def check_manual(t, program):
    """Do what the manual shows, to the letter."""
    with open(sys.argv[2] + "/docs/api.md", encoding="utf-8") as file:
        manual = file.read()
    examples = re.findall(r"^    (curl .*(?:\n      .*)*)", manual, re.M)
    for example in examples:
        words = shlex.split(example)
        headers = dict(words[i + 1].split(": ") for i, word in enumerate(words) if word == "-H")
        t.check(headers.pop("Authorization") == "Bearer shuzhi_…", "the manual shows a token", headers)
        body = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
        sheet = "标题,收到时间\n路灯不亮,2023-05-06\n".encode() if "--data-binary" in words else None
        kind = headers.pop("Content-Type", "application/json")
        status, answer = program.ask(words[-1].removeprefix("https://…"), sheet if sheet else body, kind, **headers)
        t.check(status == (201 if body or sheet else 200), "as the manual says: " + words[-1], (status, answer))
    t.check(len(examples) == 3, "the manual's examples were found", examples)
    shown = json.loads(re.search(r"^    ({.status.*)", manual, re.M).group(1))
    _, fault = program.json("/api/v1/ledgers/case/entries", {"fields": {"titel": "x"}})
    t.check(fault == shown, "a fault as the manual shows it", fault)


def check_writing(t, program):
    entries = "/api/v1/ledgers/case/entries"
    status, entry = program.json(entries, CASE, Idempotency_Key="a-1")
    t.check(status == 201 and entry["title"] == CASE["fields"]["title"], "an entry recorded", (status, entry))
    status, again = program.json(entries, CASE, Idempotency_Key="a-1")
    t.check((status, again) == (201, entry), "the same key, the same answer", again)
    path = "/api/v1/entries/" + entry["number"]
    status, found = program.json(entries + "?q=%E6%A1%A5%E5%A4%B4&limit=5")
    t.check(status == 200 and [one["number"] for one in found["entries"]] == [entry["number"]], "once in the list", found)
    status, changed = program.json(path + "/changes", {"version": 1, "fields": {"title": "桥头的路灯不亮"}})
    t.check(status == 200 and changed["version"] == 2, "corrected", changed)
    status, conflict = program.json(path + "/changes", {"version": 1, "fields": {"title": "别的"}})
    t.check(status == 409 and conflict["current"]["version"] == 2 and conflict["sent"] == {"title": "别的"}, "both texts", conflict)
    status, _ = program.json(path + "/comments", {"text": "已电话联系"})
    t.check(status == 201, "commented")
    status, answer = program.ask(path + "/files?field=scene&name=photo.txt", "灯".encode(), "application/octet-stream")
    files = json.loads(answer).get("files", [])
    t.check(status == 201 and files and files[0]["name"] == "photo.txt", "a file attached", answer)
    check_files(t, program, path)
    status, content = program.ask(f"{path}/files/{files[0]['id']}")
    t.check((status, content.decode()) == (200, "灯"), "and fetched")
    status, history = program.json(path + "/history", Accept_Language="en")
    t.check([event["words"] for event in history["events"]][0] == "recorded" and len(history["events"]) >= 4, "its history", history)
    status, fault = program.json(entries, {"fields": {"titel": "x"}}, Accept_Language="en")
    t.check((status, fault["code"], fault["pointer"]) == (400, "INVALID", "/fields/titel"), "a fault, pointed at", fault)


def send_files(program, path, *files):
    """Attach @files (name, content) in one form; the status, and the answer as described."""
    parts = [f'--of-a-test\r\nContent-Disposition: form-data; name="scene"; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n"
             for name, content in files]
    status, answer = program.ask(path + "/files", b"".join(parts) + b"--of-a-test--\r\n", "multipart/form-data; boundary=of-a-test")
    DESCRIPTION.hold("post", path + "/files", status, json.loads(answer))
    return status, json.loads(answer)


def check_files(t, program, path):
    """Of several files those that can be kept are attached, and each is told of."""
    status, answer = send_files(program, path, ("b.txt", b"b"), ("empty.txt", b""), ("b2.txt", b"b"))
    told = [(one["name"], one.get("kept_as"), one.get("known"), one.get("code")) for one in answer["sent"]]
    t.check(status == 207 and told == [("b.txt", "b.txt", False, None), ("empty.txt", None, None, "INVALID"),
                                       ("b2.txt", "b.txt", True, None)], "attached in part", (status, told))
    t.check([file["name"] for file in answer["files"]] == ["photo.txt", "b.txt"], "the good one is there", answer["files"])
    status, answer = send_files(program, path, ("empty.txt", b""), ("also.txt", b""))
    t.check(status == 400 and "empty.txt" in answer["message"] and "also.txt" in answer["message"], "none of them", answer)
    status, answer = send_files(program, path, ("c.txt", b"c"), ("d.txt", b"d"))
    t.check(status == 201 and len(answer["files"]) == 4, "all of them", (status, answer))


def check_at_once(t, program):
    """The same request, sent by many at the same moment, is done once and answered alike."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        body = {"fields": {**CASE["fields"], "title": "同时上报"}}
        answers = list(pool.map(lambda _: program.json("/api/v1/ledgers/case/entries", body, Idempotency_Key="at-once"), range(8)))
        number = answers[0][1].get("number")
        t.check(all(answer == (201, answers[0][1]) for answer in answers), "eight at once, one entry", answers)
        path = f"/api/v1/entries/{number}/comments"
        answers = list(pool.map(lambda _: program.json(path, {"text": "催办"}, Idempotency_Key="again"), range(8)))
        t.check(all(status == 201 for status, _ in answers), "eight comments at once", answers)
    status, history = program.json(f"/api/v1/entries/{number}/history")
    t.check(len(history["events"]) == 2, "one comment", history)
    return number


def check_steps(t, program, chief, number):
    """Steps, evidence of a form, deletion: by the rules of pages."""
    path = "/api/v1/entries/" + number
    status, fault = program.json(path + "/steps", {"step": "fly"})
    t.check((status, fault["pointer"]) == (400, "/step"), "no such step", fault)
    status, fault = program.json(path + "/steps", {"step": "refuse", "fields": {"title": "x"}})
    t.check((status, fault["pointer"]) == (400, "/fields/title"), "a step takes what it asks for", fault)
    refusal = {"step": "refuse", "happened": "2023-12-29T10:00:00", "version": 1, "fields": {"refusal": "不属本级"}}
    status, entry = program.json(path + "/steps", refusal, Idempotency_Key="step-1")
    t.check(status == 200 and entry["state"] == "refused" and entry["steps"][-1]["step"] == "refuse", "a step", (status, entry))
    status, again = program.json(path + "/steps", refusal, Idempotency_Key="step-1")
    t.check((status, again) == (200, entry), "done once", again)
    status, fault = program.json(path + "/steps", refusal)
    t.check(status in (400, 409), "not twice", (status, fault))
    form = b"".join(b'--of-a-test\r\nContent-Disposition: form-data; name="scene"; filename="' + name + b'"\r\n\r\n' + text + b"\r\n"
                    for name, text in ((b"before.jpg", b"dark"), (b"after.jpg", b"light"))) + b"--of-a-test--\r\n"
    status, content = program.ask(path + "/files", form, "multipart/form-data; boundary=of-a-test")
    names = sorted(file["name"] for file in json.loads(content).get("files", []))
    t.check((status, names) == (201, ["after.jpg", "before.jpg"]), "two files of a form", content)
    status, entry = program.json(path)
    status, fault = chief.json(path + "/deletion", {"version": entry["version"]})
    t.check(status == 400, "taking out needs a reason", (status, fault))


def check_personal(t, program, reader):
    """Personal fields are asked for, and the look is noted before they are shown."""
    status, entry = program.json("/api/v1/ledgers/case/entries", {"fields": {**CASE["fields"], "phone": "13800000001"}})
    path = "/api/v1/entries/" + entry["number"]
    t.check(status == 201 and "phone" not in entry["fields"], "recorded, and not shown", entry)
    status, entry = reader.json(path)
    t.check("phone" not in entry["fields"], "nor to who reads it", entry)
    status, shown = program.json(path + "?personal=1")
    t.check(shown["fields"]["phone"] == "13800000001", "shown when asked for", shown)
    status, history = program.json(path + "/history", Accept_Language="en")
    t.check("looked at" in history["events"][-1]["words"] and "13800000001" not in json.dumps(history), "which is in the log", history)
    status, history = program.json(path + "/history?personal=1")
    t.check("13800000001" in json.dumps(history), "in its history, too", history)
    status, page = program.json(f"/entry/{entry['number']}.json")
    t.check(status == 200 and page == program.json(path)[1], "an entry has one shape of JSON", page)
    listed = program.json("/api/v1/ledgers/case/entries?limit=3")[1]
    t.check(program.json("/ledger/case.json?limit=3")[1] == listed and len(listed["entries"]) == 3, "so has a list", listed)
    return entry


def check_deletion(t, program, reader, chief, entry):
    """Taken out by who may; a number stays."""
    path = "/api/v1/entries/" + entry["number"]
    sent = {"version": entry["version"], "why": "重复登记"}
    status, fault = reader.json(path + "/deletion", sent)
    t.check(status == 403, "a token that reads takes nothing out", fault)
    status, fault = program.json(path + "/deletion", sent)
    t.check(status == 403, "nor does the dispatcher", fault)
    status, fault = chief.json(path + "/deletion", {**sent, "version": entry["version"] + 7})
    t.check(status == 409, "not what another has changed", (status, fault))
    status, fault = chief.json(path + "?personal=1")
    t.check(status == 403, "the secretary does not look", fault)
    status, gone = chief.json(path + "/deletion", sent, Idempotency_Key="gone")
    t.check((status, gone.get("gone")) == (200, "deleted") and "fields" not in gone, "taken out", gone)
    status, again = chief.json(path + "/deletion", sent, Idempotency_Key="gone")
    t.check((status, again) == (200, gone), "once", again)


def token_of(t, server, accounts, account, **fields):
    """Return a program with a token of the demo account @account."""
    browser = Browser(server.address)
    browser.post("/be", "/sign-in", name=account)
    password = re.search(account + r"\s+(\S+)", accounts).group(1)
    return Program(server.address, make_token(t, browser, password, **fields))


def check_whole(t, program, ledger):
    """A list says of an entry what the entry says of itself, of people, choices and rows too; return which of these were filled."""
    several = [field["name"] for field in ledger["fields"] if field["kind"] in ("people", "choices", "rows") and not field["personal"]]
    listed = program.json(f"/api/v1/ledgers/{ledger['name']}/entries?limit=4")[1]["entries"]
    for entry in listed:
        whole = program.json("/api/v1/entries/" + urllib.parse.quote(entry["number"]))[1]
        t.check({**whole, **entry} == whole, "an entry of a list is whole", (entry, whole))
    return {name for name in several for entry in listed if entry["fields"][name]}


def check_lists(t, program, auditor):
    """What the checks above have not read yet, and every ledger, to its last page."""
    filled = set()
    for name in [ledger["name"] for ledger in program.json("/api/v1/ledgers")[1]["ledgers"]]:
        status, ledger = program.json("/api/v1/ledgers/" + name)
        t.check(status == 200 and ledger["name"] == name and ledger["fields"], "a ledger", (name, status))
        filled |= check_whole(t, program, ledger)
    t.check(len(filled) > 1, "some of what was compared is people and rows", filled)
    status, measures = program.json("/api/v1/measures")
    for measure in measures["measures"]:
        status, figure = program.json(f"/api/v1/figures/{measure['name']}?period=2023")
        t.check(status == 200, "a figure", (measure["name"], status, figure))
    for path in ("units", "people"):
        status, found = program.json("/api/v1/" + path)
        t.check(status == 200 and found[path], path, status)
    numbers, after = [], ""
    while after is not None:
        status, page = program.json(f"/api/v1/ledgers/case/entries?limit=20&after={after}")
        numbers += [entry["number"] for entry in page["entries"]]
        after = page["next"]
    t.check(len(numbers) == len(set(numbers)) > 80, "every entry once, page by page", len(numbers))
    status, log = auditor.json("/api/v1/log?limit=7")
    t.check(status == 200 and len(log["events"]) == 7 and log["next"] == "7", "the log", (status, log))
    status, proof = auditor.json("/api/v1/log/3/proof")
    t.check(status == 200 and proof["event"] == log["events"][2]["line"], "a proof", (status, proof))
    key = t.write("office.pub", t.good("the key", "checkpoint", "office", "--key"))
    checked = t.json("log", "check", t.write("event-3.json", json.dumps(proof)), "--key", key)
    t.check(checked["sound"] and checked["events"][0]["seq"] == 3, "which is checked elsewhere", checked)


def check_filters(t, program, chief):
    """The list's own filters, and the search."""
    entries = "/api/v1/ledgers/case/entries?limit=200&"
    everything = program.json(entries[:-1])[1]["entries"]
    late = program.json(entries + "due=done-late")[1]["entries"]
    t.check(0 < len(late) < len(everything), "by the deadline", len(late))
    hotline = program.json(entries + "f-channel=hotline&date=opened&from=2023-06-01&until=2023-06-30")[1]["entries"]
    t.check(hotline and all(e["fields"]["channel"] == "hotline" and "2023-06" in e["opened"] for e in hotline), "by choice and period", len(hotline))
    unit = program.json("/api/v1/units")[1]["units"][1]
    of_unit = program.json(f"{entries}unit={unit['id']}")[1]["entries"]
    t.check(len(of_unit) < len(everything), "by unit", len(of_unit))
    status, mine = chief.json(entries + "mine=1")
    t.check(status == 200 and len(mine["entries"]) < len(everything), "mine", status)
    status, fault = program.json(entries + "duo=late")
    t.check(status == 400, "no other", fault)
    numbers, after = [], ""
    while after is not None:
        status, page = program.json(f"/api/v1/search?q={urllib.parse.quote('路灯')}&limit=2&after={urllib.parse.quote(after)}")
        t.check(status == 200 and len(page["found"]) <= 2, "a page of what was found", page)
        numbers += [entry["number"] for entry in page["found"]]
        after = page["next"]
    t.check(len(numbers) == len(set(numbers)) > 2, "found, each once", numbers)


def check_import(t, program, password):
    """A spreadsheet sent, checked with another mapping, imported, taken back by who says its password."""
    base = "/api/v1/ledgers/case/imports"
    sheet = "标题,收到时间,来源\n井盖丢失,2023-11-02,12345热线\n树枝折断,2023-11-03,12345热线\n".encode()
    status, answer = program.ask(base + "?name=requests.csv", sheet, "text/csv")
    file = json.loads(answer)
    DESCRIPTION.hold("post", base, status, file)
    columns = {column["header"]: column["target"] for column in file["columns"]}
    t.check((status, file["state"], file["n_rows"], columns["标题"]) == (201, "checked", 2, "title"), "sent and checked", file)
    here = f"{base}/{file['id']}"
    status, file = program.json(here + "/check", {"mapping": {"来源": None}})
    columns = {column["header"]: column["target"] for column in file["columns"]}
    t.check(status == 200 and columns["来源"] is None and columns["标题"] == "title", "another mapping", file)
    status, fault = program.json(here + "/check", {"mapping": {"来源": "nowhere"}})
    t.check(status == 400, "to no field", fault)
    status, file = program.json(here + "/check", {"mapping": {"来源": "channel", "收到时间": None}, "set": {"grade": "normal"}})
    t.check((status, file["unfilled"], file["n_bad"]) == (200, ["received_at"], 0), "what nothing fills", file)
    status, fault = program.json(here + "/check", {"set": {"grade": 3}})
    t.check((status, fault["pointer"]) == (400, "/set"), "a value is a text", fault)
    status, file = program.json(here + "/check", {"mapping": {"来源": "channel"}, "set": {"grade": "急急急"}})
    t.check(status == 400, "and one that the field takes", file)
    program.json(here + "/check", {"mapping": {"来源": "channel"}, "set": {"grade": "normal"}})
    _, answer = program.ask(base + "?name=values.csv", sheet.replace("12345热线".encode(), b"12345"), "text/csv")
    values = json.loads(answer)
    other = f"{base}/{values['id']}"
    asked = {"header": "来源", "text": "12345", "n_rows": 2, "name": None, "guess": "hotline"}
    t.check(values["values"] == [asked] and values["n_bad"] == 2, "what a cell may mean", values)
    status, values = program.json(other + "/check", {"values": {"来源": {"12345": "hotline"}}})
    t.check((status, values["n_bad"], values["values"][0]["name"]) == (200, 0, "hotline"), "and means", values)
    status, fault = program.json(other + "/check", {"values": {"来源": "hotline"}})
    t.check(status == 400, "a meaning is of a value", fault)
    program.json(other + "/discard", {})
    status, file = program.json(here + "/commit", {})
    t.check((status, file.get("state")) == (200, "imported"), "imported", file)
    status, again = program.json(here + "/commit", {})
    t.check(again["batch"] == file["batch"] and program.json(here)[1]["batch"] == file["batch"], "once", again)
    listed = program.json(base + "?limit=1")[1]
    t.check(listed["imports"][0]["id"] == file["batch"] and listed["imports"][0]["rows"] == 2, "in the list", listed)
    undo = f"{base}/{file['batch']}/undo"
    status, fault = program.json(undo, {})
    t.check((status, fault["pointer"]) == (403, "/own"), "a token alone takes nothing back", fault)
    status, fault = program.json(undo, {"own": "wrong"})
    t.check((status, fault["pointer"]) == (403, "/own"), "nor does a wrong password", fault)
    elsewhere = program.json(undo.replace("/case/", "/study/"), {"own": password})
    t.check(elsewhere[0] == 404, "nor is it another ledger's batch", elsewhere)
    status, batch = program.json(undo, {"own": password})
    t.check((status, batch["state"]) == (200, "undone"), "taken back", batch)
    _, answer = program.ask(base + "?name=other.csv", sheet, "text/csv")
    other = f"{base}/{json.loads(answer)['id']}"
    t.check(program.json(other + "/discard", {})[1] == {"done": True} and program.json(other)[0] == 404, "thrown away")
    status, fault = program.ask(base + "?name=none.xls", b"\x00\x01\x02", "application/octet-stream")
    t.check(status == 400, "no table", fault)


def check_kept(t, program, browser):
    """Views and drafts, and a file taken away again."""
    status, view = program.json("/api/v1/views", {"ledger": "case", "name": "热线", "query": "f-channel=hotline&state=received"})
    t.check((status, view["shared"]) == (201, False) and "f-channel=hotline" in view["query"], "a view", view)
    status, again = program.json("/api/v1/views", {"ledger": "case", "name": "热线", "query": "f-channel=hotline"})
    t.check((status, again["id"], again["query"]) == (201, view["id"], "f-channel=hotline"), "of that name there is one", again)
    status, fault = program.json("/api/v1/views", {"ledger": "case", "name": "热线", "query": "chanel=hotline"})
    t.check(status == 400, "of a filter that there is", fault)
    place = f"/api/v1/views/own/{view['id']}"
    t.check(program.json(place + "/name", {"name": "热线件"})[1]["name"] == "热线件", "renamed")
    t.check([one["name"] for one in program.json("/api/v1/views?ledger=case")[1]["views"]].count("热线件") == 1, "listed")
    t.check(program.json(place + "/deletion", {})[0] == 200 and program.json(place + "/name", {"name": "x"})[0] == 404, "deleted")
    status, draft = program.json("/api/v1/drafts", {"ledger": "case", "fields": {"title": "半句话"}})
    here = f"/api/v1/drafts/{draft['id']}"
    t.check((status, draft["fields"]) == (201, {"title": ["半句话"]}), "a draft", draft)
    status, draft = program.json(here, {"fields": {"channel": "不对"}})
    t.check(draft["fields"] == {"title": ["半句话"], "channel": ["不对"]} == program.json(here)[1]["fields"], "as typed, right or wrong", draft)
    t.check("半句话" in str(program.json("/api/v1/drafts")[1]["drafts"]), "in the list")
    lines = [{"person": "某人", "hours": "八"}, {"hours": "2"}]
    status, table = program.json("/api/v1/drafts", {"ledger": "training", "why": "补记", "fields": {"title": "培训", "trainees": lines}})
    t.check((status, table["why"]) == (201, "补记") and table["fields"] == {
        "title": ["培训"], "trainees": [lines[0], {"person": "", "hours": "2"}]}, "rows and the reason are kept as well", table)
    its = f"/api/v1/drafts/{table['id']}"
    _, form, _ = browser.page(f"/draft/{table['id']}")
    t.check("某人" in form and 'value="八"' in form, "and stand in the form", re.findall('value="[^"]*"', form))
    status, table = program.json(its, {"why": "改", "fields": {"trainees": []}})
    t.check((status, table["why"], table["fields"]) == (200, "改", {"title": ["培训"], "trainees": []}), "others in their place", table)
    for bad in ([{"nobody": "x"}], [{"hours": 2}], ["x"], "x", [{"hours": "1"}] * 501):
        status, fault = program.json(its, {"fields": {"trainees": bad}})
        t.check((status, fault["pointer"]) == (400, "/fields/trainees"), "rows that are none", fault)
    program.json(its + "/discard", {})
    t.check(program.json("/api/v1/drafts", {"ledger": "case", "fields": {"titel": "x"}})[0] == 400, "of a field that there is")
    t.check(program.json(here + "/discard", {})[0] == 200 and program.json(here)[0] == 404, "discarded")
    _, entry = program.json("/api/v1/ledgers/case/entries", CASE)
    path = "/api/v1/entries/" + entry["number"]
    status, draft = program.json("/api/v1/drafts", {"number": entry["number"], "fields": {"title": "改"}})
    t.check((status, draft["number"], draft["version"]) == (201, entry["number"], 1), "a draft of a correction", draft)
    _, answer = program.ask(path + "/files?field=scene&name=wrong.txt", b"wrong", "application/octet-stream")
    file = json.loads(answer)["files"][0]
    away = f"{path}/files/{file['id']}/detachment"
    t.check(program.json(away, {"field": "scene"})[0] == 400, "taking a file away needs a reason")
    status, entry = program.json(away, {"field": "scene", "why": "传错了"}, Idempotency_Key="away")
    t.check((status, entry["files"]) == (200, []) and program.json(away, {"field": "scene", "why": "传错了"}, Idempotency_Key="away")[0] == 200,
            "taken away, once", entry)


def check_nothing(t, program):
    base = "/api/v1/ledgers/discipline/nothing"
    status, given = program.json(base, {"period": "2019-05"}, Idempotency_Key="none")
    t.check((status, given["period"]) == (201, "2019-05"), "nothing to record", given)
    status, again = program.json(base, {"period": "2019-05"}, Idempotency_Key="none")
    t.check((status, again) == (201, given), "stated once", again)
    t.check(program.json(base, {"period": "bald"})[1]["pointer"] == "/period", "of a period")
    t.check(given in program.json(base)[1]["statements"], "in the list")
    back = f"{base}/{given['id']}/removal"
    t.check(program.json(back, {})[0] == 400 and program.json(back, {"why": "记错"})[0] == 200, "taken back, with a reason")


def check_roster(t, program, security, password):
    """Units, people, posts; a role only from who gives roles, and with the password."""
    status, unit = program.json("/api/v1/units", {"name": "数据科", "since": "2023-01-01"}, Idempotency_Key="unit")
    here = f"/api/v1/units/{unit['id']}"
    t.check((status, unit["name"], unit["kind"]) == (201, "数据科", "section"), "a unit", unit)
    t.check(program.json("/api/v1/units", {"name": "数据科", "since": "2023-01-01"}, Idempotency_Key="unit")[1] == unit, "once")
    status, changed = program.json(here + "/changes", {"name": "数据资源科"})
    t.check((status, changed["name"], changed["since"]) == (200, "数据资源科", "2023-01-01"), "corrected", changed)
    t.check(program.json(here)[1] == changed and program.json(here + "/changes", {"parent": "无此单位"})[0] == 400, "as it stands")
    status, person = program.json("/api/v1/people", {"name": "丁一", "since": "2023-01-01"})
    who = f"/api/v1/people/{person['id']}"
    t.check((status, person["posts"]) == (201, []), "a person", person)
    t.check(program.json(who + "/changes", {"party": "yes"})[0] == 200 and program.json(who)[1] == {**person, "party": "yes"}, "changed, and told")
    t.check("party" not in json.dumps(program.json("/api/v1/people")[1]), "of one alone, and not in the list")
    t.check("party" not in security.json(who)[1], "party is told to who may change it")
    status, person = program.json(who + "/posts", {"unit": "数据资源科", "since": "2023-01-01"})
    t.check((status, person["posts"][0]["role"]) == (201, "staff"), "a post without rights", person)
    t.check(program.json(who + "/posts", {"unit": unit["id"], "role": "clerk"})[0] == 403, "no role from who gives none")
    status, fault = security.json(who + "/posts", {"unit": unit["id"], "role": "clerk", "since": "2023-02-01"})
    t.check((status, fault["pointer"]) == (403, "/own"), "nor by a token alone", fault)
    status, person = security.json(who + "/posts", {"unit": unit["id"], "role": "clerk", "since": "2023-02-01", "own": password})
    t.check((status, person["posts"][1]["role"]) == (201, "clerk"), "a role", person)
    clerk, staff = f"/api/v1/posts/{person['posts'][1]['id']}", f"/api/v1/posts/{person['posts'][0]['id']}"
    t.check(security.json(clerk + "/changes", {"title": "科员", "own": password})[1]["posts"][1]["title"] == "科员", "with a title")
    t.check(security.json(clerk + "/end", {"until": "2023-03-01", "own": password})[1]["posts"][1]["until"] == "2023-03-01", "ended")
    t.check(program.json(staff + "/end", {"until": "2023-03-01"})[0] == 200, "so is the other")
    status, closed = program.json(here + "/closing", {"until": "2023-04-01"})
    t.check((status, closed["until"]) == (200, "2023-04-01"), "and the unit is closed", closed)


def check_accounts(t, system, passwords, security):
    """What asks for the own password in a browser asks for it here, whatever the token may."""
    new = {"name": "second", "administrator": "audit", "password": "Another-471147"}
    status, fault = system.json("/api/v1/accounts", new)
    t.check((status, fault["pointer"]) == (403, "/own"), "no account by a token alone", fault)
    status, account = system.json("/api/v1/accounts", {**new, "own": passwords["system"]}, Idempotency_Key="account")
    t.check((status, account["state"]) == (201, "pending"), "an account", account)
    status, again = system.json("/api/v1/accounts", {**new, "own": passwords["system"]}, Idempotency_Key="account")
    t.check((status, again) == (201, account), "once", again)
    here = f"/api/v1/accounts/{account['id']}"
    t.check(account in system.json("/api/v1/accounts")[1]["accounts"], "in the list")
    t.check(system.json(here + "/activation", {"own": passwords["system"]})[0] == 403, "two hands")
    t.check(security.json(here + "/activation", {"own": passwords["security"]})[1]["state"] == "active", "activated")
    t.check(system.json(here + "/lock", {"own": passwords["system"]})[1]["state"] == "locked", "locked")
    t.check(system.json(here + "/reset", {"password": "Different-471147"})[0] == 403, "no password is set by a token alone")
    t.check(system.json(here + "/reset", {"own": passwords["system"], "password": "Different-471147"})[1]["state"] == "pending", "set anew")
    status, settings = system.json("/api/v1/settings")
    t.check((status, settings["language"], settings["idle_minutes"]) == (200, "zh", 30), "settings", settings)
    t.check(system.json("/api/v1/settings", {"idle_minutes": 20})[0] == 403, "are not changed by a token alone")
    status, fault = system.json("/api/v1/settings", {"idle_minutes": 1, "own": passwords["system"]})
    t.check((status, fault["pointer"]) == (400, "/idle_minutes"), "within bounds", fault)
    status, changed = system.json("/api/v1/settings", {"idle_minutes": 20, "own": passwords["system"]})
    t.check(changed == {**settings, "idle_minutes": 20, "events": changed["events"], "signed": changed["signed"]}, "one is changed", changed)
    tokens = system.json("/api/v1/tokens?limit=200")[1]["tokens"]
    t.check({"name", "until", "write"} <= set(tokens[0]) and len(tokens) > 4, "all tokens", tokens)


def check_verification(t, program):
    status, state = program.json("/api/v1/verification", {})
    while state["running"]:
        status, state = program.json("/api/v1/verification")
    t.check((status, state["last"]["verdict"]) == (200, "sound"), "verified", state)
    t.check(program.json("/api/v1/verification")[1]["last"] == state["last"], "the last verdict")
    t.check(program.json("/api/v1/verifications?limit=1")[1]["verifications"] == [state["last"]], "of those that were made")
    status, checkpoint = program.ask("/api/v1/checkpoint")
    t.check(status == 200 and b"\n" in checkpoint, "the checkpoint", checkpoint)


def check_reading(t, program, chief):
    status, fault = program.json("/api/v1/figures/cases_received?period=2023&cutof=2023-06-30")
    t.check(status == 400 and "cutoff" in json.dumps(fault), "a misspelt parameter is refused, the nearest named", fault)
    for path in ("figures/cases_received", "reports/annual"):
        status, fault = program.json(f"/api/v1/{path}?period=")
        t.check(status == 400 and ("period is empty" in str(fault) or "期间为空" in str(fault)), f"{path}: an empty period is no year", fault)
    status, half = program.json("/api/v1/figures/cases_received?period=2023&cutoff=2023-06-30")
    status, figure = program.json("/api/v1/figures/cases_received?period=2023")
    t.check(half["cutoff"].startswith("2023-06-30") and half["value"] < figure["value"], "as of a day", half["cutoff"])
    t.check(status == 200 and figure["value"] == len(figure["entries"]), "a figure and its entries", figure.get("value"))
    status, report = program.json("/api/v1/reports/annual?period=2023")
    t.check(status == 200 and "述职" in report["title"] and report["figures"], "the report")
    status, document = program.json("/api/v1/openapi.json")
    t.check(status == 200 and document["openapi"].startswith("3.1") and "fields.case" in document["components"]["schemas"],
            "the description")
    for ending, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("jsonl", b"{"), ("json", b"{"), ("atom", b"<?xml")):
        status, content = chief.ask(f"/figure/cases_received.{ending}?period=2023")
        t.check(status == 200 and content.startswith(start), f"the figure as {ending}", (status, content[:80]))
    status, parted = program.json("/api/v1/figures/cases_by_channel?period=2023")
    for ending in ("csv", "jsonl"):
        _, content = chief.ask(f"/figure/cases_by_channel.{ending}?period=2023")
        text = content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text))) if ending == "csv" else [json.loads(line) for line in text.splitlines()]
        got = collections.Counter(row[next(name for name in row if name in ("group", "分组"))] or "" for row in rows)
        want = {group["label"] if group["key"] else "": group["counted"] for group in parted["groups"]}
        t.check(got == want and want, f"the groups as {ending}", (got, want))
    t.check({member["group"] for member in parted["members"]} <= {group["label"] for group in parted["groups"]} | {None},
            "and of each member", parted["members"][:2])
    _, content = chief.ask("/figure/cases_received.csv?period=2023")
    t.check("分组" not in content.decode().splitlines()[0], "where there are any", content[:200])
    status, _ = program.json("/api/v1/log")
    t.check(status == 403, "the log is the auditor's")


def main():
    with Shuzhi() as t:
        t.good("a demo", "demo", "office")
        server = Server(t, "office", "--demo")
        accounts = "".join(server.rest())
        password = re.search(r"demo-dispatcher\s+(\S+)", accounts).group(1)
        browser = Browser(server.address)
        browser.post("/be", "/sign-in", name="demo-dispatcher")
        writer = Program(server.address, make_token(t, browser, password, name="交换", write="yes"))
        reader = Program(server.address, make_token(t, browser, password, name="看板"))
        DESCRIPTION.read(reader.json("/api/v1/openapi.json")[1])
        check_manual(t, writer)
        check_writing(t, writer)
        check_lists(t, reader, token_of(t, server, accounts, "demo-audit", name="审计"))
        chief = token_of(t, server, accounts, "demo-secretary", name="收发", write="yes")
        check_reading(t, reader, chief)
        check_steps(t, writer, chief, check_at_once(t, writer))
        check_filters(t, reader, chief)
        words = {name: re.search(rf"demo-{name}\s+(\S+)", accounts).group(1) for name in ("secretary", "system", "security")}
        check_import(t, chief, words["secretary"])
        check_kept(t, writer, browser)
        check_nothing(t, chief)
        security = token_of(t, server, accounts, "demo-security", name="安全", write="yes")
        system = token_of(t, server, accounts, "demo-system", name="系统", write="yes")
        check_roster(t, chief, security, words["security"])
        check_accounts(t, system, words, security)
        check_verification(t, system)
        entry = check_personal(t, writer, reader)
        check_deletion(t, writer, reader, chief, entry)
        status, refused = reader.json("/api/v1/ledgers/case/entries", CASE)
        t.check((status, refused["code"]) == (403, "FORBIDDEN"), "a token that reads does not write", refused)
        tokens = [token["id"] for token in writer.json("/api/v1/tokens")[1]["tokens"]]
        for token in tokens[::-1]:
            writer.json(f"/api/v1/tokens/{token}/end", {})
        status, refused = writer.json("/api/v1/ledgers")
        t.check(len(tokens) == 2 and (status, refused["code"]) == (401, "SIGN_IN"), "ended, it opens nothing", refused)
        t.check(not DESCRIPTION.faults, "every answer is as described", DESCRIPTION.faults[:20])
        ids = {one["operationId"] for path in DESCRIPTION.document["paths"].values() for one in path.values()}
        left = ids - DESCRIPTION.seen - {"getFile", "addFile", "getCheckpoint"}  # whose answers or bodies are no JSON
        t.check(not left, "every operation was asked", left)
        status, errors = server.stop()
        t.check(status == 0 and errors == "", "the server ends in peace", (status, errors))
        t.check(t.json("verify", "office")["verdict"] == "sound", "sound after all that")
        return t.finish()


os.environ.pop("http_proxy", None)
sys.exit(main())
