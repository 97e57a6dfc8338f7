# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests that need a program which is not everywhere."""
import os
import sys


def leave(variable, reason):
    """Ends a test as skipped (77), or as failed where this variable is set in the environment."""
    required = bool(os.environ.get(variable))
    print(f"{'failed' if required else 'skipped'}: {reason}")
    sys.exit(1 if required else 77)
