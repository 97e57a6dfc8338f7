//===- gtest.h - Reports fail the test in which they arise ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A listener for GoogleTest. A report of the run time fails the test that was
/// running when it came, with the report as its message, instead of only
/// standing somewhere in the log:
///
///   int main(int argc, char **argv) {
///     testing::InitGoogleTest(&argc, argv);
///     gridlock::add_gtest_listener();
///     return RUN_ALL_TESTS();
///   }
///
/// A test program that is linked with gtest_main has this line in one of its
/// files instead:
///
///   static const bool listens = gridlock::add_gtest_listener();
///
/// The run time is loaded by `gridlock run -- ./tests`, by LD_PRELOAD, or linked
/// (gridlock::runtime). Without it nothing fails and nothing is checked.
///
/// What a thread did that outlives its test belongs to the test that runs when
/// the second half of the cycle is seen: the graph of orders is that of the whole
/// program, so two tests can make a cycle together.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_GTEST_H
#define GRIDLOCK_GTEST_H

#include "gridlock/annotate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <string>

namespace gridlock {

class gtest_listener : public testing::EmptyTestEventListener {
public:
  gtest_listener() {
    if (gridlock_set_report_callback)
      gridlock_set_report_callback(&gtest_listener::reported, this);
  }
  ~gtest_listener() override {
    if (gridlock_set_report_callback)
      gridlock_set_report_callback(nullptr, nullptr);
  }
  gtest_listener(const gtest_listener &) = delete;
  gtest_listener &operator=(const gtest_listener &) = delete;

  /// The run time comes with the program, or not at all.
  static bool is_checking() { return gridlock_report_count != nullptr; }

  // Listeners hear of ends in reverse order: the printer, which was there first,
  // comes after this one and shows the test as failed.
  void OnTestEnd(const testing::TestInfo &) override { fail(); }
  void OnTestSuiteEnd(const testing::TestSuite &) override { fail(); }
  void OnTestIterationEnd(const testing::UnitTest &, int) override { fail(); }

private:
  /// Called one at a time, on any thread, deep inside of whatever it was doing:
  /// copies, and takes no memory.
  static void reported(const char *, const char *text, std::size_t bytes, void *argument) {
    auto &self = *static_cast<gtest_listener *>(argument);
    std::size_t used = self.Used.load(std::memory_order_relaxed);
    std::size_t copied = std::min(bytes, sizeof(self.Text) - used);
    std::memcpy(self.Text + used, text, copied);
    self.Used.store(used + copied, std::memory_order_release);
    self.Count.fetch_add(1, std::memory_order_release);
  }

  void fail() {
    if (gridlock_check_now)
      gridlock_check_now();
    unsigned count = Count.load(std::memory_order_acquire);
    if (count == Told)
      return;
    Told = count;
    std::size_t used = Used.load(std::memory_order_acquire);
    std::string text(Text + Shown, used - Shown);
    Shown = used;
    ADD_FAILURE() << "gridlock reported in this test:\n" << (text.empty() ? "(see the log)\n" : text);
  }

  std::atomic<std::size_t> Used{0};
  std::atomic<unsigned> Count{0};
  std::size_t Shown = 0;
  unsigned Told = 0;
  char Text[256 * 1024];
};

/// Adds the listener; GoogleTest owns it. Call once, before RUN_ALL_TESTS. Returns
/// whether the run time is there.
inline bool add_gtest_listener() {
  testing::UnitTest::GetInstance()->listeners().Append(new gtest_listener);
  return gtest_listener::is_checking();
}

} // namespace gridlock

#endif // GRIDLOCK_GTEST_H
