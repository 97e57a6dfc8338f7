# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the tests of the house share: the project's files and its rooms."""
import os
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = {".git", "build", "out", "node_modules", "__pycache__"}
CODE = (".h", ".cpp", ".c")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+[<"]([^">]+)[">]', re.M)


def files(*suffixes):
    """All files of the project with these suffixes, as paths relative to ROOT,
    without build trees."""
    for folder, names, entries in os.walk(ROOT):
        names[:] = sorted(name for name in names if name not in SKIPPED)
        for entry in sorted(entries):
            if not suffixes or entry.endswith(suffixes):
                yield (pathlib.Path(folder) / entry).relative_to(ROOT)


def is_input(path):
    """Programs that Gridlock reads or runs, not parts of it."""
    return "cases" in path.parts or path.parts[0] == "test_inputs" or path.parts[:2] == ("bench", "parse_inputs") or path.parts[:3] == ("bench", "real", "reverted")


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def rooms():
    """-> {folder: {folders that it may include from}} from the table under
    "## Rooms" of docs/architecture.md; None stands for all of them."""
    section = read(pathlib.Path("docs/architecture.md")).partition("\n## Rooms\n")[2].partition("\n## ")[0]
    table = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        name = re.fullmatch(r"`([a-z_/]+)/`", cells[0])
        if not name or len(cells) != 3:
            continue
        uses = re.findall(r"`([a-z_/]+)/`", cells[2])
        table[name[1]] = None if cells[2] == "everything" else set(uses)
    return table


def room_of(path, table):
    """The room that holds a file: the longest folder of the table."""
    parents = ["/".join(path.parts[:n]) for n in range(len(path.parts) - 1, 0, -1)]
    return next((parent for parent in parents if parent in table), None)
