//===- PipeText.cpp - What the pipe rules say in common ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/pipe/PipeText.h"
#include "engine/solve/Trace.h"
#include "llvm/Support/Path.h"

namespace gridlock::checks {

using namespace solve;

std::string pipeSize() { return "more than one pipe buffer (64 KiB on Linux, 4 to 8 KiB elsewhere)"; }

std::string placeText(const Solution &solution, const PipeConflict &conflict, StepId step) {
  SourceLocation there = solution.location(step), here = solution.location(conflict.first);
  std::string line = std::to_string(there.line);
  return there.file == here.file ? "line " + line : llvm::sys::path::filename(there.file).str() + ":" + line;
}

void tell(const Solution &solution, const PipeConflict &conflict, StepId primary, const std::vector<PipeStep> &steps,
          Finding &finding) {
  finding.location = solution.location(primary);
  finding.identity = {solution.functionName(conflict.function),
                      solution.functionName(solution.steps[solution.innermost(conflict.created)].function)};
  TraceBuilder trace(solution, "Parent");
  trace.wayTo(conflict.function, false);
  for (const PipeStep &step : steps)
    if (step.step)
      trace.chain(step.step, step.message);
  finding.threads.push_back(trace.build());
}

} // namespace gridlock::checks
