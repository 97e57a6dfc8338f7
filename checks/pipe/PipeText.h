//===- PipeText.h - What the pipe rules say in common -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The traces and phrases of the pipe rules. A finding about a pipe names where
/// the pipe was made, where the child was started, and the two acts that wait for
/// each other.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_CHECKS_PIPE_PIPETEXT_H
#define GRIDLOCK_CHECKS_PIPE_PIPETEXT_H

#include "engine/solve/Rule.h"
#include "engine/solve/Solution.h"
#include <string>
#include <vector>

namespace gridlock::checks {

/// How much a pipe holds, for messages.
std::string pipeSize();

/// "line 12", or "tool.c:12" when that is another file than the finding's.
std::string placeText(const solve::Solution &solution, const solve::PipeConflict &conflict, solve::StepId step);

/// Fills in the location (where the function that sees all of it acts), the
/// identity, and a trace through the steps, in their order.
struct PipeStep {
  solve::StepId step = 0;
  std::string message;
};
void tell(const solve::Solution &solution, const solve::PipeConflict &conflict, solve::StepId primary,
          const std::vector<PipeStep> &steps, Finding &finding);

} // namespace gridlock::checks

#endif // GRIDLOCK_CHECKS_PIPE_PIPETEXT_H
