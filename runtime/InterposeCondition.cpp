//===- InterposeCondition.cpp - pthread_cond_* and cnd_* ------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A wait gives the mutex up and takes it again: the second half is an
// acquisition like any other, made with all other locks held. It is checked
// before the wait, when it can still be reported.
//
// The mutex stays on the held list, marked as given up. When the thread is
// cancelled in the wait, glibc takes the mutex and unwinds past us without a
// word; the entry is then still there for the clean-up handler that unlocks.
//
//===----------------------------------------------------------------------===//

#include "runtime/Condition.h"
#include "runtime/Interpose.h"
#include "runtime/NativeMutex.h"
#include "runtime/Real.h"

using namespace gridlock::rt;

namespace {

Lock *conditionOf(ThreadState &thread, std::uintptr_t address) {
  if (Lock *lock = cachedLock(thread, address, LockKind::Condition))
    return lock;
  Lock *lock = findOrMakeLock(address, LockKind::Condition, 0);
  if (lock)
    cacheLock(thread, address, *lock);
  return lock;
}

template <typename Wait>
GRIDLOCK_INLINE int waitOn(std::uintptr_t address, pthread_mutex_t *mutex, bool timed, const void *frame, Wait wait) {
  ThreadState *thread = enter();
  if (!thread)
    return wait();
  Lock *condition = conditionOf(*thread, address);
  HeldLock *held = findHeld(*thread, addressOf(mutex));
  if (!condition) {
    leave(thread);
    return wait();
  }
  if (!held && !thread->untracked && mutexFieldsKnown && nativeOwner(mutex) != thread->systemId &&
      !condition->has(Lock::ReportedOnce)) {
    condition->set(Lock::ReportedOnce);
    if (Lock *lock = lookUp(*thread, addressOf(mutex), LockKind::Mutex, nativeFlags(mutex), LockMode::Exclusive, 0))
      reportWaitWithoutLock(*thread, *condition, *lock, frame);
  }
  std::uint32_t position = 0;
  if (held) {
    held->waitingOnCondition = true;
    position = static_cast<std::uint32_t>(held - thread->held);
    if (thread->heldCount() > 1) {
      noteOrder(*thread, *held->lock, LockMode::Exclusive, frame);
      if (!timed)
        noteWait(*thread, *condition, frame);
    }
  }
  leave(thread);
  int code;
  {
    WaitScope scope(*thread, WaitKind::Condition, condition->id, LockMode::Exclusive, timed, frame);
    code = wait();
  }
  // A handler that ran meanwhile has put the list back as it was.
  if (held && position < thread->heldCount() && thread->held[position].address == addressOf(mutex)) {
    thread->held[position].waitingOnCondition = false;
    thread->held[position].handedOver = code == 0;
  }
  return code;
}

GRIDLOCK_INLINE void signalled(std::uintptr_t address, const void *frame) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (Lock *condition = conditionOf(*thread, address))
    noteSignal(*thread, *condition, frame);
  leave(thread);
}

void retireCondition(std::uintptr_t address) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (Lock *lock = findLock(address); lock && lock->kind == LockKind::Condition)
    retireLock(*lock);
  leave(thread);
}

pthread_mutex_t *native(mtx_t *mutex) { return reinterpret_cast<pthread_mutex_t *>(mutex); }

} // namespace

GRIDLOCK_EXPORT int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex) {
  return waitOn(addressOf(condition), mutex, false, GRIDLOCK_FRAME,
                [=] { return real.pthread_cond_wait(condition, mutex); });
}

GRIDLOCK_EXPORT int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                                           const timespec *deadline) {
  return waitOn(addressOf(condition), mutex, true, GRIDLOCK_FRAME,
                [=] { return real.pthread_cond_timedwait(condition, mutex, deadline); });
}

GRIDLOCK_EXPORT int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock,
                                           const timespec *deadline) {
  return waitOn(addressOf(condition), mutex, true, GRIDLOCK_FRAME,
                [=] { return real.pthread_cond_clockwait(condition, mutex, clock, deadline); });
}

GRIDLOCK_EXPORT int pthread_cond_signal(pthread_cond_t *condition) noexcept {
  signalled(addressOf(condition), GRIDLOCK_FRAME);
  return real.pthread_cond_signal(condition);
}

GRIDLOCK_EXPORT int pthread_cond_broadcast(pthread_cond_t *condition) noexcept {
  signalled(addressOf(condition), GRIDLOCK_FRAME);
  return real.pthread_cond_broadcast(condition);
}

GRIDLOCK_EXPORT int pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes) noexcept {
  retireCondition(addressOf(condition));
  int code = real.pthread_cond_init(condition, attributes);
  int shared = PTHREAD_PROCESS_PRIVATE;
  if (code == 0 && attributes && pthread_condattr_getpshared(attributes, &shared) == 0 &&
      shared == PTHREAD_PROCESS_SHARED)
    if (ThreadState *thread = enter()) {
      findOrMakeLock(addressOf(condition), LockKind::Condition, Lock::ProcessShared);
      leave(thread);
    }
  return code;
}

GRIDLOCK_EXPORT int pthread_cond_destroy(pthread_cond_t *condition) noexcept {
  retireCondition(addressOf(condition));
  return real.pthread_cond_destroy(condition);
}

GRIDLOCK_EXPORT int cnd_wait(cnd_t *condition, mtx_t *mutex) {
  return waitOn(addressOf(condition), native(mutex), false, GRIDLOCK_FRAME,
                [=] { return real.cnd_wait(condition, mutex); });
}

GRIDLOCK_EXPORT int cnd_timedwait(cnd_t *condition, mtx_t *mutex, const timespec *deadline) {
  return waitOn(addressOf(condition), native(mutex), true, GRIDLOCK_FRAME,
                [=] { return real.cnd_timedwait(condition, mutex, deadline); });
}

GRIDLOCK_EXPORT int cnd_signal(cnd_t *condition) {
  signalled(addressOf(condition), GRIDLOCK_FRAME);
  return real.cnd_signal(condition);
}

GRIDLOCK_EXPORT int cnd_broadcast(cnd_t *condition) {
  signalled(addressOf(condition), GRIDLOCK_FRAME);
  return real.cnd_broadcast(condition);
}

GRIDLOCK_EXPORT int cnd_init(cnd_t *condition) {
  retireCondition(addressOf(condition));
  return real.cnd_init(condition);
}

GRIDLOCK_EXPORT void cnd_destroy(cnd_t *condition) {
  retireCondition(addressOf(condition));
  real.cnd_destroy(condition);
}
