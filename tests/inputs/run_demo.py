#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Analyses the demo through its compilation database, as `./dev check` does,
and compares with the table in the demo's README: each rule of the table that
exists reports once, in one of the files named there, and nothing else is
reported. Then looks for the finding that the project's README shows in what is
printed.

    run_demo.py --tool build/release/tool/gridlock --build FOLDER
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

import inputs

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "test_inputs" / "demo"


def planted():
    """-> {rule: {file}} from the README, for the rules that exist."""
    rows = re.findall(r"^\| ([a-z-]+) \| ([a-z_., ]+) \|", (DEMO / "README.md").read_text(), re.M)
    exist = {page.stem for page in ROOT.glob("checks/*/*.md")}
    return {rule: set(files.split(", ")) for rule, files in rows if rule in exist}


def shown_in_readme():
    """The finding that README.md shows: its first code block."""
    return re.search(r"^```\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)[1]


def analyse(args, *options):
    command = [os.path.abspath(args.tool), "check", "-p", args.build, "--no-cache", "--strict", *options]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"run_demo.py: exit status {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    args = parser.parse_args()
    args.build = args.build.resolve()
    expected = planted()
    if not expected:
        sys.exit("run_demo.py: the demo's README names no rule that exists")

    configure = ["cmake", "-S", DEMO, "-B", args.build, "-G", "Ninja", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"]
    subprocess.run(configure, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    out = args.build / "out.sarif"
    analyse(args, "--format", "sarif", "-o", out)

    complaints = []
    found = set()
    for result in [r for run in json.loads(out.read_text())["runs"] for r in run.get("results", [])]:
        rule = result["ruleId"]
        primary, _ = inputs.places(result, DEMO)
        file = pathlib.Path(primary[0][0]).name
        if rule in found:
            complaints.append(f"a second {rule}, at {file}:{primary[0][1]}")
        elif file not in expected.get(rule, ()):
            complaints.append(f"not planted: {rule} at {file}:{primary[0][1]}")
        else:
            found.add(rule)
    complaints += [f"not found: {rule} in {', '.join(sorted(files))}" for rule, files in expected.items() if rule not in found]
    if shown_in_readme() not in analyse(args):
        complaints.append("README.md shows a finding that is not printed like that; show what ./dev check prints now")
    print("\n".join(complaints) or f"{len(found)} planted defects found")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
