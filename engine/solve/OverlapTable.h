//===- OverlapTable.h - Which runs of a variable overlap --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The runs of one variable compared by their threads. Many runs are of one thread at
/// one time, so what `ParallelRuns` says of two is remembered for all pairs of their
/// likes. Made for one variable, whose runs outlive it and stay as they are; for one
/// thread. Private to the room.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_OVERLAPTABLE_H
#define GRIDLOCK_ENGINE_SOLVE_OVERLAPTABLE_H

#include "engine/solve/Parallel.h"
#include "llvm/ADT/BitVector.h"
#include <map>
#include <tuple>

namespace gridlock::solve {

class OverlapTable {
public:
  struct Entry {
    bool isKnown = false, overlap = false, assumed = false, indirect = false;
  };

  OverlapTable(const ParallelRuns &parallel, const std::vector<AccessRun> &runs) : Parallel(parallel), Runs(runs) {
    std::map<std::tuple<std::uint32_t, bool, llvm::SmallVector<std::uint32_t, 2>>, std::uint32_t> likes;
    for (const AccessRun &run : runs)
      LikeOf.push_back(
          likes.try_emplace({run.root, run.parallel, run.alive}, std::uint32_t(likes.size())).first->second);
    Count = likes.size();
    Entries.resize(Count * Count);
    With.resize(Count);
  }

  /// What `ParallelRuns::mayOverlap` says of two runs.
  const Entry &of(std::uint32_t first, std::uint32_t second) {
    Entry &entry = Entries[LikeOf[first] * Count + LikeOf[second]];
    if (!entry.isKnown) {
      entry.isKnown = true;
      entry.overlap = Parallel.mayOverlap(Runs[first], Runs[second], entry.assumed, entry.indirect);
    }
    return entry;
  }

  /// The runs that may overlap with one.
  const llvm::BitVector &with(std::uint32_t first) {
    llvm::BitVector &row = With[LikeOf[first]];
    if (row.empty()) {
      row.resize(unsigned(Runs.size()));
      for (std::uint32_t second = 0; second < Runs.size(); ++second)
        row[second] = of(first, second).overlap;
    }
    return row;
  }

private:
  const ParallelRuns &Parallel;
  const std::vector<AccessRun> &Runs;
  std::vector<std::uint32_t> LikeOf; ///< by run
  std::size_t Count = 0;
  std::vector<Entry> Entries;
  std::vector<llvm::BitVector> With; ///< by what runs are alike; empty: not asked yet
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_OVERLAPTABLE_H
