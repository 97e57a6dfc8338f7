//===- pipe-write-before-drain.cpp ------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything is written to a child before anything of its answer is read: with
// both pipes full, both sides block in a write.
//
//===----------------------------------------------------------------------===//

#include "checks/pipe/PipeText.h"

namespace gridlock::checks {

using namespace solve;

void pipeWriteBeforeDrain(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  for (const PipeConflict &conflict : solution.pipeConflicts) {
    if (!conflict.isConfirmed || conflict.kind != PipeConflictKind::WriteBeforeDrain)
      continue;
    Finding finding = output.make();
    std::string name = "`" + solution.functionName(conflict.function) + "` ";
    finding.message = name + "writes all of the child's input before its output is read (" +
                      placeText(solution, conflict, conflict.second) + "): when both are " + pipeSize() +
                      ", both sides block in a write for ever";
    finding.help = "write from a thread, or make the descriptor non-blocking and serve both ends with `poll`";
    tell(solution, conflict, conflict.first,
         {{conflict.created, "the pipe to the child's input is made"},
          {conflict.otherCreated, "the pipe from its output is made"},
          {conflict.child, "starts the child"},
          {conflict.first, "writes without a bound, and reads nothing meanwhile"},
          {conflict.second, "reads the output only now"}},
         finding);
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
