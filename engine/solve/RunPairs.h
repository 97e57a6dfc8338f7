//===- RunPairs.h - Runs of a variable worth comparing ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A variable has up to some hundred runs, and most pairs of them are out of the
/// question by what is known of each alone: neither writes, their threads never
/// overlap, one touches what it has made itself. Rows of bits leave these out before
/// any pair is looked at. For one variable, while its conflicts are sought.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_RUNPAIRS_H
#define GRIDLOCK_ENGINE_SOLVE_RUNPAIRS_H

#include "engine/solve/OverlapTable.h"
#include "engine/solve/Sharing.h"

namespace gridlock::solve {

/// Variables in its path belong to calls on its own thread.
inline bool usesOwnFrame(const Access &access) { return !access.spawn && !(access.flags & AccessIsCaptured); }
/// What the accessing function has made, or its variable.
bool isInOwnFrame(const TermTable &terms, const Access &access);

class RunPairs {
public:
  RunPairs(const Solution &solution, const ParallelRuns &parallel, const std::vector<AccessRun> &runs);

  bool anyWrites() const { return Writes.any(); }
  /// The runs, from this one on, that may conflict with it. Whether guesses about
  /// calls are wanted.
  llvm::BitVector with(std::uint32_t run, bool andGuesses);
  /// Whether a pair rests on a guess about calls: about their target, or about when
  /// one of the two is called. Who makes a job has mostly done before what the job
  /// then sees; two jobs meet.
  bool isGuess(std::uint32_t run, std::uint32_t other) const {
    return Targets[run] || Targets[other] || Jobs[run] != Jobs[other];
  }
  const OverlapTable::Entry &overlap(std::uint32_t run, std::uint32_t other) { return Overlaps.of(run, other); }

private:
  const Solution &S;
  const std::vector<AccessRun> &Runs;
  OverlapTable Overlaps;
  llvm::BitVector Plain, Writes, Updates, AtomicUpdates;
  llvm::BitVector Targets, Jobs;
  llvm::BitVector Own; ///< of what the accessing function made, and nobody else finds
  std::vector<TermId> Roots;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_RUNPAIRS_H
