//===- ListenerTest.cpp - gtest.h in a test program of its own ------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "gridlock/communicate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using testing::HasSubstr;
using testing::Not;

gridlock::communicated listened(const char *preload) {
  return gridlock::run({"/usr/bin/env", std::string("LD_PRELOAD=") + preload, "GRIDLOCK_OPTIONS=watchdog_ms=60000",
                        GRIDLOCK_TEST_LISTENED},
                       {}, std::chrono::seconds(120));
}

TEST(Listener, FailsTheTestOfAReportAndNoOther) {
  auto result = listened(GRIDLOCK_TEST_RUNTIME);
  EXPECT_NE(result.status.code, 0);
  EXPECT_THAT(result.output, HasSubstr("[       OK ] Listened.TakesTheSameOrder"));
  EXPECT_THAT(result.output, HasSubstr("[  FAILED  ] Listened.TakesTheOther"));
  EXPECT_THAT(result.output, HasSubstr("[       OK ] Listened.IsClean"));
  EXPECT_THAT(result.output, HasSubstr("gridlock reported in this test:"));
  EXPECT_THAT(result.output, HasSubstr("[lock-order-inversion]"));
}

TEST(Listener, SearchesABigGraphAtTheEndOfTheTest) {
  EXPECT_THAT(listened(GRIDLOCK_TEST_RUNTIME).output, HasSubstr("[  FAILED  ] Listened.MakesALongCycleInABigGraph"));
}

TEST(Listener, DoesNothingWithoutTheRunTime) {
  auto result = listened("");
  EXPECT_EQ(result.status.code, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("[  PASSED  ] 4 tests"));
  EXPECT_THAT(result.output, Not(HasSubstr("gridlock reported")));
}

} // namespace
