#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Proves the labelled programs of the pipe rules by running them.

Every program with a `main` is compiled and started. A bad one has to come to a
standstill: its process and all its descendants sit in system calls that wait,
in the same ones and without a tick of CPU time, over many looks at /proc. A
good one has to end. Programs about two readers do not hang: both kinds end. A
line `// proof: ends, WHY` in a bad program says that it ends all the same, and
`// proof: not run, WHY` that a program cannot be run.
"""
import os
import platform
import pathlib
import re
import select
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ["pipe-wait-before-drain", "pipe-sequential-drain", "pipe-write-before-drain", "pipe-end-left-open",
           "pipe-unread", "pipe-two-readers"]
LIMIT = 60  # seconds until a program that neither ends nor stands still fails
LOOKS = 25  # at a standstill, in a row
# nanosleep and clock_nanosleep: who sleeps for a while wakes up, however slow the machine is.
SLEEPS = {"x86_64": ("35", "230"), "aarch64": ("101", "115")}.get(platform.machine(), ())


def programs():
    for folder in FOLDERS:
        for path in sorted((ROOT / "test_inputs" / folder).iterdir()):
            text = path.read_text() if path.suffix in (".c", ".cpp") else ""
            if re.search(r"^int main\(", text, re.M) and "// proof: not run, " not in text:
                yield path


def compile_program(path, folder):
    program = os.path.join(folder, path.parent.name + "-" + path.stem)
    compiler = ["cc", "-std=c17"] if path.suffix == ".c" else ["c++", "-std=c++20"]
    subprocess.run([*compiler, "-pthread", "-w", "-o", program, str(path)], check=True)
    return program


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def look(group):
    """What every thread of the processes of a group does now: state, system
    call, CPU time. Zombies do nothing and count for nothing."""
    seen = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        stat = read(f"/proc/{name}/stat")
        fields = stat.rsplit(")", 1)[-1].split()
        if len(fields) < 13 or int(fields[2]) != group or fields[0] == "Z":
            continue
        try:
            threads = os.listdir(f"/proc/{name}/task")
        except OSError:
            threads = []
        for thread in threads:
            fields = read(f"/proc/{name}/task/{thread}/stat").rsplit(")", 1)[-1].split()
            if len(fields) >= 13:
                seen[thread] = (fields[0], read(f"/proc/{name}/task/{thread}/syscall"), fields[11], fields[12])
    return seen


def outcome(program):
    """"ends" or "hangs"; an error after the limit."""
    process = subprocess.Popen([program], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    watch = select.poll()
    handle = os.pidfd_open(process.pid)
    watch.register(handle, select.POLLIN)
    still, before, end = 0, None, time.monotonic() + LIMIT
    try:
        while time.monotonic() < end:
            if watch.poll(40):
                return "ends"
            now = look(process.pid)
            blocked = now and all(state == "S" and call.split(" ")[0] not in ("running", *SLEEPS)
                                  for state, call, *_ in now.values())
            still = still + 1 if blocked and now == before else 0
            before = now
            if still >= LOOKS:
                return "hangs"
        raise AssertionError(f"neither ends nor stands still: {before}")
    finally:
        os.close(handle)
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


class Proof(unittest.TestCase):
    def test_bad_programs_hang_and_good_ones_end(self):
        ran = {"hangs": 0, "ends": 0}
        with tempfile.TemporaryDirectory() as folder:
            for path in programs():
                hangs = (path.name.startswith("bad_") and path.parent.name != "pipe-two-readers" and
                         "// proof: ends, " not in path.read_text())
                expected = "hangs" if hangs else "ends"
                with self.subTest(program=f"{path.parent.name}/{path.name}"):
                    self.assertEqual(outcome(compile_program(path, folder)), expected)
                    ran[expected] += 1
        self.assertGreaterEqual(ran["hangs"], 12)
        self.assertGreaterEqual(ran["ends"], 12)


if __name__ == "__main__":
    unittest.main()
