//===- Process.h - Children of the program ----------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the solver found out about child processes: where they are started,
/// waited for and forgotten, and what runs between `fork` and `exec`. Part of
/// `Solution`; written by ApplyProcess.cpp, read by rules.
///
/// A child is a value (a pid, a stream, the address of an object). What a path
/// knows about it are ghost fields of the object that the value points to:
/// `$unreaped` (a row of `starts`, 0 when somebody collects it), `$signalled`
/// (the last signal sent), `$bounded` (something else ends it in time).
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_PROCESS_H
#define GRIDLOCK_ENGINE_SOLVE_PROCESS_H

#include "engine/solve/State.h"
#include <map>
#include <set>
#include <string>
#include <vector>

namespace gridlock::solve {

/// Where a child is started, or where a function that returns one is called.
struct ChildStart {
  link::FunctionId function = 0;
  StepId step = 0;
  std::uint32_t callee = 0; ///< into `Solution::words`: what starts it
  bool inLoop = false;
};

/// A wait for a child without a bound in time, or a bounded one whose outcome
/// nobody looks at.
struct ChildWait {
  link::FunctionId function = 0; ///< in which the fact became final
  StepId step = 0;
  std::uint32_t callee = 0; ///< into `Solution::words`
  TermId child = 0;
  llvm::SmallVector<Held, 2> held;
  bool afterTerminate = false; ///< the child was asked to end, and may refuse
  bool outcomeIgnored = false; ///< a timed wait
  bool manyTargets = false;    ///< a call on the way had many targets
  std::uint32_t spawn = 0;
};

/// A child whose last name goes away before anybody waited for it.
struct LostChild {
  std::uint32_t start = 0;            ///< into `starts`
  link::FunctionId function = 0;      ///< that ends, or overwrites the name
  ir::Index location = 0;             ///< where it returns; 0: at its end
  std::vector<std::uint64_t> holders; ///< where its name is kept on
};

/// A fork, as its child sees it.
struct ForkSite {
  link::FunctionId function = 0;
  StepId step = 0;
  llvm::SmallVector<Held, 2> held;
  bool threadsAlive = false; ///< this path has started threads
  std::uint32_t outer = 0;   ///< the fork whose child forks here; 0: none
  bool forksAgain = false;   ///< the child forks in its turn
  bool waits = false;        ///< the child waits for a child of its own, or execs

  /// The first child of a double fork ends at once: no wait for it is long.
  bool endsAtOnce() const { return forksAgain && !waits; }
};

/// Something that the child of a fork does before it execs or ends.
struct ForkAct {
  std::uint32_t fork = 0; ///< into `forks`
  link::FunctionId function = 0;
  ir::Index location = 0;
  std::string what;   ///< malloc | stdio | lock | other
  std::string callee; ///< the function's or the lock's name
};

/// A call that the child of a fork makes.
struct ForkCall {
  std::uint32_t fork = 0;
  link::FunctionId caller = 0;
  ir::Index location = 0;
  link::FunctionId callee = 0;
};

struct ProcessFacts {
  std::vector<ChildStart> starts{ChildStart{}};
  std::vector<ChildWait> waits;
  std::vector<LostChild> lost;
  std::vector<ForkSite> forks{ForkSite{}};
  std::vector<ForkAct> acts;
  std::vector<ForkCall> calls;
  /// Fields and variables whose child somebody waits for, or whose value leaves
  /// the program; see `childHolder`.
  std::set<std::uint64_t> collected;
  /// Fields and variables whose child a function ends by SIGKILL.
  std::set<std::pair<std::uint64_t, link::FunctionId>> killed;
  /// The row of `starts` that a wait, by its function and place, is for; 0: it is
  /// not known, or there are several.
  std::map<std::pair<link::FunctionId, ir::Index>, std::uint32_t> startOfWait;
  /// Functions in which some wait collects any child, or that leave the collecting
  /// of ended children to a handler or to the system; see Collectors.h.
  std::set<link::FunctionId> collectors;
};

/// The declared field or variable that a child's value is kept in; 0: none.
std::uint64_t childHolder(const TermTable &terms, TermId value);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_PROCESS_H
