//===- Condition.h - Waiting on a condition with a lock held ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A thread that waits on a condition keeps every lock but the condition's
/// mutex. When every signaller that was seen needs one of those locks, nobody
/// can wake it. Contexts of waits and signals are kept for each condition and
/// compared when one of them is new.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_CONDITION_H
#define GRIDLOCK_RUNTIME_CONDITION_H

#include "runtime/Thread.h"

namespace gridlock::rt {

void noteSignalSlowly(ThreadState &thread, Lock &condition, const void *frame);

/// The thread is about to wait without a time-out; the condition's mutex is
/// already marked as given up.
void noteWait(ThreadState &thread, Lock &condition, const void *frame);

/// The thread is about to signal. Cheap after the first time with these locks.
GRIDLOCK_INLINE void noteSignal(ThreadState &thread, Lock &condition, const void *frame) {
  std::uint64_t key = chainKey(topChain(thread), condition, LockMode::Shared);
  if (GRIDLOCK_LIKELY(thread.chains[chainSlot(key)] == key && thread.chainEpoch == joinEpoch()))
    return;
  noteSignalSlowly(thread, condition, frame);
}

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_CONDITION_H
