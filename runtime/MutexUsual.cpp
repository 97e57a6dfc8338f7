//===- MutexUsual.cpp - The usual way through a mutex ---------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plain mutex that is free, wanted in an order that is known, is taken here, and
// released when it is the newest that its thread holds. This is what a program
// pays for each of its locks, so the file counts instructions:
//
//   - it is compiled without frame pointers, and whatever is unusual is called
//     last, as a jump, so no frame is made and no register saved;
//   - there are no null pointers to test: a thread without a state has one in
//     which everything is unusual, an empty place of a cache shows a record that
//     is at no address, and below the list of held locks lies an entry of no lock;
//   - one comparison with `Lock::usualAddress` says that the record is about this
//     mutex, that it lives, and that nothing about it is special;
//   - the key of the held locks is not made when the bits answer.
//
// gridlock/detail/view.h has the same for locks that are inlined.
//
//===----------------------------------------------------------------------===//

#include "runtime/Graph.h"
#include "runtime/KnownEdges.h"
#include "runtime/MutexUnusual.h"
#include "runtime/NativeMutex.h"

using namespace gridlock::rt;

namespace {

#if defined(__x86_64__) && defined(__GLIBC__)

/// Without a frame of our own, the caller's frame pointer is still in its register. If
/// it were not, the stack would only be shorter: each step of the walk is checked.
GRIDLOCK_INLINE std::uintptr_t callersFramePointer() {
  std::uintptr_t pointer;
  asm volatile("mov %%rbp, %0" : "=r"(pointer));
  return pointer;
}

/// Whether the order is known; `chain` becomes the key of the list with the lock in
/// it, or 0.
GRIDLOCK_INLINE bool isKnown(const ThreadState &thread, const HeldLock *newest, const Lock &lock,
                             std::uint64_t &chain) {
  if (newest == thread.noneHeld) {
    chain = firstChain(lock, LockMode::Exclusive);
    return true;
  }
  if (newest == thread.bitsFor && newest->isSimplyHeld() && isSaturated(*newest->lock, lock)) {
    chain = 0;
    return true;
  }
  chain = chainKey(newest->chain, lock, LockMode::Exclusive);
  return thread.chains[chainSlot(chain)] == chain && newest->chain && newest != thread.lastHeld &&
         thread.chainEpoch == joinEpoch();
}

/// False: nothing happened.
GRIDLOCK_INLINE bool takeUsually(pthread_mutex_t *mutex) {
  ThreadState *thread = enterLightly();
  if (GRIDLOCK_UNLIKELY(!thread))
    return false;
  prefetchToWrite(mutex);
  auto address = reinterpret_cast<std::uintptr_t>(mutex);
  Lock *lock = thread->lockCache[lockCacheSlot(address)];
  if (GRIDLOCK_UNLIKELY(lock->usualAddress.load(std::memory_order_relaxed) != address || !isPlainAsUsual(mutex)))
    return false;
  HeldLock *newest = thread->newest;
  std::uint64_t chain;
  if (GRIDLOCK_UNLIKELY(!isKnown(*thread, newest, *lock, chain) || !takePlain(mutex, thread->systemId)))
    return false;
  HeldLock &entry = *++newest;
  thread->newest = newest;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  entry.address = address;
  entry.lock = lock;
  entry.chain = chain;
  takeShallowStack(entry.stack, reinterpret_cast<std::uintptr_t>(__builtin_dwarf_cfa()),
                   reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)), callersFramePointer(),
                   thread->stackLow, thread->stackHigh);
  markWhole(entry, LockMode::Exclusive);
  return true;
}

template <typename Mutex> GRIDLOCK_INLINE int unlock(pthread_mutex_t *mutex, Mutex *asGiven) {
  ThreadState *thread = enterLightly();
  if (GRIDLOCK_UNLIKELY(!thread || thread->newest->address != reinterpret_cast<std::uintptr_t>(mutex) ||
                        !isPlainAsUsual(mutex)))
    return unlockUnusually(asGiven);
  dropNewest(*thread);
  if (GRIDLOCK_UNLIKELY(releasePlain(mutex)))
    return wakeAfterUnlock(mutex);
  return 0;
}

#else

bool takeUsually(pthread_mutex_t *) { return false; }
template <typename Mutex> int unlock(pthread_mutex_t *, Mutex *asGiven) { return unlockUnusually(asGiven); }

#endif

static_assert(thrd_success == 0);
pthread_mutex_t *native(mtx_t *mutex) { return reinterpret_cast<pthread_mutex_t *>(mutex); }

} // namespace

GRIDLOCK_EXPORT int pthread_mutex_lock(pthread_mutex_t *mutex) noexcept {
  return GRIDLOCK_LIKELY(takeUsually(mutex)) ? 0 : lockUnusually(mutex);
}

GRIDLOCK_EXPORT int pthread_mutex_unlock(pthread_mutex_t *mutex) noexcept { return unlock(mutex, mutex); }

GRIDLOCK_EXPORT int mtx_lock(mtx_t *mutex) {
  return GRIDLOCK_LIKELY(takeUsually(native(mutex))) ? 0 : lockUnusually(mutex);
}

GRIDLOCK_EXPORT int mtx_unlock(mtx_t *mutex) { return unlock(native(mutex), mutex); }
