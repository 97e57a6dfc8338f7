//===- Parallel.h - Which accesses may happen in parallel -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// May-happen-in-parallel for accesses, by thread roots and phases: which
/// threads run beside which, which hand-overs order two accesses, and which locks
/// they have in common. Private to the room; used by one thread.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_PARALLEL_H
#define GRIDLOCK_ENGINE_SOLVE_PARALLEL_H

#include "engine/solve/EventLoops.h"
#include "engine/solve/Solution.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallBitVector.h"
#include <set>

namespace gridlock::solve {

class ParallelRuns {
public:
  explicit ParallelRuns(const Solution &solution);

  /// Whether two runs may happen at the same time by their threads alone.
  /// `assumed`: only because a function may be called from outside, or an event
  /// loop may have several threads.
  /// `indirect`: only because a thread starts the other one, some time after the
  /// first access's thread started it.
  bool mayOverlap(const AccessRun &a, const AccessRun &b, bool &assumed, bool &indirect) const;
  /// Whether both hold one lock, so that one excludes the other.
  static bool haveCommonLock(const Solution &solution, const AccessRun &a, const AccessRun &b);
  /// Whether a hand-over orders the two.
  bool areOrdered(const AccessRun &a, const AccessRun &b) const;

  /// Whether a thread that a call started may run when that same call does `own`.
  bool mayShareFrame(const AccessRun &own, std::uint32_t spawn) const;

  /// Whether the thread starts more of its kind, as one does that divides its work.
  bool startsItself(std::uint32_t spawn) const { return spawn && spawn < Below.size() && Below[spawn].test(spawn); }

private:
  bool areApartByBarriers(std::uint32_t a, std::uint32_t b) const;
  std::uint32_t teamOf(std::uint32_t piece) const;
  bool hasJoined(const AccessRun &run, std::uint32_t spawn) const;
  bool isWithin(std::uint32_t piece, std::uint32_t around) const;
  bool threadsOverlap(const AccessRun &a, const AccessRun &b, bool &assumed, bool &indirect) const;
  bool runs(llvm::ArrayRef<std::uint32_t> alive, std::uint32_t spawn) const;
  bool spawnsOverlap(std::uint32_t a, std::uint32_t b, bool &assumed) const;
  bool spawnsOverlap(std::uint32_t a, std::uint32_t b, bool &assumed,
                     std::set<std::pair<std::uint32_t, std::uint32_t>> &seen) const;
  bool isWithinOnce(const AccessRun &run, TermId flag) const;
  bool isBefore(const AccessRun &first, const AccessRun &then) const;
  bool rootSignals(std::uint32_t root, const HandOver &wait) const;
  bool findRootSignals(std::uint32_t root, const HandOver &wait) const;
  bool samePlace(TermId a, TermId b) const;
  Round roundOf(const AccessRun &run, TermId barrier) const;
  bool arrivesAgain(std::uint32_t root, const Round &round) const;
  bool areInOtherRounds(const AccessRun &a, const AccessRun &b) const;

  const Solution &S;
  EventLoops Loops;
  /// The places that a root's threads signal, and the fields that they end in, with a
  /// bit for each `HandOver::Value` that they leave there.
  llvm::DenseMap<std::pair<std::uint32_t, std::uint32_t>, std::uint8_t> SignaledPlaces, SignaledFields;
  /// ... under which locks, where the signal is a write.
  std::set<std::pair<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>>> LockedSignals, LockedFields;
  /// What was asked before: by root, place, lock and value; by two spawns.
  mutable llvm::DenseMap<std::tuple<std::uint32_t, TermId, std::uint32_t, std::uint32_t>, bool> RootSignals;
  struct Overlap {
    bool overlap = false, assumed = false;
  };
  mutable llvm::DenseMap<std::pair<std::uint32_t, std::uint32_t>, Overlap> SpawnOverlaps;
  std::vector<bool> BesideItself;          ///< by spawn
  std::vector<bool> FromOutside;           ///< by spawn: started by a function that outsiders may call
  std::vector<llvm::SmallBitVector> Below; ///< by spawn: spawns that its thread starts, and those theirs
  std::vector<llvm::SmallVector<std::uint32_t, 2>> Starters; ///< by spawn: spawns whose thread starts it
  std::vector<llvm::SmallVector<std::uint32_t, 4>> Alive;    ///< by spawn: spawns that ran when it started
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_PARALLEL_H
