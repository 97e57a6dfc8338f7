//===- Real.cpp - The functions behind the interposed ones ----------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// dlsym may call malloc, and an allocator may lock a mutex: while the pointers
// are being found, mutexes must work already. glibc exports its own names for
// them (and a static executable has nothing else), so those are the first
// values. Condition variables exist in two incompatible versions; the plain
// name finds the old one, so the new version is asked for by name.
//
//===----------------------------------------------------------------------===//

#include "runtime/Real.h"

#include <cstring>
#include <unistd.h>

extern "C" {
int __pthread_mutex_lock(pthread_mutex_t *) noexcept __attribute__((weak));
int __pthread_mutex_trylock(pthread_mutex_t *) noexcept __attribute__((weak));
int __pthread_mutex_unlock(pthread_mutex_t *) noexcept __attribute__((weak));
int __pthread_mutex_init(pthread_mutex_t *, const pthread_mutexattr_t *) noexcept __attribute__((weak));
int __pthread_mutex_destroy(pthread_mutex_t *) noexcept __attribute__((weak));
int __pthread_rwlock_rdlock(pthread_rwlock_t *) noexcept __attribute__((weak));
int __pthread_rwlock_wrlock(pthread_rwlock_t *) noexcept __attribute__((weak));
int __pthread_rwlock_unlock(pthread_rwlock_t *) noexcept __attribute__((weak));
int __pthread_once(pthread_once_t *, void (*)()) __attribute__((weak));
void __libc_free(void *) noexcept __attribute__((weak));
}

namespace gridlock::rt {

RealFunctions real;

namespace {

void *find(const char *name) {
#if defined(__x86_64__)
  if (std::strncmp(name, "pthread_cond_", 13) == 0)
    if (void *found = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2"))
      return found;
#endif
  return dlsym(RTLD_NEXT, name);
}

template <typename Function> void set(Function &target, const char *name) {
  if (void *found = find(name))
    target = reinterpret_cast<Function>(found);
}

} // namespace

void findRealFunctions() {
  real.pthread_mutex_lock = __pthread_mutex_lock;
  real.pthread_mutex_trylock = __pthread_mutex_trylock;
  real.pthread_mutex_unlock = __pthread_mutex_unlock;
  real.pthread_mutex_init = __pthread_mutex_init;
  real.pthread_mutex_destroy = __pthread_mutex_destroy;
  real.pthread_rwlock_rdlock = __pthread_rwlock_rdlock;
  real.pthread_rwlock_wrlock = __pthread_rwlock_wrlock;
  real.pthread_rwlock_unlock = __pthread_rwlock_unlock;
  real.pthread_once = __pthread_once;
  real.free = __libc_free;
#define GRIDLOCK_FIND(name) set(real.name, #name);
  GRIDLOCK_REAL_FUNCTIONS(GRIDLOCK_FIND)
#undef GRIDLOCK_FIND
  if (real.pthread_mutex_trylock && real.pthread_create)
    return;
  static const char text[] = "gridlock: error: the run time needs the C library as a shared library; link without "
                             "-static, or without the run time\n";
  (void)!write(STDERR_FILENO, text, sizeof(text) - 1);
  _exit(1);
}

void findGuardFunctions(const void *caller) {
  if (real.__cxa_guard_acquire)
    return;
  Dl_info info;
  void *library = dladdr(caller, &info) ? dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD) : nullptr;
  if (library) {
    // Written last: whoever sees it sees the other two.
    void *acquire = dlsym(library, "__cxa_guard_acquire");
    real.__cxa_guard_release = reinterpret_cast<void (*)(std::int64_t *)>(dlsym(library, "__cxa_guard_release"));
    real.__cxa_guard_abort = reinterpret_cast<void (*)(std::int64_t *)>(dlsym(library, "__cxa_guard_abort"));
    __atomic_store_n(&real.__cxa_guard_acquire, reinterpret_cast<int (*)(std::int64_t *)>(acquire), __ATOMIC_RELEASE);
  }
  if (real.__cxa_guard_acquire)
    return;
  static const char text[] = "gridlock: error: __cxa_guard_acquire is not in any library of its caller\n";
  (void)!write(STDERR_FILENO, text, sizeof(text) - 1);
  abort();
}

} // namespace gridlock::rt
