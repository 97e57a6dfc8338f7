//===- Reach.cpp - What can be reached with constant arguments ---*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constant propagation by cloning: a function is visited once for each tuple of
// constant arguments that it is called with, up to a few; then once more with
// nothing known, which covers all that come later. What memory holds is never
// known here, so a condition on it leaves the way open.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Reach.h"
#include "engine/solve/Solution.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <map>
#include <set>

namespace gridlock::solve {

/// Ways to one event that are kept apart, and the facts of one way.
static constexpr std::size_t wayLimit = 6, factLimit = 6;
/// Tuples of constants with which one function is visited.
static constexpr unsigned tupleLimit = 6;

std::optional<std::int64_t> evaluate(const TermTable &terms, TermId value, const Constants &arguments) {
  const Term &term = terms[value];
  switch (term.kind) {
  case TermKind::Integer:
    return term.number;
  case TermKind::Formal:
    return term.a < arguments.size() ? arguments[term.a] : std::nullopt;
  case TermKind::Unary: {
    std::optional<std::int64_t> operand = evaluate(terms, term.a, arguments);
    return operand ? foldIntegers(term.op, *operand) : std::nullopt;
  }
  case TermKind::Binary: {
    std::optional<std::int64_t> left = evaluate(terms, term.a, arguments), right = evaluate(terms, term.b, arguments);
    return left && right ? foldIntegers(term.op, *left, *right) : std::nullopt;
  }
  default:
    return std::nullopt;
  }
}

static bool holds(const Fact &fact, std::int64_t value) {
  return fact.low <= value && value <= fact.high && !(fact.nonZero && value == 0);
}

void Ways::add(const TermTable &terms, llvm::ArrayRef<Fact> facts, llvm::ArrayRef<TermId> passed) {
  Way way;
  way.passed.assign(passed.begin(), passed.end());
  for (const Fact &fact : facts)
    if (terms[fact.term].inputsOnly && terms[fact.term].mentionsFormal && !terms[fact.term].mentionsInitial &&
        way.facts.size() < factLimit)
      way.facts.push_back(fact);
  if (!AreJoined && llvm::is_contained(Each, way))
    return;
  Each.push_back(std::move(way));
  AreJoined |= Each.size() > wayLimit || (Each.back().facts.empty() && passed.empty());
  if (!AreJoined)
    return;
  Way &first = Each.front();
  first.facts.clear();
  for (const Way &other : llvm::drop_begin(Each))
    for (std::size_t i = 0; i < first.passed.size(); ++i)
      if (i >= other.passed.size() || other.passed[i] != first.passed[i])
        first.passed[i] = 0;
  Each.resize(1);
}

bool Ways::Way::isOpen(const TermTable &terms, const Constants &arguments) const {
  return llvm::all_of(facts, [&](const Fact &fact) {
    std::optional<std::int64_t> value = evaluate(terms, fact.term, arguments);
    return !value || holds(fact, *value);
  });
}

bool Ways::areOpen(const TermTable &terms, const Constants &arguments) const {
  return llvm::any_of(Each, [&](const Way &way) { return way.isOpen(terms, arguments); });
}

void Ways::forEachOpen(const TermTable &terms, const Constants &arguments,
                       llvm::function_ref<void(llvm::ArrayRef<TermId>)> visit) const {
  for (const Way &way : Each)
    if (way.isOpen(terms, arguments))
      visit(way.passed);
}

ConstantWalk::ConstantWalk(const Solution &solution, link::FunctionId start, Constants arguments) : S(solution) {
  std::map<link::FunctionId, std::set<Constants>> seen;
  auto visit = [&](Visit next) {
    while (!next.arguments.empty() && !next.arguments.back())
      next.arguments.pop_back();
    std::set<Constants> &tuples = seen[next.function];
    if (tuples.contains({}))
      return; // with nothing known: as with anything
    if (tuples.size() == tupleLimit)
      next.arguments.clear();
    if (tuples.insert(next.arguments).second)
      Visits.push_back(std::move(next));
  };
  visit({start, std::move(arguments), 0, ~0u});
  for (std::uint32_t number = 0; number < Visits.size(); ++number) {
    const Visit from = Visits[number];
    for (std::uint32_t row : S.callsFrom[from.function]) {
      const CallSite &call = S.callSites[row];
      call.ways.forEachOpen(S.terms, from.arguments, [&](llvm::ArrayRef<TermId> terms) {
        Constants passed;
        for (TermId argument : terms)
          passed.push_back(evaluate(S.terms, argument, from.arguments));
        visit({call.callee, std::move(passed), number, row});
      });
    }
  }
}

std::vector<std::uint32_t> ConstantWalk::callsTo(const Visit &visit) const {
  std::vector<std::uint32_t> calls;
  for (const Visit *walk = &visit; walk->call != ~0u; walk = &Visits[walk->from])
    calls.push_back(walk->call);
  std::reverse(calls.begin(), calls.end());
  return calls;
}

} // namespace gridlock::solve
