#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The rooms of docs/architecture.md against the code: who includes whom, where
Clang may be seen, where names of library functions may stand, how long a file
may be."""
import pathlib
import re
import unittest

import house

LIMIT = 600
# Where Clang's headers may be included.
CLANG_ROOMS = ("engine/facts", "engine/compile_db", "integrations", "tests/facts", "tests/compile_db", "tests/integrations")
# Rooms whose code must not know any library function by name.
GENERIC_ROOMS = ("engine/link", "engine/solve", "engine/suppress", "engine/finding", "output")


def code():
    return [path for path in house.files(*house.CODE) if not house.is_input(path)]


class Rooms(unittest.TestCase):
    def setUp(self):
        self.table = house.rooms()

    def test_the_table_can_be_read(self):
        self.assertIn("engine/facts", self.table)
        self.assertIsNone(self.table["tool"])
        self.assertEqual(self.table["engine/summary"], set())

    def test_every_room_is_in_the_table(self):
        built = {str(path.parent) for path in house.files("CMakeLists.txt") if len(path.parts) > 1}
        built = {folder for folder in built if re.fullmatch(r"(engine/)?[a-z_]+", folder)}
        self.assertEqual(sorted(built - set(self.table)), [])

    def test_includes_go_one_way(self):
        wrong = []
        for path in code():
            room = house.room_of(path, self.table)
            if room is None or self.table[room] is None:
                continue
            for included in house.INCLUDE.findall(house.read(path)):
                target = house.room_of(pathlib.Path(included), self.table)
                if target not in (None, room) and target not in self.table[room]:
                    wrong.append(f"{path} includes {included}: {room} may not include from {target}")
        self.assertEqual(wrong, [])

    def test_the_table_has_no_cycle(self):
        """Each room can be placed above all that it uses."""
        left = {room: uses for room, uses in self.table.items() if uses is not None}
        while left:
            ready = [room for room, uses in left.items() if not uses & left.keys()]
            self.assertTrue(ready, f"cycle among {sorted(left)}")
            for room in ready:
                del left[room]

    def test_clang_stays_in_its_rooms(self):
        wrong = [str(path) for path in code() if not str(path).startswith(CLANG_ROOMS)
                 for included in house.INCLUDE.findall(house.read(path)) if included.startswith(("clang/", "clang-c/", "clang-tidy/"))]
        self.assertEqual(wrong, [])

    def test_library_functions_are_named_in_models_only(self):
        names = set()
        for path in house.files(".yaml"):
            if path.parts[0] == "models":
                for single, several in re.findall(r"\bname: *([\w:~]+)|\bnames: *\[([^\]]*)\]", house.read(path)):
                    names.add(single)
                    # a_{b,c} is short for a_b and a_c.
                    for start, middle, end in re.findall(r"([\w:~]*)\{([^}]*)\}([\w:~]*)", several):
                        names.update(start + word.strip() + end for word in middle.split(","))
                    names.update(re.findall(r"[\w:~]+", re.sub(r"[\w:~]*\{[^}]*\}[\w:~]*", "", several)))
        # Short words may be anything; the rest can only be meant as a name. The
        # names of the Lockable requirements belong to the language.
        names = {name for name in names if "_" in name or "::" in name}
        names -= {"try_lock", "lock_shared", "unlock_shared", "try_lock_shared"}
        self.assertIn("pthread_mutex_lock", names)
        wrong = []
        for path in code():
            if str(path).startswith(GENERIC_ROOMS):
                text = re.sub(r"//[^\n]*|/\*.*?\*/", "", house.read(path), flags=re.S)
                wrong += [f"{path}: {literal}" for literal in re.findall(r'"([^"\n]*)"', text) if literal in names]
        self.assertEqual(wrong, [])

    def test_files_are_short(self):
        paths = code() + [path for path in house.files(".py", ".cmake") if not house.is_input(path)]
        lengths = {str(path): house.read(path).count("\n") for path in paths}
        self.assertEqual({path: lines for path, lines in lengths.items() if lines > LIMIT}, {})

    def test_sources_carry_the_licence(self):
        self.assertEqual([str(path) for path in code() if "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception" not in house.read(path)[:600]], [])


if __name__ == "__main__":
    unittest.main()
