//===- Winners.h - Who alone has won an atomic operation --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Of several threads that exchange an atomic, or count it on, one alone gets a
/// certain result. What only that one does keeps apart like what is done under a
/// lock. Private to the room; for one thread. Cost: linear in what a path knows,
/// and nothing in programs without such operations.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_WINNERS_H
#define GRIDLOCK_ENGINE_SOLVE_WINNERS_H

#include "engine/solve/State.h"
#include <optional>

namespace gridlock::solve {

struct Solution;

/// An atomic operation of which one thread gets a certain result.
struct Contest {
  enum How : std::uint8_t {
    Swaps,   ///< returns what it found: whoever finds something else than it leaves has won
    Success, ///< returns whether it exchanged
    Counts,  ///< each number is found once
  };
  How how = Swaps;
  std::optional<std::int64_t> leaves; ///< the constant that it stores
  std::optional<std::int64_t> free;   ///< the only value that it replaces
};

/// The contest that an opaque value is the outcome of; null: none. Valid until the next is noted.
const Contest *contestOf(const Solution &solution, TermId result);

/// Whether it is a number that a counter gave to nobody else.
bool isTicket(const Solution &solution, TermId result);

/// Whether the path has won this atomic.
bool hasWon(const Solution &solution, const State &state, TermId atomic);

/// What the path has won and not given back, each as the name of a lock. `won` is emptied first.
void findWon(Solution &solution, const State &state, llvm::SmallVectorImpl<TermId> &won);

/// A value was stored in an atomic: whoever had won it may have given it back.
void giveBackWon(const Solution &solution, State &state, HandOver stored);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_WINNERS_H
