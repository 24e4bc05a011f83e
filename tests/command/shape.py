#!/usr/bin/env python3
"""What all commands have in common: help, manual, completion, wrong command lines.  usage: shape.py SHUZHI ROOT"""
import re
import shlex
import subprocess
import sys
from pathlib import Path

from harness import Shuzhi, width

MANUALS = {"en": "docs/commands.md", "zh": "docs/commands.zh-CN.md"}


def check_help(t, commands):
    for language in ("en", "zh"):
        for command in commands:
            done = t.run(*command.split(), "--help", language=language)
            lines = done.stdout.split("\n")
            t.check(done.returncode == 0 and done.stderr == "" and f"shuzhi {command}" in lines[0],
                    f"{command} --help in {language}", done)
            wide = [line for line in lines if width(line) > 80]
            t.check(not wide, f"{command} --help in {language} fits 80 columns", wide)
            t.check(t.run("help", *command.split(), language=language).stdout == done.stdout,
                    f"help {command} in {language} is the same")
        overview = t.run("--help", language=language)
        t.check(overview.returncode == 0 and not [line for line in overview.stdout.split("\n") if width(line) > 80],
                f"--help in {language}", overview)
        words = {command.split()[0] for command in commands}
        t.check(words == set(re.findall(r"^  ([a-z]+) ", overview.stdout, re.MULTILINE)),
                f"--help in {language} lists every command", overview.stdout)


def check_manual(t, root):
    for language, path in MANUALS.items():
        made = t.run("help", "--manual", language=language).stdout
        stored = (root / path).read_text(encoding="utf-8") if (root / path).exists() else ""
        t.check(made == stored, f"{path} is what SHUZHI_LANGUAGE={language} shuzhi help --manual prints")


def complete(t, script, *words):
    """Return what bash completes the last of @words to, the script read as bash-completion reads it."""
    source = (f"load() {{ source {script}; }}\nload\nCOMP_WORDS=(shuzhi {shlex.join(words)})\n"
              f"COMP_CWORD={len(words)}\n_shuzhi\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n")
    done = subprocess.run(["bash", "-c", source], capture_output=True, text=True, check=False, cwd=t.home,
                          env={**t.environment, "PATH": f"{Path(t.program).parent}:{t.environment['PATH']}"})
    return set(done.stdout.splitlines()) - {""} if done.stderr == "" else done.stderr


def check_evaluated(t, script):
    """What people named something, and what stands on the line, is text for the completion."""
    evil = f"$(touch {t.path('evaluated')})"
    t.good("a unit with a hostile name", "unit", "add", "office", evil)
    t.good("a unit with all that is quoted", "unit", "add", "office", "a 'b' \"c\" \\d !e")
    t.good("a name with a blank", "person", "add", "office", "John Doe")
    seen = complete(t, script, "unit", "close", "office", "$")
    t.check(len(seen) == 1, "it is completed", seen)
    line = subprocess.run(["bash", "-c", f"printf %s {seen.pop()}"], capture_output=True, text=True, check=False).stdout
    t.check(line == evil, "and quoted so that it is what was typed", line)
    seen = complete(t, script, "unit", "close", "office", "a")
    line = subprocess.run(["bash", "-c", f"printf %s {seen.pop()}"], capture_output=True, text=True, check=False).stdout
    t.check(line == "a 'b' \"c\" \\d !e", "as are quotes and backslashes", line)
    t.check(complete(t, script, "unit", "close", "office", "'") == {"office", "信访室"}, "between quotes only what means nothing there",
            complete(t, script, "unit", "close", "office", "'"))
    for typed in ("John", "John\\ D"):
        t.check(complete(t, script, "person", "change", "office", typed) == {"John\\ Doe"}, f"a name with a blank, from {typed}",
                complete(t, script, "person", "change", "office", typed))
    t.check(complete(t, script, "person", "change", "'office'", "'John D") == {"John Doe"}, "and between quotes",
            complete(t, script, "person", "change", "'office'", "'John D"))
    for words in (("unit", "close", "office", ""), (f"a[{evil}]", "x"), ("unit", f"a[{evil}]", "x"), ("pack", "show", evil, "ledgers"),
                  ("unit", "close", evil, ""), ("entry", "list", "office", evil, "--sort", "")):
        complete(t, script, *words)
    t.check(not Path(t.path("evaluated")).exists(), "nothing was evaluated")


def check_completion(t, commands):
    script = t.write("completion", t.good("completion bash", "completion", "bash"))
    t.bad(10, "fish", "completion", "fish")
    done = subprocess.run(["bash", "-n", script], capture_output=True, text=True, check=False)
    t.check(done.returncode == 0 and done.stderr == "", "bash reads the completion", done)
    first = {command.split()[0] for command in commands}
    t.check(complete(t, script, "") == first | {"help"}, "the first word", complete(t, script, ""))
    t.check(complete(t, script, "help", "") == first | {"help"} and complete(t, script, "help", "log", "") == {"check", "list", "prove"}, "help of what")
    for group in sorted({command.split()[0] for command in commands if " " in command}):
        second = {command.split()[1] for command in commands if command.startswith(group + " ")}
        t.check(complete(t, script, group, "") == second, f"the second word of {group}",
                complete(t, script, group, ""))
    for command in commands:
        text = t.run(*command.split(), "--help").stdout
        options = set(re.findall(r"^  (--[a-z-]+)", text, re.MULTILINE))
        seen = complete(t, script, *command.split(), "-")
        t.check(seen == options, f"the options of {command}", (seen, options))
    for word in ("due", "nosuch"):
        t.check(isinstance(complete(t, script, word, ""), set), f"nothing is said where there is nothing to name: {word}", complete(t, script, word, ""))
    with open("/dev/full", "w", encoding="utf-8") as full:
        for line in (["help"], ["--version"], ["help", "entry", "add"]):
            done = subprocess.run([t.program, *line], stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=t.environment)
            t.check(done.returncode == 16 and "disk is full" in done.stderr, f"{line}: what cannot be written is said", done)
        t.run("init", "lost", "--name", "lost")
        for line in (["unit", "add", "lost", "信访室", "--json"], ["entry", "add", "lost", "case", "title=x", "received_at=2023-05-06"]):
            done = subprocess.run([t.program, *line], cwd=t.home, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=t.environment)
            t.check(done.returncode == 0 and "it is recorded" in done.stderr, f"{line}: what is recorded is not to be done again", done)
        t.check("SQ2023-00001" in done.stderr, "and its number is told", done)
    done = subprocess.run(["bash", "-c", '"$0" due --start 2023-01-20 --within "5 workdays" >&-', t.program], stderr=subprocess.PIPE, text=True, check=False, env=t.environment)
    t.check(done.returncode == 15 and "it is closed" in done.stderr, "an output that is closed is said", done)
    t.run("init", "office", "--name", "office")
    t.check("office" in complete(t, script, "pack", "show", "off"), "a folder for an office")
    names = set(re.findall(r"^(\S+)", t.run("pack", "show", "office", "ledgers").stdout, re.MULTILINE))
    for command in ("import", "export", "entry list", "entry add"):
        if command in commands:
            t.check(complete(t, script, *command.split(), "office", "") == names, f"ledgers for {command}",
                    complete(t, script, *command.split(), "office", ""))
    t.run("unit", "add", "office", "信访室")
    t.run("entry", "add", "office", "case", "title=x", "received_at=2023-05-06")
    for words, some in ((("entry", "add", "office", "case", "tit"), {"title="}), (("entry", "set", "office", "SQ2023-00001", "titl"), {"title="}),
                        (("entry", "step", "office", "SQ2023-00001", "acc"), {"accept"}), (("entry", "list", "office", "case", "--sort", "received"), {"received_at"}),
                        (("figure", "office", "cases_rec"), {"cases_received"}), (("unit", "change", "office", "信"), {"信访室"}),
                        (("post", "add", "office", "甲", "信访室", "cl"), {"clerk"}), (("person", "add", "office", "甲", "--party", "p"), {"probationary"}),
                        (("user", "add", "office", "甲", "--administrator", ""), {"system", "security", "audit"}),
                        (("unit", "add", "office", "甲", "--kind", "b"), {"branch"}), (("export", "office", "case", "--format", "x"), {"xlsx"})):
        seen = complete(t, script, *words)
        t.check(seen == some, f"completed: {' '.join(words)}", seen)
    check_evaluated(t, script)


def check_wrong(t):
    t.bad(2, "there is no command 'frobnicate'", "frobnicate")
    t.bad(2, "did you mean 'verify'", "verfy", "office")
    t.bad(2, "did you mean 'apply'", "pack", "aply")
    t.bad(2, "there is no command", "help", "frobnicate")
    t.bad(2, "OFFICE is missing", "verify")
    t.bad(2, "one word too many", "check", "office", "another")
    t.bad(2, "takes no value", "verify", "office", "--json=yes")
    t.bad(2, "needs a value", "verify", "office", "--key")
    t.bad(2, "given twice", "verify", "office", "--key", "a", "--key", "b")
    t.bad(2, "there is no option '-x'", "verify", "office", "-x")
    done = t.run()
    t.check(done.returncode == 2 and done.stdout == "" and "usage" in done.stderr, "no command at all", done)
    done = t.run("pack")
    t.check(done.returncode == 2 and "apply" in done.stderr, "half a command lists the whole ones", done)
    done = subprocess.run([t.program, "verify", b"\xff\xfe"], capture_output=True, check=False, env=t.environment)
    t.check(done.returncode == 2 and b"UTF-8" in done.stderr, "an argument that is not UTF-8", done)
    done = subprocess.run([t.program, "--help"], stdout=open("/dev/full", "wb"), stderr=subprocess.PIPE, check=False,
                          env=t.environment)
    t.check(done.returncode != 0, "an output that cannot be written fails", done)
    done = subprocess.run([t.program, "due", "--start", "2023-01-20", "--within", "1 day"], check=False,
                          stdout=open("/dev/full", "wb"), stderr=subprocess.PIPE, env=t.environment)
    t.check(done.returncode == 16 and b"full" in done.stderr, "a full disk behind the output is named", done)
    for variable, value, word in (("LANG", "zh_CN.UTF-8", "用法"), ("LC_ALL", "en_US.UTF-8", "usage"),
                                  ("LC_MESSAGES", "C", "用法")):
        environment = {key: value for key, value in t.environment.items() if key != "SHUZHI_LANGUAGE"}
        done = subprocess.run([t.program, "--help"], capture_output=True, text=True, check=False,
                              env={**environment, variable: value})
        t.check(word in done.stdout, f"{variable}={value}: {word}", done)


def main():
    root = Path(sys.argv[2])
    with Shuzhi() as t:
        manual = t.run("help", "--manual").stdout
        commands = re.findall(r"^## (.+)$", manual, re.MULTILINE)
        t.check(len(commands) > 20 and "pack apply" in commands, "the manual has all commands", commands)
        check_help(t, commands)
        check_manual(t, root)
        check_completion(t, commands)
        check_wrong(t)
        return t.finish()


sys.exit(main())
