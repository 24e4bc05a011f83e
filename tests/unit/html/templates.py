#!/usr/bin/env python3
"""The template compiler: what it makes, what it refuses, and that nothing brings it down.

templates/good/NAME.html has its C in NAME.expected (SHUZHI_WRITE_DOCS=1 writes it); templates/bad/NAME.html
has the line and the sentence of its refusal in NAME.expected.  Prints TAP."""
import importlib.util
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent / "templates"
TOOL = HERE.parents[3] / "tools" / "compile-templates.py"
N_MUTATIONS = 3000


def run(*paths):
    """Compile @paths; return the status, the C and what was said."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.c"
        done = subprocess.run([sys.executable, TOOL, out, Path(folder) / "out.h", *paths],
                              cwd=HERE, capture_output=True, text=True, check=False)
        return done.returncode, out.read_text() if out.exists() else "", done.stderr.strip()


def check_good(path):
    status, text, said = run(path.relative_to(HERE))
    golden = path.with_suffix(".expected")
    if os.environ.get("SHUZHI_WRITE_DOCS"):
        golden.write_text(text)
    return status == 0 and golden.exists() and golden.read_text() == text, said


def check_bad(path):
    name = path.relative_to(HERE)
    status, _, said = run(name)
    return status != 0 and said == f"{name}:{path.with_suffix('.expected').read_text().strip()}", said


def load():
    spec = importlib.util.spec_from_file_location("compile_templates", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check_mutations():
    """Change good templates at random: each is compiled or refused, never a crash."""
    tool = load()
    dice = random.Random(7)
    seeds = [path.read_text() for path in sorted(HERE.glob("*/*.html"))]
    pieces = ["{%", "%}", "{=", "}", "<", ">", "\"", "'", "end", "if", "=", "</p>", "<!--", "-->",
              "{!", "<script>", "\n", "诉"]
    n_compiled = 0
    for _ in range(N_MUTATIONS):
        text = dice.choice(seeds)
        for _ in range(dice.randint(1, 4)):
            at = dice.randint(0, len(text))
            text = text[:at] + dice.choice(pieces) + text[at + dice.randint(0, 3):]
        try:
            tool.Compiler("fuzz.html").compile(text)
            n_compiled += 1
        except tool.Refused as refused:
            if not 1 <= refused.line <= text.count("\n") + 1:
                return False, f"line {refused.line} is not in the file: {text!r}"
    return 0 < n_compiled < N_MUTATIONS, f"{n_compiled} of {N_MUTATIONS} compiled"


def main():
    checks = [(f"good {path.stem}", lambda path=path: check_good(path))
              for path in sorted(HERE.glob("good/*.html"))]
    checks += [(f"bad {path.stem}", lambda path=path: check_bad(path))
               for path in sorted(HERE.glob("bad/*.html"))]
    checks.append(("nothing brings the compiler down", check_mutations))
    print(f"1..{len(checks)}")
    for number, (name, check) in enumerate(checks, 1):
        is_good, said = check()
        print(f"{'ok' if is_good else 'not ok'} {number} - {name}")
        if not is_good:
            print(f"# {said}")


main()
