//===- Annotate.cpp - The C interface for programs ------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/include/gridlock/annotate.h"
#include "runtime/Interpose.h"
#include "runtime/Report.h"

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
    HeldLock *held = thread->heldCount ? findHeld(*thread, key(lock)) : nullptr;
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
  if (HeldLock *held = known && thread->heldCount ? findHeld(*thread, key(lock)) : nullptr)
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
    known->name = name;
  leave(thread);
}

GRIDLOCK_EXPORT void gridlock_lock_set_rank(const void *lock, int rank) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (Lock *known = anyLock(lock)) {
    known->rank = rank;
    known->isRanked = true;
  }
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

GRIDLOCK_EXPORT const void *gridlock_gil_address() {
  static const char gil = 0;
  if (ThreadState *thread = enter()) {
    if (Lock *lock = findOrMakeLock(key(&gil), LockKind::Custom, Lock::Recursive); lock && !lock->name)
      lock->name = "GIL";
    leave(thread);
  }
  return &gil;
}
