//===- view.h - The usual way through a lock, inlined -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// For gridlock/mutex.h, not for programs. What the run time shows of a thread,
/// so that taking a known, free std::mutex in a known order needs no call. The
/// run time defines its own structures with these as their beginnings (Thread.h,
/// Lock.h there) and checks every offset when it is compiled; `view_version`
/// counts the changes, and a run time of another version shows nothing.
///
/// Whatever is unusual goes through the C library's function, and so to the run
/// time: another kind of mutex, one that is taken, a new order, a join that
/// waits for this thread, a signal handler inside of the run time.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_DETAIL_VIEW_H
#define GRIDLOCK_DETAIL_VIEW_H

#include <atomic>
#include <cstddef>
#include <cstdint>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define GRIDLOCK_UNDER_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define GRIDLOCK_UNDER_SANITIZER 1
#endif

// ThreadSanitizer must see each lock; elsewhere the C library's words are others.
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(GRIDLOCK_UNDER_SANITIZER)
#define GRIDLOCK_INLINE_LOCKS 1
#include <pthread.h>

namespace gridlock::detail {

constexpr unsigned view_version = 3;

struct lock_record {
  std::atomic<std::uintptr_t> usual_address; ///< zero when the lock is gone, or no plain one
  std::uint32_t id;
  std::uint32_t kind;
  const std::atomic<std::uint64_t> *saturated; ///< which nodes may be wanted while it is held
  std::atomic<std::uint32_t> first_edge;
  std::atomic<std::uint32_t> node;
};

struct alignas(64) held_lock {
  std::uintptr_t address;
  const lock_record *lock;
  std::uint64_t chain;
  std::uint64_t hold; ///< taken exclusively, once: 1; written last
  std::uintptr_t stack_at;
  std::uintptr_t last_frame;
  std::uint64_t frame_count; ///< in the lower half; above it, where the stack is stored
  std::uintptr_t frames[6];
};

constexpr unsigned chain_bits = 11, lock_bits = 10;

struct thread_view {
  std::uint64_t busy_or_unusual;
  held_lock *newest;
  held_lock *none_held;
  held_lock *bits_for; ///< while it is the newest, orders are found in the bits first
  held_lock *last_held;
  std::uint32_t system_id;
  std::uint32_t chain_epoch;
  const std::atomic<std::uint32_t> *join_count;
  std::uintptr_t stack_low, stack_high;
  const lock_record *lock_cache[1u << lock_bits]; ///< never null
  std::uint64_t chains[1u << chain_bits];
};

extern "C" {
/// Stores the view of the calling thread into `*slot`, and null when the thread's
/// tracked life ends. Returns 0 when there is nothing to show now, less when there
/// never is.
int gridlock_show_thread(unsigned version, void **slot) __attribute__((weak, visibility("default")));
/// Wakes a thread that waits for a mutex which was just released.
void gridlock_wake_waiter(pthread_mutex_t *mutex) __attribute__((weak, visibility("default")));
}

/// What stands in place of a view: everything is unusual.
inline std::uint64_t not_asked = 1, nothing_to_see = 1;
/// The view of this thread.
inline thread_local void *view = &not_asked;

inline void find_view() {
  if (view == &not_asked && (!gridlock_show_thread || gridlock_show_thread(view_version, &view) < 0))
    view = &nothing_to_see;
}

/// Whether wanting the second lock while only the first is held tells nothing new.
inline __attribute__((always_inline)) bool is_saturated(const lock_record &outer, const lock_record &wanted) {
  std::uint32_t to = wanted.node.load(std::memory_order_relaxed);
  return outer.saturated[to / 64].load(std::memory_order_relaxed) >> (to % 64) & 1;
}

/// Takes the mutex when everything is as usual. False: nothing happened. Inlined,
/// as the place of the acquisition is where this code lies.
inline __attribute__((always_inline)) bool take(pthread_mutex_t *mutex) {
  auto *thread = static_cast<thread_view *>(view);
  if (__builtin_expect(thread->busy_or_unusual != 0, 0))
    return false;
  // The first look below would fetch the mutex to read, and taking it once more.
  asm volatile("prefetchw %0" : : "m"(*mutex));
  auto address = reinterpret_cast<std::uintptr_t>(mutex);
  const lock_record *lock =
      thread->lock_cache[static_cast<std::uint32_t>(static_cast<std::uint32_t>(address) * 0x9E3779B1u) >>
                         (32 - lock_bits)];
  if (__builtin_expect(lock->usual_address.load(std::memory_order_relaxed) != address || mutex->__data.__kind != 0, 0))
    return false;
  held_lock *newest = thread->newest;
  std::uint64_t chain = lock->id;
  if (newest != thread->none_held) {
    if (__builtin_expect(newest == thread->bits_for && newest->hold == 1 && is_saturated(*newest->lock, *lock), 1)) {
      chain = 0; // made when somebody asks
    } else {
      chain = ((newest->chain << 32 | newest->chain >> 32) ^ chain << 1) * 0x9E3779B97F4A7C15u;
      if (__builtin_expect(thread->chains[chain >> (64 - chain_bits)] != chain || !newest->chain ||
                               newest == thread->last_held ||
                               thread->chain_epoch != thread->join_count->load(std::memory_order_relaxed),
                           0))
        return false;
    }
  }
  int expected = 0;
  if (__builtin_expect(
          !__atomic_compare_exchange_n(&mutex->__data.__lock, &expected, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED),
          0))
    return false;
  mutex->__data.__owner = static_cast<int>(thread->system_id);
  ++mutex->__data.__nusers;
  held_lock &entry = *(newest + 1);
  thread->newest = &entry;
  // A signal handler may come at any point: see Thread.h in the run time.
  std::atomic_signal_fence(std::memory_order_seq_cst);
  entry.address = address;
  entry.lock = lock;
  entry.chain = chain;
  std::uintptr_t here, stack;
  asm volatile("lea 0(%%rip), %0\n\tmov %%rsp, %1" : "=r"(here), "=r"(stack));
  entry.stack_at = stack;
  entry.frame_count = 1;
  entry.frames[0] = here;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  entry.hold = 1;
  return true;
}

/// Releases the mutex when it is the newest that the thread took.
inline __attribute__((always_inline)) bool release(pthread_mutex_t *mutex) {
  auto *thread = static_cast<thread_view *>(view);
  if (__builtin_expect(thread->busy_or_unusual != 0, 0))
    return false;
  held_lock *newest = thread->newest;
  if (__builtin_expect(newest->address != reinterpret_cast<std::uintptr_t>(mutex) || mutex->__data.__kind != 0, 0))
    return false;
  newest->hold = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  thread->newest = newest - 1;
  mutex->__data.__owner = 0;
  --mutex->__data.__nusers;
  if (__builtin_expect(__atomic_exchange_n(&mutex->__data.__lock, 0, __ATOMIC_RELEASE) > 1, 0))
    gridlock_wake_waiter(mutex);
  return true;
}

} // namespace gridlock::detail

#endif // x86-64, glibc, no sanitizer

#endif // GRIDLOCK_DETAIL_VIEW_H
