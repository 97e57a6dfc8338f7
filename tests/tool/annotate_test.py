# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `gridlock annotate` makes of a program: Clang's own analysis accepts it,
other compilers do not notice it, and `patch` can apply the diff.

    annotate_test.py TOOL SOURCES [CLASS]

Exit status 77: Clang is not installed, or for the class Libcxx libc++ is not.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL = SOURCES = CLANG = None

LOCKS = """#include <mutex>
#include <thread>
#include <vector>

class Mutex {
public:
  void lock() { inner.lock(); }
  bool tryLock() { return inner.try_lock(); }
  void unlock() { inner.unlock(); }

private:
  std::mutex inner;
};

class MutexLock {
public:
  explicit MutexLock(Mutex &mutex) : held(mutex) { held.lock(); }
  ~MutexLock() { held.unlock(); }

private:
  Mutex &held;
};
"""

LEDGER = """
class Ledger {
public:
  Ledger() : total(0) {}
  void post(int amount) {
    MutexLock lock(mutex);
    total += amount;
    addEntry(amount);
    MutexLock second(auditMutex);
    ++audits;
  }
  int sum() const {
    MutexLock lock(mutex);
    return total;
  }
  bool tryClear() {
    if (!mutex.tryLock())
      return false;
    total = 0;
    mutex.unlock();
    return true;
  }

private:
  void addEntry(int amount) { entries.push_back(amount); }
  mutable Mutex mutex;
  Mutex auditMutex;
  int total;
  int audits = 0;
  std::vector<int> entries;
};

int main() {
  Ledger ledger;
  std::thread writer([&] { ledger.post(3); });
  ledger.post(4);
  ledger.tryClear();
  int seen = ledger.sum();
  writer.join();
  return seen;
}
"""

STANDARD = """#include <mutex>
#include <thread>
class Table {
public:
  void grow() {
    std::lock_guard<std::mutex> held(mutex);
    ++size;
  }

private:
  std::mutex mutex;
  int size = 0;
};
int main() {
  Table table;
  std::thread other([&] { table.grow(); });
  table.grow();
  other.join();
}
"""


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()

    def write(self, name, text):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def database(self, *sources):
        commands = [{"directory": str(self.folder), "file": str(source),
                     "arguments": ["c++", "-std=c++20", "-c", str(source)]} for source in sources]
        (self.folder / "compile_commands.json").write_text(json.dumps(commands))

    def run_tool(self, *options, status=0, folder=None):
        done = subprocess.run([TOOL, "annotate", "--no-cache", *map(str, options)], cwd=folder or self.folder,
                              capture_output=True, check=False)
        done.stderr = done.stderr.decode()
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def apply(self, *sources):
        """The project's own copy of the header makes it compile anywhere."""
        return self.run_tool("-p", self.folder, "--apply", "--header", "support/thread_safety.h")

    def accepts(self, *sources):
        for source in sources:
            done = subprocess.run([CLANG, "-std=c++20", "-fsyntax-only", "-Wthread-safety", "-Wthread-safety-beta",
                                   "-Werror", str(source)], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr + source.read_text())
            done = subprocess.run(["c++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wno-attributes", "-Werror", str(source)],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)

    def rejects(self, source):
        done = subprocess.run([CLANG, "-std=c++20", "-fsyntax-only", "-Wthread-safety", "-Werror", str(source)],
                              capture_output=True, text=True, check=False)
        self.assertIn("requires holding mutex", done.stderr)


class Libcxx(Case):
    FLAGS = ["-std=c++20", "-stdlib=libc++"]

    @classmethod
    def is_installed(cls):
        return subprocess.run([CLANG, *cls.FLAGS, "-fsyntax-only", "-x", "c++", "-"], input="#include <mutex>\n", text=True,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0

    def test_standard_mutexes(self):
        source = self.write("table.cpp", STANDARD)
        self.run_tool("--apply", "--header", "support/thread_safety.h", source, "--", *self.FLAGS)
        self.assertIn("int size GRIDLOCK_GUARDED_BY(mutex) = 0;", source.read_text())
        done = subprocess.run([CLANG, *self.FLAGS, "-fsyntax-only", "-Wthread-safety", "-Werror", str(source)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


class Annotate(Case):
    def test_own_locks(self):
        source = self.write("ledger.cpp", LOCKS + LEDGER)
        self.database(source)
        self.apply()
        text = source.read_text()
        for expected in ('class GRIDLOCK_CAPABILITY("mutex") Mutex {', "void lock() GRIDLOCK_ACQUIRE() {",
                         "bool tryLock() GRIDLOCK_TRY_ACQUIRE(true) {", "class GRIDLOCK_SCOPED_CAPABILITY MutexLock {",
                         "explicit MutexLock(Mutex &mutex) GRIDLOCK_ACQUIRE(mutex) :", "~MutexLock() GRIDLOCK_RELEASE() {",
                         "void addEntry(int amount) GRIDLOCK_REQUIRES(mutex) {", "int total GRIDLOCK_GUARDED_BY(mutex);",
                         "int audits GRIDLOCK_GUARDED_BY(mutex) = 0;", "Mutex auditMutex GRIDLOCK_ACQUIRED_AFTER(mutex);",
                         '#include "support/thread_safety.h"\n#include <mutex>'):
            self.assertIn(expected, text)
        self.accepts(source)
        # The annotations do something: without the lock Clang objects.
        source.write_text(text.replace("    MutexLock lock(mutex);\n    return total;", "    return total;"))
        self.rejects(source)

    def test_a_second_run_has_nothing_to_add(self):
        source = self.write("ledger.cpp", LOCKS + LEDGER)
        self.database(source)
        self.apply()
        self.assertEqual(self.run_tool("-p", self.folder, "--header", "support/thread_safety.h").stdout, b"")

    def test_the_diff_is_what_apply_does(self):
        unix = (LOCKS + LEDGER).encode()
        for name, before in (("unix", unix), ("windows", unix.replace(b"\n", b"\r\n")), ("no newline", unix.rstrip(b"\n")),
                             ("short", unix.replace(b"  ledger.tryClear();\n", b"").rstrip(b"}\n") + b" }")):
            with self.subTest(name):
                source = self.write("the ledger.cpp", "")
                source.write_bytes(before)
                self.database(source)
                diff = self.run_tool("-p", self.folder, "--header", "support/thread_safety.h").stdout
                self.assertEqual(source.read_bytes(), before)
                self.apply()
                applied, header = source.read_bytes(), (self.folder / "support/thread_safety.h").read_bytes()
                self.assertNotEqual(applied, before)
                self.assertEqual(b"\r" in before, applied.count(b"\r\n") == applied.count(b"\n"))
                shutil.rmtree(self.folder / "support")
                source.write_bytes(before)
                done = subprocess.run(["patch", "--binary", "-p1"], input=diff, cwd=self.folder, capture_output=True, check=False)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertEqual(source.read_bytes(), applied)
                self.assertEqual((self.folder / "support/thread_safety.h").read_bytes(), header)
                shutil.rmtree(self.folder / "support")

    def test_only_the_project_is_changed(self):
        source = self.write("project/src/ledger.cpp", LOCKS + LEDGER)
        self.database(source)
        self.write("project/.gridlock.yaml", "exclude: [src/**]\n")
        folder = self.folder / "project"
        done = self.run_tool("-p", self.folder, "--apply", "--header", "src/thread_safety.h", folder=folder)
        self.assertIn("the configuration excludes the file", done.stderr)
        self.assertEqual(source.read_text(), LOCKS + LEDGER)
        self.assertFalse((folder / "src/thread_safety.h").exists())
        (folder / "elsewhere").mkdir()
        self.write("project/elsewhere/.gridlock.yaml", "")
        done = self.run_tool("-p", self.folder, "--apply", folder=folder / "elsewhere")
        self.assertIn(f"the file is outside of the project, {folder / 'elsewhere'}", done.stderr)
        self.assertEqual(source.read_text(), LOCKS + LEDGER)
        done = self.run_tool("-p", self.folder, "--header", "../out.h", folder=folder, status=2)
        self.assertIn("outside of the project", done.stderr)

    def test_what_would_not_compile_is_not_written(self):
        source = self.write("ledger.cpp", LOCKS + LEDGER)
        self.database(source)
        done = self.run_tool("-p", self.folder, "--apply", status=2)
        self.assertIn("ledger.cpp:1 would not compile", done.stderr)
        self.assertIn("--header FILE", done.stderr)
        self.write("other.h", "#pragma once\n#define OTHER 1\n")
        done = self.run_tool("-p", self.folder, "--apply", "--header", "other.h", status=2)
        self.assertIn("other.h was there before: does it have these macros?", done.stderr)
        self.assertEqual(source.read_text(), LOCKS + LEDGER)

    def test_one_of_two_names_in_a_declaration(self):
        """Clang takes the second guard only: libstdc++'s mutex is no lock for it."""
        source = self.write("pair.cpp", LOCKS + """
class Pair {
public:
  void add() {
    {
      std::lock_guard<std::mutex> held(plain);
      ++x1;
    }
    MutexLock lock(mu);
    ++x2;
  }

private:
  std::mutex plain;
  Mutex mu;
  int x1 = 0, x2 = 0;
};
int main() {
  Pair pair;
  std::thread other([&] { pair.add(); });
  pair.add();
  other.join();
}
""")
        self.database(source)
        self.apply()
        self.assertIn("int x1 = 0, x2 GRIDLOCK_GUARDED_BY(mu) = 0;", source.read_text())
        self.accepts(source)

    def test_few_rounds_write_less_but_nothing_wrong(self):
        for rounds in 1, 2, 3:
            source = self.write("ledger.cpp", LOCKS + LEDGER)
            self.database(source)
            self.run_tool("-p", self.folder, "--apply", "--header", "support/thread_safety.h", "--rounds", rounds)
            self.accepts(source)

    def test_several_files(self):
        """Attributes stand in the class, the definitions elsewhere."""
        self.write("src/locks.h", "#pragma once\n" + LOCKS)
        header = self.write("src/store.h", """#pragma once
#include "locks.h"
class Store {
public:
  void put(int value);
  int get();

private:
  void grow(int by);
  Mutex mu;
  int size = 0;
};
""")
        store = self.write("src/store.cpp", """#include "store.h"
void Store::put(int value) {
  MutexLock lock(mu);
  grow(value);
}
int Store::get() {
  MutexLock lock(mu);
  return size;
}
void Store::grow(int by) { size += by; }
""")
        main = self.write("src/main.cpp", """#include "store.h"
int main() {
  Store store;
  std::thread other([&] { store.put(1); });
  int seen = store.get();
  other.join();
  return seen;
}
""")
        self.database(store, main)
        self.apply()
        self.assertIn("void grow(int by) GRIDLOCK_REQUIRES(mu);", header.read_text())
        self.assertIn("int size GRIDLOCK_GUARDED_BY(mu) = 0;", header.read_text())
        self.assertIn('#include "../support/thread_safety.h"\n#include "locks.h"', header.read_text())
        self.accepts(store, main)

    def test_an_access_that_clang_cannot_follow_gets_no_guard(self):
        """The lock is taken through an alias: the solver sees it, Clang does not."""
        source = self.write("alias.cpp", LOCKS + """
class Pool {
public:
  void add() {
    Mutex *alias = &mu;
    alias->lock();
    ++jobs;
    alias->unlock();
    MutexLock lock(mu);
    ++runs;
  }

private:
  Mutex mu;
  int jobs = 0;
  int runs = 0;
};
int main() {
  Pool pool;
  std::thread other([&] { pool.add(); });
  pool.add();
  other.join();
}
""")
        self.database(source)
        done = self.apply()
        self.assertNotIn("jobs GRIDLOCK_GUARDED_BY", source.read_text())
        self.assertIn("runs GRIDLOCK_GUARDED_BY", source.read_text())
        self.assertIn("Clang does not see the lock at alias.cpp", done.stderr)
        self.accepts(source)

    def test_a_class_that_is_annotated_already(self):
        source = self.write("own.cpp", re.sub(r"void (lock|unlock)\(\)", lambda m: "void %s() __attribute__((%s()))" % (
            m[1], "acquire_capability" if m[1] == "lock" else "release_capability"), LOCKS).replace(
                "class Mutex {", 'class __attribute__((capability("mutex"))) Mutex {') + LEDGER)
        self.database(source)
        self.apply()
        self.assertIn("int total GRIDLOCK_GUARDED_BY(mutex);", source.read_text())
        self.accepts(source)

    def test_standard_mutexes_are_left_alone(self):
        """libstdc++'s mutex is no capability; annotating it would be noise."""
        source = self.write("table.cpp", STANDARD)
        self.database(source)
        before = source.read_text()
        done = self.apply()
        self.assertEqual(source.read_text(), before)
        self.assertIn("libc++", done.stderr)

    def test_the_labelled_programs(self):
        """Locks on pthread and the standard library, annotated by the author or not."""
        for name in ("condvar-no-predicate/bad_wrapper_class.cpp",
                     "lock-blocking-call/good_condition_with_pointer_to_mutex.cpp",
                     "lock-self-deadlock/good_excluded.cpp"):
            with self.subTest(name):
                text = (SOURCES / "test_inputs" / name).read_text()
                copy = self.write(name, text)
                self.database(copy)
                self.apply()
                self.assertIn("GRIDLOCK_GUARDED_BY(", copy.read_text())
                self.accepts(copy)


if __name__ == "__main__":
    TOOL, SOURCES = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    CLANG = shutil.which("clang++-22") or shutil.which("clang++")
    if not CLANG:
        print("clang++ is not installed")
        sys.exit(77)
    if sys.argv[3:] == ["Libcxx"] and not Libcxx.is_installed():
        print("libc++ is not installed")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
