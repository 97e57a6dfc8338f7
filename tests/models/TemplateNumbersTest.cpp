//===- TemplateNumbersTest.cpp - Numbers in template arguments ------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the models of `10ms` and `get<1>(t)` count on: the number, which C++
// passes as a template argument, is an argument of the call.
//
//===----------------------------------------------------------------------===//

#include "engine/facts/Facts.h"
#include "models/Model.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace gridlock;

namespace {

/// The values of the last arguments of the calls of `name` in `source`.
std::vector<std::int64_t> lastArguments(llvm::StringRef source, std::string_view name) {
  auto overlay = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(llvm::vfs::createPhysicalFileSystem());
  auto memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  memory->addFile("/project/a.cpp", 0, llvm::MemoryBuffer::getMemBufferCopy(source));
  overlay->pushOverlay(memory);
  facts::CompileJob job{"/project/a.cpp", "/", {"clang++", "-std=c++20", "-c", "/project/a.cpp"}};
  facts::Extraction extraction = facts::extract(job, overlay);
  std::vector<std::int64_t> numbers;
  if (!extraction.unit || extraction.unit->errorCount) {
    ADD_FAILURE() << extraction.failure;
    return numbers;
  }
  const ir::Unit &unit = *extraction.unit;
  for (const ir::Call &call : unit.calls) {
    if (unit.text(unit.functions[call.callee].qualifiedName) != name || call.arguments.count == 0)
      continue;
    const ir::Expr &last = unit.exprs[unit.lists[call.arguments.first + call.arguments.count - 1]];
    EXPECT_EQ(last.kind, ir::ExprKind::IntConst);
    numbers.push_back(last.value);
  }
  return numbers;
}

TEST(TemplateNumbers, Durations) {
  EXPECT_THAT(lastArguments("#include <chrono>\n"
                            "using namespace std::chrono_literals;\n"
                            "void wait(std::chrono::milliseconds);\n"
                            "void f() { wait(10ms); wait(1'500ms); wait(0x10ms); }\n",
                            "std::operator\"\"ms"),
              testing::ElementsAre(10, 1500, 16));
}

TEST(TemplateNumbers, IndicesOfTuples) {
  EXPECT_THAT(lastArguments("#include <tuple>\n"
                            "int f(std::tuple<int, long> &p) { return std::get<0>(p) + std::get<1>(p); }\n",
                            "std::get"),
              testing::ElementsAre(0, 1));
}

TEST(TemplateNumbers, TheModelsTakeThem) {
  std::unique_ptr<model::Models> models = llvm::cantFail(model::Models::builtin());
  EXPECT_EQ(models->function("std::operator\"\"ms", {})->effects.at(0).value.text, "0");
  EXPECT_EQ(models->function("std::get", {"std::tuple"})->effects.at(0).value.text, "&0->$elements[1]");
}

} // namespace
