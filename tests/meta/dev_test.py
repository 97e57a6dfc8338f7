#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What ./dev promises, as far as it can be seen without installing anything:
each test runs a copy of it in a folder of its own, some with other programs in
front of the machine's."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import house


class Dev(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)
        shutil.copy(house.ROOT / "dev", self.root)
        shutil.copytree(house.ROOT / "checks/templates", self.root / "checks/templates")
        (self.root / "bin").mkdir()

    def fake(self, name, script):
        program = self.root / "bin" / name
        program.write_text("#!/bin/sh\n" + script)
        program.chmod(0o755)

    def run_dev(self, *arguments):
        path = f"{self.root / 'bin'}:{os.environ['PATH']}"
        return subprocess.run([self.root / "dev", *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env={**os.environ, "PATH": path})

    def test_help_names_every_command(self):
        text = self.run_dev("help").stdout
        for command in ("check", "test", "bench", "format", "new-rule", "help"):
            self.assertIn(f"\n  {command} ", text)
        self.assertEqual(self.run_dev().stdout, text)

    def test_an_unknown_command_is_a_usage_error(self):
        done = self.run_dev("chekc")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr, "dev: there is no command 'chekc'; see ./dev help\n")

    def test_without_root_the_command_to_run_is_printed(self):
        self.fake("id", "echo 1000\n")
        # All packages are installed but one.
        self.fake("dpkg-query", 'for name; do case $name in -*|*{*|ninja-build) ;; *) echo "ii $name" ;; esac; done\n')
        self.fake("apt-get", "echo apt-get was run >&2; exit 1\n")
        done = self.run_dev("check")
        self.assertEqual(done.returncode, 2)
        self.assertIn("sudo apt-get install -y --no-install-recommends ninja-build\n", done.stderr)
        self.assertNotIn("was run", done.stderr)

    def test_a_package_that_cannot_be_had_is_named(self):
        self.fake("id", "echo 0\n")
        self.fake("dpkg-query", "exit 1\n")
        self.fake("apt-get", '[ "$1" = update ] || { echo "E: Unable to locate package clang-22"; exit 100; }\n')
        done = self.run_dev("check")
        self.assertEqual(done.returncode, 2)
        self.assertIn("dev: installing cmake ", done.stderr)
        self.assertIn("could not install: E: Unable to locate package clang-22", done.stderr)

    def test_stale_package_lists_are_fetched_once(self):
        self.fake("id", "echo 0\n")
        self.fake("dpkg-query", "exit 1\n")
        log = self.root / "calls"
        self.fake("apt-get", f'echo "$1" >>{log}; [ "$1" = update ] || [ "$(grep -c install {log})" = 2 ]\n')
        self.fake("cmake", "echo no project here >&2; exit 1\n")
        done = self.run_dev("check")
        self.assertEqual(log.read_text().split(), ["install", "update", "install"])
        self.assertEqual(done.returncode, 1)
        self.assertIn("no project here", done.stderr)
        self.assertIn("dev: CMake could not configure build/release", done.stderr)

    def test_new_rule_makes_four_files_and_overwrites_none(self):
        done = self.run_dev("new-rule", "pipe-left-open")
        made = ["checks/pipe/pipe-left-open.cpp", "checks/pipe/pipe-left-open.md",
                "test_inputs/pipe-left-open/bad_first.cpp", "test_inputs/pipe-left-open/good_first.cpp"]
        self.assertEqual(done.stdout.split(), made)
        self.assertIn("void pipeLeftOpen(", (self.root / made[0]).read_text())
        self.assertIn("\nid: pipe-left-open\nfamily: pipe\n", (self.root / made[1]).read_text())
        self.assertIn("// expect: pipe-left-open", (self.root / made[2]).read_text())
        again = self.run_dev("new-rule", "pipe-left-open")
        self.assertEqual(again.returncode, 1)
        self.assertIn("is there already", again.stderr)

    def test_new_rule_takes_a_family_and_refuses_odd_names(self):
        self.assertIn("checks/thread/fork-late.md", self.run_dev("new-rule", "fork-late", "thread").stdout)
        for name in ("Fork-late", "fork", "fork_late", "", "fork-", "../fork-late"):
            self.assertEqual(self.run_dev("new-rule", name).returncode, 2, name)

    def test_a_new_rule_is_taken_by_the_registry(self):
        self.run_dev("new-rule", "pipe-left-open")
        done = subprocess.run(
            ["cmake", "-D", f"CHECKS={self.root / 'checks'}", "-D", f"INPUTS={self.root / 'test_inputs'}",
             "-D", f"REGISTRY={self.root / 'Registry.cpp'}", "-D", f"DOCS={self.root / 'docs'}",
             "-P", house.ROOT / "cmake/GenerateRegistry.cmake"], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        self.assertIn("pipeLeftOpen", (self.root / "Registry.cpp").read_text())


if __name__ == "__main__":
    unittest.main()
