//===- lock-across-suspension.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A coroutine may be suspended with a lock held, and resumed on another thread.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include <set>

namespace gridlock::checks {

using namespace solve;

void lockAcrossSuspension(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  std::set<SourceLocation> reported;
  for (const SuspendedWithLock &fact : solution.suspended) {
    Finding finding = output.make();
    finding.location = solution.location(fact.function, fact.location);
    if (!reported.insert(finding.location).second)
      continue;
    finding.message = "the coroutine may be suspended here while `" + fact.name.display + "` is held";
    finding.help = "release the lock before the suspension, or use a lock made for coroutines";
    finding.identity = {fact.name.display, solution.functionName(fact.function)};
    finding.confidence = Confidence::High;
    TraceBuilder trace(solution, "Thread 1");
    trace.chain(fact.held.acquiredAt, "takes `" + fact.name.display + "`")
        .holds(fact.name.display)
        .at(fact.function, fact.location, "may be suspended; another thread may resume it");
    finding.threads.push_back(trace.build());
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
