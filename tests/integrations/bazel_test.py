# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The rules for Bazel, in Bazel's own sandbox and over a cache that two checkouts
share, as two machines of a build service do.

    bazel_test.py --tool TOOL [TEST...]

Bazel 4.2 is what Debian has (bazel-bootstrap). It wants to fetch its rules for C++;
what those are for that version is native rules under other names, so that the test
needs no network. Where bazel is missing the test is skipped (77); with
GRIDLOCK_REQUIRE_BAZEL_TESTS in the environment that is a failure.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import scratch

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
import optional  # noqa: E402

OPTIONS = None
DEBIANS_RULES = pathlib.Path("/usr/share/bazel/rules")

BOTH_ORDERS = """#include <mutex>
{prefix}std::mutex {first}, {second};
{prefix}void {first}To{second}() {{
  std::lock_guard<std::mutex> x({first});
  std::lock_guard<std::mutex> y({second});
}}
{prefix}void {second}To{first}() {{
  std::lock_guard<std::mutex> x({second});
  std::lock_guard<std::mutex> y({first});
}}
"""
FILES = {
    "BUILD": """load("@gridlock//:gridlock.bzl", "gridlock_check")
cc_library(name = "one", srcs = ["lib/one.cpp"], hdrs = ["lib/shared.h"], copts = ["-std=c++20 -DTWO=2"], defines = ["SHARED"])
cc_library(name = "below", hdrs = ["up/deep.h"], strip_include_prefix = "up", textual_hdrs = ["body.inc"])
cc_library(name = "other", srcs = ["other.c"], local_defines = ["LOCAL=1"])
cc_binary(name = "program", srcs = ["two.cpp"], deps = [":below", ":one", ":other"], copts = ["-std=c++20"], linkopts = ["-lpthread"])
gridlock_check(name = "locks", deps = [":program"], config = "gridlock.yaml")
""",
    "gridlock.yaml": "disable: [race-*]\n",
    "lib/shared.h": "#pragma once\n#include <mutex>\n#ifndef SHARED\n#error no defines\n#endif\n"
                    "extern std::mutex first, second;\nvoid a();\n",
    "lib/one.cpp": '#include "lib/shared.h"\n#if TWO != 2\n#error no words\n#endif\nvoid a() {\n  std::lock_guard<std::mutex> x(first);\n'
                   "  std::lock_guard<std::mutex> y(second);\n}\n",
    "up/deep.h": "#pragma once\n" + BOTH_ORDERS.format(prefix="inline ", first="near", second="far"),
    "body.inc": BOTH_ORDERS.format(prefix="", first="early", second="late"),
    "other.c": "#if LOCAL != 1\n#error no local defines\n#endif\nint other(int x) { return x; }\n",
    "two.cpp": '#include "lib/shared.h"\n#include <thread>\nstd::mutex first, second;\n'
               "void b() {\n  std::lock_guard<std::mutex> x(second);\n  std::lock_guard<std::mutex> y(first);\n}\n"
               "int main() { std::thread t(a), u(b); t.join(); u.join(); }\n",
}
NATIVE = ["cc_binary", "cc_import", "cc_library", "cc_proto_library", "cc_test", "cc_toolchain", "cc_toolchain_suite",
          "objc_library"]


class Bazel(scratch.Case):
    def setUp(self):
        super().setUp()
        self.write("rules_cc/WORKSPACE", 'workspace(name = "rules_cc")\n')
        self.write("rules_cc/cc/BUILD", 'package(default_visibility = ["//visibility:public"])\n')
        self.write("rules_cc/cc/defs.bzl", "".join(f"{name} = native.{name}\n" for name in NATIVE))

    def checkout(self, name):
        for file, text in FILES.items():
            self.write(f"{name}/{file}", text)
        self.write(f"{name}/WORKSPACE", f"""workspace(name = "checkout")
local_repository(name = "gridlock", path = "{ROOT / 'integrations/bazel'}")
load("@gridlock//:gridlock.bzl", "gridlock_tool")
gridlock_tool(name = "gridlock_tool", path = "{OPTIONS.tool}")
""")
        self.addCleanup(self.bazel, name, "shutdown")

    def bazel(self, checkout, *words):
        start = ["bazel", f"--output_user_root={self.folder / (checkout + '-output')}", "--nohome_rc"]
        return subprocess.run([*start, *words], cwd=self.folder / checkout, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8", errors="replace", timeout=600)

    def build(self, checkout):
        """The outcome, the sources that were read, and how many results came from the cache."""
        done = self.bazel(checkout, "build", "//:locks", "--subcommands", "--verbose_failures",
                          f"--disk_cache={self.folder / 'cache'}", f"--override_repository=rules_cc={self.folder / 'rules_cc'}",
                          *(f"--override_repository=rules_{name}={DEBIANS_RULES / name}" for name in ("java", "proto")
                            if (DEBIANS_RULES / name).exists()))
        # Debian's sandbox tells what it does.
        done.stdout = re.sub(r"(?m)^.*linux-sandbox.*\n", "", done.stdout)
        read = re.findall(r"SUBCOMMAND: .*?action 'Gridlock: reading (\S+?)'", done.stdout)
        cached = re.search(r"(\d+) (?:disk|remote) cache hit", done.stdout)
        return done, sorted(read), int(cached[1]) if cached else 0

    def test_findings_fail_the_check_and_only_what_changed_is_read_again(self):
        self.checkout("here")
        done, read, _ = self.build("here")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("[lock-order-inversion]", done.stdout)
        self.assertRegex(done.stdout, r"(?m)^lib/one\.cpp:7:\d+: ")
        self.assertIn("  std::lock_guard<std::mutex> y(second);", done.stdout)
        self.assertEqual(read, ["lib/one.cpp", "other.c", "two.cpp"])

        fixed = FILES["two.cpp"].replace("x(second)", "x(x_)").replace("y(first)", "y(second)").replace("x_", "first")
        self.write("here/two.cpp", fixed)
        done, read, _ = self.build("here")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(read, ["two.cpp"])
        report = (self.folder / "here/bazel-bin/locks.sarif").read_text(encoding="utf-8")
        self.assertIn('"2.1.0"', report)
        self.assertEqual(self.build("here")[1], [])

        self.write("here/two.cpp", FILES["two.cpp"].replace("y(first);", "y(first); // NOLINT(gridlock-lock-order-inversion)"))
        self.write("here/lib/one.cpp", FILES["lib/one.cpp"].replace("y(second);", "y(second); // NOLINT"))
        self.assertEqual(self.build("here")[0].returncode, 0)

    def test_lines_of_headers_that_are_no_sources_are_shown(self):
        self.checkout("here")
        self.write("here/two.cpp", '#include <deep.h>\n#include "body.inc"\n#include <thread>\nstd::mutex first, second;\n'
                                   "int main() {\n  std::thread a(nearTofar), b(farTonear), c(earlyTolate), d(lateToearly);\n"
                                   "  a.join(); b.join(); c.join(); d.join();\n}\n")
        done = self.build("here")[0]
        self.assertEqual(done.returncode, 1, done.stdout)
        for file, lock in ("deep.h", "far"), ("body.inc", "late"):
            self.assertRegex(done.stdout, rf"{file}:\d+:\d+: .*\[lock-order-inversion\]")
            self.assertRegex(done.stdout, rf"  std::lock_guard<std::mutex> y\({lock}\);")

    def test_a_source_that_clang_does_not_understand_fails_the_check(self):
        self.checkout("here")
        self.write("here/two.cpp", "int main() { return nothing; }\n")
        done = self.build("here")[0]
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"two\.cpp:1:\d+: .*nothing")
        self.write("here/BUILD", FILES["BUILD"].replace('config = "gridlock.yaml"', 'strict = False'))
        done = self.build("here")[0]
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"two\.cpp:1:\d+: .*nothing")

    def test_summaries_are_the_same_in_another_checkout(self):
        self.checkout("here")
        self.checkout("there/deeper")
        self.assertEqual(self.build("here")[0].returncode, 1)
        summaries = list((self.folder / "here/bazel-bin/_gridlock").rglob("*.gls"))
        self.assertEqual(len(summaries), 3)
        for summary in summaries:
            self.assertNotIn(os.fsencode(self.folder), summary.read_bytes(), summary)
        done, _, cached = self.build("there/deeper")
        self.assertEqual(done.returncode, 1)
        self.assertIn("[lock-order-inversion]", done.stdout)
        # All three; the failed link is no result that is kept.
        self.assertGreaterEqual(cached, 3, done.stdout)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    OPTIONS, rest = parser.parse_known_args()
    OPTIONS.tool = OPTIONS.tool.resolve()
    if not shutil.which("bazel"):
        optional.leave("GRIDLOCK_REQUIRE_BAZEL_TESTS", "bazel is not installed (Debian: bazel-bootstrap)")
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
