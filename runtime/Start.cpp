//===- Start.cpp - The run time begins ------------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Life cycle. Start: once, by whoever comes first. Threads: attached at their
// start by the wrapper of pthread_create, or at their first lock when somebody
// else made them. End of a thread: the destructor of a pthread key, which asks
// to be called again until the last round, so that destructors of the program
// may still unlock. Fork: our locks are taken before and freed after, in the
// child the other threads are forgotten. Exit: when something was reported, the
// exit status says so; output is flushed first.
//
//===----------------------------------------------------------------------===//

#include "runtime/Start.h"
#include "runtime/Arena.h"
#include "runtime/Misuse.h"
#include "runtime/NativeMutex.h"
#include "runtime/Options.h"
#include "runtime/Provoke.h"
#include "runtime/Real.h"
#include "runtime/Report.h"
#include "runtime/Thread.h"
#include "runtime/TraceWriter.h"
#include "runtime/Watchdog.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <linux/futex.h>
#include <semaphore.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" void *__libc_stack_end __attribute__((weak));
extern "C" void gridlock_check_now();

namespace gridlock::rt {

bool mutexFieldsKnown = false;
bool mutexWordsKnown = false;
pthread_key_t endKey;

namespace {

/// A program that is linked with the archive gets the files that something asks for;
/// what only other libraries call (the C++ library starts the threads), or what is asked
/// for weakly, as our headers do, would be left out. So each file with such functions is
/// asked for here.
[[gnu::used]] void *const wholeArchive[] = {reinterpret_cast<void *>(&gridlock_check_now),
                                            reinterpret_cast<void *>(&pthread_cond_wait),
                                            reinterpret_cast<void *>(&pthread_mutex_lock),
                                            reinterpret_cast<void *>(&pthread_mutex_trylock),
                                            reinterpret_cast<void *>(&pthread_once),
                                            reinterpret_cast<void *>(&pthread_rwlock_init),
                                            reinterpret_cast<void *>(&sem_init),
                                            reinterpret_cast<void *>(&pthread_create),
                                            reinterpret_cast<void *>(&syscall),
                                            reinterpret_cast<void *>(&dlclose),
                                            reinterpret_cast<void *>(&waitpid)};

InternalLock startLock;
std::atomic<bool> started{false};
pid_t processId = 0;

void threadEnds(void *argument) {
  ThreadState *thread = self;
  if (!thread)
    return;
  if (++thread->destructorRounds < PTHREAD_DESTRUCTOR_ITERATIONS) {
    pthread_setspecific(endKey, argument);
    return;
  }
  thread->busy = 1;
  checkThreadExit(*thread);
  if (options.trackFree && thread->stackLow && thread->stackHigh > thread->stackLow &&
      mayHoldLocks(thread->stackLow, thread->stackHigh - thread->stackLow))
    retireLocksIn(thread->stackLow, thread->stackHigh - thread->stackLow);
  endThread(*thread);
}

/// Every lock of the run time, in the order in which they are nested.
InternalLock *const ownLocks[] = {&bigSearchLock(), &graphLock(),   &reportLock(),    &threadLock(), &traceLock(),
                                  &stackLock(),     &modulesLock(), &lockTableLock(), &arenaLock()};

bool tookLocks = false;

void beforeFork() {
  ThreadState *thread = self;
  if (!thread || thread->busy)
    return;
  thread->busy = 1;
  for (InternalLock *lock : ownLocks)
    lock->lock();
  tookLocks = true;
}

void afterForkInParent() {
  if (!tookLocks)
    return;
  tookLocks = false;
  for (InternalLock *lock : ownLocks)
    lock->unlock();
  if (self)
    self->busy = 0;
}

void afterForkInChild() {
  for (InternalLock *lock : ownLocks)
    lock->reset();
  std::uint32_t parent = static_cast<std::uint32_t>(processId);
  processId = getpid();
  bool took = tookLocks;
  tookLocks = false;
  ThreadState *thread = self;
  if (!thread)
    return;
  thread->busy = 1;
  forkedThreads(*thread);
  openReports();
  openTrace(parent);
  watchdogForked();
  provokeForked();
  if (took)
    thread->busy = 0;
}

/// Locks a mutex and looks where glibc wrote the owner.
void checkMutexFields() {
#if defined(__GLIBC__)
  pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
  if (!real.pthread_mutex_lock || real.pthread_mutex_lock(&mutex) != 0)
    return;
  bool owned = mutex.__data.__owner == static_cast<int>(syscall(SYS_gettid));
  bool recursive = (mutex.__data.__kind & 3) == PTHREAD_MUTEX_RECURSIVE_NP;
  real.pthread_mutex_unlock(&mutex);
  mutexFieldsKnown = owned && recursive && mutex.__data.__owner == 0;
#endif
}

/// Whether we and the C library mean the same by the words of a plain mutex.
void checkMutexWords() {
#if defined(__GLIBC__) && defined(__x86_64__)
  Dl_info ours, library;
  if (!mutexFieldsKnown || !dladdr(reinterpret_cast<void *>(real.pthread_mutex_lock), &ours) ||
      !dladdr(reinterpret_cast<void *>(&gnu_get_libc_version), &library) || ours.dli_fbase != library.dli_fbase)
    return; // somebody else stands between us and it
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  const auto &words = mutex.__data;
  auto isFree = [&] { return words.__lock == 0 && words.__owner == 0 && words.__nusers == 0 && words.__kind == 0; };
  auto isTaken = [&] {
    return words.__lock == 1 && words.__owner == static_cast<int>(syscall(SYS_gettid)) && words.__nusers == 1 &&
           words.__kind == 0;
  };
  bool same = isFree() && real.pthread_mutex_lock(&mutex) == 0 && isTaken();
  same = same && !releasePlain(&mutex) && isFree();
  same = same && takePlain(&mutex, static_cast<std::uint32_t>(syscall(SYS_gettid))) && isTaken() &&
         real.pthread_mutex_trylock(&mutex) == EBUSY;
  same = same && real.pthread_mutex_unlock(&mutex) == 0 && isFree();
  mutexWordsKnown = same;
#endif
}

void startOnce() {
  processId = getpid();
  findRealFunctions();
  readOptions(getenv("GRIDLOCK_OPTIONS"));
  checkMutexFields();
  checkMutexWords();
  pthread_key_create(&endKey, threadEnds);
  pthread_atfork(beforeFork, afterForkInParent, afterForkInChild);
  openReports();
  openTrace(0);
  readProvokePlan();
  if (options.verbosity >= 1) {
    Writer note;
    note.text("gridlock: note: watching process ").number(static_cast<std::uint64_t>(processId));
    note.text(mutexFieldsKnown ? "" : "; this C library's mutex fields are not known, owners are not checked");
    note.text("\n");
    note.flushTo(reportDescriptor());
  }
}

bool ensureStarted() {
  if (started.load(std::memory_order_acquire))
    return true;
  InternalGuard guard(startLock);
  if (started.load(std::memory_order_relaxed))
    return true;
  startOnce();
  started.store(true, std::memory_order_release);
  return true;
}

void stackBounds(std::uintptr_t &low, std::uintptr_t &high) {
  low = high = 0;
  if (static_cast<pid_t>(syscall(SYS_gettid)) == getpid() && &__libc_stack_end) {
    high = reinterpret_cast<std::uintptr_t>(__libc_stack_end);
    rlimit limit;
    std::size_t size = 8u << 20;
    if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
      size = std::min<std::size_t>(limit.rlim_cur, 64u << 20);
    low = high > size ? high - size : 0;
    return;
  }
  // A thread that somebody made behind our back. Allocates, but only here.
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0)
    return;
  void *base = nullptr;
  std::size_t size = 0;
  if (pthread_attr_getstack(&attributes, &base, &size) == 0) {
    low = reinterpret_cast<std::uintptr_t>(base);
    high = low + size;
  }
  pthread_attr_destroy(&attributes);
}

} // namespace

void wakeWaiter(pthread_mutex_t *mutex) { syscall(SYS_futex, mutex, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0); }

GRIDLOCK_NOINLINE ThreadState *attach() {
  if (selfAttaching)
    return nullptr;
  selfAttaching = true;
  ThreadState *result = nullptr;
  if (ensureStarted() && options.enabled && !selfEnded && !isHelperThread()) {
    std::uintptr_t low, high;
    stackBounds(low, high);
    if (ThreadRecord *record = newThread(nullptr, 0)) {
      result = startThread(*record, low, high);
      pthread_setspecific(endKey, result);
    }
  }
  selfAttaching = false;
  return result;
}

void becomeMultithreaded() {
  if (!multithreaded.exchange(true))
    startWatchdog();
}

namespace {

__attribute__((constructor(101))) void construct() {
  if (ThreadState *thread = enter())
    leave(thread);
}

/// Runs after the program's own exit handlers and destructors.
__attribute__((destructor(101))) void destruct() {
  if (!started.load(std::memory_order_acquire) || getpid() != processId)
    return;
  if (ThreadState *thread = enter()) {
    searchBigGraph();
    leave(thread);
  }
  if (options.verbosity >= 1) {
    std::uint64_t known = waitsCounted(true), unknown = waitsCounted(false);
    Writer note;
    note.text("gridlock: note: threads blocked ").number(known + unknown).text(" times, ").number(unknown);
    note.text(unknown ? " of them on bare futexes: orders of those locks were not seen\n"
                      : " of them on bare futexes\n");
    note.flushTo(reportDescriptor());
  }
  if (reportCount() == 0 || options.exitCode == 0)
    return;
  fflush(nullptr);
  _exit(options.exitCode);
}

} // namespace

} // namespace gridlock::rt
