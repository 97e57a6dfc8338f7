//===- Trace.h - From facts to the steps of a finding -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What rules share to tell a story: the way from a thread's start to a
/// function, the calls from there to an event, and the locks held at each step.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_TRACE_H
#define GRIDLOCK_ENGINE_SOLVE_TRACE_H

#include "engine/solve/Solution.h"

namespace gridlock::solve {

/// Builds one thread's trace. Use once.
class TraceBuilder {
public:
  TraceBuilder(const Solution &solution, std::string title) : S(solution) { Trace.title = std::move(title); }

  /// The calls from a thread root down to `function`. Adds where the thread
  /// was started to the title.
  TraceBuilder &wayTo(link::FunctionId function, bool preferSpawned);
  /// The calls from this very root down to `function`.
  TraceBuilder &wayTo(link::FunctionId function, std::uint32_t root);
  /// The thread is this spawn's: chains begin where it is started.
  TraceBuilder &spawnedBy(std::uint32_t spawn);
  /// A chain of calls that ends in an event, told by `message`.
  TraceBuilder &chain(StepId step, std::string message);
  /// One place in a function.
  TraceBuilder &at(link::FunctionId function, ir::Index location, std::string message);
  /// From now on this lock is held.
  TraceBuilder &holds(std::string lock) {
    HeldNow.push_back(std::move(lock));
    return *this;
  }
  ThreadTrace build() { return std::move(Trace); }

private:
  TraceBuilder &follow(const Solution::Way &way);
  void add(link::FunctionId function, ir::Index location, std::string message, unsigned depth);
  const Solution &S;
  /// The calls of the last chain, which the next one does not repeat.
  std::vector<Step> Told;
  ThreadTrace Trace;
  std::vector<std::string> HeldNow;
  unsigned Depth = 0;
  std::uint32_t Thread = 0; ///< a spawn; 0: not said
};

/// "exclusively", "shared" or nothing, for messages about reader/writer locks.
std::string modeText(model::LockMode mode);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_TRACE_H
