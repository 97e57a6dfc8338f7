//===- Provoke.h - Steering into a predicted deadlock -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// With the option `provoke`, threads pause at places that a plan names, just
/// before they take an inner lock, until the others of the cycle hold theirs.
/// When the waits of paused threads close to a cycle, the deadlock is certain:
/// it is reported, and the process ends. A pause is bounded, so that a program
/// without the deadlock is only slowed down.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_PROVOKE_H
#define GRIDLOCK_RUNTIME_PROVOKE_H

#include "runtime/Thread.h"

namespace gridlock::rt {

/// A plan was read. While true, no order of locks counts as known, so that
/// `pauseAtPlannedPlace` sees all of them.
extern bool provoking;

/// Reads the plan: a line is one place, the innermost frames as
/// `MODULE+0xOFFSET`, separated by spaces. At start.
void readProvokePlan();

/// The thread holds something and is about to wait for `lock`. Marked busy, no
/// lock of the run time held.
void pauseAtPlannedPlace(ThreadState &thread, Lock &lock, LockMode mode, const void *frame);

/// In the child of a fork: nobody else is paused here.
void provokeForked();

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_PROVOKE_H
