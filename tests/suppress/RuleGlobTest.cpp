//===- RuleGlobTest.cpp - Patterns of rules' names ------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/RuleGlob.h"
#include <gtest/gtest.h>

using gridlock::suppress::matchesRuleGlob;

TEST(RuleGlob, AStarStandsForAnything) {
  for (const char *glob :
       {"lock-order", "*", "lock-*", "*-order", "l*r", "**lock**", "*o*o*", "lock-order*", "*c*-*d*"})
    EXPECT_TRUE(matchesRuleGlob(glob, "lock-order")) << glob;
  EXPECT_TRUE(matchesRuleGlob("", ""));
  EXPECT_TRUE(matchesRuleGlob("*ab*b", "abab"));
}

TEST(RuleGlob, TheWholeNameCounts) {
  for (const char *glob : {"", "lock", "order", "lock-order-", "lock*orde", "ock*", "*o*o*o*", "lock-order*r", "*r*-*"})
    EXPECT_FALSE(matchesRuleGlob(glob, "lock-order")) << glob;
  EXPECT_FALSE(matchesRuleGlob("aba*aba", "ababa"));
}

TEST(RuleGlob, NothingElseIsSpecial) {
  for (const char *glob :
       {"lock?order", "[l]ock-order", "{lock,race}-order", "lock\\-order", "lock.order", "(lock-order)"})
    EXPECT_FALSE(matchesRuleGlob(glob, "lock-order")) << glob;
  EXPECT_TRUE(matchesRuleGlob("[a?*", "[a?b]"));
}
