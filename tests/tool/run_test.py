# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs under the run-time checker, as a user meets it: `gridlock run`,
`graph`, `confirm` and `stuck`.

    run_test.py TOOL RUNTIME COMPILER SOURCES [CASE...]
    run_test.py --list
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

TOOL = RUNTIME = COMPILER = SOURCES = None

# Two orders, in threads that live at the same time but do not meet: a barrier
# keeps both alive, a third lock or a first argument decides more.
PROGRAM = """#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <unistd.h>
#include <sys/wait.h>
std::mutex first, second, gate;
pthread_barrier_t both;
bool gated, one, other, together;
void forwards() {
  std::unique_lock<std::mutex> g(gate, std::defer_lock);
  if (gated) g.lock();
  std::lock_guard<std::mutex> outer(first);
  if (together) pthread_barrier_wait(&both);
  std::lock_guard<std::mutex> inner(second);
}
void backwards() {
  std::unique_lock<std::mutex> g(gate, std::defer_lock);
  if (gated) g.lock();
  std::lock_guard<std::mutex> outer(second);
  if (together) pthread_barrier_wait(&both);
  std::lock_guard<std::mutex> inner(first);
}
void run() {
  pthread_barrier_init(&both, nullptr, 2);
  std::thread a([] { if (one) forwards(); if (!together) { pthread_barrier_wait(&both); pthread_barrier_wait(&both); } });
  std::thread b([] { if (!together) pthread_barrier_wait(&both); if (other) backwards(); if (!together) pthread_barrier_wait(&both); });
  a.join();
  b.join();
}
int main(int count, char **words) {
  const char *what = count > 1 ? words[1] : "";
  gated = strstr(what, "gated");
  together = strstr(what, "together");
  one = !strstr(what, "backwards");
  other = !strstr(what, "forwards");
  puts("hello");
  fflush(stdout);
  if (strstr(what, "children")) {
    for (int i = 0; i < 2; ++i)
      if (fork() == 0) { run(); _exit(0); }
    while (wait(nullptr) > 0) {}
  } else if (!strstr(what, "quiet")) {
    run();
  }
  if (strstr(what, "killed")) raise(9);
  return strstr(what, "seven") ? 7 : 0;
}
"""


class Case(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="gridlock-run-test-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name).resolve()

    def build(self, text=PROGRAM, name="program"):
        source = self.folder / f"{name}.cpp"
        source.write_text(text)
        subprocess.run([COMPILER, "-std=c++20", "-g", "-O1", "-include", "csignal", source, "-o", self.folder / name, "-pthread"],
                       check=True)
        return self.folder / name

    def tool(self, *words, timeout=240):
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")}
        environment.pop("GRIDLOCK_OPTIONS", None)
        return subprocess.run([TOOL, *map(str, words)], cwd=self.folder, env=environment, timeout=timeout,
                              stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace")

    def run_under(self, *words, options=()):
        return self.tool("run", "--runtime", RUNTIME, *options, "--", *words)


class Run(Case):
    def test_report_has_lines_and_threads(self):
        done = self.run_under(self.build())
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stdout, "hello\n")
        self.assertIn("[lock-order-inversion]", done.stderr)
        self.assertRegex(done.stderr, r"program\.cpp:\d+:\d+ +took mutex `first`")
        self.assertRegex(done.stderr, r"program\.cpp:\d+:\d+ +wanted mutex `second`, still holding it  \{holds `first`\}")
        self.assertNotIn("0x", done.stderr)

    def test_json_goes_to_a_file(self):
        done = self.run_under(self.build(), options=["--output", "json=report.json", "--output", "sarif=report.sarif"])
        self.assertEqual(done.returncode, 1, done.stderr)
        report = json.loads((self.folder / "report.json").read_text())
        self.assertEqual([finding["rule"] for finding in report["findings"]], ["lock-order-inversion"])
        finding = report["findings"][0]
        self.assertEqual(sorted(edge["from"] for edge in finding["cycle"]), ["first", "second"])
        self.assertTrue(all(step["location"]["line"] for thread in finding["threads"] for step in thread["steps"]))
        self.assertEqual(json.loads((self.folder / "report.sarif").read_text())["version"], "2.1.0")

    def test_report_goes_into_a_pipe_and_through_a_link(self):
        os.mkfifo(self.folder / "pipe")
        (self.folder / "real.json").write_text("old")
        os.symlink("real.json", self.folder / "link.json")
        with subprocess.Popen(["cat", self.folder / "pipe"], stdout=subprocess.PIPE) as reader:
            done = self.run_under(self.build(), options=["--output", "json=pipe", "--output", "json=link.json"])
            read = reader.communicate(timeout=60)[0]
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertTrue((self.folder / "pipe").is_fifo() and (self.folder / "link.json").is_symlink())
        self.assertEqual(json.loads(read), json.loads((self.folder / "real.json").read_text()))

    def test_status_is_the_programs_own(self):
        program = self.build()
        self.assertEqual(self.run_under(program, "quiet").returncode, 0)
        self.assertEqual(self.run_under(program, "quiet seven").returncode, 7)
        self.assertEqual(self.run_under(program, "seven").returncode, 7)
        self.assertEqual(self.run_under(program, "quiet killed").returncode, 128 + signal.SIGKILL)
        self.assertEqual(self.run_under(program, options=["--keep-status"]).returncode, 0)

    def test_report_survives_a_kill(self):
        done = self.run_under(self.build(), "killed")
        self.assertEqual(done.returncode, 128 + signal.SIGKILL)
        self.assertIn("[lock-order-inversion]", done.stderr)

    def test_children_may_be_killed_at_any_moment(self):
        program = self.build("""#include <sys/wait.h>
#include <thread>
#include <unistd.h>
int main() {
  std::thread([] {}).join();
  for (int i = 0; i < 200; ++i) {
    pid_t child = fork();
    if (child == 0) { pause(); _exit(0); }
    for (volatile int k = 0; k < i * 5000; k = k + 1) {}
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
}
""", "killer")
        done = self.run_under(program)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("error", done.stderr)

    def test_children_are_followed_and_merged(self):
        done = self.run_under(self.build(), "children")
        self.assertEqual(done.stderr.count("[lock-order-inversion]"), 1, done.stderr)
        self.assertIn("1 finding in 3 processes", done.stderr)

    def test_missing_program(self):
        done = self.run_under("./not-there")
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot run ./not-there", done.stderr)
        self.assertEqual(self.tool("run").returncode, 2)

    def test_deadlock_that_happens_is_ended(self):
        done = self.run_under(self.build(), "together", options=["--end-when-stuck"])
        self.assertEqual(done.returncode, 128 + signal.SIGKILL, done.stderr)
        self.assertIn("[deadlock]", done.stderr)
        self.assertIn("does not go on; it is ended", done.stderr)

    def test_suppression_needs_a_reason(self):
        program = self.build()
        (self.folder / "hide").write_text("lock-order-inversion:forwards\n")
        refused = self.run_under(program, options=["--suppressions", "hide"])
        self.assertEqual(refused.returncode, 2)
        self.assertIn("hide:1: say why", refused.stderr)
        (self.folder / "hide").write_text("# They never run at the same time in production.\nlock-order-inversion:forwards\n")
        done = self.run_under(program, options=["--suppressions", "hide"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("(1 hidden)", done.stderr)


class Graph(Case):
    def traced(self, program, what):
        self.run_under(program, what, options=["--trace-dir", "traces-" + what])
        return "traces-" + what

    def test_why_names_the_gate(self):
        done = self.tool("graph", "--why", "first", "second", self.traced(self.build(), "gated"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("not reported", done.stdout)
        self.assertIn("with mutex `gate` held: a gate", done.stdout)

    def test_why_says_that_one_order_was_seen(self):
        done = self.tool("graph", "--why", "first", "second", self.traced(self.build(), "forwards"))
        self.assertIn("one order was seen, mutex `first` before mutex `second`", done.stdout)

    def test_unknown_lock(self):
        done = self.tool("graph", "--why", "first", "third", self.traced(self.build(), "forwards"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("no lock is called 'third'", done.stdout)

    def test_merge_finds_orders_of_different_runs(self):
        program = self.build()
        one, other = self.traced(program, "forwards"), self.traced(program, "backwards")
        self.assertEqual(self.tool("graph", "--merge", one).returncode, 0)
        done = self.tool("graph", "--merge", one, other)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("are taken in both orders, in different runs", done.stderr)
        self.assertIn("(on a cycle)", done.stdout)

    def test_dot_and_json(self):
        traces = self.traced(self.build(), "forwards")
        self.assertIn('label="mutex `first`"', self.tool("graph", "--format", "dot", traces).stdout)
        graph = json.loads(self.tool("graph", "--format", "json", traces).stdout)
        self.assertEqual(len(graph["edges"]), 1)

    def test_damaged_trace(self):
        (self.folder / "bad").write_bytes(b"GRIDLKTR" + bytes([1, 0, 0, 0, 40, 0, 0, 0]) + bytes(24) + b"\x02\0\0\0\7\0\0\0" + bytes(8))
        done = self.tool("graph", "bad")
        self.assertEqual(done.returncode, 2)
        self.assertIn("is damaged", done.stderr)


class Confirm(Case):
    def demo(self):
        """The demo with debug information, and what the analysis says about it."""
        sources = pathlib.Path(SOURCES) / "test_inputs" / "demo"
        build = self.folder / "demo"
        subprocess.run(["cmake", "-S", sources, "-B", build, "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"],
                       check=True, capture_output=True)
        subprocess.run(["cmake", "--build", build, "-j2"], check=True, capture_output=True)
        report = self.tool("check", "-p", build, "--no-cache", "--format", "json", "-o", "report.json")
        self.assertEqual(report.returncode, 1, report.stderr)
        (self.folder / "jobs").write_text("echo one\ntrue\nfalse\necho two\n")
        return build / "jobserver"

    def test_demo_is_found_and_provoked(self):
        program = self.demo()
        done = self.tool("confirm", "--provoke", "--runtime", RUNTIME, "--findings", "report.json", "--", program, "jobs")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stdout, r"scheduler\.cpp:23: confirmed: .*\[lock-order-inversion\]")
        self.assertIn("deadlock, provoked", done.stderr)
        self.assertIn("calls `Scheduler::finish`", done.stderr)

    def analysed(self, what):
        program = self.build()
        (self.folder / "compile_commands.json").write_text(json.dumps(
            [{"directory": str(self.folder), "file": "program.cpp", "command": "c++ -std=c++20 -include csignal -c program.cpp"}]))
        self.tool("check", "-p", ".", "--no-cache", "--min-confidence", "low", "--format", "json", "-o", "report.json")
        self.run_under(program, what, options=["--trace-dir", "traces"])
        done = self.tool("confirm", "traces", "--findings", "report.json", "--format", "json")
        return done, json.loads(done.stdout)

    def test_verdicts(self):
        for what, verdict in (("quiet", "not executed"), ("forwards", "one order seen"), ("both", "seen")):
            done, result = self.analysed(what)
            self.assertEqual([finding["verdict"] for finding in result["findings"]], [verdict], what + done.stderr)
            (self.folder / "traces").rename(self.folder / ("traces-" + what))

    def test_cycle_that_only_a_run_knows(self):
        program = self.build()
        self.run_under(program, options=["--trace-dir", "traces"])
        (self.folder / "report.json").write_text(json.dumps({"version": 1, "tool": {"name": "gridlock", "version": "0"}, "root": "/", "notes": [], "findings": [], "suppressed": []}))
        done = self.tool("confirm", "traces", "--findings", "report.json")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("only a run shows this", done.stdout)


class Stuck(Case):
    def test_cycle_of_a_hung_program(self):
        program = subprocess.Popen([self.build(), "together"], stdout=subprocess.DEVNULL)
        try:
            for _ in range(50):  # until both threads wait
                done = self.tool("stuck", program.pid)
                if done.returncode == 2 and "may not read" in done.stderr:
                    self.skipTest("processes may not be looked at here")
                if done.returncode == 1:
                    break
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("[deadlock]", done.stdout)
            self.assertIn("waits for mutex `second`", done.stdout)
            self.assertIn("waits for mutex `first`", done.stdout)
            self.assertIn("waits for the end of thread", done.stderr)
        finally:
            program.kill()
            program.wait()

    def test_no_such_process(self):
        done = self.tool("stuck", 2 ** 22 + 1)
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is no process", done.stderr)


def cases():
    return [f"{suite.__name__}.{name}" for suite in (Run, Graph, Confirm, Stuck) for name in unittest.defaultTestLoader.getTestCaseNames(suite)]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--list"]:
        print("\n".join(cases()))
        sys.exit(0)
    TOOL, RUNTIME, COMPILER, SOURCES = sys.argv[1:5]
    suite = unittest.TestSuite()
    for name in sys.argv[5:] or cases():
        suite.addTest(unittest.defaultTestLoader.loadTestsFromName(name, sys.modules[__name__]))
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    sys.exit(77 if result.skipped and not result.failures and not result.errors else not result.wasSuccessful())
