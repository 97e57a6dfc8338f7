//===- ConditionFacts.h - Waits and notifications ---------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tables about condition variables: where threads wait and what they test
/// around the wait, and where they are woken, after which changes. Parts of
/// the solution; plain values.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_CONDITIONFACTS_H
#define GRIDLOCK_ENGINE_SOLVE_CONDITIONFACTS_H

#include "engine/solve/LockName.h"
#include "engine/solve/State.h"
#include <vector>

namespace gridlock::solve {

/// A call that waits for a condition variable.
struct WaitFact {
  link::FunctionId function = 0;
  ir::Index call = 0; ///< the row; 0 when a model makes the call
  ir::Index location = 0;
  StepId step = 0;
  LockName condition, lock;
  bool bounded = false;
  bool hasPredicate = false;
  bool ownLock = false;   ///< the function took the lock itself
  bool heldTwice = false; ///< a recursive lock, of which the wait gives back one
  bool nests = false;     ///< the lock may be held by callers, too, who took it first
  llvm::SmallVector<link::FunctionId, 2> predicates;
  /// What decides whether the thread waits (on); see Subjects.h.
  std::vector<std::uint64_t> subjects;
};

/// How a waiting call, or a call of a function that waits, is tested.
enum class WaitTest : std::uint8_t {
  Again,   ///< the condition is tested after the wait
  Tick,    ///< a timed wait whose outcome nobody looks at
  Callers, ///< the callers hold the lock: they have to test
  GivesUp, ///< tested afterwards, but never waited again
  Once,    ///< tested before the wait, with `if`, and not after it
  Never,   ///< not tested at all
  Result,  ///< only the outcome of the timed wait is tested
};

/// A wait that is not followed by a test.
struct UntestedWait {
  std::size_t wait = 0; ///< into `Solution::waits`
  WaitTest test = WaitTest::Never;
  link::FunctionId function = 0; ///< in which the test is missing
  ir::Index location = 0;        ///< of the wait there, or of the call that waits
  ir::Index testedAt = 0;        ///< the `if`, when there is one
  /// Calls from `function` down to the wait: caller and place.
  std::vector<std::pair<link::FunctionId, ir::Index>> way;
};

/// Threads that wait for a condition are woken.
struct Notification {
  link::FunctionId function = 0; ///< in which a change and the wake-up meet
  StepId step = 0;
  LockName condition;
  std::vector<LockName> held;  ///< at the wake-up
  std::vector<LockName> taken; ///< before it, on the same path
  struct Changed {
    std::uint64_t subject = 0;
    StepId at = 0;
    std::vector<LockName> guards;
  };
  std::vector<Changed> changes;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_CONDITIONFACTS_H
