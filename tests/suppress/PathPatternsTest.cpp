//===- PathPatternsTest.cpp - Globs for paths -------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/PathPatterns.h"
#include "gtest/gtest.h"

namespace gridlock::suppress {
namespace {

/// Whether the patterns, which stand in /p, name the file.
bool names(std::vector<std::string> globs, llvm::StringRef file) {
  llvm::Expected<PathPatterns> patterns = PathPatterns::create(globs, "/p");
  if (!patterns) {
    ADD_FAILURE() << llvm::toString(patterns.takeError());
    return false;
  }
  return !patterns->match(file).empty();
}

TEST(PathPatterns, ANameMatchesAtAnyDepth) {
  EXPECT_TRUE(names({"vendor"}, "/p/vendor/a.cpp"));
  EXPECT_TRUE(names({"vendor"}, "/p/src/vendor/x/a.cpp"));
  EXPECT_TRUE(names({"a.cpp"}, "/p/src/a.cpp"));
  EXPECT_FALSE(names({"vendor"}, "/p/vendors/a.cpp"));
  EXPECT_FALSE(names({"a.cpp"}, "/p/src/axcpp"));
}

TEST(PathPatterns, ASlashTiesToTheFolder) {
  EXPECT_TRUE(names({"/vendor"}, "/p/vendor/a.cpp"));
  EXPECT_FALSE(names({"/vendor"}, "/p/src/vendor/a.cpp"));
  EXPECT_TRUE(names({"src/gen"}, "/p/src/gen/a.cpp"));
  EXPECT_FALSE(names({"src/gen"}, "/p/x/src/gen/a.cpp"));
}

TEST(PathPatterns, ASlashAtTheEndMeansFolders) {
  EXPECT_TRUE(names({"gen/"}, "/p/src/gen/a.cpp"));
  EXPECT_FALSE(names({"gen/"}, "/p/src/gen"));
}

TEST(PathPatterns, StarsStayInOneComponent) {
  EXPECT_TRUE(names({"src/*.h"}, "/p/src/a.h"));
  EXPECT_FALSE(names({"src/*.h"}, "/p/src/x/a.h"));
  EXPECT_TRUE(names({"*.pb.cc"}, "/p/src/x/a.pb.cc"));
  EXPECT_TRUE(names({"a?.h"}, "/p/ab.h"));
  EXPECT_FALSE(names({"a?b"}, "/p/a/b"));
}

TEST(PathPatterns, TwoStarsDoNot) {
  EXPECT_TRUE(names({"**/gen/*.h"}, "/p/a/b/gen/x.h"));
  EXPECT_TRUE(names({"**/gen/*.h"}, "/p/gen/x.h"));
  EXPECT_TRUE(names({"src/**/x.h"}, "/p/src/x.h"));
  EXPECT_TRUE(names({"src/**/x.h"}, "/p/src/a/b/x.h"));
  EXPECT_TRUE(names({"src/**"}, "/p/src/a/b"));
  EXPECT_FALSE(names({"src/**/x.h"}, "/p/srcs/x.h"));
}

TEST(PathPatterns, TheLastMatchDecides) {
  EXPECT_FALSE(names({"vendor/", "!vendor/ours/"}, "/p/vendor/ours/a.cpp"));
  EXPECT_TRUE(names({"vendor/", "!vendor/ours/"}, "/p/vendor/b.cpp"));
  EXPECT_TRUE(names({"!a.cpp", "*.cpp"}, "/p/a.cpp"));
}

TEST(PathPatterns, BracketsAndEscapes) {
  EXPECT_TRUE(names({"a[0-9].h"}, "/p/a5.h"));
  EXPECT_FALSE(names({"a[!0-9].h"}, "/p/a5.h"));
  EXPECT_TRUE(names({"a[!0-9].h"}, "/p/ax.h"));
  EXPECT_TRUE(names({"a[b"}, "/p/a[b"));
  EXPECT_TRUE(names({"a\\*b"}, "/p/a*b"));
  EXPECT_FALSE(names({"a\\*b"}, "/p/axb"));
  EXPECT_TRUE(names({"a+(b)"}, "/p/a+(b)"));
}

TEST(PathPatterns, OutsideTheFolderTheWholePathCounts) {
  EXPECT_TRUE(names({"/opt/sdk/"}, "/opt/sdk/x.h"));
  EXPECT_FALSE(names({"/opt/sdk/"}, "/usr/opt/sdk/x.h"));
  EXPECT_TRUE(names({"sdk"}, "/opt/sdk/x.h"));
}

TEST(PathPatterns, AnEmptyPatternIsAMistake) {
  for (const char *glob : {"", "/", "!"}) {
    llvm::Expected<PathPatterns> patterns = PathPatterns::create({std::string(glob)}, "/p");
    EXPECT_FALSE(static_cast<bool>(patterns)) << glob;
    llvm::consumeError(patterns.takeError());
  }
}

} // namespace
} // namespace gridlock::suppress
