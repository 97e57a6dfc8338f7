//===- condvar-no-predicate.cpp ----------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A wait for a condition variable that is not followed by a test of the
// condition: it may return for no reason, or too late. The engine decides
// whether the wait is tested; here the story is told.
//
//===----------------------------------------------------------------------===//

#include "checks/condvar/CondvarFixes.h"
#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include <set>

namespace gridlock::checks {

using namespace solve;

static std::string messageFor(const UntestedWait &fact, const std::string &condition) {
  switch (fact.test) {
  case WaitTest::Once:
    return "this wait for " + condition +
           " is tested with `if`, not in a loop: it may return although nothing has changed";
  case WaitTest::GivesUp:
    return "this wait for " + condition +
           " is not in a loop: a wake-up for no reason is taken for the end of what it waits for";
  case WaitTest::Result:
    return "only the time-out of this wait for " + condition +
           " is looked at: without a test of the state a wake-up for no reason counts as success";
  default:
    return "nothing is tested around this wait for " + condition +
           ": it may return for no reason, or miss a wake-up that came earlier";
  }
}

void condvarNoPredicate(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  std::set<SourceLocation> reported;
  SourceCache sources;
  for (const UntestedWait &fact : solution.untestedWaits) {
    const WaitFact &wait = solution.waits[fact.wait];
    if (solution.inSystemHeader(fact.function))
      continue;
    Finding finding = output.make();
    finding.location = solution.location(fact.function, fact.location);
    if (!reported.insert(finding.location).second)
      continue;
    std::string condition = "`" + wait.condition.display + "`";
    finding.message = messageFor(fact, condition);
    finding.help = fact.test == WaitTest::Once || fact.test == WaitTest::GivesUp
                       ? "write `while` instead of `if`, or give the wait a predicate"
                       : "keep the state in a variable under the same lock, and wait while it does not hold: "
                         "`while (!ready)` around the wait, or a predicate";
    finding.confidence = fact.test == WaitTest::Once ? Confidence::High : Confidence::Medium;
    finding.identity = {wait.condition.display, solution.functionName(fact.function)};
    TraceBuilder trace(solution, "Waiting thread");
    trace.wayTo(fact.function, false);
    if (fact.testedAt)
      trace.at(fact.function, fact.testedAt, "tests the condition once");
    bool isCall = !fact.way.empty();
    trace.at(fact.function, fact.location,
             isCall ? "calls `" + solution.functionName(fact.way.front().first) + "`, which waits"
                    : "waits for " + condition);
    for (std::size_t i = 0; i < fact.way.size(); ++i)
      trace.at(fact.way[i].first, fact.way[i].second,
               i + 1 < fact.way.size() ? "calls `" + solution.functionName(fact.way[i + 1].first) + "`"
                                       : "waits for " + condition);
    finding.threads.push_back(trace.build());
    if (isCall)
      finding.related.push_back({solution.location(wait.step), "the wait"});
    if (fact.test == WaitTest::Once && fact.testedAt && !wait.bounded)
      if (std::optional<FixIt> fix =
              testAgainFix(sources, solution.location(fact.function, fact.testedAt), finding.location))
        finding.fixIts.push_back(std::move(*fix));
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
