# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The built tool, as a user meets it: what it says, where, and its exit status.

    tool_test.py TOOL [CASE...]      runs all cases, or those named
    tool_test.py --list              prints their names

A case is a method of a TestCase; it works in a folder of its own.
"""
import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

TOOL = None

RACE = """#include <mutex>
#include <thread>
std::mutex first, second;
void a() { std::lock_guard<std::mutex> x(first); std::lock_guard<std::mutex> y(second); }
void b() { std::lock_guard<std::mutex> x(second); std::lock_guard<std::mutex> y(first); }
int main() { std::thread t(a), u(b); t.join(); u.join(); }
"""


class Case(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="gridlock-tool-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name).resolve()
        (self.folder / ".git").mkdir()  # the search for a database ends here
        self.home = tempfile.TemporaryDirectory(prefix="gridlock-home-")
        self.addCleanup(self.home.cleanup)

    def write(self, name, text=""):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def database(self, *files, folder=".", flags=""):
        entries = [{"directory": str(self.folder), "file": name, "command": f"c++ {flags} -c {name}"} for name in files]
        self.write(f"{folder}/compile_commands.json", json.dumps(entries))

    def tool(self, *words, cwd=None, timeout=240):
        environment = {**os.environ, "XDG_CACHE_HOME": self.home.name, "HOME": self.home.name}
        return subprocess.run([TOOL, *map(str, words)], cwd=cwd or self.folder, env=environment, timeout=timeout,
                              stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace")

    def refused(self, *words, says, status=2):
        """One line, the right status, nothing on standard output."""
        done = self.tool(*words)
        self.assertEqual(done.returncode, status, done.stderr)
        errors = [line for line in done.stderr.splitlines() if line.startswith("gridlock: error: ")]
        self.assertEqual(len(errors), 1, done.stderr)
        self.assertIn(says, errors[0])
        return done

    def report(self, *words):
        """The SARIF results and the finished process; never a crash."""
        done = self.tool("check", "--format", "sarif", *words)
        self.assertIn(done.returncode, (0, 1, 2, 3), done.stderr)
        return json.loads(done.stdout)["runs"][0]["results"], done


class Usage(Case):
    def test_help(self):
        done = self.tool("--help")
        self.assertEqual(done.returncode, 0)
        for command in ("check", "extract", "link", "explain", "rules", "doctor"):
            self.assertIn(f"\n  {command} ", done.stdout)
            page = self.tool(command, "--help")
            self.assertEqual(page.returncode, 0)
            self.assertIn(f"usage: gridlock {command}", page.stdout)
            self.assertEqual(page.stderr, "")

    def test_version(self):
        self.assertRegex(self.tool("--version").stdout, r"^gridlock \d+\.\d+\.\d+ \(LLVM \d+")

    def test_unknown_command(self):
        self.refused("chek", says="there is no command 'chek'; did you mean 'check'?")

    def test_no_command(self):
        done = self.tool()
        self.assertEqual(done.returncode, 2)
        self.assertIn("usage:", done.stdout)

    def test_unknown_option(self):
        self.refused("check", "--formt", "sarif", says="unknown option '--formt'; did you mean '--format'?")

    def test_unknown_format(self):
        self.refused("check", "--format", "sarff", says="there is no format 'sarff'; did you mean 'sarif'?")

    def test_bad_values(self):
        self.refused("check", "-j", "none", says="--jobs must be a number")
        self.refused("check", "-j0", says="--jobs must be a number")
        self.refused("check", "--fail-on", "often", says="--fail-on must be note, warning or error")
        self.refused("check", "--min-confidence", "x", says="--min-confidence must be low, medium or high")
        self.refused("check", "--output", "sarif", says="--output needs FORMAT=FILE")
        self.refused("check", "--color", "blue", says="--color must be")
        self.refused("check", "--unsafe", says="--unsafe only has a meaning with --fix")
        self.refused("check", "--config", "none.yaml", says="none.yaml")
        self.refused("check", "--rules", "no-such-rule", says="no-such-rule")

    def test_unknown_rule(self):
        rules = json.loads(self.tool("rules", "--format", "json").stdout)
        self.assertTrue(rules)
        name = rules[0]["id"]
        self.refused("explain", name[:-1] + "z", says=f"did you mean '{name}'?")
        page = self.tool("explain", "gridlock-" + name)
        self.assertEqual(page.returncode, 0)
        self.assertGreater(len(page.stdout), 200)
        self.assertIn(name, self.tool("rules").stdout)

    def test_show_config(self):
        self.write(".gridlock.yaml", "min-confidence: high\n")
        done = self.tool("check", "--show-config", "--fail-on", "error")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("high", done.stdout)
        self.assertIn("--fail-on", done.stdout)


    def test_explain_place(self):
        self.write("a.cpp", RACE)
        done = self.tool("explain", "--at", "a.cpp:4", "--", "-std=c++20")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("first", done.stdout)
        self.refused("explain", "--at", "a.cpp", "--", says="--at needs FILE:LINE, not 'a.cpp'")
        self.refused("explain", "--at", "none.cpp:3", "--", says="cannot read none.cpp")


class Databases(Case):
    def test_missing(self):
        self.refused("check", says="no compile_commands.json here")

    def test_missing_with_build_folder(self):
        self.refused("check", "-p", "nowhere", says="nowhere: no such file or directory")
        self.write("bin/x")
        self.refused("check", "-p", "bin", says="no compile_commands.json in")

    def test_damaged(self):
        self.write("compile_commands.json", '[\n  {"file": "a.c",, }\n]')
        self.refused("check", says="compile_commands.json is damaged: line 2, column ")

    def test_empty(self):
        self.write("compile_commands.json", "[]")
        self.refused("check", says="is empty")

    def test_taken_one_is_named(self):
        self.write("a.cpp", "int x;\n")
        self.database("a.cpp", folder="build")
        done = self.tool("check")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("using build/compile_commands.json (1 command)", done.stderr)
        self.assertIn("0 findings in 1 unit", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_quiet(self):
        self.write("a.cpp", "int x;\n")
        self.database("a.cpp")
        self.assertEqual(self.tool("check", "--quiet").stderr, "")

    def test_folder_without_sources(self):
        self.write("doc/readme.txt")
        self.refused("check", "doc", says="there are no C or C++ sources below doc")

    def test_folder_without_database(self):
        self.write("src/a.c")
        self.refused("check", "src", says="no compile_commands.json for src")

    def test_folder_with_flags(self):
        self.write("src/a.c", "int a;\n")
        self.write("src/b.cpp", "int b;\n")
        done = self.tool("check", "src", "--")
        self.assertIn("in 2 units", done.stderr)

    def test_doctor(self):
        self.write("a.cpp", "#include <vector>\nstd::vector<int> x;\n")
        self.database("a.cpp")
        done = self.tool("doctor", "a.cpp")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for text in ("version:", "resource directory:", "compile_commands.json", "parser:", "no errors"):
            self.assertIn(text, done.stdout)
        self.write("b.cpp", '#include "gone.h"\n')
        done = self.tool("doctor", "b.cpp", "--")
        self.assertEqual(done.returncode, 2)
        self.assertIn("gone.h", done.stdout)


class Sources(Case):
    """Bad input is one line, and the rest is analysed."""

    def test_missing_file(self):
        self.refused("check", "none.cpp", "--", says="cannot read none.cpp: No such file or directory")

    def test_missing_file_among_others(self):
        self.write("good.cpp", RACE)
        results, done = self.report("none.cpp", "good.cpp", "--", "-std=c++20")
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot read none.cpp", done.stderr)
        self.assertIn("lock-order-inversion", [r["ruleId"] for r in results])

    def test_unreadable_file(self):
        path = self.write("locked.cpp", "int x;\n")
        path.chmod(0)
        if os.access(path, os.R_OK):
            self.skipTest("this user may read everything")
        self.refused("check", "locked.cpp", "--", says="cannot read locked.cpp: Permission denied")
        path.chmod(stat.S_IRUSR)

    def test_not_a_file(self):
        self.refused("check", "/dev/null", "--", says="neither a file nor a directory")

    def test_not_utf8(self):
        self.write("latin.cpp", b'// caf\xe9\nconst char *name = "\xff\xfe";\n' + RACE.encode())
        results, done = self.report("latin.cpp", "--", "-std=c++20")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertTrue(results)
        for name in ("text", "json", "html", "github", "junit"):
            self.assertEqual(self.tool("check", "--format", name, "latin.cpp", "--", "-std=c++20").returncode, 1, name)

    def test_binary_rubbish(self):
        self.write("rubbish.cpp", bytes(range(256)) * 64)
        _, done = self.report("rubbish.cpp", "--")
        self.assertIn("while parsing", done.stderr)

    def test_empty_file(self):
        self.write("empty.cpp")
        self.write("empty.c")
        results, done = self.report("empty.cpp", "empty.c", "--")
        self.assertEqual((results, done.returncode), ([], 0))

    def test_header_only(self):
        self.write("only.h", "#pragma once\ninline int twice(int x) { return 2 * x; }\nnamespace n {}\n")
        _, done = self.report("only.h", "--strict", "--", "-std=c++20")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_errors(self):
        self.write("broken.cpp", '#include "gone.h"\n' + RACE)
        results, done = self.report("broken.cpp", "--", "-std=c++20")
        self.assertIn("broken.cpp: 1 error while parsing, first: ", done.stderr)
        self.assertIn("'gone.h' file not found", done.stderr)
        self.assertIn("(1 not parsed cleanly)", done.stderr)
        self.assertIn("lock-order-inversion", [r["ruleId"] for r in results])
        _, done = self.report("--strict", "broken.cpp", "--", "-std=c++20")
        self.assertEqual(done.returncode, 3)

    def test_bad_flag(self):
        self.write("a.cpp", "int x;\n")
        _, done = self.report("a.cpp", "--", "-fno-such-flag-anywhere", "-std=c++20")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("flags that Clang does not know are left out: -fno-such-flag-anywhere", done.stderr)

    def test_mixed_languages(self):
        self.write("a.cpp", RACE)
        self.write("b.c", "int twice(int new) { return 2 * new; }\n")
        results, done = self.report("--strict", "a.cpp", "b.c", "--", "-std=c++20")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertNotIn("parsed cleanly", done.stderr)

    def test_long_file(self):
        lines = [f"int f{i}(int x) {{ return x + {i}; }}" for i in range(200_000)]
        self.write("long.c", "\n".join(lines) + "\n")
        _, done = self.report("--strict", "--no-cache", "long.c", "--")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_deep_parentheses(self):
        self.write("deep.c", "int f(int x) { return " + "(" * 5000 + "x" + ")" * 5000 + "; }\n")
        self.survives("deep.c")

    def test_deep_operators(self):
        self.write("deep.c", "int f(int x) { return " + "x + " * 5000 + "x; }\n")
        self.survives("deep.c")

    def test_deep_blocks(self):
        self.write("deep.c", "void f(void) { " + "{" * 2000 + ";" + "}" * 2000 + " }\n")
        self.survives("deep.c")

    def test_deep_branches(self):
        self.write("deep.c", "void g(void);\nvoid f(int x) { " + "if (x) { g(); " * 2000 + "}" * 2000 + " }\n")
        self.survives("deep.c")

    def test_too_deep_parentheses(self):
        self.write("deep.c", "int f(int x) { return " + "(" * 50_000 + "x" + ")" * 50_000 + "; }\n")
        done = self.survives("deep.c", clean=False)
        self.assertIn("deep.c: ", done.stderr)

    def survives(self, name, clean=True):
        self.write("good.cpp", RACE)
        results, done = self.report(name, "good.cpp", "--")
        self.assertIn("lock-order-inversion", [r["ruleId"] for r in results], done.stderr)
        self.assertEqual("(1 not parsed cleanly)" in done.stderr, not clean, done.stderr)
        self.assertEqual(done.returncode, 1, done.stderr)
        return done


class Results(Case):
    def test_exit_status(self):
        self.write("a.cpp", RACE)
        flags = ("a.cpp", "--", "-std=c++20")
        self.assertEqual(self.tool("check", *flags).returncode, 1)
        self.assertEqual(self.tool("check", "--rules", "-*", *flags).returncode, 0)

    def test_several_outputs(self):
        self.write("a.cpp", RACE)
        done = self.tool("check", "--output", "json=out.json", "--output", "sarif=out.sarif", "-o", "out.txt", "a.cpp",
                         "--", "-std=c++20")
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn("a.cpp:", (self.folder / "out.txt").read_text())
        json.loads((self.folder / "out.json").read_text())
        json.loads((self.folder / "out.sarif").read_text())

    def test_output_that_cannot_be_written(self):
        self.write("a.cpp", "int x;\n")
        self.refused("check", "-o", "no/such/folder/x", "a.cpp", "--", says="cannot write no/such/folder/x")

    def test_convert(self):
        self.write("a.cpp", RACE)
        self.tool("check", "--format", "json", "-o", "out.json", "a.cpp", "--", "-std=c++20")
        done = self.tool("convert", "out.json", "--format", "text")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("lock-order-inversion", done.stdout)
        self.write("bad.json", "{")
        self.refused("convert", "bad.json", says="bad.json")

    def test_baseline(self):
        self.write("a.cpp", RACE)
        flags = ("a.cpp", "--", "-std=c++20")
        self.assertEqual(self.tool("baseline", "write", "--baseline", "b.json", *flags).returncode, 0)
        done = self.tool("check", "--baseline", "b.json", *flags)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("hidden", done.stderr)
        self.refused("check", "--baseline", "none.json", *flags, says="cannot read the baseline none.json")

    def test_nolint(self):
        self.write("a.cpp", "".join(line + " // NOLINT\n" for line in RACE.splitlines()))
        self.assertEqual(self.tool("check", "a.cpp", "--", "-std=c++20").returncode, 0)

    def test_unused_nolint(self):
        self.write("a.cpp", RACE.replace("int main", "// NOLINTNEXTLINE(gridlock-lock-order-inversion)\nint main"))
        flags = ("a.cpp", "--", "-std=c++20")
        self.assertNotIn("NOLINT", self.tool("check", *flags).stderr)
        expected = "a.cpp:6: NOLINTNEXTLINE(gridlock-lock-order-inversion) hides no finding; remove it"
        self.assertIn(expected, self.tool("check", "--unused-nolint", *flags).stderr)
        done = self.tool("check", "--unused-nolint", "--rules", "-lock-order-inversion", *flags)
        self.assertNotIn("NOLINT", done.stderr)  # A rule that did not run cannot tell.

    def test_cache(self):
        self.write("a.cpp", RACE)
        self.write("b.cpp", "#include \"b.h\"\n")
        self.write("b.h", "int b;\n")
        self.database("a.cpp", "b.cpp", flags="-std=c++20")
        first = self.tool("check", "--stats")
        self.assertIn("2 parsed, 0 from the cache", first.stderr)
        second = self.tool("check", "--stats")
        self.assertIn("0 parsed, 2 from the cache", second.stderr)
        self.assertEqual(first.stdout, second.stdout)
        self.write("b.h", "int c;\n")
        self.assertIn("1 parsed, 1 from the cache (1 out of date", self.tool("check", "--stats").stderr)
        for entry in (self.folder / ".gridlock-cache").glob("*.gls"):
            entry.write_bytes(entry.read_bytes()[:-7])
        self.assertIn("2 parsed, 0 from the cache (0 out of date, 2 damaged)", self.tool("check", "--stats").stderr)
        self.assertIn("2 parsed, 0 from the cache", self.tool("check", "--stats", "--no-cache").stderr)


class Programs(Case):
    """Two source files that take two locks in opposite orders: one program, or two."""

    def linked(self, *programs):
        files = {"locks.c": "#include <pthread.h>\npthread_mutex_t first, second;\n"}
        for name, order in (("one", ("first", "second")), ("two", ("second", "first"))):
            body = "".join(f"  pthread_mutex_{act}(&{lock});\n" for act, lock in
                           (("lock", order[0]), ("lock", order[1]), ("unlock", order[1]), ("unlock", order[0])))
            files[f"{name}.c"] = ("#include <pthread.h>\nextern pthread_mutex_t first, second;\n"
                                  f"void {name}(void) {{\n{body}}}\n")
        for name, text in files.items():
            self.write(name, text)
        entries = [{"directory": str(self.folder), "file": name, "command": f"cc -c {name} -o {name}.o"} for name in files]
        self.write("compile_commands.json", json.dumps(entries))
        self.write("build.ninja", "".join(f"build {name}: C_EXECUTABLE_LINKER {objects}\n" for name, objects in programs))
        found, done = self.report("-p", ".", "--no-cache")
        self.assertEqual(done.stderr.count("error"), 0, done.stderr)
        return [result["ruleId"] for result in found]

    def test_two_programs_never_run_in_parallel(self):
        self.assertEqual(self.linked(("a", "one.c.o locks.c.o"), ("b", "two.c.o locks.c.o")), [])

    def test_one_program_does(self):
        self.assertEqual(self.linked(("a", "one.c.o two.c.o locks.c.o")), ["lock-order-inversion"])

    def test_without_link_steps_it_may(self):
        self.assertEqual(self.linked(), ["lock-order-inversion"])


class BuildActions(Case):
    def test_extract_and_link(self):
        self.write("a.cpp", '#include "shared.h"\nvoid a() { std::lock_guard<std::mutex> x(first), y(second); }\n')
        self.write("b.cpp", '#include "shared.h"\nvoid b() { std::lock_guard<std::mutex> x(second), y(first); }\n'
                            "void a();\nint main() { std::thread t(a), u(b); t.join(); u.join(); }\n")
        self.write("shared.h", "#include <mutex>\n#include <thread>\ninline std::mutex first, second;\n")
        for name in ("a", "b"):
            done = self.tool("extract", f"{name}.cpp", "-o", f"{name}.gls", "-MF", f"{name}.d", "--", "-std=c++20")
            self.assertEqual(done.returncode, 0, done.stderr)
        rule = (self.folder / "a.d").read_text()
        self.assertTrue(rule.startswith("a.gls:"))
        self.assertIn(str(self.folder / "shared.h"), rule)
        done = self.tool("link", "a.gls", "b.gls")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("lock-order-inversion", done.stdout)
        whole = self.tool("check", "a.cpp", "b.cpp", "--", "-std=c++20")
        self.assertEqual(done.stdout, whole.stdout)

    def test_damaged_summaries(self):
        self.write("a.cpp", RACE)
        self.tool("extract", "a.cpp", "-o", "a.gls", "--", "-std=c++20")
        good = (self.folder / "a.gls").read_bytes()
        self.write("cut.gls", good[: len(good) // 2])
        self.refused("link", "cut.gls", says="cut.gls: the summary is damaged")
        self.write("other.gls", "hello")
        self.refused("link", "other.gls", "a.gls", says="other.gls: this is not a Gridlock summary")
        self.refused("link", "none.gls", says="none.gls: cannot read it")
        self.refused("link", says="name the summaries")

    def test_extract_usage(self):
        self.write("a.cpp", "int x;\n")
        self.refused("extract", "a.cpp", says="extract needs -o FILE.gls")
        self.refused("extract", "-o", "a.gls", says="name one source file")
        self.refused("extract", "-o", "no/folder/a.gls", "a.cpp", "--", says="cannot write no/folder/a.gls")


def all_cases():
    loader = unittest.TestLoader()
    for suite in loader.loadTestsFromModule(sys.modules[__name__]):
        yield from suite


def case_name(case):
    return case.id().split(".", 1)[1].replace(".test_", ".")


def main():
    global TOOL
    cases = list(all_cases())
    if sys.argv[1:] == ["--list"]:
        print("\n".join(case_name(case) for case in cases))
        return 0
    TOOL = os.path.abspath(sys.argv[1])
    wanted = set(sys.argv[2:])
    chosen = unittest.TestSuite(case for case in cases if not wanted or case_name(case) in wanted)
    if wanted and chosen.countTestCases() != len(wanted):
        print("no such case", file=sys.stderr)
        return 2
    result = unittest.TextTestRunner(verbosity=2 if not wanted else 1).run(chosen)
    if not result.wasSuccessful():
        return 1
    return 77 if result.skipped and len(result.skipped) == result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
