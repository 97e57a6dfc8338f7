//===- ApplyFixItsTest.cpp - Edits on disk ----------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/finding/ApplyFixIts.h"
#include "tests/finding/ScratchFolder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace gridlock {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ApplyFixItsTest : public testing::Test {
protected:
  static TextEdit edit(std::string file, unsigned line, unsigned column, unsigned endColumn, std::string replacement) {
    return {{std::move(file), line, column, 0, {}}, line, endColumn, std::move(replacement)};
  }
  static Finding fix(std::vector<TextEdit> edits, bool safe = true) {
    Finding finding;
    finding.fixIts = {{"fix", safe, std::move(edits)}};
    return finding;
  }
  static FixResult apply(std::vector<Finding> findings, bool unsafe = false) {
    llvm::Expected<FixResult> result = applyFixIts(findings, {unsafe});
    if (result)
      return *result;
    ADD_FAILURE() << llvm::toString(result.takeError());
    return {};
  }
  static std::string failure(std::vector<Finding> findings) {
    llvm::Expected<FixResult> result = applyFixIts(findings);
    return result ? "no error" : llvm::toString(result.takeError());
  }

  ScratchFolder folder;
  std::string file = folder.write("a.cpp", "int value = 0;\nint other;\n");
};

TEST_F(ApplyFixItsTest, ReplacesInsertsAndRemoves) {
  FixResult result = apply({fix({edit(file, 1, 1, 4, "std::atomic<int>")}), fix({edit(file, 2, 1, 1, "static ")}),
                            fix({edit(file, 1, 10, 14, "")})});
  EXPECT_EQ(folder.read("a.cpp"), "std::atomic<int> value;\nstatic int other;\n");
  EXPECT_EQ(result.applied, 3U);
  EXPECT_THAT(result.files, ElementsAre(file));
}

TEST_F(ApplyFixItsTest, EditsMaySpanLinesAndReachTheEnd) {
  TextEdit both{{file, 1, 14, 0, {}}, 2, 10, ","};
  apply({fix({both}), fix({edit(file, 3, 1, 1, "// end\n")})});
  EXPECT_EQ(folder.read("a.cpp"), "int value = 0,;\n// end\n");
}

TEST_F(ApplyFixItsTest, OfTwoThatOverlapTheFirstWins) {
  FixResult result =
      apply({fix({edit(file, 1, 1, 10, "auto x")}), fix({edit(file, 2, 1, 4, "long"), edit(file, 1, 5, 10, "y")})});
  EXPECT_EQ(folder.read("a.cpp"), "auto x = 0;\nint other;\n"); // Nothing of the second one.
  EXPECT_EQ(result.applied, 1U);
  EXPECT_EQ(result.overlapping, 1U);
}

TEST_F(ApplyFixItsTest, AFixThatOverlapsItselfIsLeftOut) {
  FixResult result = apply({fix({edit(file, 1, 1, 4, "long"), edit(file, 1, 1, 1, "const ")})});
  EXPECT_EQ(folder.read("a.cpp"), "int value = 0;\nint other;\n");
  EXPECT_EQ(result.overlapping, 1U);
}

TEST_F(ApplyFixItsTest, EqualInsertionsAreMadeOnce) {
  FixResult result = apply({fix({edit(file, 1, 1, 1, "#include <atomic>\n"), edit(file, 1, 5, 10, "a")}),
                            fix({edit(file, 1, 1, 1, "#include <atomic>\n"), edit(file, 2, 5, 10, "b")})});
  EXPECT_EQ(folder.read("a.cpp"), "#include <atomic>\nint a = 0;\nint b;\n");
  EXPECT_EQ(result.applied, 2U);
}

TEST_F(ApplyFixItsTest, NeighboursDoNotOverlap) {
  FixResult result = apply({fix({edit(file, 1, 1, 4, "long")}), fix({edit(file, 1, 4, 5, "\t")})});
  EXPECT_EQ(folder.read("a.cpp"), "long\tvalue = 0;\nint other;\n");
  EXPECT_EQ(result.overlapping, 0U);
}

TEST_F(ApplyFixItsTest, UnsafeOnesOnlyOnRequest) {
  std::vector<Finding> findings = {fix({edit(file, 1, 1, 4, "long")}, /*safe=*/false)};
  EXPECT_EQ(apply(findings).unsafe, 1U);
  EXPECT_EQ(folder.read("a.cpp"), "int value = 0;\nint other;\n");
  EXPECT_EQ(apply(findings, /*unsafe=*/true).applied, 1U);
  EXPECT_EQ(folder.read("a.cpp"), "long value = 0;\nint other;\n");
}

TEST_F(ApplyFixItsTest, SuppressedFindingsAreLeftAlone) {
  Finding hidden = fix({edit(file, 1, 1, 4, "long")});
  hidden.suppressedBy = "baseline";
  EXPECT_EQ(apply({hidden}).applied, 0U);
  EXPECT_EQ(folder.read("a.cpp"), "int value = 0;\nint other;\n");
}

TEST_F(ApplyFixItsTest, AFileThatHasChangedIsAnErrorAndNothingIsWritten) {
  std::string second = folder.write("b.cpp", "x\n");
  EXPECT_THAT(failure({fix({edit(file, 1, 1, 4, "long")}), fix({edit(second, 7, 1, 2, "y")})}),
              HasSubstr("b.cpp: it has no place 7:1; it has changed"));
  EXPECT_EQ(folder.read("a.cpp"), "int value = 0;\nint other;\n");
  EXPECT_THAT(failure({fix({edit(folder.path("gone.cpp"), 1, 1, 2, "y")})}), HasSubstr("cannot be read"));
}

TEST_F(ApplyFixItsTest, KeepsModesAndSymbolicLinks) {
  namespace fs = llvm::sys::fs;
  ASSERT_FALSE(fs::setPermissions(file, fs::perms(0751)));
  std::string link = folder.path("link.cpp");
  ASSERT_FALSE(fs::create_link(file, link));
  apply({fix({edit(link, 1, 1, 4, "long")})});
  EXPECT_EQ(folder.read("a.cpp"), "long value = 0;\nint other;\n");
  EXPECT_TRUE(fs::is_symlink_file(link));
  EXPECT_EQ(*fs::getPermissions(file), fs::perms(0751));
}

TEST_F(ApplyFixItsTest, CarriageReturnsAreKept) {
  std::string dos = folder.write("dos.cpp", "int a;\r\nint b;\r\n");
  apply({fix({edit(dos, 1, 7, 7, " // x")})});
  EXPECT_EQ(folder.read("dos.cpp"), "int a; // x\r\nint b;\r\n");
}

} // namespace
} // namespace gridlock
