//===- GuardVote.h - The lock that guards a variable ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds the lock that most accesses of a shared variable hold. Called for each
/// variable once its accesses are placed on threads; linear in these, times the
/// locks held. Private to the room.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_GUARDVOTE_H
#define GRIDLOCK_ENGINE_SOLVE_GUARDVOTE_H

#include "engine/link/Program.h"

namespace gridlock::solve {

class Solution;
struct SharedVariable;

/// Whether a class has a lock among its members or its bases' members.
bool hasLock(const link::Program &program, link::RecordId record, unsigned depth = 0);

/// Fills in what a variable says of its guard: the lock, its name, at how many of
/// how many places it is held, and on what that rests.
void findGuard(Solution &solution, SharedVariable &variable);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_GUARDVOTE_H
