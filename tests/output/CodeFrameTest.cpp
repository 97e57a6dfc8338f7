//===- CodeFrameTest.cpp - Lines on a terminal ------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "output/CodeFrame.h"
#include "gtest/gtest.h"

namespace gridlock::output {
namespace {

TEST(CodeFrame, MarksARange) {
  CodeFrame frame = layOutLine("  lock(mutex);", 8, 13, 0);
  EXPECT_EQ(frame.text, "  lock(mutex);");
  EXPECT_EQ(frame.underline, "       ^~~~~");
}

TEST(CodeFrame, TabsReachTheNextStop) {
  CodeFrame frame = layOutLine("\tab\tc", 5, 6, 0);
  EXPECT_EQ(frame.text, "        ab      c");
  EXPECT_EQ(frame.underline, "                ^");
}

TEST(CodeFrame, CountsCharactersNotBytes) {
  CodeFrame frame = layOutLine("größe = x;", 11, 12, 0); // Two characters of two bytes before it.
  EXPECT_EQ(frame.underline, "        ^");
}

TEST(CodeFrame, WideCharactersTakeTwoColumns) {
  CodeFrame frame = layOutLine("漢字 x", 8, 9, 0);
  EXPECT_EQ(frame.underline, "     ^");
  EXPECT_EQ(layOutLine("漢字", 1, 4, 0).underline, "^~");
}

TEST(CodeFrame, InvalidBytesAreReplacedOneByOne) {
  CodeFrame frame = layOutLine("a\xff\xfe"
                               "b\x1b[31m",
                               4, 5, 0);
  EXPECT_EQ(frame.text, "a\xEF\xBF\xBD\xEF\xBF\xBD"
                        "b\xEF\xBF\xBD[31m");
  EXPECT_EQ(frame.underline, "   ^");
}

TEST(CodeFrame, ACutOffCharacterAtTheEndIsReplaced) {
  EXPECT_EQ(layOutLine("a\xE6\xBC", 1, 2, 0).text, "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(CodeFrame, LongLinesAreCutAroundTheMark) {
  std::string line(100, 'a');
  line += "MARK";
  line += std::string(100, 'b');
  CodeFrame frame = layOutLine(line, 101, 105, 30);
  EXPECT_LE(frame.text.size(), 30U);
  EXPECT_EQ(frame.text.find("MARK"), frame.underline.find("^~~~"));
  EXPECT_EQ(frame.text.substr(0, 3), "...");
  EXPECT_EQ(frame.text.substr(frame.text.size() - 3), "...");
}

TEST(CodeFrame, AMarkWiderThanTheTerminalIsCut) {
  CodeFrame frame = layOutLine(std::string(100, 'a'), 1, 101, 30);
  EXPECT_LE(frame.text.size(), 30U);
  EXPECT_LE(frame.underline.size(), 30U);
}

TEST(CodeFrame, ColumnsBehindTheEndAreShownThere) {
  EXPECT_EQ(layOutLine("ab", 9, 12, 0).underline, "  ^");
  EXPECT_EQ(layOutLine("", 1, 2, 0).underline, "^");
}

TEST(CodeFrame, NoColumnNoMark) { EXPECT_EQ(layOutLine("ab", 0, 0, 0).underline, ""); }

} // namespace
} // namespace gridlock::output
