//===- Strangers.cpp - Children that other threads start --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/pipe/Strangers.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::checks {

using namespace solve;

/// Threads that the program starts itself; what outsiders may do is not guessed.
static bool isThread(const Solution &solution, const Context &context) {
  const Root &root = solution.roots[context.root];
  return context.parallel && !root.isHandler && !root.isEntryPoint && !context.guess;
}

static bool runBesideEachOther(const Solution &solution, link::FunctionId a, link::FunctionId b) {
  for (const Context &one : solution.contexts[a])
    for (const Context &other : solution.contexts[b]) {
      if (!isThread(solution, one) || !isThread(solution, other) || !solution.mayShareProcess(one.root, other.root))
        continue;
      const Root &first = solution.roots[one.root], &second = solution.roots[other.root];
      if (one.root == other.root
              ? first.many
              : llvm::is_contained(one.alive, second.spawn) || llvm::is_contained(other.alive, first.spawn))
        return true;
    }
  return false;
}

/// The fork that a step leads to; null for other ways to start a child.
static const ForkSite *forkAt(const Solution &solution, StepId step) {
  const Step &place = solution.steps[solution.innermost(step)];
  auto found = llvm::find_if(solution.processes.forks, [&](const ForkSite &fork) {
    if (!fork.step)
      return false;
    const Step &other = solution.steps[solution.innermost(fork.step)];
    return other.function == place.function && other.location == place.location;
  });
  return found == solution.processes.forks.end() ? nullptr : &*found;
}

static bool shareLock(const ForkSite *one, const ForkSite *other) {
  return one && other && llvm::any_of(one->held, [&](const Held &lock) {
           return llvm::any_of(other->held, [&](const Held &second) { return second.lock == lock.lock; });
         });
}

const ChildStart *strangerOf(const Solution &solution, const PipeConflict &conflict) {
  const ForkSite *own = forkAt(solution, conflict.child);
  for (const ChildStart &start : solution.processes.starts)
    if (start.step && runBesideEachOther(solution, conflict.function, start.function) &&
        !shareLock(own, forkAt(solution, start.step)))
      return &start;
  return nullptr;
}

} // namespace gridlock::checks
