//===- RaceShape.h - What kind of race a conflict is ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One variable with conflicting accesses is one race, and one rule reports it:
/// which one depends on the form. Also the parts of a finding that all race
/// rules have in common. Called by the rules; pure.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_RACESHAPE_H
#define GRIDLOCK_ENGINE_SOLVE_RACESHAPE_H

#include "engine/solve/Rule.h"
#include "engine/solve/Solution.h"

namespace gridlock::solve {

enum class RaceShape {
  UnlockedMutation,  ///< no lock protects it anywhere
  InconsistentGuard, ///< a lock protects it elsewhere
  DoubleChecked,     ///< tested outside the lock, then again inside
  StopFlag,          ///< polled by one thread, set by another
};

/// A race on a variable: the access to report, and the one it conflicts with.
struct Race {
  RaceShape shape{};
  const SharedVariable *variable = nullptr;
  std::uint32_t reported = 0, other = 0; ///< into `SharedVariable::runs`
  bool sameObject = false;
  bool assumedCallers = false;
  bool guessed = false;
  bool indirect = false;
  bool startsAgain = false; ///< all that is written, `main` has written at its start
  Confidence confidence = Confidence::Low;
  /// Others that the same two functions race on, not reported on their own.
  std::vector<const SharedVariable *> alike;
  /// `Counter::value_`, and how many others.
  std::string names() const {
    return "`" + variable->display + "`" +
           (alike.empty() ? std::string() : " (and " + std::to_string(alike.size()) + " others beside it)");
  }
};

/// The race on a variable that has conflicts. Cost: linear in its runs.
Race shapeOf(const Solution &solution, const SharedVariable &variable);

/// A finding with place, threads, confidence and assumptions; the rule adds what
/// it says.
Finding raceFinding(const Solution &solution, const Race &race, const RuleOutput &output);

/// Calls `report` for every race of a shape.
void forEachRace(const Solution &solution, RaceShape shape, llvm::function_ref<void(const Race &)> report);

/// Calls `tell` for every act on an old decision, once for a function and
/// variable, with a finding that has all but the message and the help; `change`
/// says of the act what the last step of the trace says. `underLock`: the acts in
/// a later section of the lock; otherwise those on atomics.
void forEachStaleAct(const RuleInput &input, RuleOutput &output, bool underLock,
                     llvm::function_ref<std::string(const StaleAct &)> change,
                     llvm::function_ref<void(const StaleAct &, Finding &)> tell);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_RACESHAPE_H
