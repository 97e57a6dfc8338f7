//===- Misuse.h - Wrong use of one lock -------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reports about one lock and one thread: taken twice, unlocked by the wrong
/// thread, destroyed while held, held when its thread ends, lost in a fork.
/// Every function is called by the thread in question, marked busy. `frame` is
/// the interposed function's own frame.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_MISUSE_H
#define GRIDLOCK_RUNTIME_MISUSE_H

#include "runtime/Thread.h"

namespace gridlock::rt {

/// Stores the stack of the call that is being made now.
std::uint32_t storeHere(ThreadState &thread, const void *frame);

/// The thread is about to wait for a lock that it holds itself.
void reportSelfLock(ThreadState &thread, Lock &lock, HeldLock *held, const void *frame);
/// The thread unlocks what it does not hold. `owner` is the system id of the
/// holder, 0 when nobody holds it.
void reportBadUnlock(ThreadState &thread, Lock &lock, std::uint32_t owner, const void *frame);
void reportDestroyHeld(ThreadState &thread, Lock &lock, std::uint32_t owner, const void *frame);
/// In a forked child: the holder exists only in the parent.
void reportForkedLock(ThreadState &thread, Lock &lock, const void *frame);
void reportWaitWithoutLock(ThreadState &thread, Lock &condition, Lock &mutex, const void *frame);
/// The thread ends now: reports what it still holds.
void checkThreadExit(ThreadState &thread);
/// Before a thread waits for the end of another one, with locks held.
void checkJoin(ThreadState &thread, ThreadRecord &joined, const void *frame);
/// A thread that somebody waits for is about to take a lock.
void checkJoiner(ThreadState &thread, Lock &lock, LockMode mode, const void *frame);

/// A ranked lock is wanted: reports a held one of the same or a higher rank.
void checkRanks(ThreadState &thread, Lock &lock, const void *frame);

/// The record of the thread with this system id; null when it is not ours.
ThreadRecord *threadBySystemId(std::uint32_t systemId);

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_MISUSE_H
