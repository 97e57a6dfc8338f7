//===- PipeConflict.h - Orders of events that block -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the histories of descriptors come to: a path on which parent and child
/// wait for each other, or on which a pipe has an end too many. Found after a
/// function's paths are known, in the innermost function that sees all of it.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_PIPECONFLICT_H
#define GRIDLOCK_ENGINE_SOLVE_PIPECONFLICT_H

#include "engine/link/Program.h"
#include "engine/solve/DescriptorLog.h"
#include <string>

namespace gridlock::solve {

enum class PipeConflictKind : std::uint8_t {
  WaitBeforeDrain,  ///< first: the wait; second: the read that comes too late
  SequentialDrain,  ///< first: the read to the end; second: the other one's read
  WriteBeforeDrain, ///< first: the write; second: the read that comes too late
  EndLeftOpen,      ///< first: the blocked call; see `holder`
  Unread,           ///< first: the wait
  TwoReaders,       ///< first, second: the readers
};

/// Who still holds the end that should be closed.
enum class EndHolder : std::uint8_t { None, Reader, Parent, Sibling, ParentRead };

struct PipeConflict {
  PipeConflictKind kind{};
  EndHolder holder = EndHolder::None;
  link::FunctionId function = 0; ///< that sees all of it
  StepId created = 0;            ///< where the pipe was made
  StepId otherCreated = 0;       ///< a second pipe that is part of it
  StepId child = 0;              ///< where the child was started
  StepId wired = 0;              ///< where the child got its end
  StepId first = 0;
  StepId second = 0;
  bool isConfirmed = false;  ///< some call leads to it
  bool byLibrary = false;    ///< the pipe belongs to a library's child
  bool blocksInRead = false; ///< of EndLeftOpen: in a read, not in a wait
  bool isOfCopy = false;     ///< of EndLeftOpen: what is open is a copy of the end
  bool polls = false;        ///< the wait tests in a loop
  bool joins = false;        ///< the wait is a join of a thread that waits
};

class Solution;
struct ProcedureSummary;

/// Finds the conflicts on the paths of one function: its outcomes' histories,
/// and its endings. A way that only some arguments lead to notes its conflicts in
/// the outcome, for callers to confirm. Linear in the histories' lengths but for
/// small factors.
void findPipeConflicts(Solution &solution, link::FunctionId function, ProcedureSummary &summary, bool hasCallers);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_PIPECONFLICT_H
