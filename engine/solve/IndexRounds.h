//===- IndexRounds.h - Elements that two threads' loops come to -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Whether the loops of two threads of parallel regions lead to one element, found by
/// computing the indices. Private to the room; any thread. A comparison costs up to
/// some thousand rounds for each thread and choice of numbers, so who compares often
/// remembers (SharedElements.h).
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_INDEXROUNDS_H
#define GRIDLOCK_ENGINE_SOLVE_INDEXROUNDS_H

#include "engine/solve/Solution.h"

namespace gridlock::solve {

/// What two threads are compared by.
struct TwoThreads {
  std::uint32_t first = 0, second = 0; ///< the regions that they run, as spawns; 0: no region
  bool areOfOneCall = false;           ///< what the function was given is the same for both
};

enum class RoundsMeet {
  Unknown,
  No,  ///< in no rounds of those that were looked at
  Yes, ///< in some rounds, whatever the values are that are not known
};

/// Whether two threads come to one element in some of the rounds of their loops.
RoundsMeet compareRounds(const TermTable &terms, const LoopRanges &ranges, TermId a, TermId b, TwoThreads threads);

/// Whether all loops that choose elements of the place are known well enough for that.
bool areRoundsKnown(const TermTable &terms, const LoopRanges &ranges, TermId place);

/// A loop's counter gets a new name where a caller takes over what was noted in it; so
/// do the values that begin and end the loop.
/// \param region that the caller is in, as a spawn
void renameCounter(Solution &solution, TermId from, TermId to, std::uint32_t region,
                   llvm::function_ref<TermId(TermId)> names);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_INDEXROUNDS_H
