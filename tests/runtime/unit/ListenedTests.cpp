//===- ListenedTests.cpp - A test program with gridlock's listener --------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Run by ListenerTest.cpp, with and without the run time.
//
//===----------------------------------------------------------------------===//

#include "gridlock/gtest.h"

#include <mutex>
#include <semaphore>
#include <thread>
#include <vector>

namespace {

[[maybe_unused]] const bool listens = gridlock::add_gtest_listener();

std::mutex a, b, c;

/// Lives as long as the program, so whatever the tests do may run beside it.
std::counting_semaphore<> ready(0), over(0);
struct Background : testing::Environment {
  void SetUp() override {
    Thread = std::thread([] {
      {
        std::scoped_lock first(a);
        std::scoped_lock second(b);
      }
      ready.release();
      over.acquire();
    });
    ready.acquire();
  }
  void TearDown() override {
    over.release();
    Thread.join();
  }
  std::thread Thread;
};
[[maybe_unused]] const testing::Environment *const background = testing::AddGlobalTestEnvironment(new Background);

TEST(Listened, TakesTheSameOrder) {
  std::scoped_lock first(a);
  std::scoped_lock second(b);
}

TEST(Listened, TakesTheOther) {
  std::thread other([] {
    std::scoped_lock first(b);
    std::scoped_lock second(a);
  });
  other.join();
}

TEST(Listened, IsClean) {
  std::scoped_lock first(b);
  std::scoped_lock second(c);
}

// More locks than the graph keeps in order: found by the search at the test's end.
TEST(Listened, MakesALongCycleInABigGraph) {
  static std::vector<std::mutex> many(6000);
  static std::mutex x, y, z;
  std::vector<void (*)()> turns = {[] {
                                     for (std::size_t i = 0; i + 1 < many.size(); ++i) {
                                       std::scoped_lock first(many[i]);
                                       std::scoped_lock second(many[i + 1]);
                                     }
                                   },
                                   [] {
                                     std::scoped_lock first(x);
                                     std::scoped_lock second(y);
                                   },
                                   [] {
                                     std::scoped_lock first(y);
                                     std::scoped_lock second(z);
                                   },
                                   [] {
                                     std::scoped_lock first(z);
                                     std::scoped_lock second(x);
                                   }};
  // All threads live at the same time and take their turns one after the other.
  std::counting_semaphore<> done(0), end(0);
  std::vector<std::thread> threads;
  for (auto turn : turns) {
    threads.emplace_back([&, turn] {
      turn();
      done.release();
      end.acquire();
    });
    done.acquire();
  }
  end.release(static_cast<std::ptrdiff_t>(threads.size()));
  for (std::thread &thread : threads)
    thread.join();
}

} // namespace
