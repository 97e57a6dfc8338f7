//===- TraceTest.cpp - Reading what the run time wrote --------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/Trace.h"
#include "gridlock/communicate.h"

#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <map>

namespace {

/// The records of a trace, checked for form, by kind.
class Trace {
public:
  explicit Trace(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    Bytes.assign(std::istreambuf_iterator<char>(file), {});
    if (Bytes.size() < sizeof(gridlock_trace_header))
      return;
    header = reinterpret_cast<const gridlock_trace_header *>(Bytes.data());
    for (std::size_t at = header->header_bytes; at + sizeof(gridlock_trace_record) <= Bytes.size();) {
      auto *record = reinterpret_cast<const gridlock_trace_record *>(Bytes.data() + at);
      if (record->kind == GRIDLOCK_TRACE_END)
        break;
      EXPECT_EQ(record->bytes % 8, 0u);
      EXPECT_LE(record->bytes, Bytes.size() - at);
      if (record->bytes < sizeof(*record) || record->bytes > Bytes.size() - at)
        break;
      records.emplace(record->kind, record);
      at += record->bytes;
    }
  }

  template <typename Record> std::vector<const Record *> all(std::uint32_t kind) const {
    std::vector<const Record *> result;
    for (auto [first, last] = records.equal_range(kind); first != last; ++first)
      result.push_back(reinterpret_cast<const Record *>(first->second));
    return result;
  }

  const gridlock_trace_header *header = nullptr;
  std::multimap<std::uint32_t, const gridlock_trace_record *> records;

private:
  std::vector<char> Bytes;
};

std::string traceOf(const char *program) {
  std::string path = testing::TempDir() + "gridlock_trace_" + std::to_string(getpid());
  auto result = gridlock::run(
      {"/usr/bin/env", "LD_PRELOAD=" GRIDLOCK_TEST_RUNTIME, "GRIDLOCK_OPTIONS=watchdog_ms=20:trace=" + path, program},
      {}, std::chrono::seconds(120));
  EXPECT_EQ(result.status.code, 66) << result.errors;
  return path;
}

TEST(Trace, HoldsEverythingThatAReportNeeds) {
  std::string path = traceOf(GRIDLOCK_TEST_ABBA);
  Trace trace(path);
  ASSERT_NE(trace.header, nullptr);
  EXPECT_EQ(std::string(trace.header->magic, 8), GRIDLOCK_TRACE_MAGIC);
  EXPECT_EQ(trace.header->version, GRIDLOCK_TRACE_VERSION);

  std::map<std::uint32_t, const gridlock_trace_stack *> stacks;
  for (auto *stack : trace.all<gridlock_trace_stack>(GRIDLOCK_TRACE_STACK))
    stacks[stack->id] = stack;
  std::map<std::uint32_t, std::string> modules;
  for (auto *module : trace.all<gridlock_trace_module>(GRIDLOCK_TRACE_MODULE)) {
    modules[module->id] = std::string(module->path, module->path_bytes);
    EXPECT_GT(module->build_id_bytes, 0);
  }
  std::map<std::uint32_t, const gridlock_trace_lock *> locks;
  for (auto *lock : trace.all<gridlock_trace_lock>(GRIDLOCK_TRACE_LOCK)) {
    locks[lock->id] = lock;
    EXPECT_EQ(lock->lock_kind, GRIDLOCK_LOCK_MUTEX);
    EXPECT_THAT(modules[lock->module], testing::HasSubstr("abba")); // a global variable
  }
  ASSERT_EQ(locks.size(), 2u);

  auto edges = trace.all<gridlock_trace_edge>(GRIDLOCK_TRACE_EDGE);
  ASSERT_EQ(edges.size(), 2u);
  EXPECT_EQ(edges[0]->from, edges[1]->to);
  EXPECT_EQ(edges[0]->to, edges[1]->from);
  EXPECT_NE(edges[0]->thread, edges[1]->thread);
  for (auto *edge : edges) {
    EXPECT_TRUE(locks.count(edge->from));
    EXPECT_TRUE(locks.count(edge->to));
    ASSERT_EQ(edge->held_count, 1u);
    EXPECT_EQ(edge->held[0].lock, edge->from);
    for (std::uint32_t id : {edge->outer_stack, edge->inner_stack}) {
      ASSERT_TRUE(stacks.count(id));
      ASSERT_GT(stacks[id]->frame_count, 0u);
      EXPECT_THAT(modules[stacks[id]->frames[0].module], testing::HasSubstr("abba"));
    }
  }
  EXPECT_EQ(trace.all<gridlock_trace_thread>(GRIDLOCK_TRACE_THREAD).size(), 3u); // two, and their creator

  auto reports = trace.all<gridlock_trace_report>(GRIDLOCK_TRACE_REPORT);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(std::string(reports[0]->text, reports[0]->problem_bytes), "lock-order-inversion");
  std::remove(path.c_str());
}

// What stands in the trace of a killed process is whole, and nothing is missing that
// was there before the thread went on: at most the record being written is lost.
TEST(Trace, OfAKilledProcessIsWholeUpToTheEnd) {
  std::string path = testing::TempDir() + "gridlock_killed_" + std::to_string(getpid());
  auto result = gridlock::run(
      {"/usr/bin/env", "LD_PRELOAD=" GRIDLOCK_TEST_RUNTIME, "GRIDLOCK_OPTIONS=trace=" + path, GRIDLOCK_TEST_KILLED}, {},
      std::chrono::seconds(120));
  EXPECT_EQ(result.status.signal, SIGKILL);
  Trace trace(path);
  ASSERT_NE(trace.header, nullptr);
  std::map<std::uint32_t, int> locks, stacks;
  for (auto *lock : trace.all<gridlock_trace_lock>(GRIDLOCK_TRACE_LOCK))
    ++locks[lock->id];
  for (auto *stack : trace.all<gridlock_trace_stack>(GRIDLOCK_TRACE_STACK))
    ++stacks[stack->id];
  auto edges = trace.all<gridlock_trace_edge>(GRIDLOCK_TRACE_EDGE);
  EXPECT_GE(edges.size(), std::stoul(result.output));
  for (auto *edge : edges) {
    ASSERT_EQ(locks[edge->from], 1);
    ASSERT_EQ(locks[edge->to], 1);
    ASSERT_EQ(stacks[edge->outer_stack], 1);
    ASSERT_EQ(stacks[edge->inner_stack], 1);
  }
  std::remove(path.c_str());
}

} // namespace
