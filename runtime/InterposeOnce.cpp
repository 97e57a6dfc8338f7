//===- InterposeOnce.cpp - pthread_once, call_once, static variables ------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A once flag is a lock while its routine runs: others wait for it, and the
// routine itself may take locks. The same goes for the initialisation of a
// static variable in a function. A mutex held around one and taken inside the
// other is a deadlock that only the very first calls can run into.
//
//===----------------------------------------------------------------------===//

#include "runtime/Interpose.h"
#include "runtime/Real.h"

using namespace gridlock::rt;

extern "C" {
void gridlock_run_once(void (*routine)(), void *flag) __attribute__((visibility("hidden")));
__attribute__((visibility("hidden"))) void gridlock_once_left(void *flag);
}

void gridlock_once_left(void *flag) {
  if (ThreadState *thread = enter()) {
    released(*thread, addressOf(static_cast<char *>(flag)));
    leave(thread);
  }
}

namespace {

struct OnceCall {
  void (*routine)();
  void *flag;
  Lock *lock;
  const void *frame;
};
/// The call that this thread makes now; the real function passes no argument.
__thread OnceCall *currentCall __attribute__((tls_model("initial-exec"))) = nullptr;

void runRoutine() {
  OnceCall call = *currentCall;
  ThreadState *thread = self;
  if (!thread || !call.lock) {
    call.routine();
    return;
  }
  // The thread waited for nobody: it is the one that runs the routine.
  thread->waiting.kind.store(WaitKind::None, std::memory_order_release);
  taken(*thread, *call.lock, addressOf(static_cast<char *>(call.flag)), LockMode::Exclusive, call.frame);
  gridlock_run_once(call.routine, call.flag);
}

/// glibc's flag is 2 when the routine has run.
bool isDone(const void *flag) { return __atomic_load_n(static_cast<const int *>(flag), __ATOMIC_ACQUIRE) & 2; }

/// Records the order and looks for a thread that waits for itself.
Lock *beforeOnce(ThreadState &thread, std::uintptr_t address, LockKind kind, const void *frame) {
  Lock *lock = lookUp(thread, address, kind, 0, LockMode::Exclusive, siteOfFrame(frame));
  if (!lock)
    return nullptr;
  if (HeldLock *held = thread.heldCount() ? findHeld(thread, address) : nullptr) {
    reportSelfLock(thread, *lock, held, frame);
    return lock;
  }
  beforeBlocking(thread, *lock, LockMode::Exclusive, frame);
  return lock;
}

template <typename Once> GRIDLOCK_INLINE auto runOnce(void *flag, void (*routine)(), const void *frame, Once once) {
  ThreadState *thread = enter();
  if (!thread)
    return once(routine);
  if (isDone(flag) && !thread->heldCount()) {
    leave(thread);
    return once(routine);
  }
  Lock *lock = beforeOnce(*thread, addressOf(static_cast<char *>(flag)), LockKind::Once, frame);
  leave(thread);
  OnceCall call = {routine, flag, lock, frame};
  OnceCall *outer = currentCall;
  currentCall = &call;
  struct Restore {
    OnceCall *outer;
    ~Restore() { currentCall = outer; }
  } restore{outer};
  WaitScope scope(*thread, WaitKind::Lock, lock ? lock->id : 0, LockMode::Exclusive, false, frame);
  return once(runRoutine);
}

} // namespace

GRIDLOCK_EXPORT int pthread_once(pthread_once_t *flag, void (*routine)()) {
  return runOnce(flag, routine, GRIDLOCK_FRAME, [=](void (*run)()) { return real.pthread_once(flag, run); });
}

GRIDLOCK_EXPORT void call_once(once_flag *flag, void (*routine)()) {
  runOnce(flag, routine, GRIDLOCK_FRAME, [=](void (*run)()) { real.call_once(flag, run); });
}

GRIDLOCK_EXPORT int __cxa_guard_acquire(std::int64_t *guard) {
  ThreadState *thread = enter();
  Lock *lock = nullptr;
  if (thread) {
    lock = beforeOnce(*thread, addressOf(guard), LockKind::StaticInit, GRIDLOCK_FRAME);
    leave(thread);
  }
  if (GRIDLOCK_UNLIKELY(!__atomic_load_n(&real.__cxa_guard_acquire, __ATOMIC_ACQUIRE)))
    findGuardFunctions(__builtin_return_address(0));
  if (!lock)
    return real.__cxa_guard_acquire(guard);
  int mustRun;
  {
    WaitScope scope(*thread, WaitKind::Lock, lock->id, LockMode::Exclusive, false, GRIDLOCK_FRAME);
    mustRun = real.__cxa_guard_acquire(guard);
  }
  if (mustRun)
    taken(*thread, *lock, addressOf(guard), LockMode::Exclusive, GRIDLOCK_FRAME);
  return mustRun;
}

GRIDLOCK_EXPORT void __cxa_guard_release(std::int64_t *guard) {
  gridlock_once_left(guard);
  real.__cxa_guard_release(guard);
}

GRIDLOCK_EXPORT void __cxa_guard_abort(std::int64_t *guard) {
  gridlock_once_left(guard);
  real.__cxa_guard_abort(guard);
}
