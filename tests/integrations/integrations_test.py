# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The adapters, end to end: they find what the command line finds, and a build
does no work twice.

    integrations_test.py OPTIONS [CASE...]     runs all cases, or those named
    integrations_test.py --list                prints their names
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib
import unittest

import scratch

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPTIONS = None

# Labelled programs of several rules, one unit each.
INPUTS = ["lock-order-inversion/bad_accessor_guards.cpp", "lock-order-inversion/bad_with_lock_template.cpp",
          "lock-order-inversion/bad_wrapper_functions.c", "lock-order-inversion/bad_virtual_sink.cpp",
          "lock-order-inversion/bad_join_holding_lock.cpp", "lock-order-inversion/good_macro_sections.cpp"]
LINE = re.compile(r"^(?P<file>/[^:\n]+):(?P<line>\d+):(?P<column>\d+): (?P<level>warning|error): (?P<message>.*?) "
                  r"\[(?P<rule>gridlock-[\w-]+)[^\]]*\](?: \[[^\]]*\])?$", re.M)


def standard(path):
    return "-std=c17" if str(path).endswith(".c") else "-std=c++20"


def run(*words, cwd=None, timeout=500):
    return subprocess.run([str(word) for word in words], cwd=cwd, timeout=timeout, stdin=subprocess.DEVNULL,
                          capture_output=True, encoding="utf-8", errors="replace")


def reported(text):
    """Rule, line and message of every finding in GCC's form."""
    return sorted((m["rule"], int(m["line"]), m["message"]) for m in LINE.finditer(text))


class Case(scratch.Case):
    def command_line(self, path):
        done = run(OPTIONS.tool, "check", path, "--no-cache", "--format", "json", "--", standard(path))
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return sorted(("gridlock-" + f["rule"], f["location"]["line"], f["message"])
                      for f in json.loads(done.stdout)["findings"] if not f.get("suppressedBy"))

    def needs(self, program):
        if not program or program.endswith("-NOTFOUND"):
            self.skipTest("the program that loads the adapter is not installed")


BAD = """#include <mutex>
#include <thread>
std::mutex first, second;
void a() { std::lock_guard<std::mutex> x(first); std::lock_guard<std::mutex> y(second); }
void b() { std::lock_guard<std::mutex> x(second); std::lock_guard<std::mutex> y(first); }
int main() { std::thread t(a), u(b); t.join(); u.join(); }
"""


class Tidy(Case):
    def setUp(self):
        super().setUp()
        self.needs(OPTIONS.tidy)

    def tidy(self, path, *words):
        return run(OPTIONS.tidy, f"--load={OPTIONS.tidy_module}", "--checks=-*,gridlock-*", "--quiet", *words, path, "--",
                   standard(path))

    def test_finds_what_the_command_line_finds(self):
        found = 0
        for name in INPUTS:
            path = ROOT / "test_inputs" / name
            done = self.tidy(path)
            expected = self.command_line(path)
            self.assertEqual(reported(done.stdout), expected, name + done.stderr)
            found += len(expected)
        self.assertGreaterEqual(found, 5)

    def test_lists_every_rule(self):
        done = run(OPTIONS.tidy, f"--load={OPTIONS.tidy_module}", "--checks=-*,gridlock-*", "--list-checks")
        rules = {path.stem for path in (ROOT / "checks").glob("*/*.md")}
        self.assertEqual({line.strip() for line in done.stdout.splitlines() if "gridlock-" in line},
                         {"gridlock-" + rule for rule in rules})

    def test_each_check_can_be_left_out(self):
        path = self.write("a.cpp", BAD)
        self.assertEqual(len(reported(self.tidy(path).stdout)), 1)
        self.assertEqual(reported(self.tidy(path, "--checks=-*,gridlock-*,-gridlock-lock-order-inversion").stdout), [])

    def test_notes_tell_both_threads(self):
        done = self.tidy(self.write("a.cpp", BAD))
        self.assertIn("note: Thread 1", done.stdout)
        self.assertIn("note: Thread 2", done.stdout)

    def test_obeys_nolint(self):
        line = "std::lock_guard<std::mutex> y(second); }"
        path = self.write("a.cpp", BAD.replace(line, line + " // NOLINT(gridlock-lock-order-inversion)"))
        self.assertEqual(self.command_line(path), [])
        self.assertEqual(reported(self.tidy(path).stdout), [])

    def test_several_files_in_one_run(self):
        bad, good = self.write("bad.cpp", BAD), self.write("good.cpp", "int main() {}\n")
        again = self.write("again.cpp", BAD)
        done = run(OPTIONS.tidy, f"--load={OPTIONS.tidy_module}", "--checks=-*,gridlock-*", "--quiet", bad, good, again, "--",
                   "-std=c++20")
        self.assertEqual(sorted(pathlib.Path(m["file"]).name for m in LINE.finditer(done.stdout)), ["again.cpp", "bad.cpp"])


class Plugin(Case):
    def setUp(self):
        super().setUp()
        self.needs(OPTIONS.clang)

    def compile(self, path, *words):
        words = ["-x", "c"] * str(path).endswith(".c") + list(words)
        return run(OPTIONS.clang, f"-fplugin={OPTIONS.plugin}", "-fsyntax-only", standard(path), *words, path)

    def test_finds_what_the_command_line_finds(self):
        found = 0
        for name in INPUTS:
            path = ROOT / "test_inputs" / name
            done = self.compile(path)
            expected = self.command_line(path)
            self.assertEqual(reported(done.stderr), expected, name + done.stderr)
            self.assertEqual(done.returncode, 0)
            found += len(expected)
        self.assertGreaterEqual(found, 5)

    def test_obeys_werror(self):
        done = self.compile(self.write("a.cpp", BAD), "-Werror")
        self.assertEqual(done.returncode, 1)
        self.assertEqual([m["level"] for m in LINE.finditer(done.stderr)], ["error"])

    def test_obeys_w(self):
        done = self.compile(self.write("a.cpp", BAD), "-w")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_obeys_nolint(self):
        line = "std::lock_guard<std::mutex> y(second); }"
        path = self.write("a.cpp", BAD.replace(line, line + " // NOLINT(gridlock-lock-order-inversion)"))
        self.assertEqual(self.compile(path).stderr, "")

    def test_says_nothing_about_broken_code(self):
        done = self.compile(self.write("a.cpp", BAD + "int broken = ;\n"))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(reported(done.stderr), [])

    def test_summaries_are_those_of_extract(self):
        """Two units, none wrong by itself; what the plugin left links to the finding."""
        shared = "#include <mutex>\nextern std::mutex first, second;\n"
        one = self.write("one.cpp", shared + "void a() { std::lock_guard<std::mutex> x(first); "
                                             "std::lock_guard<std::mutex> y(second); }\n")
        two = self.write("two.cpp", shared + "#include <thread>\nstd::mutex first, second;\nvoid a();\n"
                                             "void b() { std::lock_guard<std::mutex> x(second); "
                                             "std::lock_guard<std::mutex> y(first); }\n"
                                             "int main() { std::thread t(a), u(b); t.join(); u.join(); }\n")
        for path in (one, two):
            done = self.compile(path, f"-fplugin-arg-gridlock-summary-dir={self.folder / 'summaries'}")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        summaries = sorted((self.folder / "summaries").glob("*.gls"))
        self.assertEqual(len(summaries), 2)
        done = run(OPTIONS.tool, "link", *summaries, "--format", "json")
        self.assertEqual([f["rule"] for f in json.loads(done.stdout)["findings"]], ["lock-order-inversion"], done.stderr)

    def test_wrong_argument(self):
        done = self.compile(self.write("a.cpp", "int main() {}\n"), "-fplugin-arg-gridlock-sumary=x")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no plugin argument 'sumary=x'", done.stderr)


class CMake(Case):
    """A project of 50 generated files, built by Ninja."""
    COUNT = 50

    def setUp(self):
        super().setUp()
        if not re.search(r"ninja(-build)?$", OPTIONS.ninja):
            self.skipTest("the build does not use Ninja")

    def project(self, count):
        for i in range(count):
            self.write(f"file{i}.c", f'#include "shared.h"\nint part{i}(int x) {{ return base(x) + {i}; }}\n')
        self.write("shared.h", "#pragma once\nstatic inline int base(int x) { return x; }\n")
        sources = " ".join(f"file{i}.c" for i in range(count))
        self.write("CMakeLists.txt", f"""cmake_minimum_required(VERSION 3.25)
project(Parts C)
include("{ROOT / 'integrations/cmake/Gridlock.cmake'}")
add_library(parts STATIC {sources})
gridlock_enable(parts)
""")
        self.configure()

    def configure(self, *words):
        done = run(OPTIONS.cmake, "-S", self.folder, "-B", self.folder / "build", "-G", "Ninja",
                   f"-DCMAKE_MAKE_PROGRAM={OPTIONS.ninja}", f"-DGRIDLOCK_EXECUTABLE={OPTIONS.tool}", *words)
        self.assertEqual(done.returncode, 0, done.stderr)

    def build(self):
        """The files that were read, whether the program was linked, and the outcome."""
        done = run(OPTIONS.cmake, "--build", self.folder / "build", "--target", "gridlock", "--", "-v", "-j2")
        read = re.findall(r"gridlock extract (\S+)", done.stdout)
        return sorted(pathlib.Path(path).name for path in read), "gridlock link" in done.stdout, done

    def test_only_what_changed_is_read_again(self):
        self.project(self.COUNT)
        read, linked, done = self.build()
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual((len(read), linked), (self.COUNT, True))
        read, linked, done = self.build()
        self.assertEqual((read, linked), ([], False))
        self.assertIn("no work to do", done.stdout)
        self.write("file7.c", "int part7(int x) { return x; }\n")
        read, linked, done = self.build()
        self.assertEqual((read, linked), (["file7.c"], True))
        # A header is read by all but the one that no longer includes it.
        self.write("shared.h", "#pragma once\nstatic inline int base(int x) { return -x; }\n")
        read, linked, done = self.build()
        self.assertEqual((len(read), linked), (self.COUNT - 1, True))
        self.assertNotIn("file7.c", read)

    def test_new_flags_are_seen_and_nothing_else(self):
        self.project(3)
        self.assertEqual(len(self.build()[0]), 3)
        self.configure()
        self.assertEqual(self.build()[0], [])
        self.configure("-DCMAKE_C_FLAGS=-DSOMETHING")
        self.assertEqual(len(self.build()[0]), 3)

    def test_findings_fail_the_target_until_they_are_gone(self):
        self.project(2)
        bad = """#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int part0(int x) {
  pthread_mutex_lock(&lock);
  pthread_mutex_lock(&lock);
  return x;
}
"""
        self.write("file0.c", bad)
        for expected in (["file0.c", "file1.c"], []):
            read, linked, done = self.build()
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual((read, linked), (expected, True))
            self.assertIn("[lock-self-deadlock]", done.stdout)
        self.write("file0.c", "int part0(int x) { return x; }\n")
        self.assertEqual(self.build()[2].returncode, 0)


class Elsewhere(Case):
    """Other people's builds, with Gridlock as it is installed."""

    def files(self):
        self.write("shared.h", "#include <mutex>\nextern std::mutex first, second;\nvoid a();\n")
        self.write("one.cpp", '#include "shared.h"\nvoid a() { std::lock_guard<std::mutex> x(first); '
                              "std::lock_guard<std::mutex> y(second); }\n")
        self.write("two.cpp", '#include "shared.h"\n#include <thread>\nstd::mutex first, second;\n'
                              "void b() { std::lock_guard<std::mutex> x(second); std::lock_guard<std::mutex> y(first); }\n"
                              "int main() { std::thread t(a), u(b); t.join(); u.join(); }\n")

    def test_the_installed_package_is_found(self):
        self.files()
        prefix = self.folder / "prefix"
        done = run(OPTIONS.cmake, "--install", pathlib.Path(OPTIONS.tool).parents[1], "--prefix", prefix)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.20)\nproject(Outside CXX)\nset(CMAKE_CXX_STANDARD 20)\n"
                   "find_package(Gridlock REQUIRED)\nadd_executable(program one.cpp two.cpp)\ngridlock_enable(program)\n"
                   "target_link_libraries(program PRIVATE gridlock::runtime)\n")
        build = self.folder / "build"
        done = run(OPTIONS.cmake, "-S", self.folder, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(str(prefix), (build / "CMakeCache.txt").read_text(encoding="utf-8"))
        done = run(OPTIONS.cmake, "--build", build, "--target", "gridlock")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("[lock-order-inversion]", done.stdout)
        self.assertEqual(run(OPTIONS.cmake, "--build", build).returncode, 0)

    def test_the_makefile_of_the_documentation(self):
        self.files()
        if not shutil.which("make"):
            self.skipTest("make is not installed")
        page = (ROOT / "docs/integrations.md").read_text(encoding="utf-8")
        recipe = re.search(r"^```make\n(.*?)^```", page, re.M | re.S)[1].replace("gridlock link", f"{OPTIONS.tool} link")
        self.write("Makefile", "CXXFLAGS = -std=c++20\nSOURCES = one.cpp two.cpp\n"
                   + recipe.replace("gridlock extract", f"{OPTIONS.tool} extract"))

        def build():
            done = run("make", "gridlock", cwd=self.folder)
            self.assertIn("[lock-order-inversion]", done.stdout, done.stderr)
            return re.findall(r"gridlock extract (\S+)", done.stdout)
        self.assertEqual(build(), ["one.cpp", "two.cpp"])
        self.assertEqual(build(), [])
        os.utime(self.folder / "one.cpp", (2**31, 2**31))
        self.assertEqual(build(), ["one.cpp"])


class Names(Case):
    """What other tools read by name."""

    def test_pre_commit_hook_calls_the_tool(self):
        text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
        entry = re.search(r"^  entry: gridlock (.*)$", text, re.M)[1].split()
        path = self.write("a.cpp", BAD)
        done = run(OPTIONS.tool, *entry, path, "--no-cache", "--", "-std=c++20")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("[lock-order-inversion]", done.stdout)

    def test_editors_set_ups_start_a_server(self):
        """Each names a command line; with `cat` in the place of the server behind it, messages pass through it."""
        folder = ROOT / "integrations/editors"
        helix = tomllib.loads((folder / "helix.toml").read_text(encoding="utf-8"))
        server = helix["language-server"]["gridlock"]
        self.assertEqual([language["name"] for language in helix["language"]], ["c", "cpp"])
        self.assertTrue(all(language["language-servers"] == ["gridlock"] for language in helix["language"]))
        code = json.loads((folder / "vscode-settings.json").read_text(encoding="utf-8"))
        commands = [[server["command"], *server["args"]], [code["clangd.path"], *code["clangd.arguments"]]]
        for name, pattern in (("emacs.el", r'\("gridlock"[^)]*\)'), ("neovim.lua", r"cmd = \{[^}]*\}")):
            words = re.search(pattern, (folder / name).read_text(encoding="utf-8"))[0]
            commands.append(re.findall(r'"([^"]*)"', words))
        message = b'Content-Length: 8\r\n\r\n{"id":1}'
        for command in commands:
            self.assertEqual((command[0], command[-1]), ("gridlock", "clangd"))
            done = subprocess.run([str(OPTIONS.tool), *command[1:-1], "cat"], input=message, capture_output=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (0, message), command)

    def test_templates_use_options_that_exist(self):
        known = set()
        for command in ("check",):
            known |= set(re.findall(r"(--[\w-]+|-[a-z]\b)", run(OPTIONS.tool, command, "--help").stdout))
        for path in (ROOT / "integrations/ci").iterdir():
            text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
            command = re.search(r"gridlock check[^\n]*(?:\n[^\n]*--[^\n]*)*", text)[0]
            used = set(re.findall(r"(?<=[\s'\"{+(-])(--[a-z][\w-]+)", command))
            self.assertTrue(used, path)
            self.assertEqual(used - known, set(), path)


def names():
    return [f"{suite.__name__}.{name[5:]}" for suite in (Tidy, Plugin, CMake, Elsewhere, Names) for name in dir(suite)
            if name.startswith("test_")]


def main():
    global OPTIONS
    if sys.argv[1:] == ["--list"]:
        print("\n".join(names()))
        return 0
    parser = argparse.ArgumentParser()
    for option in ("tool", "tidy", "tidy-module", "clang", "plugin", "cmake", "ninja"):
        parser.add_argument("--" + option, required=True)
    parser.add_argument("cases", nargs="*")
    OPTIONS = parser.parse_args()
    os.environ.pop("NINJA_STATUS", None)
    suite = unittest.TestSuite()
    for name in OPTIONS.cases or names():
        owner, case = name.split(".")
        suite.addTest(globals()[owner]("test_" + case))
    result = unittest.TextTestRunner(verbosity=0).run(suite)
    if not result.wasSuccessful():
        return 1
    return 77 if result.skipped and len(result.skipped) == result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
