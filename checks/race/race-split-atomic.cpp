//===- race-split-atomic.cpp -------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Solution.h"
#include "engine/solve/Trace.h"
#include <set>

namespace gridlock::checks {

using namespace solve;

void raceSplitAtomic(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  std::set<std::pair<link::FunctionId, std::string>> reported;
  for (const StaleAct &act : solution.staleActs) {
    if (act.lock || act.variable.empty() || !reported.insert({act.function, act.variable}).second)
      continue;
    Finding finding = output.make();
    finding.location = solution.location(solution.innermost(act.step));
    finding.identity = {act.variable, solution.functionName(act.function)};
    finding.confidence = Confidence::Medium;
    finding.message = "`" + act.variable + "` is loaded and then stored to: another thread's change in between is lost";
    finding.help = "use one atomic operation: fetch_add, exchange, or a compare_exchange loop";
    if (act.assumedCallers)
      finding.assumptions.push_back("`" + solution.functionName(act.function) + "` is called by several threads");
    TraceBuilder trace(solution, "Each thread");
    trace.wayTo(act.function, /*preferSpawned=*/true);
    if (act.testedAt)
      trace.at(act.function, act.testedAt, "decides on `" + act.variable + "`");
    trace.chain(act.step, "stores to `" + act.variable + "`, over what another thread stored meanwhile");
    finding.threads.push_back(trace.build());
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
