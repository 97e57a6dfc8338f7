//===- thread-escaping-reference.cpp -----------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A variable's life ends while a thread that was given its address runs.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include <set>

namespace gridlock::checks {

using namespace solve;

void threadEscapingReference(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  std::set<SourceLocation> reported;
  for (const EscapingReference &fact : solution.escaping) {
    const ir::Unit &unit = solution.program.unit(solution.program.function(fact.function).row.unit);
    std::string name(unit.text(unit.variables[fact.variable].name));
    std::string variable = name.empty() || name.front() == '%' ? "a temporary object" : "`" + name + "`";
    Finding finding = output.make();
    finding.location = solution.location(solution.innermost(fact.startedAt));
    if (!reported.insert(finding.location).second)
      continue;
    finding.message = "this thread uses " + variable + " of `" + solution.functionName(fact.function) +
                      "`, whose life ends while the thread " +
                      (fact.detached ? "runs on: it is detached" : "may still run: it is not joined before");
    finding.help =
        "give the thread a copy, or an object that it owns (`std::shared_ptr`, memory of its own), or join it "
        "before " +
        variable + " ends";
    finding.confidence = fact.detached ? Confidence::High : Confidence::Medium;
    finding.identity = {variable, solution.functionName(fact.function)};
    TraceBuilder trace(solution, "Thread 1");
    trace.wayTo(fact.function, false)
        .chain(fact.startedAt, "starts the thread, which gets the address of " + variable)
        .at(fact.function, fact.endLocation, "the life of " + variable + " ends");
    finding.threads.push_back(trace.build());
    if (fact.spawn) {
      TraceBuilder other(solution, "Thread 2");
      other.spawnedBy(fact.spawn);
      finding.threads.push_back(other.build());
    }
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
