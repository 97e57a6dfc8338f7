//===- Winners.cpp - Who alone has won an atomic operation ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. `if (!taken.exchange(true)) result = mine;` needs no lock: the one
// thread that finds `false` writes, and no other. The same holds for an exchange
// that compares, for `test_and_set`, and for a counter of which each number is
// found once: `if (left.fetch_sub(1) == 1) finish();`. Nobody waits, so it is not a
// lock (SpinLocks.h); with `taken = false` at the end it is one that is only tried.
//
// The answer. The result of such an operation is an opaque value, and a path that
// has decided on it knows what it found. While it does, it holds a lock of the atomic
// and that value, `$won 0`, which takes part in nothing but the question whether two
// accesses exclude each other: it has no order, is never left held, and guards no data
// elsewhere. Of each value there is a lock: the first that comes does not exclude the
// last that goes, nor who brings a state from 0 to 1 the one who goes on to 2.
//
// A store that may be the value which was found gives it back: the path forgets
// what it found. Stores of others are not looked at. Where the winner's and the
// loser's way meet, what was found is forgotten as well, also when a value tells it.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Winners.h"
#include "engine/solve/Solution.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

const Contest *contestOf(const Solution &solution, TermId result) {
  const auto found = solution.contests.find(result);
  return found == solution.contests.end() ? nullptr : &found->second;
}

bool isTicket(const Solution &solution, TermId result) {
  const Contest *contest = contestOf(solution, result);
  return contest && contest->how == Contest::Counts;
}

/// What the atomic held when a path with this fact came, if it has won.
static std::optional<std::int64_t> foundBy(const Contest &contest, const Fact &fact) {
  if (contest.how == Contest::Success)
    return fact.nonZero || fact.low > 0 || fact.high < 0 ? contest.free : std::nullopt;
  if (fact.low != fact.high)
    return std::nullopt;
  const bool isWon = contest.how == Contest::Counts || (contest.free && contest.free == fact.low) ||
                     (!contest.free && contest.leaves && contest.leaves != fact.low);
  return isWon ? std::optional(fact.low) : std::nullopt;
}

/// The atomic that the path has won, by what this fact tells; 0: none.
static TermId wonBy(const Solution &solution, const Fact &fact) {
  const Contest *contest = contestOf(solution, fact.term);
  return contest && foundBy(*contest, fact) ? solution.loadedFrom.lookup(solution.terms[fact.term].number) : 0;
}

bool hasWon(const Solution &solution, const State &state, TermId atomic) {
  return !solution.contests.empty() &&
         llvm::any_of(state.facts(), [&](const Fact &fact) { return wonBy(solution, fact) == atomic; });
}

void findWon(Solution &solution, const State &state, llvm::SmallVectorImpl<TermId> &won) {
  won.clear();
  if (solution.contests.empty())
    return;
  for (const Fact &fact : state.facts()) {
    const TermId atomic = wonBy(solution, fact);
    if (!atomic || !solution.terms.isPlace(atomic))
      continue;
    const std::int64_t found = *foundBy(*contestOf(solution, fact.term), fact);
    const TermId lock = solution.terms.field(atomic, solution.program.ghostField("$won " + std::to_string(found)));
    if (!llvm::is_contained(won, lock))
      won.push_back(lock);
  }
}

void giveBackWon(const Solution &solution, State &state, HandOver stored) {
  if (solution.contests.empty())
    return;
  state.forgetFacts([&](const Fact &fact) {
    return wonBy(solution, fact) == stored.place &&
           (stored.value == HandOver::Any ||
            stored.value == HandOver::valueOf(*foundBy(*contestOf(solution, fact.term), fact) != 0));
  });
}

} // namespace gridlock::solve
