#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The C++ sources are formatted as `./dev format` leaves them. Skipped (exit
status 77) where clang-format-22 is not installed."""
import shutil
import subprocess
import sys

import house


def main():
    tool = shutil.which("clang-format-22")
    if not tool:
        print("clang-format-22 is not installed")
        return 77
    paths = [str(path) for path in house.files(*house.CODE) if not house.is_input(path)]
    done = subprocess.run([tool, "--dry-run", "-Werror", *paths], cwd=house.ROOT, capture_output=True, text=True)
    wrong = sorted({line.split(":")[0] for line in done.stderr.splitlines() if "-Wclang-format-violations" in line})
    print("\n".join(wrong) or f"{len(paths)} files")
    if wrong:
        print("run ./dev format")
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
