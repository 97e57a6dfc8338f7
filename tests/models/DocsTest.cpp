//===- DocsTest.cpp - The examples of docs/models.md work -----------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "models/Model.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace gridlock::model;
using llvm::StringRef;

namespace {

/// The text of docs/models.md between "```LANGUAGE" and "```".
std::vector<std::string> codeBlocks(StringRef language) {
  auto buffer = llvm::MemoryBuffer::getFile(GRIDLOCK_SOURCE_DIR "/docs/models.md");
  EXPECT_TRUE(static_cast<bool>(buffer));
  std::vector<std::string> blocks;
  StringRef rest = buffer ? (*buffer)->getBuffer() : "";
  std::string opening = ("```" + language + "\n").str();
  for (;;) {
    auto [before, after] = rest.split(opening);
    if (after.empty())
      return blocks;
    auto [block, next] = after.split("```\n");
    blocks.push_back(block.str());
    rest = next;
  }
}

TEST(Documentation, ItsExamplesWork) {
  std::unique_ptr<Models> models = llvm::cantFail(Models::builtin());
  std::vector<std::string> examples = codeBlocks("yaml");
  ASSERT_EQ(examples.size(), 3u);
  for (const std::string &example : examples) {
    llvm::Error error = models->add(example, "fastsync.yaml");
    ASSERT_FALSE(static_cast<bool>(error)) << toString(std::move(error));
  }
  EXPECT_EQ(models->type("fs_lock_t")->lock, LockKind::Mutex);
  EXPECT_EQ(models->function("fs_try_enter", {""})->effects[0].success->right.steps[0].number, 1);
  EXPECT_EQ(models->function("fs::Guard::Guard", {"fs::Lock"})->effects.size(), 3u);
  EXPECT_EQ(models->function("fs::Guard::Guard", {"fs::Lock", "fs::adopt_t"})->effects.size(), 2u);
  EXPECT_EQ(models->function("fs_receive", {"", "", ""})->effects[0].unless[0].right.steps[0].number, 4);
}

TEST(Documentation, ItsErrorIsTheOneShown) {
  Models models;
  llvm::Error error = models.add("library: fastsync\n"
                                 "functions:\n"
                                 "  - name: a\n"
                                 "  - name: fs_enter\n"
                                 "    effects:\n"
                                 "      - acquire: {lok: \"*0\"}\n",
                                 "fastsync.yaml");
  EXPECT_THAT(codeBlocks("text"), testing::ElementsAre(toString(std::move(error)) + "\n"));
}

} // namespace
