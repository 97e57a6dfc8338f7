//===- SourceCacheTest.cpp - Lines of files ---------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/finding/SourceCache.h"
#include "gtest/gtest.h"

namespace gridlock {
namespace {

SourceCache with(llvm::StringRef text) {
  auto files = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  files->addFile("/a", 0, llvm::MemoryBuffer::getMemBufferCopy(text, "/a"));
  return SourceCache(files);
}

TEST(SourceCache, CutsLines) {
  SourceCache cache = with("one\r\n\nthree");
  EXPECT_EQ(cache.lineCount("/a"), 3U);
  EXPECT_EQ(cache.line("/a", 1), "one");
  EXPECT_EQ(cache.line("/a", 2), "");
  EXPECT_EQ(cache.line("/a", 3), "three");
  EXPECT_EQ(cache.line("/a", 0), "");
  EXPECT_EQ(cache.line("/a", 4), "");
}

TEST(SourceCache, ANewlineAtTheEndStartsNoLine) {
  EXPECT_EQ(with("a\nb\n").lineCount("/a"), 2U);
  EXPECT_EQ(with("").lineCount("/a"), 0U);
  EXPECT_EQ(with("\n").lineCount("/a"), 1U);
}

TEST(SourceCache, AMissingFileIsEmpty) {
  SourceCache cache = with("a");
  EXPECT_TRUE(cache.isReadable("/a"));
  EXPECT_FALSE(cache.isReadable("/b"));
  EXPECT_EQ(cache.text("/b"), "");
  EXPECT_EQ(cache.line("/b", 1), "");
}

TEST(EndOfToken, TakesWordsAndSingleCharacters) {
  EXPECT_EQ(endOfToken("  mutex_1.lock()", 3), 10U);
  EXPECT_EQ(endOfToken("a.b", 2), 3U);
  EXPECT_EQ(endOfToken("größe+1", 1), 8U); // Bytes.
  EXPECT_EQ(endOfToken("ab", 9), 10U);
  EXPECT_EQ(endOfToken("ab", 0), 0U);
}

} // namespace
} // namespace gridlock
