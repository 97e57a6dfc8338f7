//===- race-check-then-act.cpp -------------------------------*- C++ -*-===//
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

void raceCheckThenAct(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  std::set<std::pair<link::FunctionId, std::string>> reported;
  for (const StaleAct &act : solution.staleActs) {
    if (!act.lock || act.variable.empty() || !reported.insert({act.function, act.variable}).second)
      continue;
    Finding finding = output.make();
    finding.location = solution.location(solution.innermost(act.step));
    finding.identity = {act.variable, solution.functionName(act.function)};
    finding.confidence = Confidence::Medium;
    std::string lock = solution.name(act.lock, act.function).display;
    finding.message = "`" + act.variable + "` is changed on a decision that was taken in an earlier section of `" +
                      lock + "`: another thread may have changed it in between";
    finding.help = "test again after taking the lock, or test and act in one section";
    if (act.assumedCallers)
      finding.assumptions.push_back("`" + solution.functionName(act.function) + "` is called by several threads");
    TraceBuilder trace(solution, "Each thread");
    trace.wayTo(act.function, /*preferSpawned=*/true);
    if (act.testedAt)
      trace.at(act.function, act.testedAt, "decides on `" + act.variable + "`");
    trace.chain(act.step, "changes `" + act.variable + "`");
    finding.threads.push_back(trace.build());
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
