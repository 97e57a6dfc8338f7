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
#include "llvm/ADT/SmallBitVector.h"

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

namespace {

/// A group as it is before any gets a fact more.
struct GroupConditions {
  llvm::SmallVector<TermId, 4> parts; ///< of the joined outcome
  std::vector<State> members;         ///< of a group of several
};

} // namespace

static std::vector<GroupConditions> conditionsOf(TermTable &terms, llvm::ArrayRef<OutcomeGroup> groups) {
  std::vector<GroupConditions> result(groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const Fact &fact : groups[g].joined->conditions)
      if (TermId condition = asCondition(terms, fact))
        result[g].parts.push_back(condition);
  if (llvm::any_of(result, [](const GroupConditions &group) { return group.parts.size() > 1; }))
    for (std::size_t g = 0; g < groups.size(); ++g)
      if (groups[g].members.size() > 1) // a single outcome keeps its own conditions
        for (llvm::ArrayRef<Fact> member : groups[g].members)
          result[g].members.push_back(stateOf(terms, member));
  return result;
}

/// The conjunction of those parts that some member contradicts, where each member
/// contradicts one; else 0. One part alone survives the joining as a fact.
static TermId excludedPart(TermTable &terms, llvm::ArrayRef<TermId> parts, const std::vector<State> &members) {
  llvm::SmallBitVector used(unsigned(parts.size()));
  for (const State &member : members) {
    bool contradicts = false;
    for (unsigned i = 0; i < parts.size(); ++i)
      if (member.decide(terms, parts[i]) == false) {
        used.set(i);
        contradicts = true;
      }
    if (!contradicts)
      return 0;
  }
  if (used.count() < 2 || used.count() > longestConjunction)
    return 0;
  TermId all = 0;
  for (unsigned i : used.set_bits())
    all = all ? terms.binary(ir::Operator::And, all, parts[i]) : parts[i];
  return all;
}

void keepExclusions(TermTable &terms, llvm::ArrayRef<OutcomeGroup> groups) {
  if (groups.size() < 2)
    return;
  const std::vector<GroupConditions> conditions = conditionsOf(terms, groups);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (conditions[g].parts.size() < 2)
      continue;
    for (std::size_t other = 0; other < groups.size(); ++other) {
      if (other == g || conditions[other].members.empty())
        continue;
      Fact fact;
      fact.term = excludedPart(terms, conditions[g].parts, conditions[other].members);
      fact.low = fact.high = 0;
      if (fact.term && !llvm::is_contained(groups[other].joined->conditions, fact))
        groups[other].joined->conditions.push_back(fact);
    }
  }
}

} // namespace gridlock::solve
