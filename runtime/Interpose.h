//===- Interpose.h - The way through an interposed lock ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What all interposed lock functions have in common. Before a call that may
/// block: record the order and check it. Then try without blocking; only when
/// that fails, publish the wait (for the watchdog) and call the real function.
/// After success: remember the lock as held. The real functions are called
/// with the thread not busy, so that signal handlers in a blocked thread are
/// tracked like any code.
///
/// Everything here is inlined into the exported function, whose frame is the
/// starting point of stacks.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_INTERPOSE_H
#define GRIDLOCK_RUNTIME_INTERPOSE_H

#include "runtime/Graph.h"
#include "runtime/Misuse.h"

namespace gridlock::rt {

#define GRIDLOCK_FRAME __builtin_frame_address(0)

/// The return address of an interposed function, from its frame.
GRIDLOCK_INLINE std::uintptr_t siteOfFrame(const void *frame) { return static_cast<const std::uintptr_t *>(frame)[1]; }

template <typename T> GRIDLOCK_INLINE std::uintptr_t addressOf(const T *object) {
  return reinterpret_cast<std::uintptr_t>(object);
}

GRIDLOCK_NOINLINE void checkRarely(ThreadState &thread, Lock &lock, LockMode mode, const void *frame);

/// Everything that must be said before the thread blocks on a lock that it does
/// not hold.
GRIDLOCK_INLINE void beforeBlocking(ThreadState &thread, Lock &lock, LockMode mode, const void *frame) {
  if (thread.heldCount())
    noteOrder(thread, lock, mode, frame);
  if (GRIDLOCK_UNLIKELY(lock.has(Lock::Orphaned) || thread.joiner.load(std::memory_order_relaxed)))
    checkRarely(thread, lock, mode, frame);
}

/// Remembers a lock as held, after the real function said so.
GRIDLOCK_INLINE HeldLock &taken(ThreadState &thread, Lock &lock, std::uintptr_t address, LockMode mode,
                                const void *frame) {
  thread.busy = 1;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  HeldLock &held = pushHeld(thread, lock, address, mode, frame);
  if (thread.wantedLock == lock.id)
    held.stack.storedAs = thread.wantedStack; // exact: it was taken in this very call
  thread.wantedLock = 0;
  leave(&thread);
  return held;
}

/// Forgets one acquisition that is not simply the newest one.
GRIDLOCK_NOINLINE inline bool releasedSlowly(ThreadState &thread, std::uintptr_t address) {
  HeldLock *held = findHeld(thread, address);
  if (!held)
    return false;
  if (held->count > 1)
    --held->count;
  else
    popHeld(thread, *held);
  return true;
}

/// Whether the lock is the newest one held, taken once: then it is dropped.
GRIDLOCK_INLINE bool releasedNewest(ThreadState &thread, std::uintptr_t address) {
  if (GRIDLOCK_UNLIKELY(thread.newest->address != address || thread.newest->count != 1))
    return false;
  dropNewest(thread);
  return true;
}

/// Forgets one acquisition. False when the thread does not hold the lock.
GRIDLOCK_INLINE bool released(ThreadState &thread, std::uintptr_t address) {
  return GRIDLOCK_LIKELY(releasedNewest(thread, address)) || releasedSlowly(thread, address);
}

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_INTERPOSE_H
