//===- InterposeSemaphore.cpp - sem_* as locks ----------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A semaphore is a lock when it starts at one and the thread that waited is the
// thread that posts. The first post by another thread says that it is a signal;
// from then on it is left alone, and edges that name it do not count. Cycles
// count only once each semaphore in them was posted by its waiter.
//
//===----------------------------------------------------------------------===//

#include "runtime/Interpose.h"
#include "runtime/Options.h"
#include "runtime/Real.h"

#include <cerrno>

using namespace gridlock::rt;

namespace {

/// The record of a semaphore. One that we meet in the middle of its life counts
/// as a lock when its value is one.
Lock *semaphoreOf(ThreadState &thread, sem_t *semaphore, const void *frame) {
  std::uintptr_t address = addressOf(semaphore);
  if (Lock *lock = cachedLock(thread, address, LockKind::Semaphore))
    return lock;
  int value = 0;
  sem_getvalue(semaphore, &value);
  return lookUp(thread, address, LockKind::Semaphore, value == 1 ? 0 : Lock::NotALock, LockMode::Exclusive,
                siteOfFrame(frame));
}

template <typename Attempt, typename Block>
GRIDLOCK_INLINE int waitFor(sem_t *semaphore, bool timed, const void *frame, Attempt attempt, Block block) {
  ThreadState *thread = options.semaphores ? enter() : nullptr;
  if (!thread)
    return block();
  Lock *lock = semaphoreOf(*thread, semaphore, frame);
  bool isLockHere = lock && !lock->has(Lock::NotALock);
  if (isLockHere && !timed)
    beforeBlocking(*thread, *lock, LockMode::Exclusive, frame);
  leave(thread);
  int saved = errno;
  int code = attempt();
  if (code != 0 && errno == EAGAIN) {
    errno = saved;
    WaitScope scope(*thread, WaitKind::Semaphore, lock ? lock->id : 0, LockMode::Exclusive, timed, frame);
    code = block();
  }
  if (code == 0 && isLockHere && !lock->has(Lock::NotALock))
    taken(*thread, *lock, addressOf(semaphore), LockMode::Exclusive, frame).attempted = timed;
  return code;
}

/// Before the post: afterwards the semaphore may be gone.
void aboutToPost(sem_t *semaphore) {
  ThreadState *thread = options.semaphores ? enter() : nullptr;
  if (!thread)
    return;
  Lock *lock = findLock(addressOf(semaphore));
  if (released(*thread, addressOf(semaphore))) {
    if (lock)
      lock->set(Lock::Trusted);
  } else {
    if (!lock)
      lock = findOrMakeLock(addressOf(semaphore), LockKind::Semaphore, Lock::NotALock);
    if (lock)
      lock->set(Lock::NotALock);
  }
  leave(thread);
}

} // namespace

GRIDLOCK_EXPORT int sem_init(sem_t *semaphore, int shared, unsigned value) noexcept {
  if (ThreadState *thread = enter()) {
    if (Lock *lock = makeLock(addressOf(semaphore), LockKind::Semaphore, value == 1 ? 0 : Lock::NotALock))
      lock->initStack = value == 1 ? storeHere(*thread, GRIDLOCK_FRAME) : 0;
    leave(thread);
  }
  return real.sem_init(semaphore, shared, value);
}

GRIDLOCK_EXPORT int sem_destroy(sem_t *semaphore) noexcept {
  if (ThreadState *thread = enter()) {
    if (Lock *lock = findLock(addressOf(semaphore)))
      retireLock(*lock);
    leave(thread);
  }
  return real.sem_destroy(semaphore);
}

GRIDLOCK_EXPORT int sem_wait(sem_t *semaphore) {
  return waitFor(
      semaphore, false, GRIDLOCK_FRAME, [=] { return real.sem_trywait(semaphore); },
      [=] { return real.sem_wait(semaphore); });
}

GRIDLOCK_EXPORT int sem_timedwait(sem_t *semaphore, const timespec *deadline) {
  return waitFor(
      semaphore, true, GRIDLOCK_FRAME, [=] { return real.sem_trywait(semaphore); },
      [=] { return real.sem_timedwait(semaphore, deadline); });
}

GRIDLOCK_EXPORT int sem_clockwait(sem_t *semaphore, clockid_t clock, const timespec *deadline) {
  return waitFor(
      semaphore, true, GRIDLOCK_FRAME, [=] { return real.sem_trywait(semaphore); },
      [=] { return real.sem_clockwait(semaphore, clock, deadline); });
}

GRIDLOCK_EXPORT int sem_trywait(sem_t *semaphore) noexcept {
  ThreadState *thread = options.semaphores ? enter() : nullptr;
  Lock *lock = nullptr;
  if (thread) {
    lock = semaphoreOf(*thread, semaphore, GRIDLOCK_FRAME);
    leave(thread);
  }
  if (!real.sem_trywait)
    if (ThreadState *starting = enter())
      leave(starting);
  int code = real.sem_trywait(semaphore);
  if (code == 0 && lock && !lock->has(Lock::NotALock))
    taken(*thread, *lock, addressOf(semaphore), LockMode::Exclusive, GRIDLOCK_FRAME).attempted = true;
  return code;
}

GRIDLOCK_EXPORT int sem_post(sem_t *semaphore) noexcept {
  aboutToPost(semaphore);
  return real.sem_post(semaphore);
}
