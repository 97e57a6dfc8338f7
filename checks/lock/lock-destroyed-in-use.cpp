//===- lock-destroyed-in-use.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A lock is destroyed, or initialised again, while it is held.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"

namespace gridlock::checks {

using namespace solve;

void lockDestroyedInUse(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  for (const DestroyedLock &fact : solution.destroyed) {
    Finding finding = output.make();
    finding.location = solution.place(fact.step);
    std::string name = "`" + fact.name.display + "`";
    finding.message =
        name + (fact.initializedAgain ? " is initialised again while it is held" : " is destroyed while it is held");
    finding.help = fact.initializedAgain ? "initialise a lock once, before any thread uses it"
                                         : "release it, and make sure that no thread uses it, before it is destroyed";
    finding.identity = {fact.name.display, solution.functionName(fact.function)};
    finding.confidence = Confidence::High;
    TraceBuilder trace(solution, "Thread 1");
    trace.chain(fact.held.acquiredAt, "takes " + name)
        .holds(fact.name.display)
        .chain(fact.step, fact.initializedAgain ? "initialises " + name : "destroys " + name);
    finding.threads.push_back(trace.build());
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
