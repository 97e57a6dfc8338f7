#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the tool on the examples of the rules' pages: the code under "## Bad"
must be reported by the rule, the code under "## Good" must not. And what is
reported must be written as all messages are: one sentence without a full stop,
the name of the bad thing in it, with a word of help beside it.

    run_pages.py --tool build/release/tool/gridlock
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import sys
import tempfile

import inputs

ROOT = pathlib.Path(__file__).resolve().parents[2]


def examples(page):
    """-> [(section, language, code)] of a page."""
    found = []
    for section in ("Bad", "Good"):
        body = re.search(rf"^## {section}\n(.*?)(?=^## )", page.read_text(), re.M | re.S)
        found += [(section, language, code) for language, code in re.findall(r"^```(c|cpp)\n(.*?)^```", body[1] if body else "", re.M | re.S)]
    return found


def complaints_about(result):
    """What is wrong with the words of a result."""
    text = result.get("message", {}).get("text", "")
    text = re.sub(r"\W* [Ss]ee \[thread 1\].*", "", text)  # the links that SARIF adds
    if "\n" in text or not text or text.endswith(".") or not re.match(r"[a-z`'\"]", text):
        yield f"'{text}' is not one sentence that begins with a small letter or a name and ends without a full stop"
    if "`" not in text:
        yield f"'{text}' names nothing in `backquotes`"
    if not result.get("properties", {}).get("help"):
        yield f"'{text}' comes without help"


def check_page(tool, page, scratch):
    """-> [complaint]"""
    complaints = []
    blocks = examples(page)
    for section in ("Bad", "Good"):
        if not any(block[0] == section for block in blocks):
            complaints.append(f"{page.name}: no ```c or ```cpp block under '## {section}'")
    for number, (section, language, code) in enumerate(blocks):
        path = scratch / f"{page.stem}_{number}.{language}"
        path.write_text(code)
        results, failure = inputs.run_tool(tool, inputs.Case(path, [path]), page.stem)
        if results is None:
            complaints.append(f"{page.name}, {section}: {failure}")
        elif section == "Bad" and not results:
            complaints.append(f"{page.name}: the code under '## Bad' is not reported")
        elif section == "Bad":
            complaints += [f"{page.name}: {line}" for result in results for line in complaints_about(result)]
        elif section == "Good" and results:
            complaints.append(f"{page.name}: the code under '## Good' is reported")
    return complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=str(ROOT / "build/release/tool/gridlock"))
    args = parser.parse_args()
    pages = sorted(ROOT.glob("checks/*/*.md"))
    tool = os.path.abspath(args.tool)
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor() as pool:
        complaints = [line for lines in pool.map(lambda page: check_page(tool, page, pathlib.Path(scratch)), pages) for line in lines]
    print("\n".join(complaints) or f"{len(pages)} pages")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
