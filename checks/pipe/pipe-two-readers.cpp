//===- pipe-two-readers.cpp -------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two processes read one pipe: each byte goes to whichever comes first.
//
//===----------------------------------------------------------------------===//

#include "checks/pipe/PipeText.h"

namespace gridlock::checks {

using namespace solve;

void pipeTwoReaders(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  for (const PipeConflict &conflict : solution.pipeConflicts) {
    if (!conflict.isConfirmed || conflict.kind != PipeConflictKind::TwoReaders)
      continue;
    Finding finding = output.make();
    std::string name = "`" + solution.functionName(conflict.function) + "` ";
    finding.message = name + "reads from a pipe that another child (" + placeText(solution, conflict, conflict.first) +
                      ") reads too: each part of the data reaches only one of them";
    finding.help = "give each reader a pipe of its own, and close the read end here once it has been handed over";
    tell(solution, conflict, conflict.second,
         {{conflict.created, "the pipe is made"},
          {conflict.first, "starts a child that reads the pipe"},
          {conflict.second, "the second reader"}},
         finding);
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
