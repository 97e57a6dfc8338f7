//===- ElementChoice.cpp - What chooses an element --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Threads that work on one array choose their elements by a number. Two kinds of
// numbers are known well enough. The counter of a loop that starts at a constant
// is the same for all threads that run the loop. A number taken from a counter
// that is counted on in the same breath is nobody else's, be the counter atomic,
// behind a lock, or neither: then the counter is what there is to report.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/ElementOverlap.h"
#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Whether every thread that runs the loop comes to the same elements: it begins at
/// a constant, and nothing that the thread was given decides about the index. Who has
/// waited for one of several threads in this round comes to that thread's elements.
bool FunctionExecutor::isEverySlot(const State &state, TermId place) const {
  if (llvm::any_of(state.joined, [&](TermId handle) { return hasComputedElement(terms(), handle); }))
    return false;
  llvm::SmallVector<TermId, 2> rounds;
  for (; terms()[place].kind == TermKind::Field || terms()[place].kind == TermKind::Element; place = terms()[place].a)
    if (TermId index = terms()[place].kind == TermKind::Element ? terms()[place].b : 0) {
      if (terms()[index].kind == TermKind::Integer)
        continue;
      if (dependsOnThread(terms(), index) || terms()[index].mentionsFormal || terms()[index].mentionsInitial)
        return false;
      terms().forEachMade(index, [&](TermId part) { rounds.push_back(part); });
    }
  auto isOwn = [&](TermId value) { return terms()[value].mentionsFormal || dependsOnThread(terms(), value); };
  return llvm::all_of(rounds, [&](TermId round) {
    const auto start = Shared.solution.loopStarts.find(round);
    return start != Shared.solution.loopStarts.end() && start->second &&
           llvm::none_of(state.facts(), [&](const Fact &fact) {
             if (!terms().mentions(fact.term, round) || !isOwn(fact.term))
               return false;
             const Term &order = terms()[fact.term];
             const bool isEnd = (order.op == ir::Operator::Less || order.op == ir::Operator::LessEqual) &&
                                fact.low == 1 && order.a == round;
             return !isEnd;
           });
  });
}

/// What a loop's variable holds when the loop begins.
/// \param first 0: a further round begins
void FunctionExecutor::noteLoopStart(const State &state, TermId round, TermId first) {
  if (!first) {
    const auto range = Shared.solution.loopRanges.find(round);
    // With a barrier in it, all threads of the team are in the same round.
    if (range != Shared.solution.loopRanges.end() && range->second.region != state.region)
      range->second.region = ~0u;
    return;
  }
  const Term &value = terms()[first];
  const auto start = value.kind == TermKind::Integer ? std::optional(value.number) : std::nullopt;
  auto [entry, isNew] = Shared.solution.loopStarts.try_emplace(round, start);
  if (!isNew && entry->second != start)
    entry->second = std::nullopt;
  LoopRange &range = Shared.solution.loopRanges[round];
  range.first = entry->second;
  range.start = isNew || range.start == first ? first : 0;
  range.region = state.region;
}

/// A counter that other functions can reach is counted on: `next = taken + 1`, or
/// `next = (taken + 1) % size`.
void FunctionExecutor::noteTaken(TermId place, TermId value) {
  const TermKind root = terms()[terms().root(place)].kind;
  if (root == TermKind::Local)
    return;
  if (terms()[value].op == ir::Operator::Remainder)
    value = terms()[value].a;
  const Term &sum = terms()[value];
  if (sum.kind == TermKind::Binary && (sum.op == ir::Operator::Add || sum.op == ir::Operator::Subtract) &&
      terms()[sum.b].kind == TermKind::Integer)
    Taken.insert(sum.a);
}

/// Whether a number that was taken from a counter chooses an element on the path.
bool FunctionExecutor::isTaken(TermId place) const {
  for (; terms()[place].kind == TermKind::Field || terms()[place].kind == TermKind::Element; place = terms()[place].a) {
    const TermId index = terms()[place].kind == TermKind::Element ? terms()[place].b : 0;
    if (!index || terms()[index].kind == TermKind::Integer)
      continue;
    bool isOwn = llvm::any_of(Taken, [&](TermId value) { return terms().mentions(index, value); });
    terms().forEachMade(index, [&](TermId part) { isOwn |= isTicket(Shared.solution, part); });
    if (isOwn)
      return true;
  }
  return false;
}

/// Whether a number is computed from the round of a loop of the function.
static bool isRoundOf(const TermTable &terms, TermId number, link::FunctionId function) {
  const Term &term = terms[number];
  if (term.kind == TermKind::Binary)
    return isRoundOf(terms, term.a, function) || isRoundOf(terms, term.b, function);
  return term.kind == TermKind::Opaque && OriginKind(term.a) == OriginKind::Loop && term.b == function;
}

bool isOwnSlot(const TermTable &terms, TermId place, link::FunctionId function) {
  for (; terms[place].kind == TermKind::Field || terms[place].kind == TermKind::Element; place = terms[place].a) {
    if (terms[place].kind != TermKind::Element || !terms[place].b)
      continue;
    if (isRoundOf(terms, terms[place].b, function) || isOfThread(terms, terms[place].b))
      return true;
  }
  return false;
}

void Solution::renameChoice(TermId from, TermId to) {
  if (const auto contest = contests.find(from); contest != contests.end()) {
    const Contest outcome = contest->second;
    contests.try_emplace(to, outcome);
  }
  if (const auto start = loopStarts.find(from); start != loopStarts.end()) {
    const std::optional<std::int64_t> first = start->second;
    loopStarts.try_emplace(to, first);
  }
  if (const auto range = loopRanges.find(from); range != loopRanges.end()) {
    const LoopRange known = range->second;
    loopRanges.try_emplace(to, known);
  }
}

} // namespace gridlock::solve
