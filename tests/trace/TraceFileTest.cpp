//===- TraceFileTest.cpp - Reading traces, damaged ones too ---------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/trace/TraceFile.h"
#include "runtime/Trace.h"
#include "tests/trace/TraceBytes.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace gridlock::trace;

namespace {

std::string errorOf(const std::string &bytes) {
  llvm::Expected<Trace> trace = parseTrace(bytes, "x.trace");
  return trace ? "" : llvm::toString(trace.takeError());
}

TEST(TraceFile, ReadsWhatWasWritten) {
  TraceBytes bytes;
  bytes.module(1, "/bin/server");
  bytes.stack(1, {{1, 0x100}, {1, 0x200}});
  bytes.thread(2, "writer");
  bytes.lock(1, "a").lock(2, "b");
  bytes.segment(1, 1, 0, 0).segment(2, 2, 1, 0);
  bytes.edge(1, 2, 2, 2, {1});
  llvm::Expected<Trace> trace = parseTrace(bytes.text(), "x.trace");
  ASSERT_TRUE(static_cast<bool>(trace)) << llvm::toString(trace.takeError());
  EXPECT_EQ(trace->modules.at(1).path, "/bin/server");
  EXPECT_EQ(trace->stack(1).at(1).offset, 0x200u);
  EXPECT_EQ(trace->threads.at(2).name, "writer");
  EXPECT_EQ(trace->locks.at(2).name, "b");
  ASSERT_EQ(trace->edges.size(), 1u);
  EXPECT_EQ(trace->edges[0].to, 2u);
  EXPECT_EQ(trace->edges[0].held.size(), 1u);
}

TEST(TraceFile, AnyCutIsReadUpToThereOrRefused) {
  TraceBytes bytes;
  bytes.module(1, "/bin/server").stack(1, {{1, 0x100}}).lock(1, "a").lock(2, "b").edge(1, 2, 0, 1, {1});
  std::string whole = bytes.text();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    llvm::Expected<Trace> trace = parseTrace(llvm::StringRef(whole).take_front(length), "x.trace");
    if (!trace) {
      EXPECT_LT(length, sizeof(gridlock_trace_header));
      llvm::consumeError(trace.takeError());
    } else {
      EXPECT_TRUE(trace->edges.empty());
    }
  }
}

TEST(TraceFile, EveryFlippedByteIsSurvived) {
  TraceBytes bytes;
  bytes.module(1, "/bin/server").stack(1, {{1, 0x100}}).lock(1, "a").lock(2, "b").edge(1, 2, 0, 1, {1});
  bytes.segment(1, 1, 0, 0);
  std::string whole = bytes.text();
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (unsigned char flip : {0x01, 0x80, 0xff}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ flip);
      llvm::Expected<Trace> trace = parseTrace(damaged, "x.trace");
      if (!trace) {
        llvm::consumeError(trace.takeError());
        continue;
      }
      for (const Edge &edge : trace->edges) {
        EXPECT_TRUE(trace->locks.contains(edge.from));
        EXPECT_TRUE(trace->locks.contains(edge.to));
      }
    }
}

TEST(TraceFile, SaysWhatIsWrong) {
  EXPECT_THAT(errorOf("hello"), testing::HasSubstr("no trace of gridlock"));
  std::string other = TraceBytes().text();
  other[8] = 9;
  EXPECT_THAT(errorOf(other), testing::HasSubstr("version 9"));
  TraceBytes unknownLock;
  unknownLock.edge(1, 2, 0, 1, {});
  EXPECT_THAT(errorOf(unknownLock.text()), testing::HasSubstr("is damaged"));
}

TEST(TraceFile, SegmentsSayWhatCanBeAtOnce) {
  // Thread 1 makes 2, joins it, makes 3.
  TraceBytes bytes;
  bytes.segment(1, 1, 0, 0).segment(2, 1, 1, 0).segment(3, 2, 1, 0);
  bytes.segment(4, 1, 2, 3).segment(5, 1, 4, 0).segment(6, 3, 4, 0);
  llvm::Expected<Trace> trace = parseTrace(bytes.text(), "x.trace");
  ASSERT_TRUE(static_cast<bool>(trace)) << llvm::toString(trace.takeError());
  EXPECT_TRUE(mayRunInParallel(*trace, 2, 3));
  EXPECT_TRUE(mayRunInParallel(*trace, 3, 2));
  EXPECT_FALSE(mayRunInParallel(*trace, 1, 3));
  EXPECT_FALSE(mayRunInParallel(*trace, 3, 4));
  EXPECT_FALSE(mayRunInParallel(*trace, 3, 6));
  EXPECT_FALSE(mayRunInParallel(*trace, 6, 3));
  EXPECT_TRUE(mayRunInParallel(*trace, 5, 6));
}

} // namespace
