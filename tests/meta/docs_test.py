#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pages: links lead somewhere, and every rule is in the README."""
import re
import unittest

import house


def pages():
    return [path for path in house.files(".md") if not house.is_input(path) or path.parts[:2] == ("test_inputs", "demo")]


class Docs(unittest.TestCase):
    def test_links_lead_to_files(self):
        broken = []
        for page in pages():
            text = re.sub(r"^```.*?^```", "", house.read(page), flags=re.M | re.S)
            for target in re.findall(r"\]\(([^)#\s]+)", text):
                if not re.match(r"[a-z]+:", target) and not (house.ROOT / page.parent / target).exists():
                    broken.append(f"{page}: {target}")
        self.assertEqual(broken, [])

    def test_every_user_page_is_linked_from_the_readme(self):
        readme = house.read(house.pathlib.Path("README.md"))
        unlinked = [str(page) for page in pages() if page.parent.as_posix() == "docs" and f"({page.as_posix()})" not in readme]
        self.assertEqual(unlinked, [])

    def test_the_readme_lists_every_rule(self):
        readme = house.read(house.pathlib.Path("README.md"))
        rules = [path.stem for path in house.files(".md") if path.parts[0] == "checks"]
        self.assertEqual([rule for rule in rules if f"| {rule} |" not in readme], [])


if __name__ == "__main__":
    unittest.main()
