//===- ElementOverlap.cpp - Whether two elements may be one -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dependence test of parallelising compilers, for the simple subscripts that
// most loops have (ZIV and strong SIV: Goff, Kennedy, Tseng, PLDI 1991). An index
// is `factor * counter + offset`. When the threads of a team divide the rounds of
// a loop, two rounds are two threads, so `a[i]` and `a[i + 1]` meet, `a[i]` and
// `a[i]` are one thread, and `a[2 * i]` never meets `a[2 * i + 1]`. The constant
// bounds of the loop, where known, rule out what is too far apart. Of a loop that
// every thread runs from the same start, all elements meet.
//
// A path has several indices: one that keeps two threads apart is enough, and to
// meet they must agree in every one. What is not of this form is not known.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/ElementOverlap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <numeric>
#include <optional>

namespace gridlock::solve {

namespace {

/// An index as `factor * counter + offset`; without a counter a constant.
struct Subscript {
  TermId counter = 0;
  std::int64_t factor = 0;
  std::int64_t offset = 0;
};

/// What a divided loop is known to run over.
struct Range {
  std::optional<std::int64_t> first;
  std::int64_t stride = 1;
  std::int64_t rounds = 0; ///< 0: not known
  bool isNested = false;
};

} // namespace

static bool isOrigin(const TermTable &terms, TermId id, OriginKind origin) {
  return terms[id].kind == TermKind::Opaque && OriginKind(terms[id].a) == origin;
}

static bool isThreads(const TermTable &terms, TermId id) {
  return isOrigin(terms, id, OriginKind::Share) || isOrigin(terms, id, OriginKind::ThreadNumber);
}

bool dependsOnThread(const TermTable &terms, TermId index) {
  bool found = false;
  terms.forEachMade(index, [&](TermId part) { found |= isThreads(terms, part); });
  return found;
}

bool isOfThread(const TermTable &terms, TermId index) {
  const Term &term = terms[index];
  if (term.kind != TermKind::Binary)
    return isThreads(terms, index);
  using enum ir::Operator;
  const bool keepsApart =
      term.op == Add || term.op == Subtract || term.op == Multiply || term.op == ShiftLeft || term.op == Or;
  return keepsApart && (isOfThread(terms, term.a) || isOfThread(terms, term.b));
}

bool hasComputedElement(const TermTable &terms, TermId place) {
  for (; terms[place].kind == TermKind::Field || terms[place].kind == TermKind::Element; place = terms[place].a)
    if (terms[place].kind == TermKind::Element && terms[terms[place].b].kind != TermKind::Integer)
      return true;
  return false;
}

/// None for numbers whose products would not fit; no array is that large.
static std::optional<Subscript> bounded(Subscript index) {
  constexpr std::int64_t limit = std::int64_t(1) << 30;
  const bool fits = std::abs(index.factor) < limit && index.offset > -limit && index.offset < limit;
  return fits ? std::optional(index) : std::nullopt;
}

static std::optional<Subscript> subscriptOf(const TermTable &terms, TermId index) {
  const Term &term = terms[index];
  if (term.kind == TermKind::Integer)
    return bounded({.offset = term.number});
  if (term.kind == TermKind::Opaque)
    return Subscript{.counter = index, .factor = 1};
  if (term.kind != TermKind::Binary)
    return std::nullopt;
  const auto left = subscriptOf(terms, term.a), right = subscriptOf(terms, term.b);
  if (!left || !right)
    return std::nullopt;
  const bool isSum = term.op == ir::Operator::Add || term.op == ir::Operator::Subtract;
  if (isSum && (!left->counter || !right->counter || left->counter == right->counter)) {
    const std::int64_t sign = term.op == ir::Operator::Add ? 1 : -1;
    return bounded({left->counter ? left->counter : right->counter, left->factor + sign * right->factor,
                    left->offset + sign * right->offset});
  }
  if (term.op == ir::Operator::Multiply && (!left->counter || !right->counter)) {
    const Subscript &scaled = left->counter ? *left : *right;
    const std::int64_t by = left->counter ? right->offset : left->offset;
    return bounded({scaled.counter, scaled.factor * by, scaled.offset * by});
  }
  return std::nullopt;
}

static Range rangeOf(const TermTable &terms, TermId counter) {
  const Term &term = terms[counter];
  Range range;
  if (OriginKind(term.a) != OriginKind::Share) {
    range.first = 0; // of the threads of a team
    return range;
  }
  const link::Program &program = terms.program();
  const ir::Variable &variable = program.unit(program.function(term.b).row.unit).variables[term.number];
  if (variable.flags & ir::VariableStartIsKnown)
    range.first = variable.first;
  range.stride = variable.stride ? variable.stride : 1;
  range.rounds = variable.rounds;
  range.isNested = variable.flags & ir::VariableIsNested;
  return range;
}

/// One counter, two rounds of it.
static ElementOverlap compareRounds(const Subscript &a, const Subscript &b, const Range &range) {
  const std::int64_t distance = b.offset - a.offset;
  if (a.factor == b.factor) {
    const std::int64_t step = a.factor * range.stride;
    if (!step)
      return ElementOverlap::Unknown;
    const bool isReached = distance % step == 0 && (!range.rounds || std::abs(distance / step) < range.rounds);
    return distance && isReached ? ElementOverlap::Meets : ElementOverlap::Apart;
  }
  const std::int64_t common = std::gcd(a.factor, b.factor);
  return common && distance % common ? ElementOverlap::Apart : ElementOverlap::Meets;
}

/// A constant element, and those of a divided loop.
static ElementOverlap compareWithConstant(const Subscript &moving, std::int64_t fixed, const Range &range) {
  const std::int64_t distance = fixed - moving.offset;
  if (!range.first || !moving.factor)
    return ElementOverlap::Unknown;
  if (distance % moving.factor)
    return ElementOverlap::Apart;
  const std::int64_t past = distance / moving.factor - *range.first;
  const std::int64_t round = past / range.stride;
  const bool isReached = past % range.stride == 0 && round >= 0 && (!range.rounds || round < range.rounds);
  return isReached ? ElementOverlap::Meets : ElementOverlap::Apart;
}

/// The element that a loop, or a constant, comes to first.
static std::optional<std::int64_t> firstElement(const TermTable &terms, TermId index, const LoopStarts &starts) {
  const Term &term = terms[index];
  if (term.kind == TermKind::Integer)
    return term.number;
  if (isOrigin(terms, index, OriginKind::Share))
    return rangeOf(terms, index).first;
  if (const auto known = starts.find(index); known != starts.end())
    return known->second;
  if (term.kind != TermKind::Binary)
    return std::nullopt;
  const auto left = firstElement(terms, term.a, starts), right = firstElement(terms, term.b, starts);
  return left && right ? foldIntegers(term.op, *left, *right) : std::nullopt;
}

/// Loops that start at one element meet there.
static ElementOverlap compareStarts(const TermTable &terms, const LoopStarts &starts, TermId a, TermId b) {
  const auto first = firstElement(terms, a, starts), other = firstElement(terms, b, starts);
  return first && first == other ? ElementOverlap::Meets : ElementOverlap::Unknown;
}

static ElementOverlap compareIndices(const TermTable &terms, const LoopStarts &starts, TermId left, TermId right,
                                     bool &isNested) {
  const auto a = subscriptOf(terms, left), b = subscriptOf(terms, right);
  if (!a || !b)
    return dependsOnThread(terms, left) || dependsOnThread(terms, right) ? ElementOverlap::Unknown
                                                                         : compareStarts(terms, starts, left, right);
  if (!a->counter && !b->counter)
    return a->offset == b->offset ? ElementOverlap::Meets : ElementOverlap::Apart;
  const bool isShare = a->counter && isThreads(terms, a->counter), isOther = b->counter && isThreads(terms, b->counter);
  if (isShare && a->counter == b->counter) {
    const Range range = rangeOf(terms, a->counter);
    isNested |= range.isNested;
    return compareRounds(*a, *b, range);
  }
  // Which thread a number chose for a constant element is not known.
  if (isShare && !b->counter)
    return isOrigin(terms, a->counter, OriginKind::Share)
               ? compareWithConstant(*a, b->offset, rangeOf(terms, a->counter))
               : ElementOverlap::Unknown;
  if (isOther && !a->counter)
    return isOrigin(terms, b->counter, OriginKind::Share)
               ? compareWithConstant(*b, a->offset, rangeOf(terms, b->counter))
               : ElementOverlap::Unknown;
  // A loop of one thread meets all that a team divides.
  const bool areKnown = firstElement(terms, left, starts) && firstElement(terms, right, starts);
  return areKnown && (isShare || isOther) ? ElementOverlap::Meets : compareStarts(terms, starts, left, right);
}

ElementOverlap compareElements(const TermTable &terms, const LoopStarts &starts, TermId a, TermId b) {
  bool meets = false, isUnknown = false, isNested = false, isApart = false;
  for (;; a = terms[a].a, b = terms[b].a) {
    const Term &x = terms[a], &y = terms[b];
    if (x.kind != y.kind || (x.kind != TermKind::Field && x.kind != TermKind::Element))
      break;
    if (x.kind != TermKind::Element || (x.b == y.b && terms[x.b].kind == TermKind::Integer))
      continue;
    if (!x.b || !y.b) {
      isUnknown = true;
      continue;
    }
    bool nested = false;
    const ElementOverlap one = compareIndices(terms, starts, x.b, y.b, nested);
    isNested |= nested;
    isApart |= one == ElementOverlap::Apart && !(nested && x.b == y.b);
    meets |= one == ElementOverlap::Meets;
    isUnknown |= one == ElementOverlap::Unknown;
  }
  if (isApart || (isNested && !meets))
    return ElementOverlap::Apart;
  if (a != b)
    return ElementOverlap::Unknown; // one begins inside the other, or elsewhere
  return meets && !isUnknown ? ElementOverlap::Meets : ElementOverlap::Unknown;
}

/// The numbers, known for one round at most, by which a path chooses elements.
static llvm::SmallVector<TermId, 2> roundsOf(const TermTable &terms, TermId place) {
  llvm::SmallVector<TermId, 2> rounds;
  for (; terms[place].kind == TermKind::Field || terms[place].kind == TermKind::Element; place = terms[place].a)
    if (terms[place].kind == TermKind::Element && terms[place].b)
      terms.forEachMade(terms[place].b, [&](TermId part) { rounds.push_back(part); });
  return rounds;
}

bool isThreadsElement(const TermTable &terms, TermId place) {
  for (; terms[place].kind == TermKind::Field || terms[place].kind == TermKind::Element; place = terms[place].a)
    if (terms[place].kind == TermKind::Element && isOfThread(terms, terms[place].b))
      return true;
  return false;
}

bool areOfOneRound(const TermTable &terms, TermId a, TermId b) {
  const auto others = roundsOf(terms, b);
  return llvm::any_of(roundsOf(terms, a), [&](TermId round) { return llvm::is_contained(others, round); });
}

bool isCount(const TermTable &terms, const Access &access) {
  const Term &last = terms[access.subject];
  return access.kind == AccessKind::Update && last.kind == TermKind::Element && terms[last.a].kind == TermKind::Deref;
}

} // namespace gridlock::solve
