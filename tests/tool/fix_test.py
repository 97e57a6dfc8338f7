# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `gridlock check --fix` makes of a program: it still compiles, and the
finding is gone.

    fix_test.py TOOL SOURCES
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL = SOURCES = None

# Only names matter to the models: no Qt is needed.
WAITS_FOR_EVER = """class QProcess {
public:
  void terminate();
  void kill();
  bool waitForFinished(int milliseconds = 30000);
};
void stop(QProcess &process) {
  process.terminate();
  if (!process.waitForFinished(-1))
    process.kill();
}
"""


class Fixes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_tool(self, source, *options):
        flags = ["-std=gnu17", "-D_GNU_SOURCE"] if source.suffix == ".c" else ["-std=c++20"]
        done = subprocess.run([TOOL, "check", "--no-cache", "--format", "json", *options, str(source), "--", *flags],
                              capture_output=True, text=True, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return json.loads(done.stdout)["findings"]

    def compiles(self, source):
        compiler = ["cc", "-std=gnu17", "-D_GNU_SOURCE"] if source.suffix == ".c" else ["c++", "-std=c++20"]
        return subprocess.run([*compiler, "-fsyntax-only", "-w", str(source)], check=False).returncode == 0

    def check(self, source, rule, text):
        before = source.read_text()
        self.assertIn(rule, [finding["rule"] for finding in self.run_tool(source)])
        self.run_tool(source, "--fix")
        self.assertEqual(source.read_text(), before, "the fix is not marked safe")
        self.run_tool(source, "--fix", "--unsafe")
        self.assertIn(text, source.read_text())
        self.assertTrue(self.compiles(source))
        self.assertNotIn(rule, [finding["rule"] for finding in self.run_tool(source)])

    def input(self, name):
        return pathlib.Path(shutil.copy(SOURCES / "test_inputs" / name, self.folder))

    def test_the_parents_write_end_is_closed(self):
        for name in ("bad_parent_keeps.c", "bad_page.cpp"):
            with self.subTest(name):
                self.check(self.input("pipe-end-left-open/" + name), "pipe-end-left-open", "close(ends[1]);")

    def test_closing_the_end_does_not_close_its_copy(self):
        found = self.run_tool(self.input("pipe-end-left-open/bad_copy_kept.c"))
        self.assertEqual([finding["fixIts"] for finding in found if finding["rule"] == "pipe-end-left-open"], [[]])

    def test_pipes_that_children_inherit_are_closed_on_exec(self):
        for name in ("bad_child_keeps.c", "bad_sibling_keeps.c"):
            with self.subTest(name):
                self.check(self.input("pipe-end-left-open/" + name), "pipe-end-left-open", ", O_CLOEXEC)")

    def test_a_wait_for_ever_gets_a_bound(self):
        source = self.folder / "stop.cpp"
        source.write_text(WAITS_FOR_EVER)
        self.check(source, "process-no-timeout", "waitForFinished(30000)")


if __name__ == "__main__":
    TOOL, SOURCES = sys.argv[1], pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
