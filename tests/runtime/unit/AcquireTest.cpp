//===- AcquireTest.cpp - gridlock::acquire --------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "gridlock/acquire.h"
#include "gridlock/mutex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace {

using gridlock::acquire;
using gridlock::lock_order_violation;
using gridlock::shared;
using gridlock::try_acquire;

/// Whether another thread could take the mutex now.
template <typename Mutex> bool isFree(Mutex &mutex) {
  bool free = false;
  std::thread([&] {
    free = mutex.try_lock();
    if (free)
      mutex.unlock();
  }).join();
  return free;
}

/// Two mutexes in the order of their addresses.
struct Pair {
  std::mutex both[2];
  std::mutex &low = std::less<std::mutex *>()(&both[0], &both[1]) ? both[0] : both[1];
  std::mutex &high = &low == &both[0] ? both[1] : both[0];
};

TEST(Acquire, LocksAllAndUnlocksAll) {
  std::mutex a, b;
  {
    auto guard = acquire(b, a);
    EXPECT_TRUE(guard);
    EXPECT_FALSE(isFree(a));
    EXPECT_FALSE(isFree(b));
    EXPECT_EQ(gridlock::held_count(), 2u);
  }
  EXPECT_TRUE(isFree(a));
  EXPECT_TRUE(isFree(b));
  EXPECT_EQ(gridlock::held_count(), 0u);
}

TEST(Acquire, OppositeOrdersNeverDeadlock) {
  std::mutex a, b;
  int count = 0;
  auto work = [&](std::mutex &first, std::mutex &second) {
    for (int i = 0; i < 20000; ++i) {
      auto guard = acquire(first, second);
      ++count;
    }
  };
  std::thread one([&] { work(a, b); }), two([&] { work(b, a); });
  one.join();
  two.join();
  EXPECT_EQ(count, 40000);
}

TEST(Acquire, NestedDescendingThrowsBeforeLocking) {
  Pair pair;
  auto outer = acquire(pair.high);
  EXPECT_THROW((void)acquire(pair.low), lock_order_violation);
  EXPECT_TRUE(isFree(pair.low));
  EXPECT_EQ(gridlock::held_count(), 1u);
}

TEST(Acquire, NestedAscendingSucceedsAndIsToldOncePerPlace) {
  Pair pair;
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) {
    auto outer = acquire(pair.low);
    auto inner = acquire(pair.high);
  }
  std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, testing::HasSubstr("the order depends on addresses"));
  EXPECT_EQ(text.find("gridlock: warning"), text.rfind("gridlock: warning"));
}

TEST(Acquire, StrictNestingThrows) {
  Pair pair;
  gridlock::set_nesting(gridlock::nesting::strict);
  {
    auto outer = acquire(pair.low);
    EXPECT_THROW((void)acquire(pair.high), lock_order_violation);
  }
  gridlock::set_nesting(gridlock::nesting::by_address);
}

TEST(Acquire, RanksDecideBeforeAddresses) {
  struct {
    gridlock::checked<std::mutex, 2> second;
    gridlock::checked<std::mutex, 1> first;
    std::mutex none;
  } locks;
  {
    auto outer = acquire(locks.first);
    auto middle = acquire(locks.second);
    auto inner = acquire(locks.none); // no rank: after all ranks
  }
  auto outer = acquire(locks.second);
  EXPECT_THROW((void)acquire(locks.first), lock_order_violation);
  auto inner = acquire(locks.none);
  EXPECT_THROW((void)acquire(locks.first), lock_order_violation);
}

TEST(Acquire, OrderComesBackAfterRelease) {
  Pair pair;
  {
    auto outer = acquire(pair.high);
  }
  auto inner = acquire(pair.low);
  EXPECT_TRUE(inner);
}

TEST(Acquire, ReleaseInAnyOrder) {
  gridlock::checked<std::mutex, 1> a;
  gridlock::checked<std::mutex, 2> b;
  gridlock::checked<std::mutex, 3> c;
  auto first = acquire(a);
  auto second = acquire(b);
  first.release();
  EXPECT_TRUE(isFree(a));
  EXPECT_THROW((void)acquire(a), lock_order_violation); // b is still held
  second.release();
  auto again = acquire(a, c);
  EXPECT_EQ(gridlock::held_count(), 2u);
}

TEST(Acquire, SameLockTwiceThrows) {
  std::mutex a;
  auto outer = acquire(a);
  EXPECT_THROW((void)acquire(a), lock_order_violation);
  EXPECT_THROW((void)acquire(a, a), lock_order_violation);
}

TEST(Acquire, RecursiveLocksCountAndAreExempt) {
  std::recursive_mutex r;
  std::mutex later[2];
  auto outer = acquire(r);
  auto middle = acquire(later[0], later[1]);
  {
    auto inner = acquire(r, r);
    EXPECT_FALSE(isFree(r));
  }
  EXPECT_FALSE(isFree(r));
  middle.release();
  outer.release();
  EXPECT_TRUE(isFree(r));
}

TEST(Acquire, SharedModeHasTheSameOrderAndNeverNests) {
  gridlock::checked<std::shared_mutex, 1> a;
  gridlock::checked<std::shared_mutex, 2> b;
  auto outer = acquire(shared(b));
  EXPECT_THROW((void)acquire(shared(a)), lock_order_violation);
  EXPECT_THROW((void)acquire(shared(b)), lock_order_violation); // a writer may be queued
  EXPECT_THROW((void)acquire(b), lock_order_violation);
  bool readable = false;
  std::thread([&] {
    readable = b.try_lock_shared();
    if (readable)
      b.unlock_shared();
  }).join();
  EXPECT_TRUE(readable);
  EXPECT_FALSE(isFree(b));
}

TEST(Acquire, TryIsNeverCheckedButRaisesTheMaximum) {
  gridlock::checked<std::mutex, 1> a;
  gridlock::checked<std::mutex, 2> b;
  gridlock::checked<std::mutex, 3> c;
  auto outer = acquire(b);
  auto tried = try_acquire(a);
  EXPECT_TRUE(tried);
  EXPECT_FALSE(isFree(a));
  auto highest = try_acquire(c);
  EXPECT_TRUE(highest);
  gridlock::checked<std::mutex, 2> other;
  EXPECT_THROW((void)acquire(other), lock_order_violation);
  EXPECT_FALSE(try_acquire(b)); // held by this thread: not free
}

TEST(Acquire, TryIsAllOrNothing) {
  std::mutex a, b;
  std::thread([&] {
    auto mine = acquire(b);
    std::thread([&] {
      auto both = try_acquire(a, b);
      EXPECT_FALSE(both);
      EXPECT_EQ(gridlock::held_count(), 0u);
    }).join();
    EXPECT_TRUE(isFree(a));
  }).join();
}

struct Refuses {
  void lock() { throw std::runtime_error("no"); }
  void unlock() {}
  Refuses() = default;
  Refuses(const Refuses &) = delete;
  static constexpr int lock_rank = 5;
};

TEST(Acquire, AThrowingLockUnwindsEverything) {
  gridlock::checked<std::mutex, 1> a;
  Refuses refuses;
  EXPECT_THROW((void)acquire(refuses, a), std::runtime_error);
  EXPECT_TRUE(isFree(a));
  EXPECT_EQ(gridlock::held_count(), 0u);
}

TEST(Acquire, GuardsMove) {
  gridlock::checked<std::mutex, 1> a;
  gridlock::checked<std::mutex, 2> b;
  auto first = acquire(a);
  auto moved = std::move(first);
  EXPECT_FALSE(first); // NOLINT: the state after a move is part of the contract
  EXPECT_TRUE(moved);
  EXPECT_EQ(gridlock::held_count(), 1u);
  auto other = acquire(b);
  other = std::move(moved); // releases what it held
  EXPECT_EQ(gridlock::held_count(), 1u);
  EXPECT_TRUE(isFree(b));
}

TEST(Acquire, ProxiesResolveToTheirMutex) {
  std::mutex a;
  std::unique_lock<std::mutex> proxy(a, std::defer_lock);
  auto guard = acquire(proxy);
  EXPECT_TRUE(proxy.owns_lock());
  EXPECT_THROW((void)acquire(a), lock_order_violation);
}

TEST(Acquire, WaitsThroughTheGuard) {
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false;
  std::thread other([&] {
    auto guard = acquire(mutex);
    ready = true;
    changed.notify_one();
  });
  {
    auto guard = acquire(mutex);
    guard.wait(changed, [&] { return ready; });
    EXPECT_TRUE(ready);
    EXPECT_FALSE(isFree(mutex));
  }
  other.join();
  EXPECT_TRUE(isFree(mutex));
}

TEST(Acquire, WaitsWithSeveralLocks) {
  std::mutex a, b;
  std::condition_variable_any changed;
  bool ready = false;
  std::thread other([&] {
    auto guard = acquire(b, a);
    ready = true;
    changed.notify_one();
  });
  {
    auto guard = acquire(a, b);
    guard.wait(changed, [&] { return ready; });
    EXPECT_FALSE(isFree(a));
    EXPECT_FALSE(isFree(b));
  }
  other.join();
}

TEST(Acquire, WaitThrowsWhenAnotherHeldLockIsNotBelow) {
  gridlock::checked<std::mutex, 1> a;
  gridlock::checked<std::mutex, 2> b;
  std::condition_variable_any changed;
  auto outer = acquire(a);
  auto inner = acquire(b);
  EXPECT_THROW(outer.wait(changed, [] { return true; }), lock_order_violation);
  EXPECT_NO_THROW(inner.wait(changed, [] { return true; }));
}

TEST(Acquire, WaitForComesBack) {
  std::mutex mutex;
  std::condition_variable never;
  auto guard = acquire(mutex);
  EXPECT_FALSE(guard.wait_for(never, std::chrono::milliseconds(1), [] { return false; }));
  EXPECT_FALSE(isFree(mutex));
}

TEST(Acquire, MessageNamesBothLocksAndTheHelp) {
  gridlock::checked<std::mutex, 1> a;
  gridlock::checked<std::mutex, 2> b;
  auto outer = acquire(b);
  try {
    (void)acquire(a);
    FAIL();
  } catch (const lock_order_violation &violation) {
    EXPECT_THAT(violation.what(), testing::HasSubstr("(rank 1)"));
    EXPECT_THAT(violation.what(), testing::HasSubstr("(rank 2)"));
    EXPECT_THAT(violation.what(), testing::HasSubstr("Help: "));
  }
}

TEST(Checked, IsThePlainLock) {
  gridlock::checked<std::mutex> named("queue");
  std::lock_guard<std::mutex> guard(named);
  EXPECT_FALSE(isFree(named));
  static_assert(sizeof(gridlock::checked<std::mutex, 7>) == sizeof(std::mutex));
  static_assert(gridlock::checked<std::mutex, 7>::lock_rank == 7);
}

} // namespace
