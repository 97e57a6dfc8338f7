//===- LogComparison.h - Histories that made the same -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A function that makes a pipe or not for each of three streams, and closes what
/// it was given where it makes none, has many histories and few that matter: those
/// that differ in the pipes. The others may be united where there are too many.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_LOGCOMPARISON_H
#define GRIDLOCK_ENGINE_SOLVE_LOGCOMPARISON_H

#include "engine/solve/DescriptorLog.h"
#include "engine/solve/State.h"

namespace gridlock::solve {

/// Whether both histories made the same pipes and children in the same order;
/// false for one that made none, or is not known. Linear in their lengths.
bool madeTheSame(const DescriptorLogs &logs, LogId log, LogId other);

/// Whether two paths have the same locks, made the same, and store no two
/// different numbers at one place: such as that a pipe is wanted, or is not.
bool differInDetailsOnly(const TermTable &terms, const DescriptorLogs &logs, const State &a, const State &b);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_LOGCOMPARISON_H
