//===- InterposeChild.cpp - wait, waitpid, wait4, waitid ------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Waiting for a child is published like any wait, so that the helper thread can
// look at the child. It is published, and the helper thread started, only when
// this process could be the reader that the child waits for.
//
//===----------------------------------------------------------------------===//

#include "runtime/Interpose.h"
#include "runtime/Options.h"
#include "runtime/PipeCheck.h"
#include "runtime/Real.h"
#include "runtime/Start.h"

using namespace gridlock::rt;

namespace {

template <typename Wait> GRIDLOCK_INLINE auto waitForChild(pid_t target, bool blocks, const void *frame, Wait wait) {
  ThreadState *thread = enter();
  bool watch = thread && blocks && options.pipes && options.watchdogMs && holdsReadingEnd();
  if (watch)
    becomeMultithreaded(); // starts the helper thread
  if (thread)
    leave(thread);
  if (!watch)
    return wait();
  WaitScope scope(*thread, WaitKind::Child, target > 0 ? static_cast<std::uint32_t>(target) : 0, LockMode::Exclusive,
                  false, frame);
  return wait();
}

} // namespace

GRIDLOCK_EXPORT pid_t wait(int *status) {
  return waitForChild(-1, true, GRIDLOCK_FRAME, [=] { return real.wait(status); });
}

GRIDLOCK_EXPORT pid_t waitpid(pid_t target, int *status, int flags) {
  return waitForChild(target, !(flags & WNOHANG), GRIDLOCK_FRAME, [=] { return real.waitpid(target, status, flags); });
}

GRIDLOCK_EXPORT pid_t wait4(pid_t target, int *status, int flags, rusage *usage) noexcept {
  return waitForChild(target, !(flags & WNOHANG), GRIDLOCK_FRAME,
                      [=] { return real.wait4(target, status, flags, usage); });
}

GRIDLOCK_EXPORT int waitid(idtype_t type, id_t id, siginfo_t *info, int flags) {
  return waitForChild(type == P_PID ? static_cast<pid_t>(id) : -1, !(flags & WNOHANG), GRIDLOCK_FRAME,
                      [=] { return real.waitid(type, id, info, flags); });
}
