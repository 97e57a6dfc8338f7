//===- Exclusion.cpp - Outcomes that exclude each other ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. `if (c && c->mode == Shared) lock(&c->mutex);` ends in three ways:
// with the lock, without it because `c` is null, without it because of the mode.
// The last two do the same and become one outcome, whose condition would be what
// both have in common: nothing. The partner that unlocks under the same condition
// then seems to unlock what was never locked.
//
// The remedy. Where every member of a group of outcomes contradicts the condition
// C of another group, the joined outcome keeps "not C" as one fact: a conjunction
// (an `And` of comparisons) that is false. `State` decides and assumes such terms
// part by part, so that the partner's condition contradicts it.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Exclusion.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Parts of a conjunction; a longer one is not kept.
static constexpr unsigned longestConjunction = 4;

/// The fact as a condition; 0 for an interval with two ends.
static TermId asCondition(TermTable &terms, const Fact &fact) {
  using enum ir::Operator;
  if (fact.low == fact.high) {
    const Term &term = terms[fact.term];
    bool isTruth = term.kind == TermKind::Binary && fact.low == 1 && isTruthValue(terms, fact.term);
    return isTruth ? fact.term : terms.binary(Equal, fact.term, terms.integer(fact.low));
  }
  bool bounded = fact.low != INT64_MIN, capped = fact.high != INT64_MAX;
  if (bounded && capped)
    return 0;
  if (bounded)
    return terms.binary(LessEqual, terms.integer(fact.low), fact.term);
  if (capped)
    return terms.binary(LessEqual, fact.term, terms.integer(fact.high));
  return terms.binary(NotEqual, fact.term, terms.integer(0));
}

/// A state that knows the facts and nothing else.
static State stateOf(TermTable &terms, llvm::ArrayRef<Fact> facts) {
  State state;
  for (const Fact &fact : facts)
    if (TermId condition = asCondition(terms, fact))
      state.assume(terms, condition, true);
  return state;
}

void keepExclusions(TermTable &terms, llvm::ArrayRef<OutcomeGroup> groups) {
  // Conditions first, as they are before any group gets a fact more.
  std::vector<llvm::SmallVector<Fact, 2>> conditions;
  for (const OutcomeGroup &group : groups)
    conditions.push_back(group.joined->conditions);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    llvm::SmallVector<std::pair<TermId, bool>, 4> parts; // condition, contradicted
    for (const Fact &fact : conditions[g])
      if (TermId condition = asCondition(terms, fact))
        parts.push_back({condition, false});
    if (parts.empty())
      continue;
    for (std::size_t other = 0; other < groups.size(); ++other) {
      if (other == g || groups[other].members.size() < 2)
        continue; // a single outcome keeps its own conditions
      for (auto &part : parts)
        part.second = false;
      bool excluded = llvm::all_of(groups[other].members, [&](llvm::ArrayRef<Fact> member) {
        State state = stateOf(terms, member);
        bool contradicts = false;
        for (auto &[condition, used] : parts)
          if (state.decide(terms, condition) == false)
            used = contradicts = true;
        return contradicts;
      });
      TermId all = 0;
      unsigned count = 0;
      for (auto &[condition, used] : parts)
        if (used) {
          all = all ? terms.binary(ir::Operator::And, all, condition) : condition;
          ++count;
        }
      if (!excluded || count < 2 || count > longestConjunction)
        continue; // one part alone survives the joining as a fact
      Fact fact;
      fact.term = all;
      fact.low = fact.high = 0;
      if (!llvm::is_contained(groups[other].joined->conditions, fact))
        groups[other].joined->conditions.push_back(fact);
    }
  }
}

} // namespace gridlock::solve
