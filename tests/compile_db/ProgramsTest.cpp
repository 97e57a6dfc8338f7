//===- ProgramsTest.cpp - What builds link together -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/compile_db/Programs.h"
#include "tests/compile_db/TemporaryTree.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace gridlock;
using namespace gridlock::compile_db;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

/// One line a program: `name: a.cpp b.cpp`, libraries in brackets.
std::vector<std::string> show(const std::vector<ProgramHint> &programs) {
  std::vector<std::string> lines;
  for (const ProgramHint &program : programs) {
    std::string line = program.isExecutable ? program.name + ":" : "[" + program.name + "]:";
    for (const std::string &unit : program.units)
      line += " " + llvm::StringRef(unit).rsplit('/').second.str();
    lines.push_back(line);
  }
  return lines;
}

std::vector<RawCommand> compilations(const TemporaryTree &tree, std::vector<std::string> names) {
  std::vector<RawCommand> commands;
  for (const std::string &name : names) {
    RawCommand command;
    command.file = tree.path("src/" + name);
    command.output = tree.path("o/" + name + ".o");
    commands.push_back(command);
  }
  return commands;
}

TEST(Programs, nothingIsKnownWithoutABuild) {
  TemporaryTree tree;
  EXPECT_THAT(findPrograms(tree.root(), {}), IsEmpty());
}

TEST(Programs, ninjaLinkEdges) {
  TemporaryTree tree;
  tree.write("build.ninja", R"(
rule CXX_EXECUTABLE_LINKER__app
  command = c++ $in
build o/main.cpp.o: CXX_COMPILER ../src/main.cpp || order
build libcore.a: CXX_STATIC_LIBRARY_LINKER__core o/core.cpp.o $
    o/with$ space.cpp.o
build libplug.so.1: CXX_SHARED_LIBRARY_LINKER__plug o/plug.cpp.o
build libplug.so: CMAKE_SYMLINK_LIBRARY libplug.so.1
build app: CXX_EXECUTABLE_LINKER__app o/main.cpp.o | libcore.a || libplug.so
build tool$:1: CXX_EXECUTABLE_LINKER__tool o/tool.cpp.o libcore.a libplug.so
build stamp: CUSTOM_COMMAND app libcore.a
build all: phony app
)");
  auto commands = compilations(tree, {"main.cpp", "core.cpp", "with space.cpp", "plug.cpp", "tool.cpp"});
  EXPECT_THAT(
      show(findPrograms(tree.root(), commands)),
      ElementsAre("app: core.cpp main.cpp with space.cpp", "tool:1: core.cpp plug.cpp tool.cpp with space.cpp"));
}

TEST(Programs, aLibraryThatNoProgramLinksStandsAlone) {
  TemporaryTree tree;
  tree.write("rules.ninja", "build libother.a: STATIC_LINKER o/other.cpp.o\n");
  tree.write("build.ninja", "include rules.ninja\nbuild app: c_LINKER o/main.c.o\n");
  EXPECT_THAT(show(findPrograms(tree.root(), compilations(tree, {"other.cpp", "main.c"}))),
              ElementsAre("app: main.c", "[libother.a]: other.cpp"));
}

TEST(Programs, aNinjaFileThatIncludesItselfEnds) {
  TemporaryTree tree;
  tree.write("build.ninja", "build app: link o/a.c.o\ninclude build.ninja\n");
  EXPECT_THAT(show(findPrograms(tree.root(), compilations(tree, {"a.c"}))), ElementsAre("app: a.c"));
}

TEST(Programs, linkTextsOfMakefiles) {
  TemporaryTree tree;
  tree.write("CMakeCache.txt");
  tree.write("lib/CMakeFiles/core.dir/link.txt",
             "/usr/bin/ar qc libcore.a ../o/core.cpp.o\n/usr/bin/ranlib libcore.a\n");
  tree.write("CMakeFiles/app.dir/link.txt",
             "/usr/bin/c++ -O2 @CMakeFiles/app.dir/objects.rsp -o app lib/libcore.a -lm\n");
  tree.write("CMakeFiles/app.dir/objects.rsp", "o/main.cpp.o");
  EXPECT_THAT(show(findPrograms(tree.root(), compilations(tree, {"main.cpp", "core.cpp"}))),
              ElementsAre("app: core.cpp main.cpp"));
}

TEST(Programs, theFileApiIsPreferred) {
  TemporaryTree tree;
  tree.write("build.ninja", "build wrong: link o/main.cpp.o\n");
  std::string reply = ".cmake/api/v1/reply/";
  tree.write(reply + "index-2024.json", "{}");
  tree.write(reply + "index-2025.json", R"({"objects": [{"kind": "codemodel", "jsonFile": "model.json"}]})");
  tree.write(reply + "model.json", R"({"paths": {"source": "@ROOT@/src", "build": "@ROOT@"}, "configurations": [
    {"targets": [{"id": "app::1", "jsonFile": "app.json"}, {"id": "core::1", "jsonFile": "core.json"},
                 {"id": "gen::1", "jsonFile": "gen.json"}]}]})");
  tree.write(reply + "app.json", R"({"name": "app", "type": "EXECUTABLE",
    "sources": [{"path": "main.cpp", "compileGroupIndex": 0}, {"path": "main.h"}],
    "dependencies": [{"id": "core::1"}, {"id": "gen::1"}]})");
  tree.write(reply + "core.json", R"({"name": "core", "type": "OBJECT_LIBRARY",
    "sources": [{"path": "core.cpp", "compileGroupIndex": 0}]})");
  tree.write(reply + "gen.json", R"({"name": "gen", "type": "EXECUTABLE",
    "sources": [{"path": "gen.cpp", "compileGroupIndex": 0}]})");
  EXPECT_THAT(show(findPrograms(tree.root(), compilations(tree, {"main.cpp"}))),
              ElementsAre("app: core.cpp main.cpp", "gen: gen.cpp"));
}

TEST(Programs, damagedRepliesAreIgnored) {
  TemporaryTree tree;
  tree.write(".cmake/api/v1/reply/index-1.json", "{\"objects\": [");
  tree.write("build.ninja", "build app: link o/main.cpp.o\nbuild\nbuild :\nbuild x\n$");
  EXPECT_THAT(show(findPrograms(tree.root(), compilations(tree, {"main.cpp"}))), ElementsAre("app: main.cpp"));
}

} // namespace
