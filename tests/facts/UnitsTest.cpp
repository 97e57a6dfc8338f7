//===- UnitsTest.cpp - Whole units: files, flags, broken code -------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/Arguments.h"
#include "tests/facts/Lower.h"
#include "llvm/Support/xxhash.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace gridlock::facts::test {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Units, BrokenCodeIsLoweredAsFarAsItGoes) {
  const Lowered unit = lowerCpp(R"(
#include "missing.h"
struct Mutex { void lock(); void unlock(); };
Unknown thing;
void f(Mutex &m, Missing *other) {
  m.lock();
  other->call(nothing);
  m.unlock();
}
template <class T> struct Box { T value; T get() { return value; } };
int g(Box<int> &box) { return box.get(); }
)");
  ASSERT_TRUE(unit.unit);
  EXPECT_GE(unit.unit->errorCount, 3u);
  EXPECT_EQ(unit.unit->strings[unit.unit->firstError], "/src/a.cpp:2:10: 'missing.h' file not found");
  const std::string body = unit.body("f");
  EXPECT_THAT(body, HasSubstr("call Mutex::lock([m])"));
  EXPECT_THAT(body, HasSubstr("call Mutex::unlock([m])"));
  // Templates are still instantiated after the missing header.
  EXPECT_NE(unit["Box::get"].blocks.count, 0u);
}

TEST(Units, RecoveredExpressionsMarkTheFunction) {
  const Lowered unit =
      lowerCpp("int take(int); void f(int n) { int x = take(n, 2, 3); take(x); } void g() { take(1); }");
  EXPECT_TRUE(unit["f"].flags & ir::FunctionHasErrors);
  EXPECT_FALSE(unit["g"].flags & ir::FunctionHasErrors);
  EXPECT_THAT(unit.body("f"), HasSubstr("call take([x])"));
}

TEST(Units, CallsOfUndeclaredFunctionsKeepTheirNames) {
  const Lowered unit = lowerCpp(R"(
struct Mutex {};
int use(int);
int f(Mutex *m, int n) {
  lock_it(m, n);
  if (try_it(m, 3))
    return use(1, n);
  return 0;
}
)");
  const std::string body = unit.body("f");
  EXPECT_THAT(body, HasSubstr("#1 = call lock_it([m], [n])"));
  EXPECT_THAT(body, HasSubstr("#2 = call try_it([m], 3)\n    if #2 then b1"));
  EXPECT_THAT(body, HasSubstr("#3 = call use(1, [n])"));
}

TEST(Units, ClassesOfBrokenCodeDoNotHoldThemselves) {
  const Lowered unit = lowerCpp("struct S { int n; S self; S pair[2]; }; int f(S &s) { return s.n + int{{}}; }");
  EXPECT_THAT(unit.body("f"), HasSubstr("[s]->n"));
}

TEST(Units, FilesAreListedWithTheirHashes) {
  const std::string header = "#pragma once\ninline int h() { return 1; }\n";
  const Lowered unit = lower("/src/sub/../a.cpp", {"-Iinclude", "-isystem", "/sys"},
                             {{"/src/sub/x", ""},
                              {"/src/a.cpp", "#include \"own.h\"\n#include <sys.h>\nint f() { return h(); }\n"},
                              {"/src/sub/../a.cpp", "#include \"own.h\"\n#include <sys.h>\nint f() { return h(); }\n"},
                              {"/src/include/own.h", header},
                              {"/sys/sys.h", "inline int s() { return 2; }\n"}});
  ASSERT_TRUE(unit.unit);
  std::map<std::string, ir::File> files;
  for (std::size_t i = 1; i != unit.unit->files.size(); ++i)
    files[unit.unit->strings[unit.unit->files[i].path]] = unit.unit->files[i];
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files["/src/include/own.h"].contentHash, llvm::xxh3_64bits(header));
  EXPECT_EQ(files["/src/include/own.h"].flags, 0u);
  EXPECT_EQ(files["/sys/sys.h"].flags, ir::FileIsSystem);
  EXPECT_EQ(files["/src/a.cpp"].flags, ir::FileIsMain);
  EXPECT_EQ(unit.unit->strings[unit.unit->files[unit.unit->mainFile].path], "/src/a.cpp");
  // Bodies of the project's headers are lowered, those of system headers not.
  EXPECT_NE(unit["h"].blocks.count, 0u);
  EXPECT_EQ(unit.function("s"), 0u);
}

TEST(Units, ForeignClassesThatOwnLocksKeepTheirBodies) {
  const Lowered unit =
      lower("/src/a.cpp", {"-isystem", "/sys"},
            {{"/src/a.cpp", "#include <pool.h>\nvoid f(Pool &p, Plain &q) { p.add(); q.add(); }\n"}, {"/sys/pool.h", R"(
struct RecursiveMutex { void lock(); void unlock(); };
struct Pool { void add() { mutex.lock(); ++count; mutex.unlock(); } RecursiveMutex mutex; int count; };
struct Plain { void add() { ++count; } int count; };
)"}});
  EXPECT_NE(unit["Pool::add"].blocks.count, 0u);
  EXPECT_EQ(unit["Plain::add"].blocks.count, 0u);
}

TEST(Units, GenericClosuresGivenToSystemTemplatesAreInstantiated) {
  const Lowered unit =
      lower("/src/a.cpp", {"-isystem", "/sys"},
            {{"/src/a.cpp", R"(#include <algo.h>
int total;
void f(int *first, int *last) { each(first, last, [](auto &x) { total += x; }); }
)"},
             {"/sys/algo.h", "template <class I, class F> void each(I i, I e, F f) { for (; i != e; ++i) f(*i); }\n"}});
  EXPECT_THAT(unit.body("f::(lambda)"), HasSubstr("total = ([total] + [*[x]]) {update}"));
  EXPECT_EQ(unit["each"].blocks.count, 0u);
}

TEST(Units, EqualBodiesHashAlikeInAllUnits) {
  const std::string header = "struct M { void lock(); int n; };\ninline int h(M &m) { m.lock(); return m.n + 1; }\n";
  auto hash = [&](const std::string &main, const std::string &text) {
    return lower("/src/a.cpp", {}, {{"/src/a.cpp", "#include \"h.h\"\n" + main}, {"/src/h.h", text}})["h"].bodyHash;
  };
  const std::uint64_t first = hash("", header);
  EXPECT_NE(first, 0u);
  EXPECT_EQ(hash("struct Other { int x; }; int k(Other &o, M &m) { return o.x + h(m); }", header), first);
  EXPECT_EQ(hash("", "\n\n" + header), first);
  EXPECT_NE(hash("", "struct M { void lock(); int n; };\ninline int h(M &m) { m.lock(); return m.n + 2; }\n"), first);
  EXPECT_NE(hash("", "struct M { void unlock(); int n; };\ninline int h(M &m) { m.unlock(); return m.n + 1; }\n"),
            first);
}

TEST(Units, LoweringIsDeterministic) {
  const std::string text = std::string(guard) + R"(
template <class T> struct Box { T value; Guard guard; Box() : guard(m) {} T get() { return value; } };
int f() { Box<int> one; Box<long> two; auto l = [&] { return one.get() + two.get(); }; return l(); }
)";
  std::string texts[2];
  for (std::string &dumped : texts) {
    llvm::raw_string_ostream out(dumped);
    ir::dump(*lowerCpp(text).unit, out);
  }
  EXPECT_EQ(texts[0], texts[1]);
}

TEST(Units, DeepNestingEndsAsUnknown) {
  std::string sum = "int f(int x) { return x";
  for (int i = 0; i != 5000; ++i)
    sum += " + x";
  const Lowered unit = lowerC(sum + "; }");
  ASSERT_TRUE(unit.unit);
  EXPECT_EQ(unit.unit->errorCount, 0u);
  EXPECT_TRUE(unit["f"].flags & ir::FunctionHasErrors);
}

TEST(Units, HugeTablesAreCutOff) {
  std::string table = "int f(int); int (*table[])(int) = {";
  for (int i = 0; i != 30000; ++i)
    table += "f,";
  const Lowered unit = lowerC(table + "};");
  EXPECT_LT(unit.unit->events.size(), 20100u);
  EXPECT_GT(unit.unit->events.size(), 19000u);
}

TEST(Units, ForeignOptionsDoNotStopTheParser) {
  const Lowered unit =
      lower("/src/a.c",
            {"-fno-tree-vectorize-everything", "-mno-such-machine", "-Wp,-MD,x.d", "-MMD", "-MF", "y.d", "-flto=auto",
             "-fplugin=foo.so", "-Werror", "-Wall", "-o", "a.o", "-c", "-DVALUE=3"},
            {{"/src/a.c", "int f(void) { return VALUE; }"}});
  ASSERT_TRUE(unit.unit);
  EXPECT_EQ(unit.unit->errorCount, 0u);
  EXPECT_THAT(unit.body("f"), HasSubstr("return = 3"));
}

TEST(Units, RegionsOfOpenMpAreLoweredWhereTheyStand) {
  const Lowered unit = lower("/src/a.c", {"-fopenmp"}, {{"/src/a.c", R"(
int use(int);
int total;
void f(int n) {
#pragma omp parallel for
  for (int i = 0; i < n; i++) {
#pragma omp atomic
    total++;
#pragma omp critical(name)
    use(i);
  }
}
)"}});
  const std::string body = unit.body("f");
  EXPECT_THAT(body, HasSubstr("if ([i] < [n]) then b2"));
  EXPECT_THAT(body, HasSubstr("total = ([total] + 1) {update}"));
  EXPECT_THAT(body, HasSubstr("call use([i])"));
}

TEST(Units, CommandsThatTheDriverRefusesAreReduced) {
  const Lowered unit = lower("/src/a.c", {"--target=no-such-machine", "-march=unknown", "-DVALUE=3"},
                             {{"/src/a.c", "int f(void) { return VALUE; }"}});
  ASSERT_TRUE(unit.unit);
  EXPECT_EQ(unit.unit->errorCount, 0u);
  EXPECT_THAT(unit.body("f"), HasSubstr("return = 3"));
}

TEST(Units, CommandsLoseOnlyWhatTheParserCannotUse) {
  const std::vector<std::string> arguments =
      parserArguments({"g++", "-std=gnu++20", "-Iinc", "-D", "X=1", "-fconcepts-diagnostics-depth=2", "-MT", "t", "-MD",
                       "-O2", "-pthread", "-c", "a.c", "-o", "a.o"},
                      "a.c");
  EXPECT_THAT(arguments, Contains("-std=gnu++20"));
  EXPECT_THAT(arguments, Contains("-Iinc"));
  EXPECT_THAT(arguments, Contains("X=1"));
  EXPECT_THAT(arguments, Contains("-pthread"));
  EXPECT_THAT(arguments, Contains("--driver-mode=g++"));
  EXPECT_THAT(arguments, Contains("-fsyntax-only"));
  EXPECT_THAT(arguments, Not(Contains("a.o")));
  EXPECT_THAT(arguments, Each(Not(StartsWith("-M"))));
  EXPECT_THAT(arguments, Each(Not(StartsWith("-fconcepts-diagnostics"))));
}

TEST(Units, InstalledHeadersAreNotTheProjects) {
  const std::vector<std::string> arguments = parserArguments(
      {"gcc", "-I/usr/include/glib-2.0", "-I", "/usr/lib/x86_64-linux-gnu/glib-2.0/include", "-I/usr/include",
       "-I/usr/include/x86_64-linux-gnu", "-I/usr/include/c++/12", "-I/home/me/project/include", "-c", "a.c"},
      "a.c");
  EXPECT_THAT(arguments, Contains("-isystem/usr/include/glib-2.0"));
  EXPECT_THAT(arguments, Contains("-isystem"));
  // The compiler's own folders keep their place.
  EXPECT_THAT(arguments, Contains("-I/usr/include"));
  EXPECT_THAT(arguments, Contains("-I/usr/include/x86_64-linux-gnu"));
  EXPECT_THAT(arguments, Contains("-I/usr/include/c++/12"));
  EXPECT_THAT(arguments, Contains("-I/home/me/project/include"));
}

} // namespace
} // namespace gridlock::facts::test
