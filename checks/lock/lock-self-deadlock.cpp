//===- lock-self-deadlock.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One thread takes a lock that it already holds.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"

namespace gridlock::checks {

using namespace solve;

static std::string describe(const Reacquisition &fact) {
  bool heldShared = fact.held.mode == model::LockMode::Shared, wantsShared = fact.mode == model::LockMode::Shared;
  std::string name = "`" + fact.name.display + "`";
  if (heldShared && wantsShared)
    return name + " is taken for reading by a thread that holds it for reading: a waiting writer blocks both";
  if (heldShared)
    return name + " is taken by a thread that holds it for reading: it waits for itself";
  if (wantsShared)
    return name + " is taken for reading by the thread that holds it: it waits for itself";
  return name + " is taken by the thread that already holds it: it waits for itself";
}

void lockSelfDeadlock(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  for (const Reacquisition &fact : solution.reacquisitions) {
    if (solution.recursiveLocks.count(fact.name.key) || solution.recursiveLocks.count(fact.name.classKey))
      continue;
    Finding finding = output.make();
    finding.location = solution.place(fact.step);
    finding.message = describe(fact);
    finding.help = "call a variant that expects the lock to be held, or release it before the call";
    finding.identity = {fact.name.display, solution.functionName(fact.function)};
    finding.confidence = fact.manyTargets ? Confidence::Low : Confidence::High;
    if (fact.openMode == OpenMode::FlagWord) {
      finding.confidence = Confidence::Low;
      finding.assumptions.push_back("the flags of the object are such that the lock is taken again");
    }
    if (fact.manyTargets)
      finding.assumptions.push_back("an indirect call has many possible targets");
    TraceBuilder trace(solution, "Thread 1");
    trace.wayTo(fact.function, false)
        .chain(fact.held.acquiredAt, "takes `" + fact.name.display + "`" + modeText(fact.held.mode))
        .holds(fact.name.display)
        .chain(fact.step, "takes `" + fact.name.display + "`" + modeText(fact.mode) + " again");
    finding.threads.push_back(trace.build());
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
