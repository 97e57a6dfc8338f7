//===- lock-not-held.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A lock is released, or waited with, that is not held there.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"

namespace gridlock::checks {

using namespace solve;

void lockNotHeld(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  for (const NotHeld &fact : solution.notHeld) {
    Finding finding = output.make();
    finding.location = solution.place(fact.step);
    std::string name = "`" + fact.name.display + "`";
    finding.message = fact.isWait       ? "waits with " + name + ", which is not locked"
                      : fact.onSomePath ? name + " is released, but a path leads here on which it is not held"
                                        : name + " is released, but it is not held here";
    finding.help = fact.isWait ? "lock it before the wait" : "release it only on the paths that took it";
    finding.identity = {fact.name.display, solution.functionName(fact.function)};
    finding.confidence = fact.onSomePath ? Confidence::Medium : Confidence::High;
    if (fact.openMode != OpenMode::None) {
      finding.confidence = Confidence::Low;
      finding.assumptions.push_back("the object is in the mode in which the lock is not taken");
    }
    TraceBuilder trace(solution, "Thread 1");
    trace.chain(fact.step, fact.isWait ? "waits with " + name : "releases " + name);
    finding.threads.push_back(trace.build());
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
