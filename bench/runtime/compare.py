#!/usr/bin/env python3
#===- compare.py - The cost of run-time lock checkers ----------------------===//
#
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===//
"""Runs bench/runtime/locks.c plain and under checkers, in paired rounds.

In each round the plain program runs directly before each checker; a row shows
the median over the rounds of nanoseconds per lock+unlock pair, and of the ratio
within a round. Times are processor time, so other load on the machine disturbs
caches but is not counted itself.

    compare.py --library build/release/runtime/libgridlock_rt.so [--rounds 9]
               [--scenario NAME]... [--tsan] [--helgrind] [--drd] [--json FILE]
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

SCENARIOS = ["single", "nest2", "chain8", "cont2", "t64", "dense1000", "steady1000", "grow100000"]
SOURCE = pathlib.Path(__file__).with_name("locks.c")


def build(compiler, folder, name, flags):
    output = os.path.join(folder, name)
    command = [compiler, "-O2", "-g", *flags, str(SOURCE), "-o", output, "-pthread"]
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", required=True)
    parser.add_argument("--compiler", default="cc")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--scenario", action="append", choices=SCENARIOS)
    parser.add_argument("--tsan", action="store_true")
    parser.add_argument("--helgrind", action="store_true")
    parser.add_argument("--drd", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()

    folder = tempfile.mkdtemp(prefix="gridlock-bench-")
    plain = build(options.compiler, folder, "plain", [])
    if not plain:
        return 1
    # name: command prefix, environment, size of the run relative to the plain one
    checkers = {"gridlock": ([plain], {"LD_PRELOAD": os.path.abspath(options.library)}, 1.0)}
    if options.tsan:
        tsan = build(options.compiler, folder, "tsan", ["-fsanitize=thread"])
        if tsan:
            checkers["tsan"] = ([tsan], {"TSAN_OPTIONS": "detect_deadlocks=1"}, 0.2)
    for tool in ("helgrind", "drd"):
        if getattr(options, tool) and shutil.which("valgrind"):
            checkers[tool] = (["valgrind", f"--tool={tool}", "-q", plain], {}, 0.005)

    results = {}
    for scenario in options.scenario or SCENARIOS:
        for name, (command, environment, scale) in checkers.items():
            rounds = []
            for _ in range(options.rounds):
                base = run([plain, scenario, str(scale)], {}, 120)
                own = run([*command, scenario, str(scale)], environment, 300)
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
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
