//===- pipe-unread.cpp ------------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pipe takes a child's output and nothing reads it, though the child is waited
// for.
//
//===----------------------------------------------------------------------===//

#include "checks/pipe/PipeText.h"

namespace gridlock::checks {

using namespace solve;

void pipeUnread(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  for (const PipeConflict &conflict : solution.pipeConflicts) {
    if (!conflict.isConfirmed || conflict.kind != PipeConflictKind::Unread)
      continue;
    Finding finding = output.make();
    finding.message = "nothing reads the pipe that `" + solution.functionName(conflict.function) +
                      "` makes here, to which the child writes (" + placeText(solution, conflict, conflict.child) +
                      "); when it writes " + pipeSize() + ", it never ends, nor does the wait for it (" +
                      placeText(solution, conflict, conflict.first) + ")";
    finding.help = "read it, send the output to `/dev/null` or a file, or close the read end before the wait";
    tell(solution, conflict, conflict.created,
         {{conflict.created, "the pipe is made"},
          {conflict.child, "starts the child"},
          {conflict.wired, "the child's output goes to the pipe"},
          {conflict.first, "waits for the child; nothing has read the pipe, and nothing will"}},
         finding);
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
