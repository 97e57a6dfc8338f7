# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What Gridlock adds to the time that clangd takes in an editor.

    editor_cost.py --tool TOOL --clangd CLANGD [--gridlock-clangd PROGRAM] [--files N] [--rounds N] [--write FILE]

A project of N files that use the usual standard headers is made and checked once,
so that the cache is there. Then one file is opened and edited in plain clangd, in
clangd behind the proxy, and in gridlock-clangd, in turn, so that all meet the same
load. Measured for each: until clangd's own diagnostics are there, and until
Gridlock's are there too. Each edit changes a warning of Clang and makes or ends a
deadlock with another file; those that make one are counted.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from lsp_client import Client  # noqa: E402

HEADER = """#pragma once
#include <mutex>
extern std::mutex inner[{count}];
{declarations}
"""
SOURCE = """#include "parts.h"
#include <algorithm>
#include <condition_variable>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>
namespace part{i} {{
std::mutex lock;
std::map<std::string, std::vector<int>> values;
}}
void part{i}_add(const std::string &name, int value) {{
  std::lock_guard<std::mutex> guard(part{i}::lock);
  part{i}::values[name].push_back(value);
  part{next}_log(name);
}}
void part{i}_log(const std::string &name) {{
  std::lock_guard<std::mutex> guard(inner[{i}]);
  std::cout << name << "\\n";
}}
"""
EDITED = """#include "parts.h"
#include <algorithm>
#include <condition_variable>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>
std::mutex inner[{count}];
std::mutex first, second;
void left() {{
  int unused{edit};
  std::lock_guard<std::mutex> a({a});
  std::lock_guard<std::mutex> b({b});
}}
int main() {{
  std::vector<std::thread> threads;
  threads.emplace_back(left);
  threads.emplace_back(right);
  threads.emplace_back([] {{ part1_add("a", 1); }});
  for (std::thread &thread : threads)
    thread.join();
}}
"""
OTHER = """#include "parts.h"
#include <iostream>
#include <string>
extern std::mutex first, second;
void right() {
  std::lock_guard<std::mutex> a(second);
  std::lock_guard<std::mutex> b(first);
}
"""


def text_of(edit, count):
    bad = edit % 2 == 1
    return EDITED.format(edit=edit, count=count, a="first" if bad else "second", b="second" if bad else "first")


def make_project(folder, count):
    declarations = "#include <string>\nvoid right();\n" + "".join(
        f"void part{i}_add(const std::string &name, int value);\nvoid part{i}_log(const std::string &name);\n"
        for i in range(1, count - 1))
    (folder / "parts.h").write_text(HEADER.format(count=count, declarations=declarations), encoding="utf-8")
    names = []
    for i in range(1, count - 1):
        names.append(f"part{i}.cpp")
        (folder / names[-1]).write_text(SOURCE.format(i=i, next=i % (count - 2) + 1), encoding="utf-8")
    (folder / "main.cpp").write_text(text_of(1, count), encoding="utf-8")
    (folder / "other.cpp").write_text(OTHER, encoding="utf-8")
    names += ["main.cpp", "other.cpp"]
    (folder / "compile_commands.json").write_text(json.dumps(
        [{"directory": str(folder), "file": name, "arguments": ["c++", "-std=c++20", "-Wall", "-c", name]} for name in names]),
        encoding="utf-8")
    # What clangd does besides would only blur the figures.
    (folder / ".clangd").write_text("Index:\n  Background: Skip\n  StandardLibrary: No\n", encoding="utf-8")


def is_own(diagnostics, edit):
    """Clang's warning about this very text."""
    return any(f"unused{edit}'" in found["message"] for found in diagnostics)


def is_complete(diagnostics, edit):
    ours = [found for found in diagnostics if found.get("source") == "gridlock"]
    if not is_own(diagnostics, edit) or any("data" in found for found in ours):
        return False
    return bool(ours) == (edit % 2 == 1)


def measure(client, path, edit, start, both):
    """Seconds until clangd's own diagnostics, and until all."""
    own, diagnostics = client.diagnostics(path, lambda found: is_own(found, edit))
    if not both:
        return own - start, own - start
    everything = own
    if not is_complete(diagnostics, edit):
        everything, _ = client.diagnostics(path, lambda found: is_complete(found, edit))
    return own - start, everything - start


def first_time(command, folder, path, both):
    client = Client(command, folder)
    start = time.monotonic()
    client.open(path)
    seconds = measure(client, path, 1, start, both)
    client.process.kill()
    client.process.wait()
    return seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    parser.add_argument("--clangd", required=True)
    parser.add_argument("--gridlock-clangd", type=pathlib.Path)
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--write", type=pathlib.Path, help="replace the table in this page")
    options = parser.parse_args()
    options.tool = options.tool.resolve()
    with tempfile.TemporaryDirectory(prefix="gridlock-editor-") as holder:
        folder = pathlib.Path(holder).resolve()
        make_project(folder, options.files)
        subprocess.run([options.tool, "check", "-p", folder, "--quiet"], stdout=subprocess.DEVNULL, check=False)
        path = folder / "main.cpp"
        servers = {"clangd": [options.clangd], "the proxy": [options.tool, "lsp-proxy", "--", options.clangd]}
        if options.gridlock_clangd and options.gridlock_clangd.exists():
            servers["gridlock-clangd"] = [options.gridlock_clangd.resolve()]
        first = {name: [] for name in servers}
        edits = {name: [] for name in servers}
        for _ in range(max(5, options.rounds // 2)):
            for name, command in servers.items():
                first[name].append(first_time(command, folder, path, name != "clangd"))
        clients = {name: Client(command, folder) for name, command in servers.items()}
        for name, client in clients.items():
            client.open(path)
            client.diagnostics(path, lambda found: (is_complete if name != "clangd" else is_own)(found, 1))
        # An edit that ends the deadlock takes its line away, and the finding with it:
        # only those that make one are counted.
        for edit in range(2, 2 + 2 * options.rounds):
            for name, client in clients.items():
                start = time.monotonic()
                client.change(path, text_of(edit, options.files))
                seconds = measure(client, path, edit, start, name != "clangd")
                if edit % 2 == 1:
                    edits[name].append(seconds)
        for client in clients.values():
            client.process.kill()
    report(options, first, edits)


def report(options, first, edits):
    def later(times, name, which):
        """The median of the differences to plain clangd in the same round."""
        return statistics.median(other[which] - plain[0] for other, plain in zip(times[name], times["clangd"]))

    lines = [f"Measured by `./dev bench editor`: {options.files} files with the usual standard headers, the cache filled, medians of "
             f"{len(first['clangd'])} starts and {len(edits['clangd'])} edits that make a deadlock, done by all servers in turn; "
             f"{os.cpu_count()} processors shared with other work (load {os.getloadavg()[0]:.0f}).", "",
             "| server | first diagnostics | later than clangd: clangd's own | with Gridlock's | limit | after an edit "
             "| later: clangd's own | with Gridlock's | limit |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for name in first:
        cells = []
        for times, limit in ((first, 0.5), (edits, 0.15)):
            cells.append(f"{statistics.median(seconds[0] for seconds in times[name]):.2f} s")
            if name == "clangd":
                cells += ["", "", ""]
            else:
                cells += [f"{later(times, name, 0):+.2f} s", f"{later(times, name, 1):+.2f} s", f"{limit} s"]
        lines.append("| " + " | ".join([name] + cells) + " |")
    table = "\n".join(lines)
    print(table)
    if options.write:
        page = options.write.read_text(encoding="utf-8")
        begin, end = "<!-- editor cost: begin -->\n", "<!-- editor cost: end -->"
        before, rest = page.split(begin)
        options.write.write_text(before + begin + table + "\n" + end + rest.split(end)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
