#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What an analysis costs, in units of "Clang reads the file".

For each class of files, in turn and several times over: the CPU seconds (user
and system) of `gridlock check --no-cache -j1` over all of them, with linking,
solving and output, and of `clang -fsyntax-only -w` over the same files with
the same flags. The median of the rounds' ratios counts, since both of a pair
saw the same machine. Exit status 1 when a class is over its limit.

The class `standard library` is bench/parse_inputs. The others are files of
real packages, taken from the databases that bench/real/real.py makes; a class
whose package is not there is skipped and said so.

    parse_cost.py [--tool PATH] [--rounds N] [--write]      --write: the table into docs/performance.md
"""

import argparse
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE / "real"))
import real  # noqa: E402  (measure)
import sources  # noqa: E402  (database_path, syntax_command)

PAGE = ROOT / "docs/performance.md"
BEGIN, END = "<!-- parse cost: begin -->", "<!-- parse cost: end -->"

# Name, limit, and where its files come from: package and what its paths match.
CLASSES = [
    ("C++, standard library", 0.75, None),
    ("C++, standard library, real code", 0.75, [("leveldb", r"/(db|util)/"), ("log4cplus", r"/src/")]),
    ("C++, template-heavy project headers", 1.2, [("onetbb", r"/src/tbb/")]),
    ("C++, project headers, real code", 1.2, [("poco", r"/(Foundation|Net)/src/"), ("zeromq3", r"/src/")]),
    ("C", 1.2, [("memcached", r""), ("libuv1", r"/src/"), ("unbound", r"/(services|util|daemon)/")]),
]


def committed_entries():
    folder = HERE / "parse_inputs"
    return [{"directory": str(folder), "file": str(f), "arguments": ["clang++", "-std=c++20", "-pthread", "-O2", "-c", str(f)]}
            for f in sorted(folder.glob("*.cpp"))]


def package_entries(work, places, wanted):
    """About `wanted` files, evenly spread over what matches; empty when no package is there."""
    found = []
    for package, pattern in places:
        file = sources.database_path(work, package)
        if not file.exists():
            continue
        with open(file, encoding="utf-8") as opened:
            entries = json.load(opened)
        entries = [e for e in entries if re.search(pattern, os.path.join(e["directory"], e["file"]))]
        found += entries
    step = max(1, len(found) // wanted)
    return found[::step][:wanted]


def parses(entry):
    return subprocess.run(sources.syntax_command(entry), cwd=entry["directory"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def clang_seconds(entries, scratch):
    return sum(real.measure(sources.syntax_command(e), e["directory"], 600, scratch / "clang.err")["cpu"] for e in entries)


def gridlock_seconds(tool, database, scratch):
    cost = real.measure([str(tool), "check", "-p", str(database), "--no-cache", "-j1", "--format", "json", "-o",
                         str(scratch / "findings.json")], database, 1800, scratch / "gridlock.err")
    if cost["status"] not in (0, 1):
        sys.exit(f"parse_cost: gridlock ended with status {cost['status']}; see {scratch / 'gridlock.err'}")
    return cost["cpu"], cost["memory"]


def measure_class(options, name, entries, scratch):
    """The rounds of one class: clang's and gridlock's seconds, and the median ratio."""
    database = scratch / re.sub(r"\W+", "-", name)
    database.mkdir(exist_ok=True)
    with open(database / "compile_commands.json", "w", encoding="utf-8") as file:
        json.dump(entries, file)
    # The first pair only warms the page cache.
    clang_seconds(entries, scratch)
    gridlock_seconds(options.tool, database, scratch)
    pairs, peak = [], 0
    for number in range(options.rounds):
        if number % 2:
            (tool, memory), clang = gridlock_seconds(options.tool, database, scratch), clang_seconds(entries, scratch)
        else:
            clang, (tool, memory) = clang_seconds(entries, scratch), gridlock_seconds(options.tool, database, scratch)
        pairs.append((clang, tool))
        peak = max(peak, memory)
    ratios = [tool / clang for clang, tool in pairs]
    return (statistics.median(c for c, _ in pairs), statistics.median(t for _, t in pairs),
            statistics.median(ratios), min(ratios), max(ratios), peak)


def write_page(table, options):
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
    body = (f"{BEGIN}\nMeasured by `./dev bench parse`, {options.rounds} rounds, {options.build}.\n\n{table}{END}")
    if BEGIN in text:
        text = re.sub(re.escape(BEGIN) + r".*?" + re.escape(END), lambda _: body, text, flags=re.S)
    else:
        text += "\n" + body + "\n"
    PAGE.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", type=pathlib.Path, default=ROOT / "build/release/tool/gridlock")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/real")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=10, help="files of a class")
    parser.add_argument("--build", default="a release build", help="what to call the build in the page")
    parser.add_argument("--only", help="classes whose names match this expression")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    options = parser.parse_args()
    options.tool, options.work = options.tool.resolve(), options.work.resolve()

    rows, over = [], []
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        for title, limit, places in CLASSES:
            if options.only and not re.search(options.only, title):
                continue
            entries = committed_entries() if places is None else package_entries(options.work, places, options.files)
            entries = [e for e in entries if parses(e)]
            if not entries:
                packages = " ".join(p for p, _ in places)
                print(f"{title}: skipped; for it run bench/real/real.py fetch {packages}, then database {packages}", file=sys.stderr)
                continue
            clang, tool, ratio, low, high, peak = measure_class(options, title, entries, scratch)
            verdict = "within" if ratio <= limit else "OVER"
            if ratio > limit:
                over.append(title)
            rows.append(f"| {title} | {len(entries)} | {clang:.2f} | {tool:.2f} | {ratio:.2f} | {low:.2f} to {high:.2f} | {limit} | {verdict} | {peak} |")
            print(rows[-1], file=sys.stderr)
    table = ("| class | files | Clang, CPU s | Gridlock, CPU s | ratio (median) | range | limit | | peak MiB |\n"
             "| --- | ---: | ---: | ---: | ---: | --- | ---: | --- | ---: |\n" + "".join(r + "\n" for r in rows))
    print(table)
    if options.write:
        options.build += f", {platform.machine()}"
        write_page(table, options)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
