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

COUNTS_HITS = """#include <thread>
class Site {
public:
  void serve() {
    for (int i = 0; i < 1000; ++i)
      ++hits;
  }
  bool isBusy() const { return hits > 100; }
private:
  unsigned long hits = 0;
};
int main() {
  Site site;
  std::thread one([&] { site.serve(); }), two([&] { site.serve(); });
  one.join();
  two.join();
  return site.isBusy();
}
"""

COUNTER_IN_C_HEADER = """struct counter {
  int hits;
};
"""

COUNTS_IN_C = """#include <pthread.h>
#include "count.h"
static struct counter all;
static void *work(void *unused) {
  for (int i = 0; i < 1000; ++i)
    ++all.hits;
  return unused;
}
int main(void) {
  pthread_t one, two;
  pthread_create(&one, 0, work, 0);
  pthread_create(&two, 0, work, 0);
  pthread_join(one, 0);
  pthread_join(two, 0);
  return 0;
}
"""

WAITS_ONCE = """#include <condition_variable>
#include <mutex>
#include <thread>
std::mutex m;
std::condition_variable changed;
bool ready = false;
void wait() {
  std::unique_lock<std::mutex> lock(m);
  if (!ready)
    changed.wait(lock);
}
void set() {
  {
    std::lock_guard<std::mutex> lock(m);
    ready = true;
  }
  changed.notify_all();
}
int main() {
  std::thread one(wait), two(set);
  one.join();
  two.join();
}
"""

POLLS_IN_C = """#include <pthread.h>
#include <unistd.h>
static volatile int stop;
static void *work(void *unused) {
  while (!stop)
    usleep(10);
  return unused;
}
int main(void) {
  pthread_t worker;
  if (pthread_create(&worker, NULL, work, NULL))
    return 1;
  stop = 1;
  pthread_join(worker, NULL);
  return 0;
}
"""

READS_WITHOUT_LOCK = """#include <mutex>
#include <thread>
class Table {
public:
  void grow() {
    std::lock_guard<std::mutex> held(mutex);
    ++size;
  }
  int count() const {
    return size;
  }
private:
  std::mutex mutex;
  int size = 0;
};
int main() {
  Table table;
  std::thread other([&] { table.grow(); });
  int seen = table.count();
  other.join();
  return seen;
}
"""

WRITES_WITHOUT_LOCK_IN_C = """#include <pthread.h>
struct table { pthread_mutex_t mutex; int size; };
static struct table shared = {PTHREAD_MUTEX_INITIALIZER, 0};
static void grow(struct table *t) {
  pthread_mutex_lock(&t->mutex);
  t->size++;
  pthread_mutex_unlock(&t->mutex);
}
static void clear(struct table *t) {
  t->size = 0;
}
static void *work(void *unused) {
  grow(&shared);
  return unused;
}
int main(void) {
  pthread_t worker;
  if (pthread_create(&worker, NULL, work, NULL))
    return 1;
  clear(&shared);
  pthread_join(worker, NULL);
  return 0;
}
"""

WAITS_AND_COUNTS = """#include <condition_variable>
#include <mutex>
#include <thread>
std::mutex mutex;
std::condition_variable changed;
bool ready;
int waits;
void wait() {
  std::unique_lock<std::mutex> lock(mutex);
  if (!ready) {
    ++waits;
    changed.wait(lock);
  }
}
int main() {
  std::thread waiter(wait);
  {
    std::lock_guard<std::mutex> lock(mutex);
    ready = true;
  }
  changed.notify_one();
  waiter.join();
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

    def check(self, source, rule, text, safe=False):
        before = source.read_text()
        self.assertIn(rule, [finding["rule"] for finding in self.run_tool(source)])
        self.run_tool(source, "--fix")
        self.assertEqual(source.read_text() != before, safe, "whether the fix is marked safe")
        if not safe:
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

    def test_a_counter_becomes_atomic(self):
        source = self.input("race-unlocked-mutation/bad_small.cpp")
        self.check(source, "race-unlocked-mutation", "std::atomic<int> served;", safe=True)

    def test_a_member_counter_becomes_atomic_with_all_its_uses(self):
        source = self.folder / "hits.cpp"
        source.write_text(COUNTS_HITS)
        self.check(source, "race-unlocked-mutation", "  std::atomic<unsigned long> hits{0};", safe=True)
        self.assertIn("#include <atomic>\n#include <thread>", source.read_text())

    def test_a_use_that_an_atomic_does_not_have_makes_the_fix_unsafe(self):
        for use in ("  void scale() { hits *= 2; }", "  unsigned long &raw() { return hits; }",
                    "  auto copy() { auto seen = hits; return seen; }"):
            with self.subTest(use):
                source = self.folder / "hits.cpp"
                source.write_text(COUNTS_HITS.replace("private:", use + "\nprivate:"))
                found = [finding for finding in self.run_tool(source) if finding["rule"] == "race-unlocked-mutation"]
                self.assertEqual([[fix["safe"] for fix in finding["fixIts"]] for finding in found], [[False]])

    def unsafe_atomic(self, text):
        """The atomic fix is proposed, and marked as one that may break the code."""
        source = self.folder / "hits.cpp"
        source.write_text(text)
        found = [finding for finding in self.run_tool(source) if finding["rule"] == "race-unlocked-mutation"]
        self.assertEqual([[fix["safe"] for fix in finding["fixIts"]] for finding in found], [[False]], text)

    def test_whatever_else_uses_the_counter_makes_the_fix_unsafe(self):
        outside = lambda text: COUNTS_HITS.replace("int main() {", text + "\nint main() {")
        inside = lambda text: COUNTS_HITS.replace("private:", text + "\nprivate:")
        for text in (
                outside("Site copied(const Site &from) { Site copy = from; return copy; }"),
                outside("struct Sites { Site first; };\nvoid assign(Sites &to, const Sites &from) { to = from; }"),
                outside("#include <vector>\nstd::vector<Site> all;"),
                inside("  void fill() { put(1, &hits); }\n  static void put(int, unsigned long *to) { *to = 1; }"),
                inside("  void fill() { unsigned long &r = hits; r = 1; }"),
                inside("  unsigned long seen() { const unsigned long &r = hits; return r; }"),
                inside("  void grow() { hits = hits + 1; }"),
                inside("#define SCALE(s) ((s).hits *= 2)\n  void scale() { SCALE(*this); }"),
                inside("  long many() { return 1'000 + put(&hits); }\n  static long put(unsigned long *to) { return *to; }"),
                inside('  const char *text() { return R"(say "x)"; } void fill() { put(&hits); }\n'
                       "  static void put(unsigned long *to) { *to = 1; }")):
            with self.subTest(text):
                self.unsafe_atomic(text)

    def test_a_lambda_that_captures_the_counter_leaves_the_fix_safe(self):
        source = self.folder / "hits.cpp"
        source.write_text(COUNTS_HITS.replace("private:", "  void later() { [this] { ++hits; }(); }\nprivate:"))
        self.check(source, "race-unlocked-mutation", "  std::atomic<unsigned long> hits{0};", safe=True)

    def test_the_header_is_included_where_everybody_reads_it(self):
        source = self.folder / "hits.cpp"
        source.write_text("#ifdef _WIN32\n#include <windows.h>\n#endif\n" + COUNTS_HITS)
        self.check(source, "race-unlocked-mutation", "#endif\n#include <atomic>\n#include <thread>", safe=True)

    def test_a_header_of_c_code_gets_the_type_of_c(self):
        (self.folder / "count.h").write_text(COUNTER_IN_C_HEADER)
        source = self.folder / "count.c"
        source.write_text(COUNTS_IN_C)
        self.run_tool(source, "--fix", "--unsafe")
        self.assertIn("_Atomic int hits;", (self.folder / "count.h").read_text())
        self.assertTrue(self.compiles(source))

    def test_a_stop_flag_becomes_atomic(self):
        source = self.input("race-stop-flag/bad_small.cpp")
        self.check(source, "race-stop-flag", "std::atomic<bool> running{true};", safe=True)
        source = self.folder / "stop.c"
        source.write_text(POLLS_IN_C)
        self.check(source, "race-stop-flag", "static _Atomic int stop;", safe=True)

    def test_the_guard_is_taken(self):
        source = self.input("race-inconsistent-guard/bad_small.cpp")
        self.check(source, "race-inconsistent-guard", "{ std::lock_guard<std::mutex> guard(lock); entries.clear(); }")
        source = self.folder / "table.cpp"
        source.write_text(READS_WITHOUT_LOCK)
        self.check(source, "race-inconsistent-guard",
                   "    std::lock_guard<std::mutex> guard(mutex);\n    return size;")
        self.assertIn("  mutable std::mutex mutex;", source.read_text())
        source = self.folder / "table.c"
        source.write_text(WRITES_WITHOUT_LOCK_IN_C)
        self.check(source, "race-inconsistent-guard",
                   "  pthread_mutex_lock(&t->mutex);\n  t->size = 0;\n  pthread_mutex_unlock(&t->mutex);")

    def test_a_lock_of_another_library_is_taken_its_way(self):
        source = self.folder / "table.c"
        text = WRITES_WITHOUT_LOCK_IN_C.replace("<pthread.h>", "<pthread.h>\n#include <threads.h>")
        for name in "lock", "unlock":
            text = text.replace(f"pthread_mutex_{name}(", f"mtx_{name}(")
        text = text.replace("pthread_mutex_t", "mtx_t").replace("{PTHREAD_MUTEX_INITIALIZER, 0}", "{.size = 0}")
        source.write_text(text.replace("  pthread_t worker;\n", "  pthread_t worker;\n  mtx_init(&shared.mutex, mtx_plain);\n"))
        self.check(source, "race-inconsistent-guard", "  mtx_lock(&t->mutex);\n  t->size = 0;\n  mtx_unlock(&t->mutex);")

    def test_two_guards_in_one_function_are_not_put(self):
        """They would have one name, or take one lock twice."""
        source = self.folder / "table.cpp"
        source.write_text(READS_WITHOUT_LOCK.replace("++size;", "++size;\n    ++uses;").replace(
            "  int size = 0;", "  int size = 0;\n  int uses = 0;").replace(
                "    return size;", "    int seen = size;\n    if (seen > 3)\n      seen = 3;\n    return seen + uses;"))
        found = [finding for finding in self.run_tool(source) if finding["rule"] == "race-inconsistent-guard"]
        self.assertEqual(len(found), 2)
        self.run_tool(source, "--fix", "--unsafe")
        self.assertEqual(source.read_text().count("std::lock_guard<std::mutex> guard(mutex);"), 1)
        self.assertTrue(self.compiles(source), source.read_text())

    def test_no_guard_is_put_where_none_can_be_declared(self):
        for body in ("    if (small()) {\n      return 0;\n    } else if (size > 3) {\n      return 1;\n    }\n    return 2;",
                     "    int guard = 1;\n    return guard +\n           size;",
                     "    int guard = 1;\n    return size + guard;",
                     "    switch (int(small())) {\n    case 0:\n      return size;\n    case 1:\n      return 4;\n    }\n    return 2;",
                     "    int n = 0;\n    do {\n      ++n;\n    } while (size > 3 && n < 9);\n    return n;",
                     "    int n = 0;\n    for (int i = 0;\n         i < size; ++i)\n      ++n;\n    return n;"):
            with self.subTest(body):
                source = self.folder / "table.cpp"
                source.write_text(READS_WITHOUT_LOCK.replace("    return size;", body)
                                  .replace("private:", "  static bool small() { return false; }\nprivate:"))
                self.assertTrue(self.compiles(source))
                found = [finding for finding in self.run_tool(source) if finding["rule"] == "race-inconsistent-guard"]
                self.assertTrue(found)
                self.run_tool(source, "--fix", "--unsafe")
                self.assertTrue(self.compiles(source), source.read_text())
                self.assertNotIn("lock_guard<std::mutex> guard(mutex)", source.read_text())

    def test_a_condition_is_tested_again(self):
        source = self.input("condvar-no-predicate/bad_worker_if.cpp")
        self.check(source, "condvar-no-predicate", "while (", safe=True)

    def test_a_condition_that_stays_what_it_was_is_not_asked_again(self):
        good = WAITS_ONCE
        source = self.folder / "wait.cpp"
        source.write_text(good)
        self.check(source, "condvar-no-predicate", "while (!ready)", safe=True)
        for test in ("bool empty = !ready;\n  if (empty)", "int tries = 0;\n  if (tries++ == 0 && !ready)"):
            with self.subTest(test):
                source.write_text(good.replace("if (!ready)", test))
                found = [finding for finding in self.run_tool(source) if finding["rule"] == "condvar-no-predicate"]
                self.assertEqual([finding["fixIts"] for finding in found], [[]])

    def test_a_condition_with_more_under_it_is_left_alone(self):
        source = self.folder / "wait.cpp"
        source.write_text(WAITS_AND_COUNTS)
        found = [finding for finding in self.run_tool(source) if finding["rule"] == "condvar-no-predicate"]
        self.assertEqual([finding["fixIts"] for finding in found], [[]])


if __name__ == "__main__":
    TOOL, SOURCES = sys.argv[1], pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
