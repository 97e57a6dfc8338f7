//===- Rounds.cpp - How often a thread has passed a barrier -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counting works as far as a path is straight: an exact number. Where ways meet
// with different numbers, and at the head of a loop, what remains is an arithmetic
// progression, which is closed under both operations: the union of two has the
// greatest common divisor of their strides and of their distance as its stride. A
// loop with two waits in a round leaves `even` before the first one and `odd` after
// it, and these never meet. The idea of counting barriers to find out which code
// runs in one phase is that of barrier matching (Aiken, Gay, POPL 1998).
//
// It is taken for granted that those who come to a barrier are those for whom it was
// made: that no thread goes through it twice while another still stands before it.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rounds.h"
#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"
#include <numeric>

namespace gridlock::solve {

/// Barriers that a path counts, and how far it counts.
static constexpr std::size_t barrierLimit = 4;
static constexpr std::uint32_t countLimit = 64;

void Count::unite(Count other) {
  const std::uint32_t distance = std::max(least, other.least) - std::min(least, other.least);
  stride = std::gcd(std::gcd(stride, other.stride), distance);
  least = std::min(least, other.least);
}

void Count::add(Count other) {
  stride = std::gcd(stride, other.stride);
  least += other.least;
  if (least <= countLimit)
    return;
  if (!stride)
    stride = 1; // nothing is known any more
  least %= stride;
}

const Round *findRound(llvm::ArrayRef<Round> rounds, TermId barrier) {
  const auto *found = llvm::find_if(rounds, [&](const Round &round) { return round.barrier == barrier; });
  return found == rounds.end() ? nullptr : found;
}

Round *roundAt(Rounds &rounds, TermId barrier) {
  auto *found = llvm::find_if(rounds, [&](const Round &round) { return round.barrier == barrier; });
  if (found != rounds.end())
    return found;
  if (rounds.size() >= barrierLimit)
    return nullptr;
  Round fresh;
  fresh.barrier = barrier;
  rounds.push_back(fresh);
  return &rounds.back();
}

void uniteRounds(Rounds &rounds, llvm::ArrayRef<Round> other) {
  for (Round &mine : rounds)
    if (!findRound(other, mine.barrier)) {
      mine.arrived.unite({});
      mine.waited.unite({});
      mine.completes = false;
    }
  for (const Round &theirs : other) {
    Round *mine = roundAt(rounds, theirs.barrier);
    if (!mine)
      continue;
    mine->arrived.unite(theirs.arrived);
    mine->waited.unite(theirs.waited);
    mine->completes &= theirs.completes;
  }
}

void addRounds(Rounds &rounds, llvm::ArrayRef<Round> then) {
  for (const Round &theirs : then)
    if (Round *mine = roundAt(rounds, theirs.barrier)) {
      mine->arrived.add(theirs.arrived);
      mine->waited.add(theirs.waited);
      mine->completes |= theirs.completes;
    }
}

void markCompletion(Rounds &rounds, bool completes) {
  for (Round &round : rounds)
    round.completes = completes && !(round.arrived == round.waited);
}

/// Who has waited more often than the other has arrived comes after the other, if the
/// other arrives again.
bool areInOtherRounds(const Round &one, const Round &other) {
  // The last to arrive acts for all while they wait.
  auto standsBetween = [](const Round &round) { return !(round.arrived == round.waited) && !round.completes; };
  if (one.completes || other.completes)
    return !standsBetween(one) && !standsBetween(other);
  const bool areExact = !one.arrived.stride && !one.waited.stride && !other.arrived.stride && !other.waited.stride;
  if (areExact)
    return one.waited.least > other.arrived.least || other.waited.least > one.arrived.least;
  // Between an arrival and its wait a thread stands in two rounds.
  if (!(one.arrived == one.waited) || !(other.arrived == other.waited))
    return false;
  const std::uint32_t stride = std::gcd(one.waited.stride, other.waited.stride);
  if (stride > 1 && one.waited.least % stride != other.waited.least % stride)
    return true;
  // A number below a progression.
  return (!one.waited.stride && one.waited.least < other.waited.least) ||
         (!other.waited.stride && other.waited.least < one.waited.least);
}

//===----------------------------------------------------------------------===//
// What a path counts
//===----------------------------------------------------------------------===//

void FunctionExecutor::noteRound(State &state, TermId barrier, bool arrives) {
  if (!terms().isPlace(barrier))
    return;
  Round *round = roundAt(state.rounds, barrier);
  if (!round)
    return;
  Count &count = arrives ? round->arrived : round->waited;
  count.add({1, 0});
}

/// A callee's or a started thread's rounds in the names of this function.
Rounds FunctionExecutor::namedHere(llvm::ArrayRef<Round> rounds, Substitution &substitute) {
  Rounds mine;
  for (Round round : rounds) {
    round.barrier = substitute(round.barrier);
    if (terms().isPlace(round.barrier))
      mine.push_back(round);
  }
  return mine;
}

/// A callee has come to barriers.
void FunctionExecutor::applyRounds(State &state, llvm::ArrayRef<Round> rounds, Substitution &substitute) {
  addRounds(state.rounds, namedHere(rounds, substitute));
}

/// How often a thread comes to barriers, as its starter names them.
void FunctionExecutor::noteRoundsOfThread(State &starter, Spawn &row, bool isNew, CallFrame &frame) {
  if (isNew)
    row.roundsBefore = starter.rounds;
  else
    uniteRounds(row.roundsBefore, starter.rounds);
  Substitution substitute(*this, starter, frame, true);
  // Of several ends the longest counts.
  for (const Outcome &outcome : Shared.solution.summaries[row.entry].outcomes)
    for (const Round &round : namedHere(outcome.rounds, substitute))
      if (Round *most = roundAt(row.roundsInside, round.barrier)) {
        most->arrived.stride = std::max(most->arrived.stride, round.arrived.stride);
        most->arrived.least = std::max(most->arrived.least, round.arrived.least);
      }
}

} // namespace gridlock::solve
