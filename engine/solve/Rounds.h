//===- Rounds.h - How often a thread has passed a barrier -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// All threads that meet at a barrier pass it equally often. So what one of them
/// does after the first wait and before the second never meets what another does
/// after the second. A path counts, for each barrier, how often it has arrived and
/// how often it has waited. Private to the room; plain values.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_ROUNDS_H
#define GRIDLOCK_ENGINE_SOLVE_ROUNDS_H

#include "engine/solve/Term.h"
#include "llvm/ADT/SmallVector.h"

namespace gridlock::solve {

/// A number, or with a stride any of `least`, `least + stride`, ...
struct Count {
  std::uint32_t least = 0, stride = 0;
  void unite(Count other);
  void add(Count other);
  friend bool operator==(const Count &, const Count &) = default;
};

/// How often somebody has come to one barrier.
struct Round {
  TermId barrier = 0; ///< a place
  Count arrived, waited;
  bool completes = false; ///< it is what the last to arrive does for all, while they wait
  friend bool operator==(const Round &, const Round &) = default;
};
/// What is not listed was never reached.
using Rounds = llvm::SmallVector<Round, 1>;

/// The entry of a barrier, made when there is none; null when there are too many.
Round *roundAt(Rounds &rounds, TermId barrier);
const Round *findRound(llvm::ArrayRef<Round> rounds, TermId barrier);
/// Either of two ways was taken.
void uniteRounds(Rounds &rounds, llvm::ArrayRef<Round> other);
/// One way after the other.
void addRounds(Rounds &rounds, llvm::ArrayRef<Round> then);

/// Marks, or no longer, what happens in the rounds that have begun to end here.
void markCompletion(Rounds &rounds, bool completes);

/// Whether all that one counts, and all that the other counts, stands in different
/// rounds of a barrier.
bool areInOtherRounds(const Round &one, const Round &other);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_ROUNDS_H
