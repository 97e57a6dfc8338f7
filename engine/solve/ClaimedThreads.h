//===- ClaimedThreads.h - One thread of a kind at a time --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Threads that are started by whoever finds a flag clear and sets it, while they
/// clear it themselves when they are done. Private to the room; for one thread.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_CLAIMEDTHREADS_H
#define GRIDLOCK_ENGINE_SOLVE_CLAIMEDTHREADS_H

#include "engine/solve/Solution.h"

namespace gridlock::solve {

/// Which threads are alone of their kind, by their claims (`Spawn::claims`). Built
/// when the phases are known: linear in the accesses, for each claim.
class ClaimedThreads {
public:
  explicit ClaimedThreads(const Solution &solution);
  /// Whether two runs are of one thread of a kind, or of two that are never there at
  /// the same time; or one is its starter's, while no thread of the kind runs.
  bool areApart(const AccessRun &a, const AccessRun &b) const;

private:
  struct Keeper {
    Claim claim;
    llvm::SmallVector<link::FunctionId, 1> givers; ///< functions of the thread that give it back
    bool asksFirst = true;                         ///< each of them only sometimes, and its result tells
  };
  bool isKept(std::uint32_t spawn, Keeper &keeper) const;
  void addGiver(const Access &write, Keeper &keeper) const;
  bool isTeardown(const Access &write, std::uint32_t root, std::uint32_t spawn) const;
  bool hasGivenBack(const AccessRun &run, const Keeper &keeper) const;
  bool isStarters(const AccessRun &run, std::uint32_t spawn, const Claim &claim) const;

  const Solution &S;
  llvm::DenseMap<std::uint32_t, Keeper> Kept; ///< by spawn
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_CLAIMEDTHREADS_H
