//===- NativeMutex.h - What glibc wrote into a mutex ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The kind and the owner of a pthread mutex. The owner costs nothing to read,
/// as the mutex is about to be touched anyway, and is always true: it is what
/// claims about owners are checked against. When the start-up check did not
/// find the fields where the header says, the owner is never known.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_NATIVEMUTEX_H
#define GRIDLOCK_RUNTIME_NATIVEMUTEX_H

#include "runtime/Start.h"
#include "runtime/Thread.h"

#include <pthread.h>

namespace gridlock::rt {

/// The system id of the owner; 0: nobody, or not known.
GRIDLOCK_INLINE std::uint32_t nativeOwner(const pthread_mutex_t *mutex) {
#if defined(__GLIBC__)
  if (GRIDLOCK_LIKELY(mutexFieldsKnown))
    return static_cast<std::uint32_t>(__atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED));
#endif
  return 0;
}

/// Whether somebody holds it; false when not known.
inline bool nativeLocked(const pthread_mutex_t *mutex) {
#if defined(__GLIBC__)
  return mutexFieldsKnown && __atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) != 0;
#else
  return false;
#endif
}

/// Taking and releasing an ordinary mutex without calling the C library: the
/// same stores that it makes, in the same order (a word of three states, the
/// owner, the count of users). The layout is part of its binary interface, as
/// every PTHREAD_MUTEX_INITIALIZER is compiled into programs; the start-up check
/// tries both sides against the library's own functions, and that these are
/// nobody else's. Other kinds, and waiting, are left to the library.
GRIDLOCK_INLINE bool isPlain(const pthread_mutex_t *mutex) {
#if defined(__GLIBC__) && defined(__x86_64__)
  return GRIDLOCK_LIKELY(mutexWordsKnown) && mutex->__data.__kind == PTHREAD_MUTEX_TIMED_NP;
#else
  return false;
#endif
}
/// The same for a thread that is not unusual (see Thread.h): the words are known.
GRIDLOCK_INLINE bool isPlainAsUsual(const pthread_mutex_t *mutex) {
#if defined(__GLIBC__) && defined(__x86_64__)
  return mutex->__data.__kind == PTHREAD_MUTEX_TIMED_NP;
#else
  return false;
#endif
}

/// False: somebody holds it. Only for a plain one.
GRIDLOCK_INLINE bool takePlain(pthread_mutex_t *mutex, std::uint32_t systemId) {
#if defined(__GLIBC__)
  int expected = 0;
  if (!__atomic_compare_exchange_n(&mutex->__data.__lock, &expected, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
    return false;
  mutex->__data.__owner = static_cast<int>(systemId);
  ++mutex->__data.__nusers;
  return true;
#else
  return false;
#endif
}

/// The owner of a plain one.
GRIDLOCK_INLINE std::uint32_t plainOwner(const pthread_mutex_t *mutex) {
#if defined(__GLIBC__)
  return static_cast<std::uint32_t>(__atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED));
#else
  return 0;
#endif
}

/// Returns whether somebody may wait for it: then call `wakeWaiter`.
GRIDLOCK_INLINE bool releasePlain(pthread_mutex_t *mutex) {
#if defined(__GLIBC__)
  mutex->__data.__owner = 0;
  --mutex->__data.__nusers;
  return __atomic_exchange_n(&mutex->__data.__lock, 0, __ATOMIC_RELEASE) > 1;
#else
  return false;
#endif
}
void wakeWaiter(pthread_mutex_t *mutex);

inline int nativeKind(const pthread_mutex_t *mutex) {
#if defined(__GLIBC__)
  if (mutexFieldsKnown)
    return mutex->__data.__kind & 3;
#endif
  return PTHREAD_MUTEX_NORMAL;
}

inline std::uint8_t nativeFlags(const pthread_mutex_t *mutex) {
  std::uint8_t flags = nativeKind(mutex) == PTHREAD_MUTEX_RECURSIVE ? Lock::Recursive : 0;
#if defined(__GLIBC__)
  if (mutexFieldsKnown && (mutex->__data.__kind & 16))
    flags |= Lock::Robust;
#endif
  return flags;
}

/// Whether a held mutex is certainly held by another thread by now.
inline bool isOwnedByAnother(const ThreadState &thread, const HeldLock &held) {
  if (held.lock->kind != LockKind::Mutex || !held.lock->address())
    return false;
  std::uint32_t owner = nativeOwner(reinterpret_cast<const pthread_mutex_t *>(held.address));
  return owner && owner != thread.systemId && owner != thread.systemIdBeforeFork;
}

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_NATIVEMUTEX_H
