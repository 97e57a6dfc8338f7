# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a test in JavaScript over a language server.

    editor_test.py --tool TOOL --packages FOLDER TEST.mjs -- SERVER...

The libraries of the client are installed by npm into FOLDER. Where node, npm or
the server are missing the test is skipped (77) with a line that says so; with
GRIDLOCK_REQUIRE_EDITOR_TESTS in the environment that is a failure.
"""
import argparse
import fcntl
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import optional  # noqa: E402

leave = functools.partial(optional.leave, "GRIDLOCK_REQUIRE_EDITOR_TESTS")


def install(folder, npm):
    """What package-lock.json lists, once."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package-lock.json").read_bytes()
    stamp = folder / "installed"
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_bytes() == wanted:
            return
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        done = subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, stdin=subprocess.DEVNULL,
                              capture_output=True, encoding="utf-8", errors="replace", timeout=500)
        if done.returncode:
            leave("npm could not install the client's libraries: " + done.stderr.strip()[-400:])
        stamp.write_bytes(wanted)


def main():
    at = sys.argv.index("--")
    server = sys.argv[at + 1:]
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--packages", required=True, type=pathlib.Path)
    parser.add_argument("test")
    options = parser.parse_args(sys.argv[1:at])
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        leave("the client needs node and npm")
    version = re.match(r"v(\d+)", subprocess.run([node, "--version"], capture_output=True, encoding="utf-8", check=True).stdout)
    if not version or int(version[1]) < 18:
        leave("the client needs node 18 or later")
    for word in server:
        if not word or word.endswith("-NOTFOUND"):
            leave("clangd-22 is not installed")
    install(options.packages, npm)
    environment = dict(os.environ, GRIDLOCK_TOOL=options.tool, GRIDLOCK_PYTHON=sys.executable,
                       GRIDLOCK_EDITOR_PACKAGES=str(options.packages), GRIDLOCK_EDITOR_SERVER=json.dumps(server))
    sys.exit(subprocess.run([node, "--test", HERE / options.test], env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
