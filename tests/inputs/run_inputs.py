#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the tool on labelled programs and compares its findings with the labels.

    run_inputs.py --tool build/release/tool/gridlock test_inputs/lock-not-held
    run_inputs.py --tool ... --all [--quiet]      every rule; a table alone

Exits 0 when every label is found, nothing else is, and the tool ran on every
case. See inputs.py for the labels.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import sys

import inputs

ROOT = pathlib.Path(__file__).resolve().parents[2]


def is_opt_in(rule):
    """Whether the rule's page says `default: off`."""
    pages = list(ROOT.glob(f"checks/*/{rule}.md"))
    return any(re.search(r"^default: off$", page.read_text(), re.M) for page in pages)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=pathlib.Path)
    parser.add_argument("--tool", default=str(ROOT / "build/release/tool/gridlock"))
    parser.add_argument("--all", action="store_true", help="every folder of test_inputs that is named after a rule")
    parser.add_argument("--only", default="", help="cases whose path holds this text")
    parser.add_argument("--quiet", action="store_true", help="the table alone")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    args = parser.parse_args()

    folders = args.folders
    if args.all:
        folders = [p for p in sorted((ROOT / "test_inputs").iterdir()) if p.is_dir() and p.name != "demo"]
    if not folders:
        parser.error("name a folder of test_inputs, or --all")
    tool = os.path.abspath(args.tool)
    if not os.access(tool, os.X_OK):
        sys.exit(f"run_inputs.py: {args.tool} is not there; build it first")

    jobs = []  # (folder, case, rules)
    for folder in folders:
        cases = inputs.find_cases(folder)
        if not cases:
            sys.exit(f"run_inputs.py: {folder} holds no case")
        name = folder.resolve().name
        # Every program that waits for a child has something to say to the process
        # rules: programs about pipes are about pipes alone.
        rules = name if is_opt_in(name) else "*,-process-no-timeout" if name.startswith("pipe-") else None
        jobs += [(folder, case, rules) for case in cases if args.only in str(case.path)]

    with concurrent.futures.ThreadPoolExecutor(max(1, args.jobs)) as pool:
        outcomes = list(pool.map(lambda job: inputs.check_case(tool, job[1], job[2]), jobs))

    gaps = 0
    table = {}  # folder name -> [cases, right, expected, missed, extra]
    for (folder, case, _), outcome in zip(jobs, outcomes):
        row = table.setdefault(folder.resolve().name, [0, 0, 0, 0, 0])
        name = os.path.relpath(case.path, ROOT / "test_inputs")
        if outcome.skipped:
            print(f"SKIPPED {name}: {outcome.skipped}")
            continue
        row[0] += 1
        if outcome.gap() and not outcome.failure:
            if outcome.good():
                print(f"CLOSED {name}: the tool gets it right now; remove the line with the gap")
            else:
                gaps += 1
                print(f"GAP    {name}: {outcome.gap()}")
                continue
        else:
            row[1] += outcome.good()
        row[2] += outcome.expected
        row[3] += outcome.expected if outcome.failure else len(outcome.missed)
        row[4] += len(outcome.extra)
        if args.quiet:
            continue
        if outcome.failure:
            print(f"FAILED {name}: {outcome.failure}")
        for line in outcome.missed:
            print(f"MISSED {name}: {line}")
        for line in outcome.extra:
            print(f"EXTRA  {name}: {line}")

    print(f"{'folder':28} {'cases':>6} {'right':>6} {'labels':>7} {'missed':>7} {'extra':>6}")
    for name, row in table.items():
        print(f"{name:28} {row[0]:6} {row[1]:6} {row[2]:7} {row[3]:7} {row[4]:6}")
    total = [sum(row[i] for row in table.values()) for i in range(5)]
    if len(table) > 1:
        print(f"{'all':28} {total[0]:6} {total[1]:6} {total[2]:7} {total[3]:7} {total[4]:6}")
    return 0 if total[0] and total[0] == total[1] + gaps else 1


if __name__ == "__main__":
    sys.exit(main())
