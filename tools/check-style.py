#!/usr/bin/env python3
"""Check the rules of STYLE.md that a program can check, and that the tables of the papers are true.

usage: check-style.py [--root DIR]

TAP on standard output, one test a rule; complaints on standard error; exit status 1 if one is broken."""
import argparse
import ast
import re
import sys
from pathlib import Path

from checks import Tree, line_of, report
from csource import (TOKEN, call_arguments, code_only, depth, functions, literals, prototypes,
                     without_comments)

MAX_FUNCTION = 70  # lines; more needs "/* long: why */" inside, up to MAX_FUNCTION_HARD
MAX_FUNCTION_HARD = 120
MAX_NESTING = 4
MAX_FILE = 1200


def sources(tree):
    return tree.files("src/**/*.c", "src/**/*.h")


def all_c(tree):
    return tree.files("src/**/*.[ch]", "tests/**/*.[ch]")


def check_function_length(tree):
    """functions are short: 70 lines, 120 with a comment 'long: why'"""
    for path in all_c(tree):
        text = tree.read(path)
        lines = text.split("\n")
        for function in functions(code_only(text)):
            length = function.end - function.line - 1
            around = "\n".join(lines[function.line - 3:function.end])
            if length > MAX_FUNCTION_HARD:
                yield path, function.line, f"{function.name}() has {length} lines, the limit is {MAX_FUNCTION_HARD}"
            elif length > MAX_FUNCTION and not re.search(r"/\* long: \w", around):
                yield (path, function.line, f"{function.name}() has {length} lines, more than {MAX_FUNCTION}: split "
                       "it, or say why with /* long: … */")


def check_nesting(tree):
    """blocks nest at most 4 deep"""
    for path in all_c(tree):
        for function in functions(code_only(tree.read(path))):
            level = depth(function.body)
            if level > MAX_NESTING:
                yield path, function.line, f"{function.name}() nests {level} deep, the limit is {MAX_NESTING}"


def check_file_size(tree):
    """files have at most 1200 lines"""
    for path in all_c(tree) + tree.files("tools/*"):
        length = tree.read(path).count("\n")
        if length > MAX_FILE:
            yield path, length, f"has {length} lines, the limit is {MAX_FILE}"


def check_banned(tree):
    """banned functions are not called"""
    banned = set()
    for names in re.findall(r"^#pragma GCC poison ([\w ]+)", tree.read("src/base/banned.h"), re.MULTILINE):
        banned.update(names.split())
    if not banned:
        return
    pattern = re.compile(r"\b(" + "|".join(sorted(banned)) + r")\s*\(")
    for path in all_c(tree):
        code = code_only(tree.read(path))
        for match in pattern.finditer(code):
            yield path, line_of(code, match.start()), f"{match.group(1)}() is banned, see base/banned.h"


LOGGING = re.compile(r"\b(g_message|g_warning|g_critical|g_info|g_debug|g_log|g_print|g_printerr|printf|puts|"
                     r"perror|syslog)\s*\(|\bfprintf\s*\(\s*stderr")


def check_logging(tree):
    """only cli/, web/, http/server.c and main.c print or log"""
    for path in sources(tree):
        if re.match(r"src/(cli/|web/|http/server\.c|main\.c)", path):
            continue
        code = code_only(tree.read(path))
        for match in LOGGING.finditer(code):
            yield path, line_of(code, match.start()), "prints or logs; return an error instead"


def check_docstrings(tree):
    """each function of a header has its comment"""
    for path in tree.files("src/**/*.h"):
        for name, line, is_documented in prototypes(tree.read(path)):
            # STYLE.md 8 gives these verbs one meaning for the whole project.
            if not is_documented and not name.endswith(("_free", "_clear", "_unref")):
                yield path, line, f"{name}() has no comment above it"


# What a folder's files share among themselves, what only names what may not be called, and the folders
# of which STYLE.md 7 says it once for all.
SAYS_NO_THREAD = re.compile(r"-internal\.h$|/banned\.h$|^src/(cli|web)/")


def check_threads(tree):
    """the first comment of a header says which threads may use it"""
    for path in tree.files("src/**/*.h"):
        first = tree.read(path).split("*/", 1)[0]
        if not SAYS_NO_THREAD.search(str(path)) and not re.search(r"[Tt]hread|\bPure\b|\bStatic\b", first):
            yield path, 1, "its first comment does not say which threads may use it"


# An assignment, a step, or the address of something that is to be set.
EFFECT = re.compile(r"(?<![=!<>])=(?!=)|\+\+|--|[(,]\s*&\s*\w")


def check_asserts(tree):
    """the condition of a g_assert() has no effect"""
    for path in sources(tree):
        code = code_only(tree.read(path))
        for match in re.finditer(r"\bg_assert\(([^;]*)\);", code):
            if EFFECT.search(match.group(1)):
                yield path, line_of(code, match.start()), "g_assert() has an effect, and a build may leave it out"


def check_goto(tree):
    """no goto but one forward 'goto out'"""
    for path in all_c(tree):
        for function in functions(code_only(tree.read(path))):
            body = "\n".join(function.body)
            label = re.search(r"^\s*out:", body, re.MULTILINE)
            for match in re.finditer(r"\bgoto\s+(\w+)", body):
                if match.group(1) != "out" or not label or label.start() < match.start():
                    line = function.line + 1 + body.count("\n", 0, match.start())
                    yield path, line, f"{function.name}(): goto {match.group(1)}"


def check_steps(tree):
    """a loop over the rows of a query does not take a first step that fails for the end (store/store.h)"""
    for path in sources(tree):
        code = code_only(tree.read(path))
        for match in re.finditer(r"\bwhile \([^{]*\bstore_step\([^{]*has_row\) \{", code):
            begin = code.rfind("bool has_row", 0, match.start())
            if re.match(r"bool has_row = false;", code[begin:]):
                yield path, line_of(code, match.start()), "has_row is false before the first step: it is to be true"


def check_todo(tree):
    """a TODO has an issue number: TODO(#12)"""
    for path in all_c(tree) + tree.files("tools/*", "**/meson.build", "*.md", "docs/**/*.md"):
        if path.startswith(("tools/check-style", "build")) or path in ("STYLE.md", "HACKING.md"):
            continue
        text = tree.read(path)
        for match in re.finditer(r"\b(TODO|FIXME)\b(?!\(#\d+\))", text):
            yield path, line_of(text, match.start()), f"{match.group(1)} without an issue number"


# ---- words of the screen ----------------------------------------------------------------------

# Where a message stands: function -> the index of the argument.
MESSAGES = {"error_set": 2, "error_prefix": 1, "error_set_errno": 2, "N_": 0, "message_get": 1,
            "error_say": 1, "web_say": 1, "web_tr": 1, "cli_say": 1, "cli_remark": 1, "cli_tr": 1,
            "cli_set_usage": 2, "log_report_add": 5}
CALL = re.compile(r"\b(" + "|".join(MESSAGES) + r")\s*\(")


def messages(tree, path):
    """Yield (line, message) of each literal of @path that the reader may see translated."""
    text = without_comments(tree.read(path))
    text = re.sub(r"^[ \t]*#[ \t]*define\b(?:[^\n]*\\\n)*[^\n]*",
                  lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.MULTILINE)
    strings = [m.span() for m in TOKEN.finditer(text)]
    for match in CALL.finditer(text):
        if any(begin <= match.start() < end for begin, end in strings):
            continue
        arguments = call_arguments(text, match.end() - 1)
        index = MESSAGES[match.group(1)]
        if len(arguments) > index:
            for literal in literals(arguments[index]):
                if re.search(r"[A-Za-z]{2}", re.sub(r"%[\w.*]+", "", literal)):
                    yield line_of(text, match.start()), literal


def page_messages(tree, path):
    """Yield (line, message) of each text of the template @path that is translated."""
    for match in re.finditer(r'\{_ "([^"]*)" \}', tree.read(path)):
        yield line_of(tree.read(path), match.start()), match.group(1)


def catalogue(tree, path):
    """Yield (line, msgid, msgstr, is_fuzzy) of the .po file @path, without its header."""
    for block in re.finditer(r"(?:^[^\n]+\n?)+", tree.read(path), re.MULTILINE):
        fields = {}
        for line in block.group().split("\n"):
            match = re.match(r'(?:(msgid|msgstr) )?"(.*)"$', line.strip())
            if match:
                name = match.group(1) or name
                fields[name] = fields.get(name, "") + ast.literal_eval(f'"{match.group(2)}"')
        if fields.get("msgid"):
            yield (line_of(tree.read(path), block.start()), fields["msgid"], fields.get("msgstr", ""),
                   ", fuzzy" in block.group())


def check_translations(tree):
    """each message has its Chinese, and no catalogue entry is dead"""
    catalogues = tree.files("po/zh_CN/*.po")
    entries = {path: list(catalogue(tree, path)) for path in catalogues}
    translated = {msgid for rows in entries.values() for _, msgid, text, fuzzy in rows if text and not fuzzy}
    used = set()
    for path in sources(tree) + tree.files("src/**/*.def") + tree.files("src/**/*.html"):
        is_page = path.endswith(".html")
        found = list(page_messages(tree, path) if is_page else messages(tree, path))
        used.update([text for _, text in found] if is_page else literals(without_comments(tree.read(path))))
        folder = path.split("/")[1]
        for line, message in found:
            if message not in translated:
                yield path, line, f"'{message}' has no translation in po/zh_CN/{folder}.po"
    for path, rows in entries.items():
        for line, msgid, text, fuzzy in rows:
            if not text or fuzzy:
                yield path, line, f"'{msgid}' is not translated"
            elif msgid not in used:
                yield path, line, f"'{msgid}' is used nowhere"


# What base/error.c renders; anything else ends the program where the sentence is made.
CONVERSION = re.compile(r"%(?:%|(?:\d\$)?(?:\.\*s|02x|zu|ll[du]|l[du]|[sdiuc]))")


HAN, MARKS = "\u3400-\u9fff", "，。；：、！？（）“”《》"
NUMBER = r"(?:\d|%(?:\d\$)?(?:ll|l|z)?[du])"
LATIN = r"(?:[A-Za-z]|%(?:\d\$)?s)"


COMMAND = re.compile(r" ?--\w+(?: [^；、，]*)?| ?shuzhi [a-z]+(?: %s \w+)? ?| ?MB ?|“— [^”]*”")  # what is to be typed


def blanks(beside):
    """Return what finds a blank between Chinese and @beside or after a mark, and half-width brackets."""
    return re.compile(f"[{HAN}] {beside}|{beside} [{HAN}]|[{MARKS}] [{HAN}]|[{HAN}][()][{HAN}]")


def check_chinese(tree):
    """Chinese has no blank beside digits nor, but for commands and packs, beside Latin, and full-width marks"""
    strict, numbers = blanks(f"(?:{NUMBER}|{LATIN})"), blanks(NUMBER)
    for path in tree.files("po/zh_CN/*.po"):
        is_technical = path.endswith(("/cli.po", "/schema.po", "/proof.po"))
        for line, _, text, _ in catalogue(tree, path):
            found = (numbers if is_technical else strict).search(COMMAND.sub("", text))
            if found:
                yield path, line, f"'{found.group()}' in '{text}'"


def check_conversions(tree):
    """a sentence has only conversions that base/error.c knows"""
    for path in tree.files("po/zh_CN/*.po"):
        for line, msgid, text, _ in catalogue(tree, path):
            for sentence in (msgid, text):
                if re.search(r"%[\w.*]", CONVERSION.sub("", sentence)):
                    yield path, line, f"'{sentence}' has a conversion that is not known"


# ---- tables of the papers ---------------------------------------------------------------------


def check_folder_table(tree):
    """ARCHITECTURE.md's folder table is src/meson.build's"""
    listed = [name for name in tree.folders() if (tree.root / "src" / name).is_dir()]
    table = list(tree.folder_table())
    for name in listed:
        if name not in table:
            yield "ARCHITECTURE.md", 1, f"folder table lacks '{name}/'"
    if [name for name in table if name in tree.folders()] != [name for name in tree.folders() if name in table]:
        yield "ARCHITECTURE.md", 1, "folder table is in another order than src/meson.build"
    for name in table:
        if name not in tree.folders():
            yield "ARCHITECTURE.md", 1, f"folder table has '{name}/', which src/meson.build lacks"


def check_links(tree):
    """links between the papers lead somewhere, and the make targets they name exist"""
    targets = set(re.findall(r"^([a-z]+):", tree.read("GNUmakefile"), re.MULTILINE))
    for path in tree.files("*.md", "docs/**/*.md"):
        text = tree.read(path)
        for match in re.finditer(r"\]\((?!https?:|#|figure:)([^)#\s]+)", text):
            if not (tree.root / path).parent.joinpath(match.group(1)).exists():
                yield path, line_of(text, match.start()), f"link to '{match.group(1)}', which is not there"
        for match in re.finditer(r"(?:^    |`)make ([a-z]+)\b", text, re.MULTILINE):
            if targets and match.group(1) not in targets:
                yield path, line_of(text, match.start()), f"'make {match.group(1)}' is no target of GNUmakefile"


def check_migrations(tree):
    """each table and column of a migration has its comment"""
    for path in tree.files("sql/**/*.sql", "sql/*.sql"):
        lines = tree.read(path).split("\n")
        table = None
        for i, line in enumerate(lines):
            above = lines[i - 1].strip() if i else ""
            match = re.match(r"\s*CREATE TABLE (?:IF NOT EXISTS )?(\w+)", line)
            if match:
                table = match.group(1)
                if not above.startswith("--") and "--" not in line:
                    yield path, i + 1, f"table {table} has no comment"
            elif table and line.startswith(")"):
                table = None
            elif table:
                column = re.match(r"\s+([a-z]\w*)\s+[\w{]", line)
                if column and "--" not in line and not above.startswith("--"):
                    yield path, i + 1, f"column {table}.{column.group(1)} has no comment"


TEST_NAME = re.compile(r'\b(?:g_test_add_func|g_test_add_data_func|test_store_each|test_store_on)\(\s*(?:STORE_\w+,\s*)?"(/[^"]*)"')


def check_test_names(tree):
    """a test is named /folder/unit/behaviour, where the unit is its own file or one of src/folder"""
    units = {path.removeprefix("src/") for path in tree.files("src/**/*.c")}
    for path in tree.files("tests/unit/**/test-*.c"):
        folder, file = path.split("/")[2:4]
        text = tree.read(path)
        for match in TEST_NAME.finditer(text):
            parts = match.group(1).split("/")
            is_unit = len(parts) > 3 and (f"test-{parts[2]}.c" == file or f"{folder}/{parts[2]}.c" in units)
            if parts[1] != folder or not is_unit:
                yield (path, line_of(text, match.start(1)),
                       f"'{match.group(1)}' is not /{folder}/unit/behaviour of a unit of src/{folder}")


RULES = [check_function_length, check_nesting, check_file_size, check_banned, check_logging, check_docstrings,
         check_threads,
         check_asserts, check_goto, check_steps, check_todo, check_translations, check_conversions, check_chinese,
         check_folder_table,
         check_links, check_migrations, check_test_names]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", default=Path(__file__).resolve().parent.parent)
    options = parser.parse_args()
    sys.exit(report(RULES, Tree(options.root)))


if __name__ == "__main__":
    main()
