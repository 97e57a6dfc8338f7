//===- EditorChecksTest.cpp - Rules that clangd's settings turn off -------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/live/EditorChecks.h"
#include "llvm/ADT/StringExtras.h"
#include <gtest/gtest.h>

using namespace gridlock::integrations;

/// Of three rules those that are off.
static std::string off(const EditorChecks &checks) {
  std::vector<std::string> names;
  for (const char *rule : {"lock-order-inversion", "lock-self-deadlock", "race-mixed-guards"})
    if (checks.isOff(rule))
      names.push_back(rule);
  return llvm::join(names, " ");
}

static std::string offByTidy(llvm::StringRef text) {
  EditorChecks checks;
  EXPECT_FALSE(checks.addTidy(text));
  return off(checks);
}

static std::string offByClangd(llvm::StringRef text, llvm::StringRef path = "src/a.cpp") {
  EditorChecks checks;
  checks.addClangd(text, path);
  return off(checks);
}

TEST(EditorChecks, ListsThatDoNotSpeakOfUsSayNothing) {
  EXPECT_EQ(offByTidy(""), "");
  EXPECT_EQ(offByTidy("Checks: '-*,bugprone-*'\n"), "");
  EXPECT_EQ(offByTidy("Checks: '*'\nWarningsAsErrors: '*'\n"), "");
  EXPECT_EQ(offByTidy("CheckOptions:\n  - key: gridlock\n    value: x\n"), "");
}

TEST(EditorChecks, TheLastGlobThatMatchesCounts) {
  EXPECT_EQ(offByTidy("Checks: '-gridlock-lock-self-deadlock'\n"), "lock-self-deadlock");
  EXPECT_EQ(offByTidy("Checks: '-*,gridlock-lock-*'\n"), "race-mixed-guards");
  EXPECT_EQ(offByTidy("Checks: '-*, gridlock-*, -gridlock-*-deadlock'\n"), "lock-self-deadlock");
  EXPECT_EQ(offByTidy("Checks: 'gridlock-*,-*'\n"), "lock-order-inversion lock-self-deadlock race-mixed-guards");
  EXPECT_EQ(offByTidy("Checks: >\n  -*,\n  gridlock-race-*\n"), "lock-order-inversion lock-self-deadlock");
  EXPECT_EQ(offByTidy("Checks:\n  - '-*'\n  - gridlock-race-*\n"), "lock-order-inversion lock-self-deadlock");
}

TEST(EditorChecks, AParentsListComesFirst) {
  EditorChecks checks;
  EXPECT_TRUE(checks.addTidy("InheritParentConfig: true\nChecks: 'gridlock-race-*'\n"));
  EXPECT_FALSE(checks.addTidy("Checks: '-gridlock-*'\n"));
  EXPECT_EQ(off(checks), "lock-order-inversion lock-self-deadlock");
}

TEST(EditorChecks, Clangd) {
  EXPECT_EQ(offByClangd("Diagnostics:\n  ClangTidy:\n    Remove: gridlock-lock-self-deadlock\n"), "lock-self-deadlock");
  EXPECT_EQ(offByClangd("Diagnostics:\n  ClangTidy:\n    Add: [gridlock-lock-*]\n    Remove: ['*']\n"),
            "lock-order-inversion lock-self-deadlock race-mixed-guards");
  EXPECT_EQ(offByClangd("Diagnostics:\n  ClangTidy:\n    Remove: gridlock-lock-*\n    Add: gridlock-*\n"),
            "lock-order-inversion lock-self-deadlock");
  EXPECT_EQ(offByClangd("Diagnostics:\n  Suppress: [gridlock-race-mixed-guards, lock-self-deadlock, unused]\n"),
            "lock-self-deadlock race-mixed-guards");
  EXPECT_EQ(offByClangd("Diagnostics: {Suppress: '*'}\n"), "lock-order-inversion lock-self-deadlock race-mixed-guards");
}

TEST(EditorChecks, EachListSpeaksForItself) {
  EditorChecks checks;
  checks.addTidy("Checks: '-*,bugprone-*'\n");
  checks.addClangd("Diagnostics:\n  ClangTidy:\n    Remove: gridlock-lock-self-deadlock\n", "a.cpp");
  EXPECT_EQ(off(checks), "lock-self-deadlock");
}

TEST(EditorChecks, ClangdsConditions) {
  constexpr llvm::StringRef text = "Index: {Background: Skip}\n---\nIf:\n  PathMatch: [lib/.*, src/.*]\n"
                                   "  PathExclude: .*\\.h\nDiagnostics: {Suppress: race-mixed-guards}\n";
  EXPECT_EQ(offByClangd(text), "race-mixed-guards");
  EXPECT_EQ(offByClangd(text, "src/a.h"), "");
  EXPECT_EQ(offByClangd(text, "other/src/a.cpp"), "");
}

TEST(EditorChecks, DamagedFilesSayNothing) {
  EXPECT_EQ(offByTidy("Checks: [-gridlock-*\n\t- x: {\n"), "");
  EXPECT_EQ(offByTidy("- just\n- a list\n"), "");
  EXPECT_EQ(offByClangd("Diagnostics: gridlock\n"), "");
  EXPECT_EQ(offByClangd("Diagnostics:\n  Suppress: {a: b}\n"), "");
  EXPECT_EQ(offByClangd("If: {PathMatch: '('}\nDiagnostics: {Suppress: '*'}\n"), "");
}
