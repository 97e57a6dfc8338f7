#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every rule is whole: source, page with all its sections, labelled programs of
both kinds. What the tool makes of the programs is for tests/inputs."""
import re
import unittest

import house

SECTIONS = ["What", "Why", "Bad", "Good", "How to fix", "Known problems"]
PAGES = {path.stem: path for path in house.files(".md") if path.parts[0] == "checks"}
SOURCES = {path.stem: path for path in house.files(".cpp") if path.parts[0] == "checks" and len(path.parts) == 3}
RULE = re.compile(r"[a-z]+(-[a-z]+)+")


class Rules(unittest.TestCase):
    def test_every_page_has_its_source_and_every_source_its_page(self):
        self.assertEqual(sorted(PAGES), sorted(name for name in SOURCES if RULE.fullmatch(name)))

    def test_pages_have_all_sections_in_order_with_text(self):
        for name, path in PAGES.items():
            with self.subTest(rule=name):
                # Code blocks may hold lines that look like headings.
                text = re.sub(r"^```.*?^```", "code", house.read(path), flags=re.M | re.S)
                self.assertEqual(re.findall(r"^## (.*)$", text, re.M), SECTIONS)
                for title, body in re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", text, re.M | re.S):
                    self.assertTrue(body.strip(), f"'{title}' is empty")
                self.assertNotIn("TODO", text)

    def test_rules_have_programs_of_both_kinds(self):
        for name in PAGES:
            with self.subTest(rule=name):
                entries = [entry.name for entry in (house.ROOT / "test_inputs" / name).iterdir()]
                self.assertTrue([entry for entry in entries if entry.startswith("bad_")])
                self.assertTrue([entry for entry in entries if entry.startswith("good_")])
                self.assertEqual([entry for entry in entries if not entry.startswith(("bad_", "good_"))], [])

    def test_bad_programs_expect_their_rule_and_good_ones_expect_nothing(self):
        for folder in sorted((house.ROOT / "test_inputs").iterdir()):
            if not folder.is_dir() or folder.name == "demo":
                continue
            for entry in sorted(folder.iterdir()):
                texts = [path.read_text() for path in ([entry] if entry.is_file() else entry.rglob("*")) if path.suffix in house.CODE]
                labels = [name for text in texts for line in re.findall(r"// expect: ([^/\n]*)", text)
                          for name in re.findall(r"([a-z-]+)(?:#\w+)?", line)]
                with self.subTest(program=f"{folder.name}/{entry.name}"):
                    if entry.name.startswith("bad_"):
                        self.assertIn(folder.name, labels)
                    else:
                        self.assertEqual(labels, [])


if __name__ == "__main__":
    unittest.main()
