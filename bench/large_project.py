# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Typing in a large project.

    large_project.py --tool TOOL --clangd CLANGD [--gridlock-clangd PROGRAM] [--files N,...] [--keys N] [--write FILE]

A project of N small C files with locks is made and checked once. Then some keys are
pressed in one of its files, a tenth of a second apart, and after each the editor
asks for the file's symbols, which it cannot have before the server has taken the
key in: so that is what a key waits for. Measured are the median and the longest of
these, and the time from the last key until Gridlock's findings are those of the
last text. Plain clangd is measured the same way.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from lsp_client import Client  # noqa: E402

STEPS = 12
HEADER = """#pragma once
#include <pthread.h>
struct node { struct node *next; int value; pthread_mutex_t lock; };
extern pthread_mutex_t table[], first, second;
void right(void);
"""
STEP = """int part{i}_step{k}(struct node *n, int x) {{
  int result = 0;
  if (x > {k}) pthread_mutex_lock(&n->lock);
  pthread_mutex_lock(&own);
  count += x;
  pthread_mutex_unlock(&own);
  n->value += x;
  if (x > {k}) pthread_mutex_unlock(&n->lock);
  for (int i = 0; i < x; i++)
    result += {next};
{chain}  return result;
}}
"""
CHAIN = """  pthread_mutex_lock(&table[{i}]);
  result += part{next}_step0(n, x - 1);
  pthread_mutex_unlock(&table[{i}]);
"""
MAIN = """#include "parts.h"
pthread_mutex_t table[{count}], first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static void *left(void *p) {{
  pthread_mutex_lock(&{a});
  pthread_mutex_lock(&{b});
  pthread_mutex_unlock(&{b});
  pthread_mutex_unlock(&{a});
  return p;
}}
static void *other(void *p) {{
  right();
{calls}  return p;
}}
int main(void) {{
  struct node n = {{0, 0, PTHREAD_MUTEX_INITIALIZER}};
  pthread_t x, y;
  pthread_create(&x, 0, left, &n);
  pthread_create(&y, 0, other, &n);
  pthread_join(x, 0);
  pthread_join(y, 0);
}}
"""
RIGHT = """#include "parts.h"
void right(void) {
  pthread_mutex_lock(&second);
  pthread_mutex_lock(&first);
  pthread_mutex_unlock(&first);
  pthread_mutex_unlock(&second);
}
"""


def main_text(count, is_bad, typed=""):
    calls = "".join(f"  part{i}_step0(p, 4);\n" for i in range(0, count, 10))
    a, b = ("first", "second") if is_bad else ("second", "first")
    return MAIN.format(count=count, calls=calls, a=a, b=b) + typed


def make_project(folder, count):
    parts = count - 2
    (folder / "parts.h").write_text(HEADER + "".join(f"int part{i}_step0(struct node *n, int x);\n" for i in range(parts)),
                                    encoding="utf-8")
    for i in range(parts):
        text = '#include "parts.h"\nstatic pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;\nstatic int count;\n'
        for k in reversed(range(STEPS)):
            following = f"part{i}_step{k + 1}(n->next ? n->next : n, x + {k})" if k + 1 < STEPS else "x"
            chain = CHAIN.format(i=i, next=i + 1) if k == 0 and i + 1 < parts and i % 10 != 9 else ""
            text += STEP.format(i=i, k=k, next=following, chain=chain)
        (folder / f"part{i}.c").write_text(text, encoding="utf-8")
    (folder / "main.c").write_text(main_text(parts, True), encoding="utf-8")
    (folder / "right.c").write_text(RIGHT, encoding="utf-8")
    names = [f"part{i}.c" for i in range(parts)] + ["main.c", "right.c"]
    (folder / "compile_commands.json").write_text(json.dumps(
        [{"directory": str(folder), "file": name, "arguments": ["cc", "-c", name]} for name in names]), encoding="utf-8")
    (folder / ".clangd").write_text("Index:\n  Background: Skip\n", encoding="utf-8")
    return parts


def has_deadlock(found):
    return any(one.get("source") == "gridlock" and one["code"] == "lock-order-inversion" and "data" not in one for one in found)


def type_keys(command, folder, parts, keys, is_ours):
    """What each key waited for, and the seconds until the findings of the last text. Only the last key makes the
    deadlock: one that ends it would take the finding along at once."""
    client = Client(command, folder)
    path = folder / "main.c"
    client.open(path)
    client.diagnostics(path, has_deadlock if is_ours else lambda found: True, timeout=600)
    waits = []
    found_at = None
    for key in range(keys):
        time.sleep(0.1)
        start = time.monotonic()
        client.change(path, main_text(parts, key + 1 == keys, "// " + "x" * key + "\n"))
        client.number += 1
        client.send({"id": client.number, "method": "textDocument/documentSymbol",
                     "params": {"textDocument": {"uri": path.as_uri()}}})
        is_answered = False
        while not is_answered or (is_ours and key + 1 == keys and not found_at):
            when, message = client.wait(lambda message: True, timeout=600)
            if message.get("id") == client.number and "method" not in message:
                waits.append(when - start)
                is_answered = True
            published = message.get("params", {})
            if key + 1 == keys and published.get("version") == client.versions[path] and has_deadlock(published["diagnostics"]):
                found_at = when
    client.process.kill()
    client.process.wait()
    return waits, (found_at or start) - start


def check_seconds(tool, folder):
    """Processor time: on a busy machine the clock says little."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([tool, "check", "-p", folder, "--quiet"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def write_page(options, rows):
    text = (f"Measured by `./dev bench large`: generated C files of {STEPS + 1} functions that take locks, {options.keys} keys a tenth "
            f"of a second apart in one of them; {os.cpu_count()} processors shared with other work "
            f"(load {os.getloadavg()[0]:.0f}).\n\n" + "\n".join(rows) + "\n")
    page = options.write.read_text(encoding="utf-8")
    begin, end = "<!-- large project: begin -->\n", "<!-- large project: end -->"
    before, rest = page.split(begin)
    options.write.write_text(before + begin + text + end + rest.split(end)[1], encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    parser.add_argument("--clangd", required=True)
    parser.add_argument("--gridlock-clangd", type=pathlib.Path)
    parser.add_argument("--files", default="100,1000")
    parser.add_argument("--keys", type=int, default=20)
    parser.add_argument("--write", type=pathlib.Path, help="replace the table in this page")
    options = parser.parse_args()
    options.tool = options.tool.resolve()
    servers = [("clangd", [options.clangd], False), ("the proxy", [options.tool, "lsp-proxy", "--", options.clangd], True)]
    if options.gridlock_clangd and options.gridlock_clangd.exists():
        servers.append(("gridlock-clangd", [options.gridlock_clangd.resolve()], True))
    rows = ["| files | `gridlock check`, cache filled, CPU s | server | a key waits, median | longest | findings after the last key |",
            "| ---: | ---: | --- | ---: | ---: | ---: |"]
    print("\n".join(rows))
    for count in map(int, options.files.split(",")):
        with tempfile.TemporaryDirectory(prefix="gridlock-large-") as name:
            folder = pathlib.Path(name).resolve()
            parts = make_project(folder, count)
            check_seconds(options.tool, folder)  # fills the cache
            seconds = check_seconds(options.tool, folder)
            for server, command, is_ours in servers:
                waits, end = type_keys(command, folder, parts, options.keys, is_ours)
                rows.append(f"| {count:,} | {seconds:.1f} | {server} | {statistics.median(waits) * 1000:.0f} ms "
                            f"| {max(waits) * 1000:.0f} ms | {f'{end:.1f} s' if is_ours else ''} |")
                print(rows[-1], flush=True)
    if options.write:
        write_page(options, rows)


if __name__ == "__main__":
    main()
