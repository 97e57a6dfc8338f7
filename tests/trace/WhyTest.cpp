//===- WhyTest.cpp - Why a cycle cannot happen ----------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/trace/Why.h"
#include "tests/trace/TraceBytes.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace gridlock::trace;
using testing::HasSubstr;

namespace {

/// Locks a (1), b (2) and c (3); thread 1 makes 2 and 3, joins 2, makes 4.
TraceBytes base() {
  TraceBytes bytes;
  bytes.thread(1, "").thread(2, "left").thread(3, "right").thread(4, "late");
  bytes.lock(1, "a").lock(2, "b").lock(3, "c");
  bytes.segment(1, 1, 0, 0).segment(2, 2, 1, 0).segment(3, 1, 1, 0).segment(4, 3, 3, 0);
  bytes.segment(5, 1, 3, 2).segment(6, 4, 5, 0);
  return bytes;
}

std::string explain(const std::vector<TraceBytes> &all) {
  std::vector<Trace> traces;
  for (const TraceBytes &bytes : all)
    traces.push_back(llvm::cantFail(parseTrace(bytes.text(), "x.trace")));
  Symbols symbols;
  MergedGraph graph = mergeTraces(traces, symbols);
  std::string text;
  llvm::raw_string_ostream os(text);
  EXPECT_TRUE(explainPair(graph, "a", "b", symbols, os));
  return text;
}

TEST(Why, CanHappen) {
  EXPECT_THAT(explain({base().edge(1, 2, 2, 2, {1}).edge(2, 1, 3, 4, {2})}), HasSubstr("this can deadlock"));
}

TEST(Why, OneThread) {
  EXPECT_THAT(explain({base().edge(1, 2, 2, 2, {1}).edge(2, 1, 2, 2, {2})}), HasSubstr("both in thread T2 `left`"));
}

TEST(Why, Joined) {
  EXPECT_THAT(explain({base().edge(1, 2, 2, 2, {1}).edge(2, 1, 4, 6, {2})}),
              HasSubstr("the part of thread T2 `left` was over before that of thread T4 `late` began"));
}

TEST(Why, Gate) {
  EXPECT_THAT(explain({base().edge(1, 2, 2, 2, {1, 3}).edge(2, 1, 3, 4, {2, 3})}), HasSubstr("mutex `c` held: a gate"));
}

TEST(Why, SharedGateIsNone) {
  EXPECT_THAT(explain({base().edge(1, 2, 2, 2, {1, -3}).edge(2, 1, 3, 4, {2, -3})}), HasSubstr("this can deadlock"));
}

TEST(Why, Readers) {
  EXPECT_THAT(explain({base().edge(1, 2, 2, 2, {-1}, true).edge(2, 1, 3, 4, {-2}, true)}), HasSubstr("both only read"));
}

TEST(Why, OneOrder) { EXPECT_THAT(explain({base().edge(1, 2, 2, 2, {1})}), HasSubstr("one order was seen")); }

TEST(Why, ByWayOfAnother) {
  std::string text = explain({base().edge(1, 3, 2, 2, {1}).edge(3, 2, 3, 4, {3}).edge(2, 1, 4, 6, {2})});
  EXPECT_THAT(text, HasSubstr("before mutex `c`"));
  EXPECT_THAT(text, HasSubstr("not reported"));
}

TEST(Why, RunsAreMerged) {
  std::string text = explain({base().edge(1, 2, 2, 2, {1}), base().edge(2, 1, 3, 4, {2})});
  EXPECT_THAT(text, HasSubstr("seen in different processes or runs"));
}

} // namespace
