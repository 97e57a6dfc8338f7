//===- Base.h - What every file of the run time stands on -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Macros and the one lock that the run time uses for itself. The run time
/// lives inside somebody else's process, below their allocator and below their
/// locks. So it never calls malloc, never takes a pthread lock, throws nothing,
/// and has no static constructor with an order to get wrong.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_BASE_H
#define GRIDLOCK_RUNTIME_BASE_H

#include <atomic>
#include <cstddef>
#include <cstdint>

#define GRIDLOCK_EXPORT extern "C" __attribute__((visibility("default")))
#define GRIDLOCK_LIKELY(x) __builtin_expect(!!(x), 1)
#define GRIDLOCK_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define GRIDLOCK_INLINE inline __attribute__((always_inline))
#define GRIDLOCK_NOINLINE __attribute__((noinline))

namespace gridlock::rt {

/// Starts fetching a line of memory to write to it. Reading first, as the check of a
/// mutex's kind does, would fetch a line that another processor wrote last twice:
/// to share it, then to own it.
GRIDLOCK_INLINE void prefetchToWrite(const void *address) {
#if defined(__x86_64__)
  asm volatile("prefetchw %0" : : "m"(*static_cast<const char *>(address)));
#else
  __builtin_prefetch(address, 1);
#endif
}

/// A lock of three states on a futex (Drepper, "Futexes are tricky"). Held for
/// short, bounded stretches only; a thread that holds one is marked busy, so a
/// signal handler that interrupts it never comes here.
class InternalLock {
public:
  void lock() {
    std::uint32_t expected = 0;
    if (!State.compare_exchange_strong(expected, 1, std::memory_order_acquire, std::memory_order_relaxed))
      lockSlowly();
  }
  void unlock() {
    if (State.exchange(0, std::memory_order_release) == 2)
      wake();
  }
  /// In the child of a fork: whoever held it is gone.
  void reset() { State.store(0, std::memory_order_relaxed); }

private:
  void lockSlowly();
  void wake();
  std::atomic<std::uint32_t> State{0};
};

class InternalGuard {
public:
  explicit InternalGuard(InternalLock &lock) : Lock(lock) { Lock.lock(); }
  ~InternalGuard() { Lock.unlock(); }
  InternalGuard(const InternalGuard &) = delete;
  InternalGuard &operator=(const InternalGuard &) = delete;

private:
  InternalLock &Lock;
};

/// Mixes two words into one (the multiply-xorshift step of wyhash, 64 bits).
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  unsigned __int128 product = static_cast<unsigned __int128>(a ^ 0x9E3779B97F4A7C15u) * (b ^ 0xE7037ED1A0B428DBu);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_BASE_H
