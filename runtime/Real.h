//===- Real.h - The functions behind the interposed ones --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Pointers to the next definition of each interposed function. All are set
/// before the first `enter` returns, in every thread. A function that the
/// program's C library lacks stays null; then nobody can have called it.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_REAL_H
#define GRIDLOCK_RUNTIME_REAL_H

#include <cstdint>
#include <cstdlib>
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <threads.h>

extern "C" int __cxa_guard_acquire(std::int64_t *guard);
extern "C" void __cxa_guard_release(std::int64_t *guard);
extern "C" void __cxa_guard_abort(std::int64_t *guard);

// clang-format off
#define GRIDLOCK_REAL_FUNCTIONS(X)                                                                                     \
  X(pthread_mutex_init) X(pthread_mutex_destroy) X(pthread_mutex_lock) X(pthread_mutex_trylock)                        \
  X(pthread_mutex_timedlock) X(pthread_mutex_clocklock) X(pthread_mutex_unlock)                                        \
  X(pthread_rwlock_init) X(pthread_rwlock_destroy) X(pthread_rwlock_rdlock) X(pthread_rwlock_tryrdlock)                \
  X(pthread_rwlock_timedrdlock) X(pthread_rwlock_clockrdlock) X(pthread_rwlock_wrlock) X(pthread_rwlock_trywrlock)     \
  X(pthread_rwlock_timedwrlock) X(pthread_rwlock_clockwrlock) X(pthread_rwlock_unlock)                                 \
  X(pthread_spin_init) X(pthread_spin_destroy) X(pthread_spin_lock) X(pthread_spin_trylock) X(pthread_spin_unlock)     \
  X(pthread_cond_init) X(pthread_cond_destroy) X(pthread_cond_wait) X(pthread_cond_timedwait)                          \
  X(pthread_cond_clockwait) X(pthread_cond_signal) X(pthread_cond_broadcast)                                           \
  X(pthread_once) X(pthread_create) X(pthread_join) X(pthread_tryjoin_np) X(pthread_timedjoin_np)                      \
  X(pthread_clockjoin_np) X(pthread_detach) X(pthread_setname_np)                                                      \
  X(sem_init) X(sem_destroy) X(sem_wait) X(sem_trywait) X(sem_timedwait) X(sem_clockwait) X(sem_post)                  \
  X(mtx_init) X(mtx_destroy) X(mtx_lock) X(mtx_trylock) X(mtx_timedlock) X(mtx_unlock)                                 \
  X(cnd_init) X(cnd_destroy) X(cnd_wait) X(cnd_timedwait) X(cnd_signal) X(cnd_broadcast)                               \
  X(thrd_create) X(thrd_join) X(thrd_detach) X(call_once)                                                              \
  X(wait) X(waitpid) X(wait4) X(waitid)                                                                                \
  X(free) X(malloc_usable_size) X(dlclose)                                                                             \
  X(__cxa_guard_acquire) X(__cxa_guard_release) X(__cxa_guard_abort)
// clang-format on

namespace gridlock::rt {

struct RealFunctions {
#define GRIDLOCK_MEMBER(name) decltype(&::name) name;
  GRIDLOCK_REAL_FUNCTIONS(GRIDLOCK_MEMBER)
#undef GRIDLOCK_MEMBER
};

extern RealFunctions real;

/// Idempotent. Called by the start-up code.
void findRealFunctions();
/// The guard functions live in the C++ library, which may be loaded late and
/// privately (by dlopen of a plug-in): then they are looked up where the caller
/// would find them. Ends the process with a message when there are none.
void findGuardFunctions(const void *caller);

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_REAL_H
