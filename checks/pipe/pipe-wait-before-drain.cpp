//===- pipe-wait-before-drain.cpp -------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A wait for a child whose output pipe is read only afterwards: once the pipe is
// full the child waits for the reader, and the reader for the child.
//
//===----------------------------------------------------------------------===//

#include "checks/pipe/PipeText.h"

namespace gridlock::checks {

using namespace solve;

void pipeWaitBeforeDrain(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  for (const PipeConflict &conflict : solution.pipeConflicts) {
    if (!conflict.isConfirmed || conflict.kind != PipeConflictKind::WaitBeforeDrain)
      continue;
    Finding finding = output.make();
    std::string act = conflict.polls   ? "tests in a loop whether the child has ended"
                      : conflict.joins ? "joins a thread that waits for the child"
                                       : "waits for the child";
    std::string name = "`" + solution.functionName(conflict.function) + "` ";
    finding.message = name + act + " before its output is read";
    if (conflict.second)
      finding.message += " (" + placeText(solution, conflict, conflict.second) + ")";
    finding.message += ": when the child writes " + pipeSize() + ", both wait for ever";
    finding.help = conflict.byLibrary
                       ? "read the output to its end first and wait then, or use the library's call that does both "
                         "(`communicate`, a drain, or a reader thread)"
                       : "read the pipe to its end before the wait, or close its read end if the output is not wanted";
    tell(solution, conflict, conflict.first,
         {{conflict.created, "the pipe is made"},
          {conflict.child, "starts the child, which writes to the pipe"},
          {conflict.first, act + ", with the pipe not yet read"},
          {conflict.second, "reads the pipe: too late"}},
         finding);
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
