#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the comparison itself: a comparer that is too kind would make every
test of the inputs pass."""
import pathlib
import tempfile
import unittest

import inputs

SOURCE = """\
a.lock();
b.lock(); // expect: order#1
b.lock(); // expect: order#1
sleep(1); // allow: block
m.lock(); // expect: self, held
done();
"""


class Compare(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.scratch.name).resolve() / "case.cpp"
        self.path.write_text(SOURCE)
        self.case = inputs.Case(self.path, [self.path])

    def tearDown(self):
        self.scratch.cleanup()

    def outcome(self, *results):
        """Each result: (rule, primary line, other lines...)."""
        full = [(rule, [(str(self.path), line)], [(str(self.path), n) for n in others]) for rule, line, *others in results]
        return inputs.compare(self.case, full)

    ALL = (("order", 2, 3), ("self", 5), ("held", 5))

    def test_exact_answer_is_good(self):
        self.assertTrue(self.outcome(*self.ALL).good())
        self.assertEqual(self.outcome(*self.ALL).expected, 3)

    def test_each_missing_finding_is_missed(self):
        for left_out in self.ALL:
            outcome = self.outcome(*(r for r in self.ALL if r != left_out))
            self.assertEqual(len(outcome.missed), 1, left_out)
            self.assertIn(left_out[0], outcome.missed[0])

    def test_unlabelled_line_is_extra(self):
        self.assertEqual(self.outcome(*self.ALL, ("order", 1)).extra, ["order at case.cpp:1"])

    def test_wrong_rule_on_a_labelled_line_is_extra_and_missed(self):
        outcome = self.outcome(("order", 2), ("held", 5), ("order", 5))
        self.assertEqual((len(outcome.extra), len(outcome.missed)), (1, 1))

    def test_allowed_line_needs_no_finding_and_takes_one(self):
        self.assertTrue(self.outcome(*self.ALL, ("block", 4)).good())
        self.assertFalse(self.outcome(*self.ALL, ("order", 4)).good())

    def test_second_report_of_one_defect_is_extra(self):
        self.assertEqual(len(self.outcome(*self.ALL, ("self", 5)).extra), 1)
        self.assertEqual(len(self.outcome(*self.ALL, ("order", 3, 2)).extra), 1)

    def test_group_is_found_by_a_step_but_a_plain_label_is_not(self):
        self.assertTrue(self.outcome(("order", 6, 3), ("self", 5), ("held", 5)).good())
        self.assertFalse(self.outcome(("order", 2), ("self", 6, 5), ("held", 5)).good())

    def test_same_line_of_another_file_does_not_count(self):
        outcome = inputs.compare(self.case, [("self", [("/other/case.cpp", 5)], [])])
        self.assertEqual((len(outcome.extra), len(outcome.missed)), (1, 3))


class Places(unittest.TestCase):
    def test_all_places_of_a_result_are_read(self):
        def location(uri, line):
            return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}

        result = {
            "locations": [location("a.c", 1)],
            "relatedLocations": [location("file:///tmp/b.c", 2)],
            "codeFlows": [{"threadFlows": [{"locations": [{"location": location("c.c", 3)}]}]}],
        }
        primary, others = inputs.places(result, "/base")
        self.assertEqual(primary, [("/base/a.c", 1)])
        self.assertEqual(others, [("/tmp/b.c", 2), ("/base/c.c", 3)])


class Flags(unittest.TestCase):
    def test_language_decides_unless_the_file_says_so(self):
        with tempfile.TemporaryDirectory() as scratch:
            for name, text, flags in (("a.c", "", ["-std=c17"]), ("a.cpp", "", ["-std=c++20"]),
                                      ("b.c", "// flags: -DX=1\n", ["-std=c17", "-DX=1"]),
                                      ("b.cpp", "// flags: -std=c++17 -DX\n", ["-std=c++17", "-DX"])):
                path = pathlib.Path(scratch) / name
                path.write_text(text)
                self.assertEqual(inputs.compiler_flags(inputs.Case(path, [path])), flags)


if __name__ == "__main__":
    unittest.main()
