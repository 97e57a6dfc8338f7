//===- ReplaceFilesTest.cpp - Several files changed as one ----------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/finding/ReplaceFiles.h"
#include "tests/finding/ScratchFolder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace gridlock {
namespace {

namespace fs = llvm::sys::fs;
using testing::ElementsAre;
using testing::HasSubstr;

class ReplaceFilesTest : public testing::Test {
protected:
  static std::string replace(std::vector<FileText> texts) {
    llvm::Error error = replaceFiles(texts);
    return error ? llvm::toString(std::move(error)) : "";
  }
  std::vector<std::string> names(const std::string &path) const {
    std::vector<std::string> found;
    std::error_code code;
    for (fs::directory_iterator at(path, code), end; at != end && !code; at.increment(code))
      found.push_back(llvm::sys::path::filename(at->path()).str());
    std::sort(found.begin(), found.end());
    return found;
  }
  ScratchFolder folder;
  std::string first = folder.write("a.cpp", "first\n");
  std::string second = folder.write("b.cpp", "second\n");
};

TEST_F(ReplaceFilesTest, AllAndNothingElseIsLeft) {
  EXPECT_EQ(replace({{first, "1"}, {folder.path("new/deep/c.h"), "3", true}, {second, "2"}}), "");
  EXPECT_EQ(folder.read("a.cpp") + folder.read("b.cpp") + folder.read("new/deep/c.h"), "123");
  EXPECT_THAT(names(folder.path()), ElementsAre("a.cpp", "b.cpp", "new"));
}

TEST_F(ReplaceFilesTest, WhatCannotBePreparedChangesNothing) {
  EXPECT_THAT(replace({{first, "1"}, {folder.path("made/x.h"), "", true}, {folder.path("gone/b.cpp"), "2"}}),
              HasSubstr("cannot write " + folder.path("gone/b.cpp")));
  EXPECT_EQ(folder.read("a.cpp"), "first\n");
  EXPECT_THAT(names(folder.path()), ElementsAre("a.cpp", "b.cpp"));
}

TEST_F(ReplaceFilesTest, WhatWasRenamedIsPutBack) {
  ASSERT_FALSE(fs::setPermissions(first, fs::perms(0751)));
  // A file cannot be renamed over a folder; that shows when the others are done.
  ASSERT_FALSE(fs::create_directory(folder.path("taken.h")));
  EXPECT_THAT(
      replace({{folder.path("made/x.h"), "3", true}, {folder.path("taken.h"), "", true}, {first, "1"}, {second, "2"}}),
      HasSubstr("cannot write " + folder.path("taken.h")));
  EXPECT_EQ(folder.read("a.cpp") + folder.read("b.cpp"), "first\nsecond\n");
  EXPECT_EQ(*fs::getPermissions(first), fs::perms(0751));
  EXPECT_THAT(names(folder.path()), ElementsAre("a.cpp", "b.cpp", "taken.h"));
}

TEST_F(ReplaceFilesTest, OneFileUnderTwoNamesIsRefused) {
  ASSERT_FALSE(fs::create_link(first, folder.path("link.cpp")));
  EXPECT_THAT(replace({{first, "1"}, {folder.path("link.cpp"), "2"}}), HasSubstr("under two names"));
  EXPECT_EQ(folder.read("a.cpp"), "first\n");
}

} // namespace
} // namespace gridlock
