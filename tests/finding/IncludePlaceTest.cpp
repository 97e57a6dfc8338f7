//===- IncludePlaceTest.cpp - Where a missing include goes ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/finding/IncludePlace.h"
#include "gtest/gtest.h"

namespace gridlock {
namespace {

IncludePlace placeIn(llvm::StringRef text) {
  auto files = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  files->addFile("/a", 0, llvm::MemoryBuffer::getMemBufferCopy(text, "/a"));
  SourceCache sources(files);
  return includePlace(sources, "/a", "<atomic>");
}

TEST(IncludePlace, GoesBeforeTheFirstInclude) {
  EXPECT_EQ(placeIn("// text\n#include <map>\n#include <set>\n").line, 2U);
  EXPECT_FALSE(placeIn("#include <map>\n").isThere);
  EXPECT_EQ(placeIn("int x;\n").line, 0U);
}

TEST(IncludePlace, SeesTheHeaderHoweverItIsWritten) {
  EXPECT_TRUE(placeIn("#include <map>\n#include <atomic>\n").isThere);
  EXPECT_TRUE(placeIn("#include <map>\n  #  include   <atomic> // for hits\n").isThere);
}

TEST(IncludePlace, WhatOnlySomeCompilationsReadDoesNotCount) {
  EXPECT_EQ(placeIn("#ifdef _WIN32\n#include <windows.h>\n#include <atomic>\n#endif\n#include <map>\n").line, 5U);
  EXPECT_FALSE(placeIn("#ifdef _WIN32\n#include <atomic>\n#endif\n#include <map>\n").isThere);
  EXPECT_EQ(placeIn("#if X\n#include <map>\n#else\n#include <set>\n#endif\n").line, 0U);
}

TEST(IncludePlace, AGuardAroundTheFileIsNoCondition) {
  EXPECT_EQ(placeIn("#ifndef A_H\n#define A_H\n#include <map>\n#endif\n").line, 3U);
  EXPECT_EQ(placeIn("#ifndef A_H\n#define A_H\n#if X\n#include <map>\n#endif\n#include <set>\n#endif\n").line, 6U);
  EXPECT_EQ(placeIn("#ifndef A_H\n#include <map>\n#endif\n").line, 0U);
}

TEST(IncludePlace, KeepsTheLineEndsOfTheFile) {
  EXPECT_EQ(placeIn("#include <map>\r\nint x;\r\n").lineEnd, "\r\n");
  EXPECT_EQ(placeIn("#include <map>\n").lineEnd, "\n");
}

} // namespace
} // namespace gridlock
