//===- Annotate.cpp - The C interface for programs ------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/include/gridlock/annotate.h"
#include "runtime/Interpose.h"
#include "runtime/KnownEdges.h"
#include "runtime/NativeMutex.h"
#include "runtime/Options.h"
#include "runtime/Report.h"
#include "runtime/include/gridlock/detail/view.h"

using namespace gridlock::rt;

namespace {

std::uintptr_t key(const void *lock) { return reinterpret_cast<std::uintptr_t>(lock); }

LockMode modeOf(gridlock_mode mode) { return mode == GRIDLOCK_SHARED ? LockMode::Shared : LockMode::Exclusive; }

/// The record of a lock of any kind; a custom one when there is none yet. The
/// first use as a mutex or another kind makes it that (see findOrMakeLock).
Lock *anyLock(const void *lock) {
  if (Lock *known = findLock(key(lock)))
    return known;
  return findOrMakeLock(key(lock), LockKind::Custom, 0);
}

} // namespace

GRIDLOCK_EXPORT void gridlock_lock_create(const void *lock, unsigned flags) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (Lock *made = makeLock(key(lock), LockKind::Custom, flags & GRIDLOCK_RECURSIVE ? Lock::Recursive : 0))
    made->initStack = storeHere(*thread, GRIDLOCK_FRAME);
  leave(thread);
}

GRIDLOCK_EXPORT void gridlock_lock_destroy(const void *lock) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (Lock *known = findLock(key(lock))) {
    if (findHeld(*thread, key(lock)))
      reportDestroyHeld(*thread, *known, thread->systemId, GRIDLOCK_FRAME);
    retireLock(*known);
  }
  leave(thread);
}

GRIDLOCK_EXPORT void gridlock_lock_before_acquire(const void *lock, gridlock_mode mode) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (Lock *known = lookUp(*thread, key(lock), LockKind::Custom, 0, modeOf(mode), siteOfFrame(GRIDLOCK_FRAME))) {
    HeldLock *held = thread->heldCount() ? findHeld(*thread, key(lock)) : nullptr;
    bool readsAgain = held && held->mode == LockMode::Shared && mode == GRIDLOCK_SHARED;
    if (held && !readsAgain && !known->has(Lock::Recursive))
      reportSelfLock(*thread, *known, held, GRIDLOCK_FRAME);
    else if (!held)
      beforeBlocking(*thread, *known, modeOf(mode), GRIDLOCK_FRAME);
  }
  leave(thread);
}

GRIDLOCK_EXPORT void gridlock_lock_acquired(const void *lock, gridlock_mode mode) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  Lock *known = lookUp(*thread, key(lock), LockKind::Custom, 0, modeOf(mode), siteOfFrame(GRIDLOCK_FRAME));
  if (HeldLock *held = known && thread->heldCount() ? findHeld(*thread, key(lock)) : nullptr)
    ++held->count;
  else if (known)
    pushHeld(*thread, *known, key(lock), modeOf(mode), GRIDLOCK_FRAME);
  leave(thread);
}

GRIDLOCK_EXPORT void gridlock_lock_released(const void *lock) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  released(*thread, key(lock));
  leave(thread);
}

GRIDLOCK_EXPORT void gridlock_lock_set_name(const void *lock, const char *name) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (Lock *known = anyLock(lock))
    setName(*known, name);
  leave(thread);
}

GRIDLOCK_EXPORT void gridlock_lock_set_rank(const void *lock, int rank) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (Lock *known = anyLock(lock))
    setRank(*known, rank);
  leave(thread);
}

GRIDLOCK_EXPORT void gridlock_ignore_begin() {
  if (ThreadState *thread = enter()) {
    ++thread->ignored;
    leave(thread);
  }
}

GRIDLOCK_EXPORT void gridlock_ignore_end() {
  if (ThreadState *thread = enter()) {
    thread->ignored -= thread->ignored != 0;
    leave(thread);
  }
}

GRIDLOCK_EXPORT void gridlock_set_report_callback(gridlock_report_callback callback, void *argument) {
  if (ThreadState *thread = enter()) {
    setReportCallback(callback, argument);
    leave(thread);
  }
}

GRIDLOCK_EXPORT unsigned gridlock_report_count() { return reportCount(); }

GRIDLOCK_EXPORT void gridlock_check_now() {
  if (ThreadState *thread = enter()) {
    searchBigGraph();
    leave(thread);
  }
}

#ifdef GRIDLOCK_INLINE_LOCKS
namespace view = gridlock::detail;

#define GRIDLOCK_SAME_PLACE(type, member, shown, shownMember)                                                          \
  static_assert(offsetof(type, member) == offsetof(view::shown, shownMember) &&                                        \
                sizeof(type::member) == sizeof(view::shown::shownMember))
GRIDLOCK_SAME_PLACE(ThreadState, systemId, thread_view, system_id);
GRIDLOCK_SAME_PLACE(ThreadState, newest, thread_view, newest);
GRIDLOCK_SAME_PLACE(ThreadState, noneHeld, thread_view, none_held);
GRIDLOCK_SAME_PLACE(ThreadState, bitsFor, thread_view, bits_for);
GRIDLOCK_SAME_PLACE(ThreadState, lastHeld, thread_view, last_held);
GRIDLOCK_SAME_PLACE(ThreadState, chains, thread_view, chains);
GRIDLOCK_SAME_PLACE(ThreadState, lockCache, thread_view, lock_cache);
GRIDLOCK_SAME_PLACE(ThreadState, joinCountAt, thread_view, join_count);
GRIDLOCK_SAME_PLACE(ThreadState, chainEpoch, thread_view, chain_epoch);
GRIDLOCK_SAME_PLACE(Lock, usualAddress, lock_record, usual_address);
GRIDLOCK_SAME_PLACE(Lock, id, lock_record, id);
GRIDLOCK_SAME_PLACE(Lock, saturated, lock_record, saturated);
GRIDLOCK_SAME_PLACE(Lock, node, lock_record, node);
GRIDLOCK_SAME_PLACE(HeldLock, address, held_lock, address);
GRIDLOCK_SAME_PLACE(HeldLock, lock, held_lock, lock);
GRIDLOCK_SAME_PLACE(HeldLock, chain, held_lock, chain);
#undef GRIDLOCK_SAME_PLACE
static_assert(offsetof(ThreadState, busy) == 0 && offsetof(ThreadState, isUnusual) == 4);
static_assert(sizeof(HeldLock) == sizeof(view::held_lock));
static_assert(offsetof(HeldLock, count) == offsetof(view::held_lock, hold));
static_assert(offsetof(HeldLock, stack) + offsetof(ShallowStack, stackAt) == offsetof(view::held_lock, stack_at));
static_assert(offsetof(HeldLock, stack) + offsetof(ShallowStack, count) == offsetof(view::held_lock, frame_count));
static_assert(offsetof(ShallowStack, storedAs) == offsetof(ShallowStack, count) + 4);
static_assert(offsetof(HeldLock, stack) + offsetof(ShallowStack, frames) == offsetof(view::held_lock, frames));
static_assert(view::chain_bits == ChainCacheBits && view::lock_bits == LockCacheBits);

GRIDLOCK_EXPORT int gridlock_show_thread(unsigned version, void **slot) {
  if (version != view::view_version || !options.enabled)
    return -1;
  ThreadState *thread = enter();
  if (!thread)
    return 0;
  bool shown = mutexWordsKnown && addView(*thread, slot);
  leave(thread);
  return shown ? 1 : -1;
}

GRIDLOCK_EXPORT void gridlock_wake_waiter(pthread_mutex_t *mutex) { wakeWaiter(mutex); }
#endif

GRIDLOCK_EXPORT const void *gridlock_gil_address() {
  static const char gil = 0;
  if (ThreadState *thread = enter()) {
    if (Lock *lock = findOrMakeLock(key(&gil), LockKind::Custom, Lock::Recursive); lock && !lock->label)
      setName(*lock, "GIL");
    leave(thread);
  }
  return &gil;
}
