//===- PipeFixes.h - Edits that the pipe rules propose ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Changes of the source that take an end of a pipe away from who should not have
/// it, or give a wait a bound. The analysis knows places, not texts: a call is
/// read from its line, and where it does not stand there on one line as it should
/// (a macro, a wrapped line), nothing is proposed.
///
/// None is marked safe: whether a descriptor is meant to survive `exec`, or is
/// closed on another path, and what to do when the time is up, the author knows.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_CHECKS_PIPE_PIPEFIXES_H
#define GRIDLOCK_CHECKS_PIPE_PIPEFIXES_H

#include "engine/finding/SourceCache.h"
#include "engine/solve/Solution.h"
#include <optional>

namespace gridlock::checks {

/// `pipe(ends)` becomes `pipe2(ends, O_CLOEXEC)`.
std::optional<FixIt> closeOnExecFix(SourceCache &sources, const solve::Solution &solution, solve::StepId created);

/// `close(ends[1]);` before the statement that blocks, when the pipe is made in
/// the same function.
std::optional<FixIt> closeWriteEndFix(SourceCache &sources, const solve::Solution &solution, solve::StepId created,
                                      solve::StepId blocked);

/// The `-1` that says "for ever" becomes a number of milliseconds.
std::optional<FixIt> boundedWaitFix(SourceCache &sources, const SourceLocation &call);

} // namespace gridlock::checks

#endif // GRIDLOCK_CHECKS_PIPE_PIPEFIXES_H
