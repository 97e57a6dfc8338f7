//===- pipe-end-left-open.cpp -----------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An end of a pipe that should be closed is not: a reader never sees the end of
// its input, or a writer never learns that nobody reads.
//
//===----------------------------------------------------------------------===//

#include "checks/pipe/PipeFixes.h"
#include "checks/pipe/PipeText.h"
#include "checks/pipe/Strangers.h"

namespace gridlock::checks {

using namespace solve;

void pipeEndLeftOpen(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  SourceCache sources;
  for (const PipeConflict &conflict : solution.pipeConflicts) {
    if (!conflict.isConfirmed || conflict.kind != PipeConflictKind::EndLeftOpen)
      continue;
    bool isShared = conflict.holder == EndHolder::None;
    const ChildStart *stranger = isShared ? strangerOf(solution, conflict) : nullptr;
    if (isShared && !stranger)
      continue;
    Finding finding = output.make();
    std::string name = "`" + solution.functionName(conflict.function) + "` ";
    bool inRead = conflict.blocksInRead;
    std::string act = inRead ? "reads until end-of-file" : "waits for the child";
    std::string made = placeText(solution, conflict, conflict.created);
    switch (conflict.holder) {
    case EndHolder::Parent:
      finding.message = inRead
                            ? name + "reads until end-of-file, but this process still has the write end of the pipe (" +
                                  made + ") open itself: the end never comes"
                            : name + "waits for a child that reads a pipe (" + made +
                                  ") to its end, but the write end is still open here: the end never comes";
      finding.help = conflict.isOfCopy ? "close the copy of the write end too, right after the child has been started"
                                       : "close the write end in the parent right after the child has been started";
      break;
    case EndHolder::Reader:
      finding.message = "the child that " + name + "waits for reads a pipe (" + made +
                        ") to its end, but has inherited its write end too: the end never comes, nor that of this wait";
      finding.help = "close the write end in the child before `exec`, or make the pipe with `pipe2(..., O_CLOEXEC)`";
      break;
    case EndHolder::Sibling:
      finding.message = name + act + ", but another child (" + placeText(solution, conflict, conflict.child) +
                        ") has inherited the write end of the pipe (" + made +
                        "): the end comes only when that one ends";
      finding.help =
          "make the pipe with `pipe2(..., O_CLOEXEC)`, so that children that are not given it do not keep it";
      break;
    case EndHolder::None:
      finding.message = name + act + ", but the pipe (" + made +
                        ") is not close-on-exec: a child that another thread starts meanwhile (" +
                        placeText(solution, conflict, stranger->step) +
                        ") inherits the write end, and the end comes only when that one has ended too";
      finding.help =
          "make the pipe with `pipe2(..., O_CLOEXEC)`: the copy that `dup2` makes in the child survives `exec`";
      break;
    case EndHolder::ParentRead:
      finding.message = name + "waits for a child that writes to a pipe (" + made +
                        ") whose read end is still open here: when the pipe's reader ends early, the child gets no "
                        "SIGPIPE and blocks for ever";
      finding.help = "close both ends in the parent once the two children have them";
      break;
    }
    std::optional<FixIt> fix =
        conflict.holder == EndHolder::Parent && !conflict.isOfCopy
            ? closeWriteEndFix(sources, solution, conflict.created, conflict.first)
        : conflict.holder == EndHolder::Reader || conflict.holder == EndHolder::Sibling || isShared
            ? closeOnExecFix(sources, solution, conflict.created)
            : std::nullopt;
    if (fix)
      finding.fixIts.push_back(std::move(*fix));
    tell(solution, conflict, conflict.first,
         {{conflict.created, "the pipe is made"},
          {conflict.child, "starts the child"},
          {conflict.wired, "the child gets its end"},
          {conflict.first, act + ", with an end too many open"}},
         finding);
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
