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

constexpr unsigned view_version = 2;

constexpr std::uint8_t unusual_flags = 1 | 8; ///< recursive; held in the parent of a fork

struct lock_record {
  std::atomic<std::uintptr_t> address;
  std::uint32_t id;
  std::uint8_t kind; ///< 0: a mutex
  std::atomic<std::uint8_t> flags;
  bool is_ranked;
  std::atomic<std::uint32_t> first_edge;
  std::atomic<std::uint32_t> node;

  bool is_usual_mutex() const {
    std::uint16_t kind_and_flags;
    __builtin_memcpy(&kind_and_flags, &kind, sizeof(kind_and_flags));
    return !(kind_and_flags & (255 | unusual_flags << 8));
  }
};

/// For one node: who may be wanted while it is held, as long as no further thread
/// is joined.
struct alignas(64) known_row {
  std::atomic<std::uint32_t> epoch;
  std::atomic<std::uint64_t> bits[64];
};
constexpr std::uint32_t nodes_in_rows = 4096;

struct held_lock {
  std::uintptr_t address;
  const lock_record *lock;
  std::uint64_t chain;
  std::uint64_t kind_of_hold; ///< taken exclusively, once: 1 << 32
  std::uintptr_t stack_at;
  std::uintptr_t last_frame;
  std::uint32_t frame_count;
  std::uint32_t stored_as;
  std::uintptr_t frames[6];
};
constexpr std::uint64_t held_once = std::uint64_t(1) << 32;

struct thread_view {
  std::uint32_t busy;
  std::atomic<std::uint32_t> is_unusual;
  std::uint32_t held_count;
  std::uint32_t held_capacity;
  held_lock *held;
  const std::uint64_t *chains;
  const lock_record *const *lock_cache;
  const std::atomic<std::uint32_t> *join_count;
  std::uint32_t chain_epoch;
  std::uint32_t system_id;
  const known_row *rows;
  bool prefers_rows; ///< orders of two locks are found in the rows first

  bool is_busy_or_unusual() const {
    std::uint64_t both;
    __builtin_memcpy(&both, &busy, sizeof(both));
    return both != 0;
  }
};
constexpr unsigned chain_bits = 11, lock_bits = 10;
constexpr std::uint64_t mixer = 0x9E3779B97F4A7C15u;

extern "C" {
/// Stores the view of the calling thread into `*slot`, and null when the thread's
/// tracked life ends. Returns 0 when there is nothing to show now, less when there
/// never is.
int gridlock_show_thread(unsigned version, void **slot) __attribute__((weak, visibility("default")));
/// Wakes a thread that waits for a mutex which was just released.
void gridlock_wake_waiter(pthread_mutex_t *mutex) __attribute__((weak, visibility("default")));
}

/// The view of this thread; null: not asked yet.
inline thread_local void *view = nullptr;
/// A view in which everything is unusual.
inline thread_view nothing_to_see = {1, {1}, 0, 0, nullptr, nullptr, nullptr, nullptr, 0, 0, nullptr, false};

inline void find_view() {
  if (!gridlock_show_thread || gridlock_show_thread(view_version, &view) < 0)
    view = &nothing_to_see;
}

/// Whether wanting the second lock while only the first is held tells nothing new.
inline bool is_known_pair(const thread_view &thread, const held_lock &outer, const lock_record &wanted) {
  std::uint32_t from = outer.lock->node.load(std::memory_order_relaxed);
  std::uint32_t to = wanted.node.load(std::memory_order_relaxed);
  if (!outer.address || (outer.kind_of_hold & 255) != 0 || wanted.is_ranked || from - 1 >= nodes_in_rows - 1 ||
      to - 1 >= nodes_in_rows - 1)
    return false;
  const known_row &row = thread.rows[from];
  return row.epoch.load(std::memory_order_acquire) == thread.join_count->load(std::memory_order_relaxed) &&
         (row.bits[to / 64].load(std::memory_order_relaxed) >> (to % 64) & 1);
}

/// Takes the mutex when everything is as usual. False: nothing happened. Inlined,
/// as the place of the acquisition is where this code lies.
inline __attribute__((always_inline)) bool take(pthread_mutex_t *mutex) {
  auto *thread = static_cast<thread_view *>(view);
  if (__builtin_expect(!thread || thread->is_busy_or_unusual(), 0))
    return false;
  // The first look below would fetch the mutex to read, and taking it once more.
  asm volatile("prefetchw %0" : : "m"(*mutex));
  auto address = reinterpret_cast<std::uintptr_t>(mutex);
  const lock_record *lock = thread->lock_cache[(address * mixer) >> (64 - lock_bits)];
  std::uint32_t count = thread->held_count;
  if (__builtin_expect(!lock || lock->address.load(std::memory_order_relaxed) != address || !lock->is_usual_mutex() ||
                           count >= thread->held_capacity || mutex->__data.__kind != 0,
                       0))
    return false;
  std::uint64_t top = count ? thread->held[count - 1].chain : 0;
  std::uint64_t key = ((top << 23 | top >> 41) ^ (std::uint64_t(lock->id) << 1)) * mixer;
  if (count == 1 && thread->prefers_rows) {
    if (!is_known_pair(*thread, thread->held[0], *lock))
      return false;
  } else if (count && (thread->chains[key >> (64 - chain_bits)] != key ||
                       thread->chain_epoch != thread->join_count->load(std::memory_order_relaxed)))
    return false;
  int expected = 0;
  if (__builtin_expect(
          !__atomic_compare_exchange_n(&mutex->__data.__lock, &expected, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED),
          0))
    return false;
  mutex->__data.__owner = static_cast<int>(thread->system_id);
  ++mutex->__data.__nusers;
  held_lock &entry = thread->held[thread->held_count++];
  // A signal handler may come at any point: see Thread.h in the run time.
  std::atomic_signal_fence(std::memory_order_seq_cst);
  entry.lock = lock;
  entry.chain = key;
  entry.kind_of_hold = held_once;
  std::uintptr_t here, stack;
  asm volatile("lea 0(%%rip), %0\n\tmov %%rsp, %1" : "=r"(here), "=r"(stack));
  entry.stack_at = entry.last_frame = stack;
  entry.frame_count = 1;
  entry.stored_as = 0;
  entry.frames[0] = here;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  entry.address = address;
  return true;
}

/// Releases the mutex when it is the newest that the thread took, once.
inline __attribute__((always_inline)) bool release(pthread_mutex_t *mutex) {
  auto *thread = static_cast<thread_view *>(view);
  if (__builtin_expect(!thread || thread->is_busy_or_unusual() || !thread->held_count, 0))
    return false;
  held_lock &entry = thread->held[thread->held_count - 1];
  if (__builtin_expect(entry.address != reinterpret_cast<std::uintptr_t>(mutex) || entry.kind_of_hold >> 32 != 1 ||
                           mutex->__data.__kind != 0 || mutex->__data.__owner != static_cast<int>(thread->system_id),
                       0))
    return false;
  entry.address = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  --thread->held_count;
  mutex->__data.__owner = 0;
  --mutex->__data.__nusers;
  if (__builtin_expect(__atomic_exchange_n(&mutex->__data.__lock, 0, __ATOMIC_RELEASE) > 1, 0))
    gridlock_wake_waiter(mutex);
  return true;
}

} // namespace gridlock::detail

#endif // x86-64, glibc, no sanitizer

#endif // GRIDLOCK_DETAIL_VIEW_H
