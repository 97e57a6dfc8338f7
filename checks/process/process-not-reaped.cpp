//===- process-not-reaped.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A child whose name is gone before anybody waited for it, in a process that
// goes on: it stays in the process table as a zombie.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Collectors.h"
#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

namespace gridlock::checks {

using namespace solve;

/// What `main` leaves behind when it returns is collected by the system.
static bool endsWithProgram(const Solution &solution, const LostChild &lost) {
  bool isMain = llvm::is_contained(solution.program.mains(), lost.function);
  return isMain && !solution.processes.starts[lost.start].inLoop;
}

void processNotReaped(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  const ProcessFacts &facts = solution.processes;
  std::map<SourceLocation, const LostChild *> reported;
  for (const LostChild &lost : facts.lost) {
    bool collected =
        llvm::any_of(lost.holders, [&](std::uint64_t holder) { return facts.collected.count(holder) != 0; });
    if (collected || endsWithProgram(solution, lost) || collectsAnyChild(solution, lost.function))
      continue;
    reported.try_emplace(solution.location(facts.starts[lost.start].step), &lost);
  }
  for (const auto &[place, lost] : reported) {
    const ChildStart &start = facts.starts[lost->start];
    std::string callee = solution.words[start.callee];
    Finding finding = output.make();
    finding.location = place;
    finding.message = "the child that `" + callee + "` starts is never waited for: it stays as a zombie when it ends";
    finding.help = "keep its pid and wait for it, or collect ended children in a SIGCHLD handler, or ignore SIGCHLD";
    finding.identity = {callee, solution.functionName(lost->function)};
    finding.threads.push_back(
        TraceBuilder(solution, "Thread 1")
            .wayTo(lost->function, false)
            .chain(start.step, "starts the child")
            .at(lost->function, lost->location ? lost->location : solution.program.body(lost->function).endLocation,
                lost->holders.empty() ? "forgets it" : "keeps it where nobody waits for it")
            .build());
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
