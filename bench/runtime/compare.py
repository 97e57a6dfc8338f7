#!/usr/bin/env python3
#===- compare.py - The cost of run-time lock checkers ----------------------===//
#
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===//
"""Runs bench/runtime/locks.c plain and under checkers, in paired rounds, and
checked.cpp with std::mutex, with gridlock::checked and with absl::Mutex.

In each round the plain program runs directly before each checker; a row shows
the median over the rounds of nanoseconds per lock+unlock pair, and of the ratio
within a round. Times are processor time, so other load on the machine disturbs
caches but is not counted itself.

    compare.py --library build/release/runtime/libgridlock_rt.so [--rounds 9]
               [--scenario NAME]... [--only CHECKER]... [--json FILE] [--write]
               [--abseil FOLDER]

--write puts the table into docs/performance.md. --abseil names an Abseil source
tree with a folder build/ of libraries made without NDEBUG, which look for lock
orders; with Debian's deb-src sources:

    apt-get source abseil && cd abseil-*/ && cmake -S . -B build -G Ninja \\
      -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O2 -g" \\
      -DCMAKE_CXX_STANDARD=17 && ninja -C build synchronization
"""

import argparse
import json
import os
import pathlib
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile

SCENARIOS = ["single", "nest2", "chain8", "cont2", "t64", "dense1000", "steady1000", "grow100000"]
SOURCE = pathlib.Path(__file__).with_name("locks.c")
HEADER_SOURCE = pathlib.Path(__file__).with_name("checked.cpp")
INCLUDES = pathlib.Path(__file__).parents[2] / "runtime" / "include"
DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- run-time cost: begin -->", "<!-- run-time cost: end -->"
CHECKERS = {"gridlock": "Gridlock", "header": "Gridlock's header", "abseil": "Abseil", "tsan": "ThreadSanitizer", "helgrind": "Helgrind", "drd": "DRD"}
WORDS = {
    "single": "one mutex", "nest2": "two nested", "chain8": "eight nested", "cont2": "two threads, one mutex",
    "t64": "64 threads, pairs of 256 mutexes", "dense1000": "4 of 1,000 mutexes at random, the graph grows",
    "steady1000": "the same acquisitions again", "grow100000": "4 of 100,000 mutexes at random, the graph grows",
}


def build(compiler, folder, name, flags, source=SOURCE, libraries=()):
    output = os.path.join(folder, name)
    command = [*shlex.split(compiler), "-O2", "-g", *flags, str(source), "-o", output, *libraries, "-pthread"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        print(f"note: {name} cannot be built: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return output


def run(command, environment, limit):
    """Nanoseconds per pair, or None when it failed or took too long."""
    try:
        done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=limit)
        return float(done.stdout.strip())
    except (subprocess.TimeoutExpired, ValueError):
        return None


def peak_memory(command, environment):
    """Peak resident memory in MiB."""
    done = subprocess.run(["/usr/bin/time", "-f", "%M", "env", *[f"{k}={v}" for k, v in environment.items()], *command],
                          capture_output=True, text=True)
    try:
        return int(done.stderr.strip().splitlines()[-1]) / 1024
    except (ValueError, IndexError):
        return None


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def rounds_of(results, checker):
    return max(row["rounds"] for key, row in results.items() if key.endswith("/" + checker))


def table(results, rounds):
    """The results for docs/performance.md."""
    others = [name for name in CHECKERS if name != "gridlock" and any(key.endswith("/" + name) for key in results)]
    text = (f"Measured by `./dev bench runtime`: nanoseconds of processor time per lock and unlock at `-O2`, a second thread "
            f"alive, medians of {rounds} rounds in each of which the plain program ran next to the checked one; "
            f"{os.cpu_count()} processors shared with other work (load {os.getloadavg()[0]:.0f}), {platform.machine()}.")
    if others:
        text += (" The last columns are ratios to the plain program of the same size, which is smaller for slow checkers "
                 "(" + ", ".join(f"{CHECKERS[name]}: {rounds_of(results, name)} rounds" for name in others) +
                 "); the header is gridlock::checked<std::mutex>, and Abseil absl::Mutex of a build without NDEBUG, both "
                 "against std::mutex.")
    header = ["scenario", "plain", "Gridlock", "ratio", "MiB"]
    for name in others:
        header += [f"{CHECKERS[name]}, ns", "ratio"] if name == "header" else [f"{CHECKERS[name]}, ratio"]
    lines = [text, "", "| " + " | ".join(header) + " |", "| --- |" + " ---: |" * (len(header) - 1)]
    for scenario in SCENARIOS:
        own = results.get(f"{scenario}/gridlock")
        if not own:
            continue
        cells = [WORDS[scenario], number(own["plain"]), number(own["checked"]), f"{own['ratio']:.2f}",
                 f"{own['memory']:.0f}" if own["memory"] else ""]
        for name in others:
            row = results.get(f"{scenario}/{name}")
            if name == "header":
                cells.append(number(row["checked"]) if row else "")
            cells.append("" if not row else f"{row['ratio']:.2f}" if row["ratio"] < 10 else number(row["ratio"]))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write(results, rounds):
    text = DOCUMENT.read_text(encoding="utf-8")
    if BEGIN not in text:
        text = text.rstrip("\n") + f"\n\n## The run-time checker\n\n{BEGIN}\n{END}\n"
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table(results, rounds)}\n{END}{after}", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", required=True)
    parser.add_argument("--compiler", default="cc")
    parser.add_argument("--cxx-compiler", default="c++")
    parser.add_argument("--tsan-compiler", help="with options; default: that of --compiler")
    parser.add_argument("--abseil", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--scenario", action="append", choices=SCENARIOS)
    parser.add_argument("--only", action="append", choices=list(CHECKERS))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()

    folder = tempfile.mkdtemp(prefix="gridlock-bench-")
    plain = build(options.compiler, folder, "plain", [])
    if not plain:
        return 1
    # name: the plain program, command prefix, environment, size of the run relative
    # to the plain one, rounds
    preload = {"LD_PRELOAD": os.path.abspath(options.library)}
    checkers = {"gridlock": (plain, [plain], preload, 1.0, options.rounds)}
    header = [build(options.cxx_compiler, folder, name, ["-std=c++20", f"-DGRIDLOCK_CHECKED={on}", f"-I{INCLUDES}"],
                    HEADER_SOURCE) for name, on in (("header_plain", 0), ("header_checked", 1))]
    if all(header):
        checkers["header"] = (header[0], [header[1]], preload, 1.0, options.rounds)
    if options.abseil:
        libraries = [str(path) for path in (options.abseil / "build").rglob("*.a")]
        abseil = build(options.cxx_compiler, folder, "abseil",
                       ["-std=c++20", "-DGRIDLOCK_ABSEIL=1", f"-I{options.abseil}"], HEADER_SOURCE,
                       ["-Wl,--start-group", *libraries, "-Wl,--end-group"])
        if abseil and header[0]:
            checkers["abseil"] = (header[0], [abseil], {}, 0.2, options.rounds)
    tsan = build(options.tsan_compiler or options.compiler, folder, "tsan", ["-fsanitize=thread"])
    if tsan:
        settings = {"TSAN_OPTIONS": "detect_deadlocks=1:second_deadlock_stack=1"}
        checkers["tsan"] = (plain, [tsan], settings, 0.1, options.rounds)
    if shutil.which("valgrind"):
        for tool in ("helgrind", "drd"):
            checkers[tool] = (plain, ["valgrind", f"--tool={tool}", "-q", plain], {}, 0.003, min(options.rounds, 3))
    checkers = {name: checker for name, checker in checkers.items() if not options.only or name in options.only}

    results = {}
    for scenario in options.scenario or SCENARIOS:
        for name, (base_program, command, environment, scale, count) in checkers.items():
            rounds = []
            for _ in range(count):
                base = run([base_program, scenario, str(scale)], {}, 120)
                own = run([*command, scenario, str(scale)], environment, 120)
                if base and own:
                    rounds.append((base, own, own / base))
            if not rounds:
                continue
            results[f"{scenario}/{name}"] = {
                "rounds": len(rounds),
                "plain": statistics.median(r[0] for r in rounds),
                "checked": statistics.median(r[1] for r in rounds),
                "ratio": statistics.median(r[2] for r in rounds),
                "memory": peak_memory([*command, scenario, str(scale)], environment),
            }
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; nanoseconds per pair")
    print(f"{'scenario':<24}{'plain':>9}{'checked':>10}{'ratio':>8}{'MiB':>8}{'rounds':>8}")
    for name, row in results.items():
        memory = f"{row['memory']:.1f}" if row["memory"] else "-"
        print(f"{name:<24}{row['plain']:>9.1f}{row['checked']:>10.1f}{row['ratio']:>8.2f}{memory:>8}{row['rounds']:>8}")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=2) + "\n")
    if options.write:
        write(results, options.rounds)
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
