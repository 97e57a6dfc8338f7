//===- Sharing.h - State that several threads touch -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Joins the final accesses of a program by what they touch, and finds those
/// that conflict: two accesses to what may be one object, at least one a write,
/// on threads that may run at the same time, under no common lock. Rules turn
/// conflicts into findings. Private to the room but for `Solution::shared`.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SHARING_H
#define GRIDLOCK_ENGINE_SOLVE_SHARING_H

#include "engine/solve/Access.h"
#include "llvm/ADT/DenseMap.h"
#include <string>
#include <vector>

namespace gridlock::solve {

class Solution;
struct Context;

/// A lock by its name in the whole program.
struct NamedLock {
  std::uint32_t key = 0;      ///< into `Solution::words`
  std::uint32_t classKey = 0; ///< into `Solution::words`
  bool exact = false;
  model::LockMode mode = model::LockMode::Exclusive;
};

/// An access as it happens on one thread: with all its callers' locks.
struct AccessRun {
  std::uint32_t access = 0;                  ///< into `Solution::accesses`
  std::uint32_t root = 0;                    ///< into `Solution::roots`
  std::uint8_t guess = 0;                    ///< see GuessBits: what calls on the way leave open
  bool parallel = false;                     ///< other threads may run by then
  llvm::SmallVector<std::uint32_t, 2> alive; ///< spawns that may run by then; 0 stands for unknown ones
  llvm::SmallVector<NamedLock, 0> locks;     ///< most runs hold none, so there is no room for them here
  const Context *callers = nullptr;          ///< whose hand-overs came before; null: a thread's own run
};

/// Two executions that may happen at the same time.
struct Conflict {
  std::uint32_t first = 0, second = 0; ///< into `SharedVariable::runs`
  bool sameObject = false;             ///< surely one object; else of one class
  bool guessed = false;                ///< that an indirect call has this target
  bool assumed = false;                ///< that a function is called by several threads at once is assumed
  bool indirect = false;               ///< one thread is started by a thread that may run then, at a time not known
};

/// A field or variable, and all that touches it.
struct SharedVariable {
  std::string key;     ///< the same in every run
  std::string display; ///< `Counter::value_`
  link::FieldId field = 0;
  bool isFlag = false; ///< a boolean, integer or pointer: one machine word
  bool isVolatile = false;
  bool ownerHasLock = false; ///< its class has a lock among its members
  std::vector<AccessRun> runs;
  std::vector<Conflict> conflicts;
  /// The lock that guards it elsewhere: the one most often held; 0: none.
  std::uint32_t guard = 0;         ///< a class key, into `Solution::words`
  unsigned guarded = 0, total = 0; ///< places where it is held, of all places
  /// The guard belongs to the same object, or both are global.
  bool guardIsRelated = false;
  bool guardIsUsual() const { return guarded >= 2 && guarded * 3 >= total * 2; }
  TermId declaredGuard = 0;     ///< that an attribute names; 0: none
  bool guardsPointee = false;   ///< it guards what the variable points to
  bool guardIsDeclared = false; ///< `guard` is that lock
  std::string guardDisplay;
};

/// Fills `solution.shared`. Called once, after the phases are known.
void findShared(Solution &solution);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SHARING_H
