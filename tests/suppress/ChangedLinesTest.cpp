//===- ChangedLinesTest.cpp - Since a revision ------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/ChangedLines.h"
#include "tests/finding/ScratchFolder.h"
#include "llvm/Support/Program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace gridlock::suppress {
namespace {

using testing::HasSubstr;

ChangedLines parse(llvm::StringRef diff) {
  llvm::Expected<ChangedLines> changed = ChangedLines::parse(diff, "/p");
  if (changed)
    return *changed;
  ADD_FAILURE() << llvm::toString(changed.takeError());
  return {};
}

bool has(const ChangedLines &changed, std::string file, unsigned line) {
  return changed.contains({std::move(file), line, 1, 0, {}});
}

TEST(ParseDiff, RangesAndFiles) {
  ChangedLines changed = parse("diff --git a/x.cpp b/x.cpp\n--- a/x.cpp\n+++ b/x.cpp\n@@ -3 +3,2 @@ f()\n-a\n+b\n+c\n"
                               "@@ -9,2 +11 @@\n-a\n-b\n+c\n"
                               "diff --git a/d/y.cpp b/d/y.cpp\n--- a/d/y.cpp\n+++ b/d/y.cpp\n@@ -1 +1 @@\n-a\n+b\n");
  for (unsigned line : {3, 4, 11})
    EXPECT_TRUE(has(changed, "/p/x.cpp", line)) << line;
  for (unsigned line : {1, 2, 5, 9, 10, 12})
    EXPECT_FALSE(has(changed, "/p/x.cpp", line)) << line;
  EXPECT_TRUE(has(changed, "/p/d/y.cpp", 1));
  EXPECT_FALSE(has(changed, "/p/z.cpp", 1));
}

TEST(ParseDiff, RemovedLinesTouchTheirNeighbours) {
  ChangedLines changed = parse("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -5,3 +4,0 @@\n-a\n-b\n-c\n");
  EXPECT_FALSE(has(changed, "/p/x", 3));
  EXPECT_TRUE(has(changed, "/p/x", 4));
  EXPECT_TRUE(has(changed, "/p/x", 5));
  EXPECT_FALSE(has(changed, "/p/x", 6));
}

TEST(ParseDiff, LinesThatLookLikeHeadersAreNot) {
  ChangedLines changed =
      parse("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n--- b/y\n+++ b/y\n@@ -7 +7 @@\n-a\n+b\n");
  EXPECT_TRUE(has(changed, "/p/x", 7));
  EXPECT_FALSE(has(changed, "/p/y", 7));
}

TEST(ParseDiff, RemovedFilesAndQuotedNames) {
  ChangedLines changed = parse(
      "diff --git a/x b/x\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
      "diff --git \"a/q\\\"\\tn\" \"b/q\\\"\\tn\"\n--- \"a/q\\\"\\tn\"\n+++ \"b/q\\\"\\tn\"\n@@ -1 +1 @@\n-a\n+b\n");
  EXPECT_FALSE(has(changed, "/p/x", 1));
  EXPECT_TRUE(has(changed, "/p/q\"\tn", 1));
}

TEST(ParseDiff, AnUnreadableHunkIsAnError) {
  llvm::Expected<ChangedLines> changed = ChangedLines::parse("diff --git a/x b/x\n+++ b/x\n@@ nonsense @@\n", "/p");
  ASSERT_FALSE(static_cast<bool>(changed));
  EXPECT_THAT(llvm::toString(changed.takeError()), HasSubstr("@@ nonsense @@"));
}

TEST(ApplyChangedLines, AnyStepOfAnyThreadKeepsAFinding) {
  ChangedLines changed = parse("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +5 @@\n-a\n+b\n");
  std::vector<Finding> findings(3);
  for (Finding &finding : findings)
    finding.location = {"/p/main.cpp", 1, 1, 0, {}};
  findings[1].threads = {{"t", {{{"/p/y", 5, 1, 0, {}}, "", {}, 0, ""}}},
                         {"u", {{{"/p/x", 5, 1, 0, {}}, "", {}, 0, ""}}}};
  findings[2].location = {"/p/x", 5, 1, 0, {}};
  EXPECT_EQ(changed.apply(findings), 1U);
  EXPECT_NE(findings[0].suppressedBy, "");
  EXPECT_EQ(findings[1].suppressedBy, "");
  EXPECT_EQ(findings[2].suppressedBy, "");
}

/// A repository made by the real git.
class GitTest : public testing::Test {
protected:
  void SetUp() override {
    if (!llvm::sys::findProgramByName("git"))
      GTEST_SKIP() << "git is not installed";
    git({"init", "-q"});
    folder.write("src/a.cpp", "one\ntwo\nthree\n");
    git({"add", "-A"});
    git({"-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", "commit", "-qm",
         "first"});
  }
  void git(std::vector<llvm::StringRef> arguments) {
    std::string program = *llvm::sys::findProgramByName("git");
    std::string path = folder.path();
    std::vector<llvm::StringRef> command = {program, "-C", path};
    command.insert(command.end(), arguments.begin(), arguments.end());
    std::string problem;
    EXPECT_EQ(llvm::sys::ExecuteAndWait(program, command, std::nullopt, {}, 0, 0, &problem), 0) << problem;
  }
  static std::string failure(llvm::StringRef revision, llvm::StringRef where) {
    llvm::Expected<ChangedLines> changed = ChangedLines::since(revision, where);
    return changed ? "no error" : llvm::toString(changed.takeError());
  }
  ScratchFolder folder;
};

TEST_F(GitTest, FindsChangedAndNewFiles) {
  folder.write("src/a.cpp", "one\n2\nthree\n");
  folder.write("src/new.cpp", "x\n");
  llvm::Expected<ChangedLines> changed = ChangedLines::since("HEAD", folder.path("src"));
  ASSERT_TRUE(static_cast<bool>(changed)) << llvm::toString(changed.takeError());
  EXPECT_FALSE(has(*changed, folder.path("src/a.cpp"), 1));
  EXPECT_TRUE(has(*changed, folder.path("src/a.cpp"), 2));
  EXPECT_FALSE(has(*changed, folder.path("src/a.cpp"), 3));
  EXPECT_TRUE(has(*changed, folder.path("src/new.cpp"), 1));
  std::vector<Finding> findings(1);
  findings[0].location = {folder.path("src/a.cpp"), 1, 1, 0, {}};
  EXPECT_EQ(changed->apply(findings), 1U);
  EXPECT_THAT(findings[0].suppressedBy, HasSubstr("changed since HEAD"));
}

TEST_F(GitTest, PathsThroughSymbolicLinksAreTheSameFile) {
  ScratchFolder elsewhere;
  std::string link = elsewhere.path("link");
  ASSERT_FALSE(llvm::sys::fs::create_link(folder.path(), link));
  folder.write("src/a.cpp", "1\ntwo\nthree\n");
  llvm::Expected<ChangedLines> changed = ChangedLines::since("HEAD", link);
  ASSERT_TRUE(static_cast<bool>(changed)) << llvm::toString(changed.takeError());
  EXPECT_TRUE(has(*changed, link + "/src/a.cpp", 1));
}

TEST_F(GitTest, AMissingRevisionIsOneClearLine) {
  std::string message = failure("nonsuch", folder.path());
  EXPECT_THAT(message, HasSubstr("cannot compare with `nonsuch`"));
  EXPECT_THAT(message, HasSubstr("no such revision"));
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST_F(GitTest, ARevisionIsNeverAnOption) {
  std::string target = folder.path("written");
  EXPECT_THAT(failure("--output=" + target, folder.path()), HasSubstr("no such revision"));
  EXPECT_FALSE(llvm::sys::fs::exists(target));
}

TEST_F(GitTest, NoRepositoryIsOneClearLine) {
  ScratchFolder plain;
  std::string message = failure("HEAD", plain.path());
  EXPECT_THAT(message, HasSubstr("cannot compare with `HEAD`: not a git repository"));
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

} // namespace
} // namespace gridlock::suppress
