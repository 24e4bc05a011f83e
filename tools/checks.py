"""What the checkers share: the tree, the list of complaints, the TAP at the end."""
import re
import sys
from pathlib import Path


class Tree:
    """The source tree under @root; files are read once."""

    def __init__(self, root):
        self.root = Path(root)
        self.texts = {}

    def read(self, path):
        if path not in self.texts:
            file = self.root / path
            self.texts[path] = file.read_text(encoding="utf-8") if file.is_file() else ""
        return self.texts[path]

    def files(self, *patterns):
        found = {path for pattern in patterns for path in self.root.glob(pattern) if path.is_file()}
        return sorted(str(path.relative_to(self.root)) for path in found)

    def folders(self):
        """Return the folders of src/ in their order, as src/meson.build lists them."""
        match = re.search(r"^folders = \[(.*?)\]", self.read("src/meson.build"), re.DOTALL | re.MULTILINE)
        return re.findall(r"'([\w-]+)'", match.group(1)) if match else []

    def folder_table(self):
        """Return {folder: row} of the table in ARCHITECTURE.md, in its order; row is its cells."""
        rows = re.findall(r"^\| `(\w+)/` \|(.*)\|$", self.read("ARCHITECTURE.md"), re.MULTILINE)
        return {name: [cell.strip() for cell in cells.split("|")] for name, cells in rows}


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def report(rules, tree):
    """Run @rules, functions that yield (path, line, sentence); print TAP, and the complaints to standard error.

    Return the exit status."""
    print(f"1..{len(rules)}")
    n_bad = 0
    for number, rule in enumerate(rules, 1):
        complaints = sorted(set(rule(tree)))
        n_bad += bool(complaints)
        print("not ok" if complaints else "ok", number, "-", rule.__doc__.split("\n")[0])
        for path, line, sentence in complaints:
            print(f"{path}:{line}: {sentence}", file=sys.stderr)
    return 1 if n_bad else 0
