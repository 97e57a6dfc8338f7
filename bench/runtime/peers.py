#!/usr/bin/env python3
#===- peers.py - What other run-time checkers say about our cases ----------===//
#
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===//
"""Runs the programs of tests/runtime/cases under Gridlock, ThreadSanitizer,
Helgrind and DRD, and compares what each says about locks with what the case
expects.

    peers.py --build build/release [--only CASE]... [--limit SECONDS] [--write]

Only what a tool says about locks counts: orders, wrong unlocks, locks held at
the end, conditions; data races do not. A program that does not end is killed
after --limit seconds; "hangs" is said when the tool had reported nothing by
then. Cases that use Gridlock's own headers or options are for Gridlock only. --write puts
the table into docs/runtime.md.
"""

import argparse
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "runtime" / "cases"
DOCUMENT = ROOT / "docs" / "runtime.md"
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
TOOLS = {"gridlock": "Gridlock", "tsan": "ThreadSanitizer", "helgrind": "Helgrind", "drd": "DRD"}
# Their answers mean nothing to others: silenced by our options, or ended by our note.
OWN = {"suppressed", "log_path", "futex_hang_noted"}
MESSAGES = {
    "gridlock": r"gridlock: (?:error|warning): .*\[[a-z-]+\]",
    "tsan": r"WARNING: ThreadSanitizer: (?:lock-order-inversion|unlock|destroy of a locked|double lock|read lock|read unlock"
            r"|mutex|use of an invalid)",
    "helgrind": r"lock order|not-locked|not locked|un-held|currently held by|still holds|[Rr]ecursively|re-lock|locked lock"
                r"|locked mutex|dubious|invalid (?:lock|mutex)|unlocked a|EDEADLK",
    "drd": r"Recursive locking not allowed|[Mm]utex (?:not locked|reinit|type)|not locked|recursively|still (?:locked|held)|locked mutex|dubious"
           r"|Destroying|not a mutex|wrong thread|lock(?:ed)? by",
}


def header(case):
    """The `// key: value` lines at the top of a case."""
    result = {}
    for line in case.read_text(encoding="utf-8").splitlines()[:8]:
        match = re.match(r"// (expect|options|flags): *(.*)$", line)
        if match:
            result[match[1]] = match[2]
    return result


def run(command, environment, limit):
    """Output and whether the program ended by itself."""
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace", start_new_session=True, cwd=tempfile.gettempdir())
    try:
        return process.communicate(timeout=limit)[0], True
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0], False


def answer(tool, output, ended):
    if re.search(MESSAGES[tool], output):
        return "yes"
    return "no" if ended else "hangs"


def judge(case, folder, options):
    about = header(case)
    program = options.build / "tests" / "runtime" / "cases" / f"runtime_case_{case.stem}"
    foreign = "gridlock/" not in case.read_text(encoding="utf-8") and case.stem not in OWN
    result = {"expect": about["expect"]}
    watch = "watchdog_ms=20" + (":" + about["options"] if about.get("options") else "")
    watch = watch.replace("suppressions=", f"suppressions={CASES}/")
    library = options.build / "runtime" / "libgridlock_rt.so"
    output, ended = run([program], {"LD_PRELOAD": str(library), "GRIDLOCK_OPTIONS": watch}, options.limit)
    result["gridlock"] = answer("gridlock", output, ended)
    if not foreign or "PLUGIN" in case.read_text(encoding="utf-8"):
        return result
    tsan = os.path.join(folder, case.stem)
    language = ["--driver-mode=g++"] if case.suffix == ".cpp" else []
    flags = shlex.split(about.get("flags", "-O0"))
    built = subprocess.run([options.clang, *options.clang_options, *language, "-g", "-D_GNU_SOURCE", "-w", *flags, "-fsanitize=thread", f"-I{ROOT}/runtime/include",
                            str(case), "-o", tsan, "-pthread"], capture_output=True, text=True)
    if built.returncode == 0:
        settings = {"TSAN_OPTIONS": "detect_deadlocks=1:second_deadlock_stack=1:report_bugs=1:exitcode=0"}
        result["tsan"] = answer("tsan", *run([tsan], settings, options.limit))
    for tool in ("helgrind", "drd"):
        if shutil.which("valgrind"):
            command = ["valgrind", f"--tool={tool}", "-q", program]
            result[tool] = answer(tool, *run(command, {}, options.limit * 3))
    return result


def table(results):
    lines = ["| tool | reports what it should | silent where it should be | hangs without a word |",
             "| --- | ---: | ---: | ---: |"]
    for tool, name in TOOLS.items():
        told = [(r["expect"] != "none", r[tool]) for r in results.values() if tool in r]
        bad = [a for expected, a in told if expected]
        good = [a for expected, a in told if not expected]
        lines.append(f"| {name} | {bad.count('yes')} of {len(bad)} | {len(good) - good.count('yes')} of {len(good)} "
                     f"| {sum(a == 'hangs' for _, a in told)} |")
    lines += ["", "One line a case, as the tools answered; **bold**: wrong.", "",
              "| case | expected | " + " | ".join(TOOLS.values()) + " |", "| --- | --- |" + " --- |" * len(TOOLS)]
    for name, row in sorted(results.items()):
        cells = []
        for tool in TOOLS:
            said = row.get(tool, "")
            wrong = said and (said == "yes") != (row["expect"] != "none")
            cells.append(f"**{said}**" if wrong else said)
        lines.append(f"| {name} | {row['expect']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--clang", default="clang-22" if shutil.which("clang-22") else "clang")
    parser.add_argument("--clang-options", type=shlex.split, default=[], help="for example -resource-dir DIR")
    parser.add_argument("--limit", type=float, default=20)
    parser.add_argument("--only", action="append")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory(prefix="gridlock-peers-") as folder:
        for case in sorted([*CASES.glob("*.c"), *CASES.glob("*.cpp")]):
            if options.only and case.stem not in options.only:
                continue
            results[case.stem] = judge(case, folder, options)
            row = results[case.stem]
            print(f"{case.stem:<34}{row['expect']:<24}" + " ".join(f"{t}={row[t]}" for t in TOOLS if t in row), flush=True)
    text = table(results)
    print(text)
    if options.write:
        document = DOCUMENT.read_text(encoding="utf-8")
        before, rest = document.split(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
