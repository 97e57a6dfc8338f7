//===- SolvePaceTest.cpp - When a result is worth waiting for -------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/live/SolvePace.h"
#include <gtest/gtest.h>

using namespace gridlock::integrations;
using std::chrono::seconds;

static SolvePace::Time at(std::chrono::milliseconds time) { return SolvePace::Time() + time; }

TEST(SolvePace, NothingRunsAtFirst) {
  SolvePace pace;
  EXPECT_FALSE(pace.isWorthGivingUp(at(seconds(1))));
  EXPECT_FALSE(pace.isWorthSkipping(at(seconds(1))));
}

TEST(SolvePace, TheFirstIsGivenUpOnlyAMoment) {
  SolvePace pace;
  pace.begin(at(seconds(10)));
  EXPECT_TRUE(pace.isWorthGivingUp(at(seconds(11))));
  EXPECT_FALSE(pace.isWorthGivingUp(at(seconds(12))));
  pace.end(at(seconds(11)), /*isDone=*/false);
  // The time since something was shown runs on.
  pace.begin(at(seconds(11)));
  EXPECT_FALSE(pace.isWorthGivingUp(at(seconds(12))));
}

TEST(SolvePace, WhatIsHalfDoneIsFinished) {
  SolvePace pace;
  pace.begin(at(seconds(0)));
  pace.end(at(seconds(10)), /*isDone=*/true);
  pace.begin(at(seconds(20)));
  EXPECT_TRUE(pace.isWorthGivingUp(at(seconds(24))));
  EXPECT_FALSE(pace.isWorthGivingUp(at(seconds(26))));
}

TEST(SolvePace, WhoNeverStopsTypingSeesSomething) {
  SolvePace pace;
  pace.begin(at(seconds(0)));
  pace.end(at(seconds(10)), /*isDone=*/true);
  EXPECT_TRUE(pace.isWorthSkipping(at(seconds(30))));
  for (int start = 20; start < 40; ++start) {
    pace.begin(at(seconds(start)));
    EXPECT_TRUE(pace.isWorthGivingUp(at(seconds(start))));
    pace.end(at(seconds(start)), /*isDone=*/false);
  }
  pace.begin(at(seconds(40)));
  EXPECT_FALSE(pace.isWorthGivingUp(at(seconds(40))));
  EXPECT_FALSE(pace.isWorthSkipping(at(seconds(40))));
}
