//===- IndexRounds.cpp - Elements that two threads' loops come to *- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Indices of several counters (`a[i * n + j]`), or with a division, a remainder, a
// bound that another counter gives, are beyond the simple dependence tests of
// ElementOverlap.cpp. Nested loops over few rounds show the same as over many, so
// the indices are computed: for all rounds of both threads' loops, where the numbers
// that nobody knows (`n`) are taken to be small ones. What limits a loop is more than
// what is added to an index, and what rows are multiplied with is more than what
// limits a loop over columns: so it is in programs that keep within their arrays. Two
// threads meet when they do for each of several such choices, and are apart when they
// never do; else nothing is known.
//
// A counter of a loop around the parallel region is the same for both threads, one
// of a loop inside is each thread's own, and one whose rounds the threads divide
// differs between them. Indices that are read from memory are not known.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/IndexRounds.h"
#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

namespace gridlock::solve {

/// Sets of rounds that are looked at, for one thread and one choice of numbers.
static constexpr unsigned roundLimit = 4096;
/// Rounds of each loop that are looked at when all of them are too many.
static constexpr std::int64_t firstRounds = 8;
/// Choices of numbers for what is not known.
static constexpr unsigned choicesOfNumbers = 2;
/// Threads of a team that are looked at.
static constexpr std::int64_t threadLimit = 3;

static bool isOfOrigin(const TermTable &terms, TermId id, OriginKind origin) {
  return terms[id].kind == TermKind::Opaque && OriginKind(terms[id].a) == origin;
}

static bool isCounter(const TermTable &terms, TermId id) {
  return isOfOrigin(terms, id, OriginKind::Loop) || isOfOrigin(terms, id, OriginKind::Share);
}

/// What a number is computed from.
static void forEachOperand(const TermTable &terms, TermId value, llvm::function_ref<void(TermId)> visit) {
  const Term &term = terms[value];
  if (term.kind != TermKind::Binary && term.kind != TermKind::Unary)
    return visit(value);
  forEachOperand(terms, term.a, visit);
  if (term.kind == TermKind::Binary)
    forEachOperand(terms, term.b, visit);
}

/// The indices on a path, through the rows of an array of pointers, too.
/// \returns what they are indices of.
static TermId indicesOf(const TermTable &terms, TermId place, llvm::SmallVectorImpl<TermId> &indices) {
  for (;;) {
    const Term &term = terms[place];
    if (term.kind == TermKind::Element)
      indices.push_back(term.b);
    if (term.kind == TermKind::Field || term.kind == TermKind::Element)
      place = term.a;
    else if (term.kind == TermKind::Deref && terms[term.a].kind == TermKind::Initial)
      place = terms[term.a].a;
    else
      return place;
  }
}

/// Whether two paths are the same but for their indices.
static bool areAlike(const TermTable &terms, TermId a, TermId b) {
  for (; a != b; a = terms[a].a, b = terms[b].a) {
    const Term &x = terms[a], &y = terms[b];
    const bool isStep = x.kind == TermKind::Field || x.kind == TermKind::Element || x.kind == TermKind::Deref ||
                        x.kind == TermKind::Initial;
    if (x.kind != y.kind || !isStep || (x.kind == TermKind::Field && x.b != y.b))
      return false;
  }
  return true;
}

static bool isNested(const TermTable &terms, TermId share) {
  const link::Program &program = terms.program();
  const Term &term = terms[share];
  const ir::Unit &unit = program.unit(program.function(term.b).row.unit);
  return unit.variables[term.number].flags & ir::VariableIsNested;
}

bool areRoundsKnown(const TermTable &terms, const LoopRanges &ranges, TermId place) {
  llvm::SmallVector<TermId, 4> indices;
  indicesOf(terms, place, indices);
  bool known = true, any = false;
  for (TermId index : indices) {
    if (!index)
      return false;
    forEachOperand(terms, index, [&](TermId part) {
      if (!isCounter(terms, part))
        return;
      const auto range = ranges.find(part);
      any = true;
      known = known && range != ranges.end() && range->second.isSeen && !range->second.isOpen &&
              !range->second.isVarious && range->second.stride > 0 && range->second.start &&
              (range->second.limit || range->second.most) &&
              !(isOfOrigin(terms, part, OriginKind::Share) && isNested(terms, part));
    });
  }
  return known && any;
}

namespace {

/// What one thread's indices are computed from.
struct Counters {
  llvm::SmallVector<TermId, 4> own;     ///< those of its loops, outer ones first
  llvm::SmallVector<TermId, 2> chooses; ///< those that differ between threads
};

/// Compares the rounds of two threads.
class RoundsComparison {
public:
  RoundsComparison(const TermTable &terms, const LoopRanges &ranges, TwoThreads threads)
      : Terms(terms), Ranges(ranges), Threads(threads) {}

  RoundsMeet compare(TermId a, TermId b) {
    llvm::SmallVector<TermId, 4> left, right;
    if (indicesOf(Terms, a, left) != indicesOf(Terms, b, right) || !areAlike(Terms, a, b) ||
        left.size() != right.size())
      return RoundsMeet::Unknown;
    Counters mine, others;
    for (const bool isSecond : {false, true}) {
      Region = isSecond ? Threads.second : Threads.first;
      for (TermId index : isSecond ? right : left)
        if (!index || !collect(index, isSecond ? others : mine, false))
          return RoundsMeet::Unknown;
    }
    if (IsUnknown || (!Threads.areOfOneCall && !Numbers.empty()) ||
        !llvm::all_of(Loose, [&](TermId value) { return Limits.contains(value); }))
      return RoundsMeet::Unknown;
    // Threads that divide two loops in different ways may do anything with each other.
    Compares = mine.chooses == others.chooses;
    unsigned met = 0;
    for (unsigned choice = 0; choice < choicesOfNumbers; ++choice) {
      Values.clear();
      setNumbers(choice);
      auto meets = meetWithNumbers(left, mine, right, others);
      if (!meets) {
        IsPartial = true;
        meets = meetWithNumbers(left, mine, right, others);
      }
      if (!meets)
        return RoundsMeet::Unknown;
      met += *meets;
    }
    return met == choicesOfNumbers ? RoundsMeet::Yes : met || IsPartial ? RoundsMeet::Unknown : RoundsMeet::No;
  }

private:
  /// Whether the number can be computed, once values are chosen for all it is made of.
  bool collect(TermId value, Counters &counters, bool isLimit) {
    const Term &term = Terms[value];
    switch (term.kind) {
    case TermKind::Integer:
      return true;
    case TermKind::Unary:
      return term.op == ir::Operator::Negate && collect(term.a, counters, isLimit);
    case TermKind::Binary:
      if (term.op == ir::Operator::Multiply)
        for (TermId factor : {term.a, term.b})
          if (Terms[factor].kind != TermKind::Binary && !isCounter(Terms, factor))
            Factors.insert(factor);
      return collect(term.a, counters, isLimit) && collect(term.b, counters, isLimit);
    case TermKind::Opaque:
      if (isCounter(Terms, value))
        return collectCounter(value, counters);
      if (OriginKind(term.a) == OriginKind::ThreadNumber) {
        addTo(counters.own, value);
        addTo(counters.chooses, value);
        return true;
      }
      if (!isLimit)
        Loose.insert(value);
      break;
    case TermKind::Initial: {
      bool isOfRound = false;
      Terms.forEachMade(value, [&](TermId part) { isOfRound |= Terms[part].kind == TermKind::Opaque; });
      if (isOfRound)
        return false;
      break;
    }
    case TermKind::Formal:
      break;
    default:
      return false;
    }
    if (isLimit)
      Limits.insert(value);
    addTo(Numbers, value);
    return true;
  }

  bool collectCounter(TermId counter, Counters &counters) {
    if (llvm::is_contained(counters.own, counter) || llvm::is_contained(Common, counter))
      return true;
    const auto found = Ranges.find(counter);
    if (found == Ranges.end())
      return false;
    const LoopRange &range = found->second;
    if (range.isOpen || range.isVarious || range.stride <= 0 || !range.start || !(range.limit || range.most) ||
        !range.isSeen || ++Depth > 8)
      return false;
    const bool isShare = isOfOrigin(Terms, counter, OriginKind::Share);
    if (isShare && isNested(Terms, counter))
      return false;
    // Threads of no team: nothing tells which loops are around both.
    const bool isOwn = isShare || !Region || range.region == Region;
    Counters common;
    Counters &where = isOwn ? counters : common;
    if (!collect(range.start, where, true) || (range.limit && !collect(range.limit, where, true)))
      return false;
    for (TermId outer : common.own)
      addTo(Common, outer);
    addTo(isOwn ? counters.own : Common, counter);
    if (isShare)
      addTo(counters.chooses, counter);
    IsUnknown |= !common.chooses.empty();
    return true;
  }

  static void addTo(llvm::SmallVectorImpl<TermId> &list, TermId value) {
    if (!llvm::is_contained(list, value))
      list.push_back(value);
  }

  /// Numbers for what is not known: each another one.
  void setNumbers(unsigned choice) {
    for (const auto &[i, value] : llvm::enumerate(Numbers)) {
      const bool isFactor = Factors.contains(value), isLimit = Limits.contains(value);
      const std::int64_t least = isFactor ? (isLimit ? 11 : 61) : isLimit ? 6 : 2;
      Values[value] = least + std::int64_t(2 * i) + choice;
    }
  }

  std::optional<std::int64_t> compute(TermId value) const {
    if (const auto known = Values.find(value); known != Values.end())
      return known->second;
    const Term &term = Terms[value];
    if (term.kind == TermKind::Integer)
      return term.number;
    if (term.kind == TermKind::Unary) {
      const auto operand = compute(term.a);
      return operand ? foldIntegers(term.op, *operand) : std::nullopt;
    }
    if (term.kind != TermKind::Binary)
      return std::nullopt;
    const auto left = compute(term.a), right = compute(term.b);
    return left && right ? foldIntegers(term.op, *left, *right) : std::nullopt;
  }

  /// Calls `visit` for each set of rounds of the loops; false: too many, or not known.
  bool forEachRound(llvm::ArrayRef<TermId> counters, llvm::function_ref<bool()> visit) {
    if (counters.empty())
      return visit();
    const TermId counter = counters.front();
    std::int64_t first = 0, last = threadLimit - 1, stride = 1;
    if (isCounter(Terms, counter)) {
      const LoopRange &range = Ranges.find(counter)->second;
      const auto start = compute(range.start);
      if (!start)
        return false;
      first = *start;
      stride = range.stride;
      last = range.most.value_or(INT64_MAX);
      if (range.limit) {
        const auto limit = compute(range.limit);
        if (!limit)
          return false;
        last = std::min(last, range.reachesLimit ? *limit : *limit - 1);
      }
    }
    if (IsPartial && last - first >= firstRounds * stride)
      last = first + (firstRounds - 1) * stride;
    for (std::int64_t round = first; round <= last; round += stride) {
      Values[counter] = round;
      if (!forEachRound(counters.drop_front(), visit))
        return false;
    }
    Values.erase(counter);
    return true;
  }

  using Row = llvm::SmallVector<std::int64_t, 4>;

  std::optional<Row> computeAll(llvm::ArrayRef<TermId> values) const {
    Row result;
    for (TermId value : values) {
      const auto number = compute(value);
      if (!number)
        return std::nullopt;
      result.push_back(*number);
    }
    return result;
  }

  /// Whether the threads meet with the numbers that were chosen; none: not known.
  std::optional<bool> meetWithNumbers(llvm::ArrayRef<TermId> left, const Counters &mine, llvm::ArrayRef<TermId> right,
                                      const Counters &others) {
    bool meets = false, anyRounds = false;
    const bool isDone = forEachRound(Common, [&] {
      // Who comes to an element: one thread, or several.
      std::map<Row, std::set<Row>> comeTo;
      unsigned count = 0;
      const bool isKnown = forEachRound(mine.own, [&] {
        const auto element = computeAll(left), thread = computeAll(mine.chooses);
        if (!element || !thread || ++count > roundLimit)
          return false;
        std::set<Row> &threads = comeTo[*element];
        if (threads.size() < 2)
          threads.insert(*thread);
        return true;
      });
      count = 0;
      return isKnown && forEachRound(others.own, [&] {
               const auto element = computeAll(right), thread = computeAll(others.chooses);
               if (!element || !thread || ++count > roundLimit)
                 return false;
               anyRounds = true;
               const auto found = comeTo.find(*element);
               meets |= found != comeTo.end() &&
                        (!Compares || thread->empty() || found->second.size() > 1 || !found->second.contains(*thread));
               return true;
             });
    });
    if (!isDone || !anyRounds)
      return std::nullopt;
    return meets;
  }

  const TermTable &Terms;
  const LoopRanges &Ranges;
  TwoThreads Threads;
  llvm::SmallVector<TermId, 4> Numbers, Common; ///< not known; the counters of loops around both
  std::set<TermId> Factors, Limits, Loose;      ///< among the former; `Loose`: mind who computed them
  llvm::DenseMap<TermId, std::int64_t> Values;
  std::uint32_t Region = 0; ///< of the thread at hand
  unsigned Depth = 0;
  bool IsUnknown = false, Compares = true;
  bool IsPartial = false; ///< only the first rounds are looked at
};

} // namespace

RoundsMeet compareRounds(const TermTable &terms, const LoopRanges &ranges, TermId a, TermId b, TwoThreads threads) {
  return RoundsComparison(terms, ranges, threads).compare(a, b);
}

void renameCounter(Solution &solution, TermId from, TermId to, std::uint32_t region,
                   llvm::function_ref<TermId(TermId)> names) {
  solution.renameChoice(from, to);
  const auto found = solution.loopRanges.find(from);
  if (found == solution.loopRanges.end() || !found->second.isSeen)
    return;
  LoopRange range = found->second;
  range.start = range.start ? names(range.start) : 0;
  range.limit = range.limit ? names(range.limit) : 0;
  if (!range.region)
    range.region = region;
  solution.loopRanges[to] = range;
}

//===----------------------------------------------------------------------===//
// What a path knows of the rounds
//===----------------------------------------------------------------------===//

/// Keeps what ends the loops whose counters choose the element, as the first access
/// that is seen there knows it.
void FunctionExecutor::noteLimits(const State &state, TermId place) {
  llvm::SmallVector<TermId, 4> indices, counters;
  indicesOf(terms(), place, indices);
  auto add = [&](TermId part) {
    if (isCounter(terms(), part) && !llvm::is_contained(counters, part))
      counters.push_back(part);
  };
  for (TermId index : indices)
    if (index)
      forEachOperand(terms(), index, add);
  for (unsigned i = 0; i < counters.size(); ++i) { // grows
    const TermId counter = counters[i];
    const auto found = Shared.solution.loopRanges.find(counter);
    if (found == Shared.solution.loopRanges.end() || found->second.isSeen)
      continue;
    LoopRange &range = found->second;
    range.isSeen = true;
    for (const Fact &fact : state.facts()) {
      const Term &known = terms()[fact.term];
      if (fact.term == counter && fact.high != INT64_MAX)
        range.most = fact.high;
      const bool isLess = known.kind == TermKind::Binary && known.a == counter && fact.low == 1 &&
                          (known.op == ir::Operator::Less || known.op == ir::Operator::LessEqual);
      if (!isLess)
        continue;
      range.isOpen |= range.limit != 0;
      range.limit = known.b;
      range.reachesLimit = known.op == ir::Operator::LessEqual;
    }
    for (TermId bound : {range.start, range.limit})
      if (bound)
        forEachOperand(terms(), bound, add);
  }
}

/// Whether the path, by what it knows of the counters, comes to the place in some
/// rounds only.
AccessFlagSet FunctionExecutor::selectionOf(const State &state, TermId place) const {
  const TermTable &table = Shared.solution.terms;
  llvm::SmallVector<TermId, 4> indices, counters;
  indicesOf(table, place, indices);
  for (TermId index : indices)
    if (index)
      forEachOperand(table, index, [&](TermId part) {
        if (isCounter(table, part))
          counters.push_back(part);
      });
  if (counters.empty())
    return 0;
  AccessFlagSet flags = 0;
  for (const Fact &fact : state.facts()) {
    bool isOfCounter = false, isOfOther = false;
    forEachOperand(table, fact.term, [&](TermId part) {
      isOfCounter |= llvm::is_contained(counters, part);
      isOfOther |= isOfOrigin(table, part, OriginKind::Share);
    });
    const Term &known = table[fact.term];
    const bool isBound = known.op == ir::Operator::Less || known.op == ir::Operator::LessEqual || fact.low != fact.high;
    if (!isOfCounter && (!isOfOther || isBound))
      continue;
    if (known.kind == TermKind::Opaque) {
      if (fact.low == fact.high)
        flags |= AccessIsSelected;
      else if (fact.low != INT64_MIN || fact.nonZero)
        flags |= AccessIsBounded;
      continue;
    }
    const bool isOrder = known.op == ir::Operator::Less || known.op == ir::Operator::LessEqual;
    const auto range = isOrder ? Shared.solution.loopRanges.find(known.a) : Shared.solution.loopRanges.end();
    const bool isEnd = range != Shared.solution.loopRanges.end() && fact.low == 1 && range->second.limit == known.b;
    const bool isOther = known.op == ir::Operator::Equal && fact.high == 0;
    if (!isEnd)
      flags |= isOrder || isOther ? AccessIsBounded : AccessIsSelected;
  }
  return flags;
}

} // namespace gridlock::solve
