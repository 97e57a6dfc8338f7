//===- NolintTest.cpp - Comments that hide ----------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/Nolint.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace gridlock::suppress {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// One file in memory, and findings in it.
class NolintTest : public testing::Test {
protected:
  void source(llvm::StringRef text) {
    auto files = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
    files->addFile("/a.cpp", 0, llvm::MemoryBuffer::getMemBufferCopy(text, "/a.cpp"));
    Sources = std::make_unique<SourceCache>(files);
    Filter = std::make_unique<NolintFilter>(*Sources);
  }
  /// What hides a finding of `rule` in `line`; empty: nothing.
  std::string hiddenBy(unsigned line, std::string rule = "lock-order-inversion") {
    std::vector<Finding> findings(1);
    findings[0].rule = std::move(rule);
    findings[0].location = {"/a.cpp", line, 1, 0, {}};
    unsigned hidden = Filter->apply(findings);
    EXPECT_EQ(hidden, findings[0].suppressedBy.empty() ? 0U : 1U);
    return findings[0].suppressedBy;
  }
  std::vector<std::string> texts(const std::vector<NolintRemark> &remarks) {
    std::vector<std::string> lines;
    for (const NolintRemark &remark : remarks)
      lines.push_back(std::to_string(remark.location.line) + ": " + remark.message);
    return lines;
  }
  std::unique_ptr<SourceCache> Sources;
  std::unique_ptr<NolintFilter> Filter;
};

TEST_F(NolintTest, SameLine) {
  source("a();\nb(); // NOLINT\nc();\n");
  EXPECT_EQ(hiddenBy(1), "");
  EXPECT_EQ(hiddenBy(2), "NOLINT in line 2");
  EXPECT_EQ(hiddenBy(3), "");
}

TEST_F(NolintTest, NextLine) {
  source("/* NOLINTNEXTLINE */\na();\nb();\n");
  EXPECT_EQ(hiddenBy(1), "");
  EXPECT_EQ(hiddenBy(2), "NOLINTNEXTLINE in line 1");
  EXPECT_EQ(hiddenBy(3), "");
}

TEST_F(NolintTest, NamesAndGlobs) {
  source("a(); // NOLINT(gridlock-lock-order-inversion)\n"
         "b(); // NOLINT(bugprone-*, gridlock-lock-*)\n"
         "c(); // NOLINT(*)\n"
         "d(); // NOLINT(bugprone-*)\n"
         "e(); // NOLINT(lock-order-inversion)\n"
         "f(); // NOLINT()\n"
         "g(); // NOLINT(gridlock-lock-order)\n");
  EXPECT_NE(hiddenBy(1), "");
  EXPECT_EQ(hiddenBy(1, "race-stop-flag"), "");
  EXPECT_NE(hiddenBy(2), "");
  EXPECT_EQ(hiddenBy(2, "race-stop-flag"), "");
  EXPECT_NE(hiddenBy(3), "");
  EXPECT_EQ(hiddenBy(4), "");
  EXPECT_EQ(hiddenBy(5), "") << "without the prefix it is another tool's name";
  EXPECT_EQ(hiddenBy(6), "") << "no names: hides nothing";
  EXPECT_EQ(hiddenBy(7), "") << "a name is not a prefix";
}

TEST_F(NolintTest, Blocks) {
  source("// NOLINTBEGIN(gridlock-lock-*)\na();\n// NOLINTEND(gridlock-lock-*)\nb();\n");
  EXPECT_EQ(hiddenBy(2), "NOLINTBEGIN in line 1");
  EXPECT_EQ(hiddenBy(2, "race-stop-flag"), "");
  EXPECT_EQ(hiddenBy(4), "");
  EXPECT_THAT(Filter->mistakes(), IsEmpty());
}

TEST_F(NolintTest, BlocksNest) {
  source("// NOLINTBEGIN\n// NOLINTBEGIN(gridlock-a)\n// NOLINTEND(gridlock-a)\nb();\n// NOLINTEND\nc();\n");
  EXPECT_EQ(hiddenBy(4), "NOLINTBEGIN in line 1");
  EXPECT_EQ(hiddenBy(6), "");
  EXPECT_THAT(Filter->mistakes(), IsEmpty());
}

TEST_F(NolintTest, UnmatchedBlocksAreMistakesAndHideNothing) {
  source("// NOLINTEND\na();\n// NOLINTBEGIN(gridlock-a)\nb();\n// NOLINTEND(gridlock-b)\n");
  EXPECT_EQ(hiddenBy(4, "a"), "");
  EXPECT_THAT(texts(Filter->mistakes()),
              ElementsAre("1: this NOLINTEND has no NOLINTBEGIN with the same names before it",
                          "3: this NOLINTBEGIN hides nothing: no NOLINTEND with the same names follows",
                          "5: this NOLINTEND has no NOLINTBEGIN with the same names before it"));
}

TEST_F(NolintTest, OnlyInComments) {
  source("f(\"// NOLINT\");\n"
         "g('\"'); h(\"// NOLINT\");\n"
         "i(R\"x(\n// NOLINT )\" \n)x\");\n"
         "int n = 1'000; // NOLINT\n"
         "int s = 0xFF'FF'00; char c = '\\''; // NOLINT\n"
         "f(\"\\\"\"); /* x\n NOLINT */ g();\n");
  EXPECT_EQ(hiddenBy(1), "");
  EXPECT_EQ(hiddenBy(2), "");
  EXPECT_EQ(hiddenBy(4), "");
  EXPECT_EQ(hiddenBy(6), "NOLINT in line 6");
  EXPECT_EQ(hiddenBy(7), "NOLINT in line 7");
  EXPECT_EQ(hiddenBy(8), "");
  EXPECT_EQ(hiddenBy(9), "NOLINT in line 9");
}

TEST_F(NolintTest, AnApostropheInDisabledTextHidesNoComment) {
  source("#if 0\ndon't\n#endif\na(); // NOLINT\n");
  EXPECT_EQ(hiddenBy(4), "NOLINT in line 4");
}

TEST_F(NolintTest, ALineCommentMayContinue) {
  source("// x \\\nNOLINT\na();\n");
  EXPECT_EQ(hiddenBy(2), "NOLINT in line 2");
}

TEST_F(NolintTest, LongerWordsAreNotTheWord) {
  source("a(); // NOLINTS\nb(); // XNOLINT\nc(); // NOLINT: reason\nd(); // see NOLINT_x\n");
  EXPECT_EQ(hiddenBy(1), "");
  EXPECT_EQ(hiddenBy(2), "");
  EXPECT_EQ(hiddenBy(3), "NOLINT in line 3");
  EXPECT_EQ(hiddenBy(4), "");
}

TEST_F(NolintTest, WhatIsHiddenAlreadyKeepsItsReason) {
  source("a(); // NOLINT\n");
  std::vector<Finding> findings(1);
  findings[0].location = {"/a.cpp", 1, 1, 0, {}};
  findings[0].suppressedBy = "baseline";
  EXPECT_EQ(Filter->apply(findings), 0U);
  EXPECT_EQ(findings[0].suppressedBy, "baseline");
}

TEST_F(NolintTest, UnusedNamesAreReported) {
  source("a(); // NOLINT(gridlock-lock-order-inversion)\n"
         "b(); // NOLINT(gridlock-lock-order-inversion, gridlock-race-*)\n"
         "c(); // NOLINT(bugprone-x)\n"
         "d(); // NOLINT(gridlock-pipe-unread)\n"
         "e(); // NOLINT\n"
         "// NOLINTNEXTLINE(gridlock-lock-*)\nf();\n");
  EXPECT_NE(hiddenBy(2), "");
  std::vector<RuleInfo> rules = {{"lock-order-inversion", "lock", ""}, {"race-stop-flag", "race", ""}};
  EXPECT_THAT(texts(Filter->unused({"/a.cpp"}, rules)),
              ElementsAre("1: NOLINT(gridlock-lock-order-inversion) hides no finding; remove it",
                          "2: NOLINT(gridlock-race-*) hides no finding; remove it",
                          "6: NOLINTNEXTLINE(gridlock-lock-*) hides no finding; remove it"))
      << "rules that did not run cannot tell";
}

TEST_F(NolintTest, PlacesAreExact) {
  std::vector<NolintComment> comments = findNolintComments("a();\n  /* NOLINT(x) */\n", "/a.cpp");
  ASSERT_EQ(comments.size(), 1U);
  EXPECT_EQ(comments[0].location, (SourceLocation{"/a.cpp", 2, 6, 12, {}}));
}

TEST_F(NolintTest, BrokenTextIsScannedToItsEnd) {
  for (const char *text : {"/* NOLINT", "\"", "'", "R\"(", "R\"", "\\", "// NOLINT(", "//", "/*", "0'"}) {
    SCOPED_TRACE(text);
    EXPECT_LE(findNolintComments(text, "/a.cpp").size(), 1U);
  }
}

} // namespace
} // namespace gridlock::suppress
