//===- InterposeMutex.cpp - pthread_mutex_* and mtx_* ---------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// glibc's mtx_t is a pthread_mutex_t inside, but its functions call glibc's
// internal ones directly, so both families are interposed by name and share
// everything here. They differ in their return codes.
//
//===----------------------------------------------------------------------===//

#include "runtime/Interpose.h"
#include "runtime/KnownEdges.h"
#include "runtime/MutexUnusual.h"
#include "runtime/NativeMutex.h"
#include "runtime/Provoke.h"
#include "runtime/Real.h"

#include <cerrno>

using namespace gridlock::rt;

namespace gridlock::rt {

void checkRarely(ThreadState &thread, Lock &lock, LockMode mode, const void *frame) {
  if (lock.has(Lock::Orphaned))
    reportForkedLock(thread, lock, frame);
  if (thread.joiner.load(std::memory_order_acquire))
    checkJoiner(thread, lock, mode, frame);
}

} // namespace gridlock::rt

namespace {

struct PosixCodes {
  static constexpr int Taken = 0, Busy = EBUSY;
  static bool isTaken(int code) { return code == 0 || code == EOWNERDEAD; }
};

struct C11Codes {
  static constexpr int Taken = thrd_success, Busy = thrd_busy;
  static bool isTaken(int code) { return code == thrd_success; }
};

pthread_mutex_t *native(mtx_t *mutex) { return reinterpret_cast<pthread_mutex_t *>(mutex); }

GRIDLOCK_INLINE Lock *lockOf(ThreadState &thread, pthread_mutex_t *mutex, const void *frame) {
  std::uintptr_t address = addressOf(mutex);
  if (Lock *lock = cachedLock(thread, address, LockKind::Mutex); GRIDLOCK_LIKELY(lock != nullptr))
    return lock;
  if (std::uint32_t id = guessLock(address)) {
    Lock &lock = lockAt(id);
    prefetchOrders(thread, id);
    prefetchToWrite(&lock);
    if (lock.address() == address && lock.kind == LockKind::Mutex) {
      cacheLock(thread, address, lock);
      touch(thread, lock, LockMode::Exclusive, siteOfFrame(frame));
      return &lock;
    }
  }
  return lookUp(thread, address, LockKind::Mutex, nativeFlags(mutex), LockMode::Exclusive, siteOfFrame(frame));
}

/// The owner takes it again. Returns true when the caller shall only count the
/// acquisition (recursive), false when the real function answers.
GRIDLOCK_NOINLINE bool takenAgain(ThreadState &thread, Lock &lock, pthread_mutex_t *mutex, bool timed,
                                  const void *frame) {
  if (lock.has(Lock::Recursive))
    return true;
  // An error-checking mutex answers EDEADLK, and a timed call comes back.
  if (nativeKind(mutex) != PTHREAD_MUTEX_ERRORCHECK && !timed)
    reportSelfLock(thread, lock, findHeld(thread, addressOf(mutex)), frame);
  return false;
}

GRIDLOCK_INLINE bool isOwner(const ThreadState &thread, const pthread_mutex_t *mutex) {
  std::uint32_t owner = nativeOwner(mutex);
  return owner == thread.systemId || (owner && owner == thread.systemIdBeforeFork);
}

/// The way through with everything that may be necessary. Entered with the
/// thread busy, left with it free. `block` is the real function, `attempt` its
/// try form.
template <typename Codes, typename Attempt, typename Block>
GRIDLOCK_NOINLINE int lockSlowly(ThreadState *thread, pthread_mutex_t *mutex, bool timed, const void *frame,
                                 Attempt attempt, Block block) {
  Lock *lock = timed ? lookUpUntouched(*thread, addressOf(mutex), LockKind::Mutex, nativeFlags(mutex))
                     : lockOf(*thread, mutex, frame);
  if (!lock) {
    leave(thread);
    return block();
  }
  if (isOwner(*thread, mutex)) {
    HeldLock *held = findHeld(*thread, addressOf(mutex));
    bool again = takenAgain(*thread, *lock, mutex, timed, frame);
    leave(thread);
    int code = block();
    if (again && held && Codes::isTaken(code))
      ++held->count;
    return code;
  }
  if (!timed)
    beforeBlocking(*thread, *lock, LockMode::Exclusive, frame);
  leave(thread);
  int code = isPlain(mutex) && takePlain(mutex, thread->systemId) ? Codes::Taken : attempt();
  if (code == Codes::Busy) {
    WaitScope scope(*thread, WaitKind::Lock, lock->id, LockMode::Exclusive, timed, frame);
    code = block();
  }
  if (Codes::isTaken(code))
    taken(*thread, *lock, addressOf(mutex), LockMode::Exclusive, frame).attempted = timed;
  return code;
}

template <typename Codes, typename Attempt, typename Block>
GRIDLOCK_INLINE int enterAndLock(pthread_mutex_t *mutex, bool timed, const void *frame, Attempt attempt, Block block) {
  ThreadState *thread = enter();
  return thread ? lockSlowly<Codes>(thread, mutex, timed, frame, attempt, block) : block();
}

/// Nearly the usual way: another kind of mutex, or an order that the small cache
/// does not remember.
template <typename Codes, typename Attempt, typename Block>
GRIDLOCK_NOINLINE int lockLessUsual(ThreadState &thread, Lock &lock, pthread_mutex_t *mutex, const void *frame,
                                    Attempt attempt, Block block) {
  bool isFirst = thread.newest == thread.noneHeld;
  std::uint64_t key = isFirst ? firstChain(lock, LockMode::Exclusive)
                              : chainKey(chainOf(thread, *thread.newest), lock, LockMode::Exclusive);
  bool known = isFirst || isKnownOrder(thread, key);
  if (!known) {
    prefetchOrders(thread, lock.id);
    known = thread.newest == thread.held && !provoking && isNewestSaturated(thread, lock);
    thread.bitsFor = known ? thread.held : nullptr;
    known = known || isOrderKnownByMemory(thread, lock, key);
    thread.unknownKey = known ? 0 : key;
  }
  if (!known || !(isPlain(mutex) ? takePlain(mutex, thread.systemId) : attempt() == 0))
    return enterAndLock<Codes>(mutex, false, frame, attempt, block);
  pushHeldWithKey(thread, lock, addressOf(mutex), LockMode::Exclusive, key, frame);
  return 0;
}

/// What MutexUsual.cpp could not do. A recursive mutex that
/// the thread holds is not usual; when it holds another one itself, the attempt fails,
/// and the slow way finds out.
template <typename Codes, typename Attempt, typename Block>
GRIDLOCK_INLINE int lockMutex(pthread_mutex_t *mutex, const void *frame, Attempt attempt, Block block) {
  if (ThreadState *thread = enterLightly(); GRIDLOCK_LIKELY(thread && thread->newest != thread->lastHeld)) {
    Lock *lock = thread->lockCache[lockCacheSlot(addressOf(mutex))];
    if (lock->usualAddress.load(std::memory_order_relaxed) == addressOf(mutex))
      return lockLessUsual<Codes>(*thread, *lock, mutex, frame, attempt, block);
  }
  return enterAndLock<Codes>(mutex, false, frame, attempt, block);
}

template <typename Codes, typename Attempt>
GRIDLOCK_INLINE int tryMutex(pthread_mutex_t *mutex, const void *frame, Attempt attempt) {
  ThreadState *thread = enter();
  if (GRIDLOCK_UNLIKELY(!thread))
    return attempt();
  Lock *lock = lookUpUntouched(*thread, addressOf(mutex), LockKind::Mutex, nativeFlags(mutex));
  leave(thread);
  int code = attempt();
  if (!lock || !Codes::isTaken(code))
    return code;
  HeldLock *held = lock->has(Lock::Recursive) ? findHeld(*thread, addressOf(mutex)) : nullptr;
  if (held)
    ++held->count;
  else
    taken(*thread, *lock, addressOf(mutex), LockMode::Exclusive, frame).attempted = true;
  return code;
}

/// Not on the held list. The owner field decides what is wrong, if anything: the
/// lock may have been taken before the thread was tracked, or by a handler.
GRIDLOCK_NOINLINE void unlockUnknown(ThreadState &thread, pthread_mutex_t *mutex, const void *frame) {
  if (thread.untracked || !mutexFieldsKnown)
    return;
  if (isOwner(thread, mutex))
    return;
  std::uint32_t owner = nativeOwner(mutex);
  if (!owner && nativeLocked(mutex))
    return; // just changing hands, or a kind that keeps no owner
  Lock *lock = lookUpUntouched(thread, addressOf(mutex), LockKind::Mutex, nativeFlags(mutex));
  if (!lock || (owner && !threadBySystemId(owner)))
    return;
  reportBadUnlock(thread, *lock, owner, frame);
}

template <typename Unlock> GRIDLOCK_INLINE int unlockMutex(pthread_mutex_t *mutex, const void *frame, Unlock unlock) {
  if (ThreadState *thread = enterLightly(); GRIDLOCK_LIKELY(thread && releasedNewest(*thread, addressOf(mutex))))
    return unlock();
  if (ThreadState *thread = enter()) {
    if (!released(*thread, addressOf(mutex)))
      unlockUnknown(*thread, mutex, frame);
    leave(thread);
  }
  return unlock();
}

void initialised(pthread_mutex_t *mutex, const void *frame) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (Lock *lock = makeLock(addressOf(mutex), LockKind::Mutex, nativeFlags(mutex)))
    lock->initStack = storeHere(*thread, frame);
  leave(thread);
}

void aboutToDestroy(pthread_mutex_t *mutex, const void *frame) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  std::uint32_t owner = nativeOwner(mutex);
  Lock *lock = findLock(addressOf(mutex));
  if (lock && owner && nativeLocked(mutex) && !lock->has(Lock::ReportedOnce) &&
      !(lock->has(Lock::Robust) && !threadBySystemId(owner))) {
    lock->set(Lock::ReportedOnce);
    reportDestroyHeld(*thread, *lock, owner, frame);
  }
  leave(thread);
}

void destroyed(pthread_mutex_t *mutex) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (Lock *lock = findLock(addressOf(mutex)))
    retireLock(*lock);
  leave(thread);
}

} // namespace

namespace gridlock::rt {

int lockUnusually(pthread_mutex_t *mutex) {
  return lockMutex<PosixCodes>(
      mutex, GRIDLOCK_FRAME, [=] { return real.pthread_mutex_trylock(mutex); },
      [=] { return real.pthread_mutex_lock(mutex); });
}

int lockUnusually(mtx_t *mutex) {
  return lockMutex<C11Codes>(
      native(mutex), GRIDLOCK_FRAME, [=] { return real.mtx_trylock(mutex); }, [=] { return real.mtx_lock(mutex); });
}

int unlockUnusually(pthread_mutex_t *mutex) {
  return unlockMutex(mutex, GRIDLOCK_FRAME, [=] { return real.pthread_mutex_unlock(mutex); });
}

int unlockUnusually(mtx_t *mutex) {
  return unlockMutex(native(mutex), GRIDLOCK_FRAME, [=] { return real.mtx_unlock(mutex); });
}

int wakeAfterUnlock(pthread_mutex_t *mutex) {
  wakeWaiter(mutex);
  return 0;
}

} // namespace gridlock::rt

GRIDLOCK_EXPORT int pthread_mutex_trylock(pthread_mutex_t *mutex) noexcept {
  return tryMutex<PosixCodes>(mutex, GRIDLOCK_FRAME, [=] { return real.pthread_mutex_trylock(mutex); });
}

GRIDLOCK_EXPORT int pthread_mutex_timedlock(pthread_mutex_t *mutex, const timespec *deadline) noexcept {
  return enterAndLock<PosixCodes>(
      mutex, true, GRIDLOCK_FRAME, [=] { return real.pthread_mutex_trylock(mutex); },
      [=] { return real.pthread_mutex_timedlock(mutex, deadline); });
}

GRIDLOCK_EXPORT int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
                                            const timespec *deadline) noexcept {
  return enterAndLock<PosixCodes>(
      mutex, true, GRIDLOCK_FRAME, [=] { return real.pthread_mutex_trylock(mutex); },
      [=] { return real.pthread_mutex_clocklock(mutex, clock, deadline); });
}

GRIDLOCK_EXPORT int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes) noexcept {
  ThreadState *thread = enter(); // finds the real function
  if (thread)
    leave(thread);
  int code = real.pthread_mutex_init(mutex, attributes);
  if (thread && code == 0)
    initialised(mutex, GRIDLOCK_FRAME);
  return code;
}

GRIDLOCK_EXPORT int pthread_mutex_destroy(pthread_mutex_t *mutex) noexcept {
  aboutToDestroy(mutex, GRIDLOCK_FRAME);
  int code = real.pthread_mutex_destroy(mutex);
  if (code == 0)
    destroyed(mutex);
  return code;
}

GRIDLOCK_EXPORT int mtx_init(mtx_t *mutex, int type) noexcept {
  ThreadState *thread = enter();
  if (thread)
    leave(thread);
  int code = real.mtx_init(mutex, type);
  if (thread && code == thrd_success)
    initialised(native(mutex), GRIDLOCK_FRAME);
  return code;
}

GRIDLOCK_EXPORT void mtx_destroy(mtx_t *mutex) noexcept {
  aboutToDestroy(native(mutex), GRIDLOCK_FRAME);
  real.mtx_destroy(mutex);
  destroyed(native(mutex));
}

GRIDLOCK_EXPORT int mtx_trylock(mtx_t *mutex) {
  return tryMutex<C11Codes>(native(mutex), GRIDLOCK_FRAME, [=] { return real.mtx_trylock(mutex); });
}

GRIDLOCK_EXPORT int mtx_timedlock(mtx_t *mutex, const timespec *deadline) {
  return enterAndLock<C11Codes>(
      native(mutex), true, GRIDLOCK_FRAME, [=] { return real.mtx_trylock(mutex); },
      [=] { return real.mtx_timedlock(mutex, deadline); });
}
