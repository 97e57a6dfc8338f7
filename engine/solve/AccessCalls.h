//===- AccessCalls.h - Calls whose accesses are handed on -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What is remembered of a call while its callee's accesses are given the caller's
/// names, and afterwards, so that a call that adds nothing to those before it is
/// passed over. Private to the room; plain values.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_ACCESSCALLS_H
#define GRIDLOCK_ENGINE_SOLVE_ACCESSCALLS_H

#include "engine/solve/Access.h"
#include "llvm/ADT/DenseSet.h"
#include <deque>

namespace gridlock::solve {

/// Surroundings of a callee's accesses, in the caller's names.
struct PassedSurroundings {
  bool isPossible = true;
  llvm::SmallVector<Choice, 1> choices;
  Kinds kinds;
  TermId onlyLock = 0;                      ///< the one that the callee itself held; 0: not just one
  const KeptSurroundings *around = nullptr; ///< null: not computed yet
};

/// Rows of them, by surroundings, whether a thread below does it, and whether it is
/// a write.
using PassedRows = llvm::SmallDenseMap<std::uint64_t, std::uint32_t, 16>;

/// A call whose callee's accesses are in.
struct AccessCallTrace {
  llvm::SmallVector<std::pair<TermId, TermId>, 4> loads; ///< places, and what they held
  const KeptSurroundings *around = nullptr;              ///< what all such calls have in common
  llvm::SmallDenseSet<std::uint64_t, 2> tested;          ///< decisions that were open at such calls
  llvm::SmallDenseSet<std::uint64_t, 2> stored;          ///< what the arguments led to at such calls
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_ACCESSCALLS_H
