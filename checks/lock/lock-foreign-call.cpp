//===- lock-foreign-call.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A callable that outsiders supply is called while a lock is held: what it does
// with other locks is not known here.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include <set>

namespace gridlock::checks {

using namespace solve;

void lockForeignCall(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  std::set<SourceLocation> reported;
  for (const ForeignCall &fact : solution.foreign) {
    Finding finding = output.make();
    finding.location = solution.place(fact.step);
    if (!reported.insert(finding.location).second)
      continue;
    finding.message =
        fact.callee + " is called while `" + fact.name.display + "` is held: it may take any lock, or call back";
    finding.help = "copy the callable, release the lock, and call it then";
    finding.identity = {fact.name.display, solution.functionName(fact.function)};
    TraceBuilder trace(solution, "Thread 1");
    trace.chain(fact.held.acquiredAt, "takes `" + fact.name.display + "`")
        .holds(fact.name.display)
        .chain(fact.step, "calls " + fact.callee);
    finding.threads.push_back(trace.build());
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
