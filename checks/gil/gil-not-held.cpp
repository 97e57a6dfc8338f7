//===- gil-not-held.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Python's API is used by a thread that does not hold the GIL, or a function
// goes back to the interpreter without it.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include <set>

namespace gridlock::checks {

using namespace solve;

static std::string sentence(const GilMisuse &fact) {
  switch (fact.form) {
  case GilMisuse::Call:
    return "`" + fact.callee + "` is called after the GIL was released";
  case GilMisuse::ForeignThread:
    return "`" + fact.callee + "` is called on a thread that never took the GIL";
  case GilMisuse::Return:
    return "this returns while the GIL is released: the interpreter goes on without it";
  case GilMisuse::Throw:
    return "an exception leaves this function while the GIL is released";
  }
  return "";
}

static std::string help(const GilMisuse &fact) {
  switch (fact.form) {
  case GilMisuse::Call:
    return "do it after Py_END_ALLOW_THREADS (or the end of gil_scoped_release), or take the GIL back around it";
  case GilMisuse::ForeignThread:
    return "call PyGILState_Ensure first (gil_scoped_acquire), and PyGILState_Release afterwards";
  default:
    return "take the GIL back first (Py_BLOCK_THREADS), or release it by an object (gil_scoped_release)";
  }
}

void gilNotHeld(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  std::set<SourceLocation> reported;
  for (const GilMisuse &fact : solution.gilMisuses) {
    SourceLocation place = solution.location(solution.innermost(fact.step));
    if (solution.inSystemHeader(solution.steps[solution.innermost(fact.step)].function) ||
        !reported.insert(place).second)
      continue;
    Finding finding = output.make();
    finding.location = place;
    finding.message = sentence(fact);
    finding.help = help(fact);
    finding.identity = {fact.callee, solution.functionName(fact.function)};
    finding.threads.push_back(
        TraceBuilder(solution, "Thread 1")
            .wayTo(fact.function, fact.form == GilMisuse::ForeignThread)
            .chain(fact.step, fact.callee.empty() ? "leaves without the GIL" : "calls `" + fact.callee + "`")
            .build());
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
