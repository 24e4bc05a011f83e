"""What the checkers need to know of C source: text without comments, functions, prototypes, calls.

This is no parser.  It relies on .clang-format, which `make lint` enforces: a function's braces stand
alone in column 0, and nothing else does.  The rest is a tokenizer for comments and strings."""
import re
from dataclasses import dataclass

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
STRING = re.compile(r'"((?:\\.|[^"\\\n])*)"')


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def without_comments(text):
    """Replace comments by spaces, keeping strings, positions and lines."""
    return TOKEN.sub(lambda m: blank(m) if m.group().startswith("/") else m.group(), text)


def code_only(text):
    """Replace comments and the insides of strings by spaces, keeping positions and lines."""

    def hide(match):
        token = match.group()
        return blank(match) if token.startswith("/") else token[0] + " " * (len(token) - 2) + token[-1]

    return TOKEN.sub(hide, text)


@dataclass
class Function:
    name: str
    line: int  # of the opening brace, from 1
    end: int  # of the closing brace
    body: list  # the lines between, code only


def functions(code):
    """Yield the functions defined in @code, which went through code_only()."""
    lines = code.split("\n")
    start = None
    for i, line in enumerate(lines):
        if line.rstrip() == "{":
            start = i
        elif line.rstrip() == "}" and start is not None:
            head = ""
            for above in reversed(lines[:start]):
                if not above.strip() or above.startswith("#") or above.rstrip().endswith((";", "}")):
                    break
                head = above + " " + head
            name = re.search(r"(\w+)\s*\(", re.sub(r"__attribute__\s*\(\(.*?\)\)", "", head))
            yield Function(name.group(1) if name else "?", start + 1, i + 1, lines[start + 1:i])
            start = None


def depth(body):
    """Return how deep the blocks of a function's @body nest; braces of initializers do not count."""
    deepest = level = 0
    opened = []
    text = "\n".join(body)
    for match in re.finditer(r"[{}]", text):
        if match.group() == "{":
            before = text[:match.start()]
            is_block = before.endswith((") ", "else ", "do ", ": ")) or re.search(r"[;{}:]\s*$", before[-80:])
            opened.append(bool(is_block))
            level += opened[-1]
            deepest = max(deepest, level)
        elif opened:
            level -= opened.pop()
    return deepest


def prototypes(text):
    """Yield (name, line, is_documented) of each function that the header @text declares or defines.

    Documented: a comment ends on the line above or stands behind, or the line above belongs to a
    documented one, so that one comment may stand over a block of prototypes."""
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", blank, code_only(text), flags=re.MULTILINE)
    # Macros that stand alone, such as G_DEFINE_AUTOPTR_CLEANUP_FUNC(…), end without a semicolon.
    code = re.sub(r"^[A-Z][A-Z0-9_]*\([^()]*\)[ ]*$", blank, code, flags=re.MULTILINE)
    originals = text.split("\n")
    documented_until = -1  # the last line of a documented block, from 1
    at = level = 0
    for match in re.finditer(r"[;{}]", code):
        level -= match.group() == "}"
        chunk = code[at:match.start()]
        name = prototype_name(chunk) if level == 0 and match.group() in ";{" else None
        if name:
            line = code.count("\n", 0, at + len(chunk) - len(chunk.lstrip())) + 1
            above = originals[line - 2].rstrip() if line > 1 else ""
            last = code.count("\n", 0, match.start()) + 1
            is_documented = (above.endswith("*/") or documented_until == line - 1 or
                             originals[last - 1].rstrip().endswith("*/"))
            if is_documented:
                documented_until = last
            yield name, line, is_documented
        if level == 0:
            at = match.end()
        level += match.group() == "{"


def prototype_name(chunk):
    """Return the function that @chunk, text up to a ';' or '{' outside all braces, declares, or None."""
    if re.match(r"\s*(typedef|extern\s|enum|_Static_assert|G_STATIC_ASSERT)\b", chunk):
        return None
    match = re.match(r"[\w\s*]*?\b([a-z]\w*)\s*\(", chunk)
    return match.group(1) if match else None


def call_arguments(text, start):
    """Return the arguments of the call whose '(' stands at @start of @text (comments removed)."""
    arguments, level, begin, at = [], 0, start + 1, start
    while at < len(text):
        token = TOKEN.match(text, at)
        if token:
            at = token.end()
            continue
        char = text[at]
        if char in "([{":
            level += 1
        elif char in ")]}":
            level -= 1
        if level == 0 or (level == 1 and char == ","):
            arguments.append(text[begin:at].strip())
            begin = at + 1
            if level == 0:
                return arguments
        at += 1
    return arguments


def literals(expression):
    """Return the string literals of @expression, neighbours joined, PRId64 and its kin resolved."""
    kinds = {"PRId64": "ld", "PRIu64": "lu", "G_GINT64_FORMAT": "li", "G_GUINT64_FORMAT": "lu"}
    joined = re.sub("|".join(kinds), lambda m: '"' + kinds[m.group()] + '"', expression)
    found = []
    last_end = None
    for match in STRING.finditer(joined):
        text = unescape(match.group(1))
        if last_end is not None and not joined[last_end:match.start()].strip():
            found[-1] += text
        else:
            found.append(text)
        last_end = match.end()
    return found


def unescape(body):
    simple = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
    return re.sub(r"\\(.)", lambda m: simple.get(m.group(1), m.group(1)), body)
