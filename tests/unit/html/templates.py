#!/usr/bin/env python3
"""The template compiler: what it makes, what it refuses, and that nothing brings it down.

templates/good/NAME.html has its C in NAME.expected (SHUZHI_WRITE_DOCS=1 writes it); templates/bad/NAME.html
has the line and the sentence of its refusal in NAME.expected, templates/words/NAME.html that with --translated.  Prints TAP."""
import html.parser
import importlib.util
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent / "templates"
TOOL = HERE.parents[3] / "tools" / "compile-templates.py"
SHIPPED = HERE.parents[3] / "src" / "web" / "templates"
N_MUTATIONS = 3000


def run(*paths, options=()):
    """Compile @paths; return the status, the C and what was said."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, TOOL, *options, folder, *paths],
                              cwd=HERE, capture_output=True, text=True, check=False)
        out = "".join(path.read_text() for path in sorted(Path(folder).glob("*.c")))
        return done.returncode, out, done.stderr.strip()


def check_good(path):
    status, text, said = run(path.relative_to(HERE))
    golden = path.with_suffix(".expected")
    if os.environ.get("SHUZHI_WRITE_DOCS"):
        golden.write_text(text)
    return status == 0 and golden.exists() and golden.read_text() == text, said


def check_bad(path):
    name = path.relative_to(HERE)
    status, _, said = run(name)
    return status == 1 and said == f"{name}:{path.with_suffix('.expected').read_text().strip()}", said


def check_words(path):
    name = path.relative_to(HERE)
    status, _, said = run(name, options=["--translated"])
    is_refused = status == 1 and said == f"{name}:{path.with_suffix('.expected').read_text().strip()}"
    return is_refused and run(name)[0] == 0, said


def check_shipped():
    status, _, said = run(*sorted(SHIPPED.glob("*.html")), options=["--translated"])
    return status == 0, said


def load():
    spec = importlib.util.spec_from_file_location("compile_templates", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# What each writer may leave in a value, at its worst, and a letter that says which writer it was.
TEXT, OTHER = "\ue000", "\ue001"
WRITTEN = {"html_append_text": f"{TEXT}t {OTHER}={OTHER} {OTHER}/`;:", "html_append_int": f"{TEXT}n-7",
           "html_append_data": f"{TEXT}t {OTHER}={OTHER} {OTHER}/`;:",
           "html_append_lang": " lang=\"zh\"", "html_append_url": f"{TEXT}u {OTHER}={OTHER}", "html_append_url_part": f"{TEXT}p%20"}
CALL = re.compile(r"(\w+)\((?:[^\"]|\"(?:[^\"\\]|\\.)*\")*\);", re.S)
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
ADDRESSES = {"href", "src", "action", "formaction", "cite", "poster", "data", "xlink:href"}
FORBIDDEN = re.compile(r"on|style$|src(doc|set)$|http-equiv$|content$")


def unquote(text):
    return re.sub(rb"\\([0-7]{3})", lambda match: bytes([int(match.group(1), 8)]), text.encode()).decode()


def play(lines, dice):
    """Write the page that the C @lines would, each branch and count of turns left to the @dice."""
    page, blocks = [], []  # of a block: whether what is in it runs, whether a branch has run
    for line in lines:
        word = line.strip()
        if word.startswith(("#line", "void ")) or (not blocks and word in ("{", "}")):
            continue
        if word.startswith(("if (", "for (")):
            runs = dice.random() < 0.5
            blocks.append([runs, runs])
        elif word.startswith("} else"):
            blocks[-1][0] = not blocks[-1][1] and (word == "} else {" or dice.random() < 0.5)
            blocks[-1][1] = blocks[-1][1] or blocks[-1][0]
        elif word == "}":
            blocks.pop()
        elif all(block[0] for block in blocks):
            name = CALL.match(word)
            if name and name.group(1) == "g_string_append":
                page.append("/base")
            elif name and name.group(1) == "html_append_literal":
                page.append("".join(unquote(text) for text in LITERAL.findall(word)))
            elif name and name.group(1) in WRITTEN:
                page.append(WRITTEN[name.group(1)])
    return "".join(page)


class Reader(html.parser.HTMLParser):
    """Reads a page as a browser does, and notes each value in a place that is not its own."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.wrong = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        if TEXT in tag or OTHER in tag:
            self.wrong.append(f"in the tag <{tag}>")
        for name, value in attrs:
            value = value or ""
            writers = re.findall(TEXT + "(.)", value)
            is_address = name in ADDRESSES
            if TEXT in name or OTHER in name or (writers and FORBIDDEN.match(name)):
                self.wrong.append(f"in the attribute {name}")
            if is_address and ("t" in writers or "u" in writers[1:]
                               or ("u" in writers and not value.startswith(TEXT))
                               or ("u" not in writers and value.startswith(TEXT))):
                self.wrong.append(f"in the address {name}={value}")
            if not is_address and set(writers) - {"t", "n"}:
                self.wrong.append(f"an address in {name}")
            if is_address and re.match(r"\s*[a-z]+script:", value, re.I):
                self.wrong.append(f"{name}={value}")

    def handle_endtag(self, tag):
        if TEXT in tag or OTHER in tag:
            self.wrong.append(f"in the tag </{tag}>")

    def handle_data(self, data):
        if TEXT in data and self.cdata_elem in ("script", "style"):
            self.wrong.append(f"in <{self.cdata_elem}>")
        if set(re.findall(TEXT + "(.)", data)) - {"t", "n"}:
            self.wrong.append(f"an address between tags: {data}")

    def handle_comment(self, data):
        if TEXT in data:
            self.wrong.append(f"in the comment {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


PIECES = ["{%", "%}", "{= v }", "{~ v }", "{@ v }", "{# n }", "{=", "}", "<", ">", "\"", "'", "{% end %}", "{% if v %}", "{% else %}", "=", "/",
          "</p>", "<!--", "-->", "--!>", "{! !}", "<script>", "<style>", "<textarea>", "</textarea>", "<pre>", "<title>",
          " onclick=", " href=\"", " href=", "java", "script:", " src='", " style=\"", "\n", " ", "诉"]


def mutate(text, dice):
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        at = dice.randint(0, len(text))
        text = text[:at] + dice.choice(PIECES) + text[at + dice.choice((0, 0, 1, 3, 30)):]
    return text


def statements(lines):
    """Join what is one statement of C; a literal may have several lines."""
    joined = []
    for line in "\n".join(lines).splitlines():
        if line.lstrip().startswith('"') and joined:
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def check_mutations():
    """Change all templates at random: each is refused with its line, or no value of it stands where a
    browser takes it for something else."""
    tool = load()
    dice = random.Random(7)
    seeds = [path.read_text() for path in sorted([*HERE.glob("*/*.html"), *SHIPPED.glob("*.html")])]
    n_compiled = 0
    for _ in range(N_MUTATIONS):
        text = mutate(dice.choice(seeds), dice)
        compiler = tool.Compiler("fuzz.html")
        try:
            compiler.compile(text)
        except tool.Refused as refused:
            if not 1 <= refused.line <= text.count("\n") + 1:
                return False, f"line {refused.line} is not in the file: {text!r}"
            continue
        n_compiled += 1
        page = play(statements(compiler.out), dice)
        wrong = Reader(page).wrong
        if wrong:
            return False, f"a value stands {wrong}: {text!r} gives {page!r}"
    return N_MUTATIONS // 20 < n_compiled < N_MUTATIONS, f"{n_compiled} of {N_MUTATIONS} compiled"


def check_reader():
    """The reader itself finds what it is there to find."""
    pages = [f"<p title={WRITTEN['html_append_text']}>", f"<p {TEXT}t=x>", f"<!-- {TEXT}t -->",
             f"<a href=\"{TEXT}t\">", f"<a href=\"/x{TEXT}u\">", f"<a href=\"{TEXT}p\">", f"<p onclick=\"{TEXT}t\">",
             f"<script>{TEXT}t</script>", f"<p title=\"{TEXT}u\">", "<a href=\"javascript:x\">"]
    missed = [page for page in pages if not Reader(page).wrong]
    good = f"<p title=\"{WRITTEN['html_append_text']}\">{WRITTEN['html_append_text']}<a href=\"{TEXT}u\">"
    return not missed and not Reader(good).wrong, missed


def main():
    checks = [(f"good {path.stem}", lambda path=path: check_good(path))
              for path in sorted(HERE.glob("good/*.html"))]
    checks += [(f"bad {path.stem}", lambda path=path: check_bad(path))
               for path in sorted(HERE.glob("bad/*.html"))]
    checks += [(f"words {path.stem}", lambda path=path: check_words(path))
               for path in sorted(HERE.glob("words/*.html"))]
    checks.append(("no page has words of its own", check_shipped))
    checks.append(("the reader of pages finds values out of place", check_reader))
    checks.append(("nothing brings the compiler down", check_mutations))
    print(f"1..{len(checks)}")
    for number, (name, check) in enumerate(checks, 1):
        is_good, said = check()
        print(f"{'ok' if is_good else 'not ok'} {number} - {name}")
        if not is_good:
            print(f"# {said}")


main()
