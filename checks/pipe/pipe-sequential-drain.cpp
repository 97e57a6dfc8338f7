//===- pipe-sequential-drain.cpp --------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two output pipes of one child are read one after the other: the child blocks on
// the second one while the reader waits for the end of the first.
//
//===----------------------------------------------------------------------===//

#include "checks/pipe/PipeText.h"

namespace gridlock::checks {

using namespace solve;

void pipeSequentialDrain(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  for (const PipeConflict &conflict : solution.pipeConflicts) {
    if (!conflict.isConfirmed || conflict.kind != PipeConflictKind::SequentialDrain)
      continue;
    Finding finding = output.make();
    std::string name = "`" + solution.functionName(conflict.function) + "` ";
    finding.message = name + "reads one output of the child to its end before the other one (" +
                      placeText(solution, conflict, conflict.second) + "): when the child writes " + pipeSize() +
                      " to the other one first, both wait for ever";
    finding.help = "read both with `poll`, read one of them in a thread, or send both to one pipe";
    tell(solution, conflict, conflict.first,
         {{conflict.created, "the pipe that is read first is made"},
          {conflict.otherCreated, "the other pipe is made"},
          {conflict.child, "starts the child, which writes to both"},
          {conflict.first, "reads the one to its end"},
          {conflict.second, "reads the other one only now"}},
         finding);
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
