//===- LockOrder.h - Cycles in the order of locks ---------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The acquired-while-holding graph and its cycles. Nodes are classes of locks
/// (exact locks that belong to no class are nodes of their own); a cycle counts
/// only when its pairs can really meet (Naik et al., ICSE 2009): the same
/// objects are possible all around, on different threads, at one time, under no
/// common gate, and no all-shared meeting point.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_LOCKORDER_H
#define GRIDLOCK_ENGINE_SOLVE_LOCKORDER_H

#include "engine/solve/Solution.h"

namespace gridlock::solve {

/// Pairs p0..pn, each acquiring what the next one holds, the last what the first
/// holds.
struct LockCycle {
  std::vector<const LockPair *> pairs;
  bool assumedEntry = false;      ///< some thread is assumed: an entry point
  bool assumedSameObject = false; ///< two names are possibly one object
  bool manyTargets = false;
};

/// One cycle for each set of locks that has any, shortest first.
std::vector<LockCycle> findLockCycles(const Solution &solution);

/// Whether two names may be names of one lock. `assumed` when that is not sure.
bool mayBeSameLock(const LockName &a, const LockName &b, bool &assumed);

/// Whether two names that say enough may be names of one condition variable.
bool mayBeSameCondition(const LockName &a, const LockName &b);

/// Whether every way to the function holds the lock.
bool callersHold(const Solution &solution, link::FunctionId function, const LockName &lock);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_LOCKORDER_H
