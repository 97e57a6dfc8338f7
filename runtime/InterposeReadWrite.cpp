//===- InterposeReadWrite.cpp - pthread_rwlock_* and pthread_spin_* -------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/Interpose.h"
#include "runtime/Real.h"

#include <cerrno>

using namespace gridlock::rt;

namespace {

/// `again` decides what a second acquisition by the same thread is.
template <typename Attempt, typename Block>
GRIDLOCK_INLINE int lockPlain(std::uintptr_t address, LockKind kind, LockMode mode, bool timed, const void *frame,
                              Attempt attempt, Block block) {
  ThreadState *thread = enter();
  if (GRIDLOCK_UNLIKELY(!thread))
    return block();
  Lock *lock =
      timed ? lookUpUntouched(*thread, address, kind, 0) : lookUp(*thread, address, kind, 0, mode, siteOfFrame(frame));
  if (GRIDLOCK_UNLIKELY(!lock)) {
    leave(thread);
    return block();
  }
  HeldLock *held = thread->heldCount() ? findHeld(*thread, address) : nullptr;
  if (GRIDLOCK_UNLIKELY(held != nullptr)) {
    // A reader may read again (while no writer comes first); all else hangs.
    bool readsAgain = mode == LockMode::Shared && held->mode == LockMode::Shared;
    if (!timed && (!readsAgain || lock->has(Lock::WriterFirst)))
      reportSelfLock(*thread, *lock, held, frame);
    leave(thread);
    int code = block();
    if (code == 0)
      ++held->count;
    return code;
  }
  if (!timed)
    beforeBlocking(*thread, *lock, mode, frame);
  leave(thread);
  int code = attempt();
  if (code == EBUSY) {
    WaitScope scope(*thread, WaitKind::Lock, lock->id, mode, timed, frame);
    code = block();
  }
  if (GRIDLOCK_LIKELY(code == 0))
    taken(*thread, *lock, address, mode, frame).attempted = timed;
  return code;
}

template <typename Attempt>
GRIDLOCK_INLINE int tryPlain(std::uintptr_t address, LockKind kind, LockMode mode, const void *frame, Attempt attempt) {
  ThreadState *thread = enter();
  if (GRIDLOCK_UNLIKELY(!thread))
    return attempt();
  Lock *lock = lookUpUntouched(*thread, address, kind, 0);
  leave(thread);
  int code = attempt();
  if (code != 0 || !lock)
    return code;
  if (HeldLock *held = findHeld(*thread, address))
    ++held->count;
  else
    taken(*thread, *lock, address, mode, frame).attempted = true;
  return code;
}

/// The lock's own word says whether anybody holds it: without an owner field, a
/// release by another thread is only certain when that thread is known to hold.
GRIDLOCK_NOINLINE void releaseUnknown(ThreadState &thread, std::uintptr_t address, const void *frame) {
  Lock *lock = findLock(address);
  if (!lock || thread.untracked)
    return;
  for (std::uint32_t i = 1; i < threadEnd(); ++i) {
    ThreadState *other = threadAt(i).state.load(std::memory_order_acquire);
    if (!other || other == &thread)
      continue;
    for (std::uint32_t k = 0; k < other->heldCountSeen(); ++k)
      if (other->held[k].isWhole() && other->held[k].lock == lock && other->held[k].mode == LockMode::Exclusive) {
        reportBadUnlock(thread, *lock, threadAt(i).systemId, frame);
        return;
      }
  }
}

template <typename Unlock> GRIDLOCK_INLINE int unlockPlain(std::uintptr_t address, const void *frame, Unlock unlock) {
  ThreadState *thread = enter();
  if (GRIDLOCK_UNLIKELY(!thread))
    return unlock();
  if (GRIDLOCK_UNLIKELY(!released(*thread, address)))
    releaseUnknown(*thread, address, frame);
  leave(thread);
  return unlock();
}

void makePlain(std::uintptr_t address, LockKind kind, std::uint8_t flags, const void *frame) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (Lock *lock = makeLock(address, kind, flags))
    lock->initStack = storeHere(*thread, frame);
  leave(thread);
}

void destroyPlain(std::uintptr_t address, const void *frame) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (Lock *lock = findLock(address)) {
    if (findHeld(*thread, address))
      reportDestroyHeld(*thread, *lock, thread->systemId, frame);
    retireLock(*lock);
  }
  leave(thread);
}

/// The lock functions that pass no attribute must know the real ones first.
void ready() {
  if (ThreadState *thread = enter())
    leave(thread);
}

} // namespace

GRIDLOCK_EXPORT int pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes) noexcept {
  ready();
  int code = real.pthread_rwlock_init(lock, attributes);
  int kind = PTHREAD_RWLOCK_PREFER_READER_NP;
  if (attributes)
    pthread_rwlockattr_getkind_np(attributes, &kind);
  if (code == 0)
    makePlain(addressOf(lock), LockKind::ReadWrite,
              kind == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP ? Lock::WriterFirst : 0, GRIDLOCK_FRAME);
  return code;
}

GRIDLOCK_EXPORT int pthread_rwlock_destroy(pthread_rwlock_t *lock) noexcept {
  destroyPlain(addressOf(lock), GRIDLOCK_FRAME);
  return real.pthread_rwlock_destroy(lock);
}

GRIDLOCK_EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t *lock) noexcept {
  return lockPlain(
      addressOf(lock), LockKind::ReadWrite, LockMode::Shared, false, GRIDLOCK_FRAME,
      [=] { return real.pthread_rwlock_tryrdlock(lock); }, [=] { return real.pthread_rwlock_rdlock(lock); });
}

GRIDLOCK_EXPORT int pthread_rwlock_timedrdlock(pthread_rwlock_t *lock, const timespec *deadline) noexcept {
  return lockPlain(
      addressOf(lock), LockKind::ReadWrite, LockMode::Shared, true, GRIDLOCK_FRAME,
      [=] { return real.pthread_rwlock_tryrdlock(lock); },
      [=] { return real.pthread_rwlock_timedrdlock(lock, deadline); });
}

GRIDLOCK_EXPORT int pthread_rwlock_clockrdlock(pthread_rwlock_t *lock, clockid_t clock,
                                               const timespec *deadline) noexcept {
  return lockPlain(
      addressOf(lock), LockKind::ReadWrite, LockMode::Shared, true, GRIDLOCK_FRAME,
      [=] { return real.pthread_rwlock_tryrdlock(lock); },
      [=] { return real.pthread_rwlock_clockrdlock(lock, clock, deadline); });
}

GRIDLOCK_EXPORT int pthread_rwlock_wrlock(pthread_rwlock_t *lock) noexcept {
  return lockPlain(
      addressOf(lock), LockKind::ReadWrite, LockMode::Exclusive, false, GRIDLOCK_FRAME,
      [=] { return real.pthread_rwlock_trywrlock(lock); }, [=] { return real.pthread_rwlock_wrlock(lock); });
}

GRIDLOCK_EXPORT int pthread_rwlock_timedwrlock(pthread_rwlock_t *lock, const timespec *deadline) noexcept {
  return lockPlain(
      addressOf(lock), LockKind::ReadWrite, LockMode::Exclusive, true, GRIDLOCK_FRAME,
      [=] { return real.pthread_rwlock_trywrlock(lock); },
      [=] { return real.pthread_rwlock_timedwrlock(lock, deadline); });
}

GRIDLOCK_EXPORT int pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock,
                                               const timespec *deadline) noexcept {
  return lockPlain(
      addressOf(lock), LockKind::ReadWrite, LockMode::Exclusive, true, GRIDLOCK_FRAME,
      [=] { return real.pthread_rwlock_trywrlock(lock); },
      [=] { return real.pthread_rwlock_clockwrlock(lock, clock, deadline); });
}

GRIDLOCK_EXPORT int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock) noexcept {
  return tryPlain(addressOf(lock), LockKind::ReadWrite, LockMode::Shared, GRIDLOCK_FRAME,
                  [=] { return real.pthread_rwlock_tryrdlock(lock); });
}

GRIDLOCK_EXPORT int pthread_rwlock_trywrlock(pthread_rwlock_t *lock) noexcept {
  return tryPlain(addressOf(lock), LockKind::ReadWrite, LockMode::Exclusive, GRIDLOCK_FRAME,
                  [=] { return real.pthread_rwlock_trywrlock(lock); });
}

GRIDLOCK_EXPORT int pthread_rwlock_unlock(pthread_rwlock_t *lock) noexcept {
  return unlockPlain(addressOf(lock), GRIDLOCK_FRAME, [=] { return real.pthread_rwlock_unlock(lock); });
}

GRIDLOCK_EXPORT int pthread_spin_init(pthread_spinlock_t *lock, int shared) noexcept {
  ready();
  int code = real.pthread_spin_init(lock, shared);
  if (code == 0)
    makePlain(addressOf(const_cast<int *>(lock)), LockKind::Spin, 0, GRIDLOCK_FRAME);
  return code;
}

GRIDLOCK_EXPORT int pthread_spin_destroy(pthread_spinlock_t *lock) noexcept {
  destroyPlain(addressOf(const_cast<int *>(lock)), GRIDLOCK_FRAME);
  return real.pthread_spin_destroy(lock);
}

GRIDLOCK_EXPORT int pthread_spin_lock(pthread_spinlock_t *lock) noexcept {
  return lockPlain(
      addressOf(const_cast<int *>(lock)), LockKind::Spin, LockMode::Exclusive, false, GRIDLOCK_FRAME,
      [=] { return real.pthread_spin_trylock(lock); }, [=] { return real.pthread_spin_lock(lock); });
}

GRIDLOCK_EXPORT int pthread_spin_trylock(pthread_spinlock_t *lock) noexcept {
  return tryPlain(addressOf(const_cast<int *>(lock)), LockKind::Spin, LockMode::Exclusive, GRIDLOCK_FRAME,
                  [=] { return real.pthread_spin_trylock(lock); });
}

GRIDLOCK_EXPORT int pthread_spin_unlock(pthread_spinlock_t *lock) noexcept {
  return unlockPlain(addressOf(const_cast<int *>(lock)), GRIDLOCK_FRAME,
                     [=] { return real.pthread_spin_unlock(lock); });
}
