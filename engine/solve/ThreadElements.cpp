//===- ThreadElements.cpp - Elements chosen by a thread's round -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A loop gives each thread its counter, and the thread chooses an element by it:
// `stats[id % 4]`, `sums[id / 2]`, `cells[(id + 1) % n]`. The counter itself keeps
// threads apart; what is computed from it may not. The indices are computed for the
// rounds that the loop is known to have. Of a loop whose end is a value that is not
// known, the first two rounds are looked at, and the value is taken to be two: with
// more threads there are more elements, and the first two threads are there, too.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/ThreadElements.h"
#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Rounds that are compared with each other.
static constexpr std::int64_t roundLimit = 64;

void FunctionExecutor::noteLoopStep(TermId round, TermId next) {
  if (!next)
    return;
  const Term &sum = terms()[next];
  // What an atomic held in the last round decides about the next one.
  const TermId from = sum.kind == TermKind::Initial  ? sum.a
                      : sum.kind == TermKind::Opaque ? Shared.solution.loadedFrom.lookup(sum.number)
                                                     : TermId(0);
  if (from && Shared.solution.atomicLoads.contains(from))
    Shared.solution.loadedFrom.try_emplace(terms()[round].number, from);
  LoopRange &range = Shared.solution.loopRanges[round];
  const bool isStep = sum.kind == TermKind::Binary && sum.op == ir::Operator::Add && sum.a == round &&
                      terms()[sum.b].kind == TermKind::Integer;
  const std::int64_t stride = isStep ? terms()[sum.b].number : 0;
  range.isVarious |= !isStep || (range.stride && range.stride != stride);
  range.stride = stride;
}

/// A round of a loop starts a thread: what is known of the counter there.
void FunctionExecutor::noteLoopEnds(const State &state) {
  for (const Fact &fact : state.facts()) {
    const Term &known = terms()[fact.term];
    if (fact.high != INT64_MAX && Shared.solution.loopStarts.contains(fact.term))
      Shared.solution.loopRanges[fact.term].last = fact.high;
    const bool isLess = known.kind == TermKind::Binary && fact.low == 1 && Shared.solution.loopStarts.contains(known.a);
    const bool isNumber = isLess && terms()[known.b].kind == TermKind::Integer;
    if (isNumber && known.op == ir::Operator::LessEqual)
      Shared.solution.loopRanges[known.a].last = terms()[known.b].number;
    else if (isNumber && known.op == ir::Operator::Less)
      Shared.solution.loopRanges[known.a].last = terms()[known.b].number - 1;
    else if (isLess && known.op == ir::Operator::Less)
      Shared.solution.loopRanges[known.a].end = known.b;
  }
}

namespace {

/// Computes indices for one round.
struct RoundValues {
  const TermTable &terms;
  TermId counter = 0, end = 0;
  std::int64_t endValue = 0;

  std::optional<std::int64_t> of(TermId value, std::int64_t round) const {
    if (value == counter)
      return round;
    if (end && value == end)
      return endValue;
    const Term &term = terms[value];
    if (term.kind == TermKind::Integer)
      return term.number;
    if (term.kind != TermKind::Binary)
      return std::nullopt;
    const auto left = of(term.a, round), right = of(term.b, round);
    return left && right ? foldIntegers(term.op, *left, *right) : std::nullopt;
  }
};

} // namespace

bool meetInTwoRounds(const TermTable &terms, const LoopRanges &ranges, TermId a, TermId b) {
  llvm::SmallVector<std::pair<TermId, TermId>, 2> indices;
  for (; terms[a].kind == terms[b].kind && (terms[a].kind == TermKind::Field || terms[a].kind == TermKind::Element);
       a = terms[a].a, b = terms[b].a) {
    if (terms[a].kind == TermKind::Field && terms[a].b != terms[b].b)
      return false;
    if (terms[a].kind == TermKind::Element)
      indices.push_back({terms[a].b, terms[b].b});
  }
  if (a != b || indices.empty())
    return false;
  TermId counter = 0;
  for (const auto &[left, right] : indices) {
    if (!left || !right)
      return false;
    for (TermId index : {left, right})
      terms.forEachMade(index, [&](TermId part) { counter = !counter && ranges.contains(part) ? part : counter; });
  }
  const auto known = ranges.find(counter);
  if (!counter || known == ranges.end())
    return false;
  const LoopRange &range = known->second;
  if (range.isVarious || range.stride <= 0 || !range.first)
    return false;
  const std::int64_t rounds =
      range.last ? std::min((*range.last - *range.first) / range.stride + 1, roundLimit) : std::int64_t(2);
  const RoundValues values{terms, counter, range.last ? 0 : range.end, *range.first + 2 * range.stride};
  for (std::int64_t one = 0; one < rounds; ++one)
    for (std::int64_t other = 0; other < rounds; ++other) {
      auto isOne = [&](const std::pair<TermId, TermId> &index) {
        const auto left = values.of(index.first, *range.first + one * range.stride);
        return left && left == values.of(index.second, *range.first + other * range.stride);
      };
      if (one != other && llvm::all_of(indices, isOne))
        return true;
    }
  return false;
}

} // namespace gridlock::solve
