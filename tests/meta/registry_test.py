#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""cmake/GenerateRegistry.cmake on small trees: what it writes, and what it
refuses."""
import os
import pathlib
import subprocess
import tempfile
import unittest

import house

FRONT = {"id": "pipe-unread", "family": "pipe", "title": "nobody reads it", "severity": "warning", "confidence": "low",
         "default": "off", "cwe": "833"}
# Characters that CMake would like to interpret.
BODY = 'Text; with [brackets], ${variables}, "quotes" and \\ backslashes.\n\n# A line\n'


class Registry(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)

    def add(self, folder="pipe", name="pipe-unread", source=True, inputs=True, body=BODY, **changes):
        front = {**FRONT, "id": name, **changes}
        checks = self.root / "checks" / folder
        checks.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{key}: {value}\n" for key, value in front.items() if value is not None)
        (checks / f"{name}.md").write_text(f"---\n{lines}---\n\n{body}")
        if source:
            (checks / f"{name}.cpp").write_text("")
        if inputs:
            (self.root / "inputs" / name).mkdir(parents=True)
            (self.root / "inputs" / name / "bad_first.c").write_text("")

    def generate(self):
        """-> (Registry.cpp or None, error text)"""
        registry = self.root / "Registry.cpp"
        done = subprocess.run(
            [os.environ.get("CMAKE", "cmake"), "-D", f"CHECKS={self.root / 'checks'}", "-D", f"INPUTS={self.root / 'inputs'}",
             "-D", f"REGISTRY={registry}", "-D", f"DOCS={self.root / 'docs'}",
             "-P", str(house.ROOT / "cmake/GenerateRegistry.cmake")], capture_output=True, text=True)
        return (registry.read_text() if done.returncode == 0 else None), " ".join(done.stderr.split())

    def test_front_matter_and_text_arrive_unchanged(self):
        self.add()
        text, error = self.generate()
        self.assertEqual(error, "")
        self.assertIn('"pipe-unread", "pipe", "nobody reads it", Severity::Warning, Confidence::Low, false, "833"', text)
        self.assertIn("void pipeUnread(const RuleInput &, RuleOutput &);", text)
        self.assertIn(BODY, text)

    def test_rules_are_sorted_by_id_across_families(self):
        self.add()
        self.add(folder="lock", name="lock-not-held", family="lock")
        self.add(folder="zoo", name="a-rule", family="zoo", default="on", cwe="")
        text, _ = self.generate()
        places = [text.index(f'"{name}"') for name in ("a-rule", "lock-not-held", "pipe-unread")]
        self.assertEqual(places, sorted(places))
        self.assertIn("std::array<RegisteredRule, 3>", text)

    def test_pages_are_written_and_old_ones_removed(self):
        self.add()
        self.add(folder="lock", name="lock-not-held", family="lock")
        self.generate()
        (self.root / "checks/lock/lock-not-held.md").unlink()
        self.generate()
        self.assertEqual(sorted(p.name for p in (self.root / "docs").iterdir()), ["README.md", "pipe-unread.md"])
        page = (self.root / "docs/pipe-unread.md").read_text()
        self.assertIn(BODY, page)
        self.assertIn("CWE-833", page)
        self.assertIn("[pipe-unread](pipe-unread.md) | nobody reads it", (self.root / "docs/README.md").read_text())

    def test_no_rules_at_all(self):
        text, error = self.generate()
        self.assertEqual(error, "")
        self.assertIn("std::array<RegisteredRule, 0>", text)

    def refused(self, *words):
        text, error = self.generate()
        self.assertIsNone(text)
        for word in words:
            self.assertIn(word, error)

    def test_a_page_needs_its_source(self):
        self.add(source=False)
        self.refused("pipe-unread.cpp is missing")

    def test_a_page_needs_programs(self):
        self.add(inputs=False)
        self.refused("pipe-unread is missing or empty")

    def test_every_key_is_needed(self):
        self.add(severity=None)
        self.refused("pipe-unread.md", "severity")

    def test_unknown_keys_are_refused(self):
        self.add(colour="green")
        self.refused("pipe-unread.md", "---")

    def test_values_are_checked(self):
        for key, value in (("severity", "fatal"), ("confidence", "sure"), ("default", "yes"), ("cwe", "CWE-1"),
                           ("family", "lock"), ("title", 'a "quoted" title')):
            with self.subTest(key=key):
                self.setUp()
                self.add(**{key: value})
                self.refused("pipe-unread.md", key)

    def test_the_name_is_the_files(self):
        self.add()
        (self.root / "checks/pipe/pipe-unread.md").rename(self.root / "checks/pipe/pipe-other.md")
        self.refused("pipe-other")


if __name__ == "__main__":
    unittest.main()
