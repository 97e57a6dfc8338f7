//===- Why.h - Why a cycle was or was not reported --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The run time is silent about cycles that cannot happen. This says which
/// thread, join, gate or reader it was silent for.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_TRACE_WHY_H
#define GRIDLOCK_ENGINE_TRACE_WHY_H

#include "engine/trace/Merge.h"

namespace gridlock::trace {

/// Why two observations cannot be true at the same time; empty when they can.
struct Obstacle {
  enum Kind { None, OneThread, Ordered, Gate, Readers, DifferentRuns } kind = None;
  std::string reason; ///< "both in thread T1 (main)"
};

/// Of two edges of one cycle; `second` holds what `first` wants when `adjacent`.
Obstacle obstacleBetween(const MergedGraph &graph, const Observation &first, const Observation &second);

/// Whether a choice of observations, one for each edge of a cycle (in its
/// order), can be a deadlock; `why` gets the reasons of those that cannot.
bool canDeadlock(const MergedGraph &graph, llvm::ArrayRef<const std::vector<Observation> *> cycle,
                 std::vector<Observation> &choice, std::vector<std::string> &why);

/// The answer to `--why A B`, for a person. False when a name fits no lock.
bool explainPair(const MergedGraph &graph, llvm::StringRef a, llvm::StringRef b, Symbols &symbols,
                 llvm::raw_ostream &os);

} // namespace gridlock::trace

#endif // GRIDLOCK_ENGINE_TRACE_WHY_H
