"""What the tests of commands share: a home of their own, the program, TAP."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from pathlib import Path


class Shuzhi:
    """The program under test in a temporary home that is removed at the end.

    With the option --postgres the office 'office' is a schema of the server SHUZHI_TEST_POSTGRES.  With --served it
    is being served from its making on: what writes it runs inside that server, and must not show it."""

    def __init__(self):
        self.program = os.path.abspath(sys.argv[1])
        self.home = Path(tempfile.mkdtemp(prefix="shuzhi-command-"))
        self.environment = {"HOME": str(self.home), "SHUZHI_KEYS": str(self.home / "keys"), "SHUZHI_LANGUAGE": "en",
                            "LSAN_OPTIONS": "print_suppressions=0",  # what is known to stay is not news
                            "PATH": os.environ["PATH"], "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""),
                            "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1", "G_DEBUG": "fatal-warnings"}
        self.number = 0
        self.failed = 0
        self.serving = None
        self.offices = {}  # name -> where it is, when it isn't a folder of that name
        self.server = os.environ.get("SHUZHI_TEST_POSTGRES") if "--postgres" in sys.argv[2:] else None
        self.schema = f"command_{os.getpid()}"
        if "--postgres" in sys.argv[2:] and not self.server:
            print("1..0 # SKIP SHUZHI_TEST_POSTGRES names no PostgreSQL server")
            sys.exit(0)
        if self.server:
            separator = "&" if "?" in self.server else "?"
            self.offices["office"] = f"{self.server}{separator}schema={self.schema}&files={self.home}/office"

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.serve(False)
        subprocess.run(["chmod", "-R", "u+rwX", str(self.home)], check=False)
        shutil.rmtree(self.home, ignore_errors=True)
        if self.server:
            subprocess.run(["psql", "--quiet", "--dbname", self.server, "--command",
                            f"SET client_min_messages = error; DROP SCHEMA IF EXISTS {self.schema} CASCADE"],
                           check=False)

    def path(self, name):
        return str(self.home / name)

    def write(self, name, text, encoding="utf-8"):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return str(path)

    def run(self, *arguments, language="en", given="", before=None, **environment):
        words = [self.offices.get(argument, str(argument)) for argument in arguments]
        done = subprocess.run([self.program, *words], input=given, capture_output=True, text=True,
                              check=False, cwd=self.home, preexec_fn=before,
                              env={**self.environment, "SHUZHI_LANGUAGE": language, **environment})
        if "--served" in sys.argv[2:] and words[0] in ("init", "demo") and "office" in arguments and done.returncode == 0:
            self.serve(True)
        return done

    def serve(self, is_on):
        """Start serving the office 'office', with a key where it has one now, or stop; stopping must go well."""
        if is_on:
            self.serving = subprocess.Popen([self.program, "serve", self.offices.get("office", "office"), "--port", "0", "--quiet"],
                                            cwd=self.home, env=self.environment, stdout=subprocess.PIPE,
                                            stderr=subprocess.PIPE, text=True)
            self.serving.stdout.readline()  # the socket is there before this is said
        elif self.serving:
            self.serving.terminate()
            _, errors = self.serving.communicate(timeout=60)
            self.check(self.serving.returncode == 0 and errors == "", "the server ends in peace", errors)
            self.serving = None

    def json(self, *arguments):
        """Run with --json and return what it printed; the command must succeed."""
        done = self.run(*arguments, "--json")
        if done.returncode not in (0, 1, 3):
            raise AssertionError(done)
        return json.loads(done.stdout)

    def check(self, is_good, name, seen=""):
        self.number += 1
        self.failed += not is_good
        print(f"{'ok' if is_good else 'not ok'} {self.number} {name}", flush=True)
        if not is_good:
            print("# " + str(seen).replace("\n", "\n# "), flush=True)
        return is_good

    def good(self, name, *arguments, **keywords):
        """Check that the command succeeds and says nothing on standard error; return its output."""
        done = self.run(*arguments, **keywords)
        self.check(done.returncode == 0 and done.stderr == "", name, done)
        return done.stdout

    def bad(self, status, words, *arguments, **keywords):
        """Check that the command is refused in both languages: status, one sentence, nothing printed."""
        for language in ("en", "zh"):
            done = self.run(*arguments, language=language, **keywords)
            lines = done.stderr.rstrip("\n").split("\n")
            is_good = done.returncode == status and len(lines) == 1 and lines[0].startswith("shuzhi")
            if language == "en":
                is_good = is_good and words in done.stderr
            else:
                is_good = is_good and any(unicodedata.east_asian_width(c) == "W" for c in re.sub("'[^']*'", "", done.stderr))
            self.check(is_good, f"{' '.join(map(str, arguments))}: refused with {status} in {language}"
                       .replace(str(self.home), "~").replace("#", "no. "), done)

    def finish(self):
        self.serve(False)
        print(f"1..{self.number}")
        return self.failed > 0


def width(line):
    """Return the terminal columns of @line."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def make_cells(rows):
    """Rows of texts; one that is a tuple is hidden."""
    hidden = " hidden=\"1\""
    return "".join(f"<row r=\"{i}\"{hidden if isinstance(row, tuple) else str()}>" + "".join(
        f"<c r=\"{chr(65 + j)}{i}\"><v>{text}</v></c>" if isinstance(text, int) else
        f"<c r=\"{chr(65 + j)}{i}\" t=\"inlineStr\"><is><t>{text}</t></is></c>" for j, text in enumerate(row) if text != "") + "</row>"
        for i, row in enumerate(rows, 1))


def make_xlsx(path, sheets, properties="", merged="", hidden=""):
    """Write the smallest workbook there is: sheets of texts and numbers."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    state = " state=\"hidden\""
    parts = {
        "[Content_Types].xml": f"<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" "
        f"ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\""
        f" ContentType=\"{sheet}.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" "
        f"ContentType=\"{sheet}.worksheet+xml\"/></Types>",
        "_rels/.rels": f"<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" "
        f"Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns=\"{main}\" xmlns:r=\"{office}\">{properties}<sheets>" + "".join(
            f"<sheet name=\"{name}\"{state if name == hidden else str()} sheetId=\"{i}\" r:id=\"r{i}\"/>" for i, name in enumerate(sheets, 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns=\"{package}/relationships\">" + "".join(
            f"<Relationship Id=\"r{i}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>"
            for i in range(1, len(sheets) + 1)) + "</Relationships>",
    }
    ranges = "".join(f"<mergeCell ref=\"{cells}\"/>" for cells in merged.split(",") if cells)
    ranges = f"<mergeCells>{ranges}</mergeCells>" if ranges else ""
    for i, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{i}.xml"] = (f"<worksheet xmlns=\"{main}\"><sheetData>{make_cells(rows)}"
                                                f"</sheetData>{ranges}</worksheet>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text)
