//===- Kinds.cpp - What a number may be on the way to a place ---*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. A message of some kinds is handed to another thread; what is left is
// handled at once by a function that asks for the kind again, and that the other
// thread calls, too. Without the kind both threads come to all of it. The ways of
// one function are told apart by their facts, but accesses far below it are placed
// on threads by the calls alone.
//
// The algorithm. A call keeps what its paths know of the caller's inputs, in the
// form of sets of numbers; different paths to it unite them. What a function's calls
// and accesses depend on, it asks of its callers, and so do these of theirs: a list
// of values that goes up in the summary. A call keeps what its paths know of what its
// callee asks. The phases hand this down beside the callers' locks (Phases.cpp), and
// leave out the calls that the numbers rule out. Accesses in the names of inputs go
// up instead, and are compared with what each caller knows (Accesses.cpp).
//
// A field that threads change while others run is a state and no kind: between the
// caller's test and the callee's it may change. Which fields these are is known only
// when all is solved, so an access that only a field rules out is kept, and says so.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Kinds.h"
#include "engine/solve/Executor.h"
#include "engine/solve/MixHash.h"
#include "engine/summary/Parameters.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <iterator>

namespace gridlock::solve {

/// Numbers that a set lists.
static constexpr std::size_t numberLimit = 24;
/// Kinds that a call or an access carries, and values that a function asks for.
static constexpr std::size_t kindLimit = 3, askedLimit = 6;

//===----------------------------------------------------------------------===//
// Sets of numbers
//===----------------------------------------------------------------------===//

Numbers Numbers::only(std::int64_t number) {
  Numbers numbers;
  numbers.AllBut = false;
  numbers.Listed.push_back(number);
  return numbers;
}

bool Numbers::contains(std::int64_t number) const { return llvm::is_contained(Listed, number) != AllBut; }

bool Numbers::namesNumber() const {
  return llvm::any_of(Listed, [](std::int64_t number) { return number != 0; });
}

/// The number that a comparison is about; null: the term is none, or of a value.
static const Term *comparedNumber(const TermTable &terms, const Term &term) {
  const bool compares =
      term.kind == TermKind::Binary && (term.op == ir::Operator::Equal || term.op == ir::Operator::NotEqual);
  return compares && terms[term.b].kind == TermKind::Integer ? &terms[term.b] : nullptr;
}

Numbers Numbers::of(const TermTable &terms, const State &state, TermId value) {
  if (terms[value].kind == TermKind::Integer)
    return only(terms[value].number);
  Numbers numbers;
  const Fact *known = state.fact(value);
  if (known && known->low != INT64_MIN && known->high != INT64_MAX &&
      std::uint64_t(known->high) - std::uint64_t(known->low) < numberLimit) {
    numbers.AllBut = false;
    for (std::int64_t number = known->low; number <= known->high; ++number)
      numbers.Listed.push_back(number);
  }
  auto exclude = [&](std::int64_t number) {
    auto at = llvm::lower_bound(numbers.Listed, number);
    const bool isListed = at != numbers.Listed.end() && *at == number;
    if (isListed && !numbers.AllBut)
      numbers.Listed.erase(at);
    else if (!isListed && numbers.AllBut && numbers.Listed.size() < numberLimit)
      numbers.Listed.insert(at, number);
  };
  if (known && known->nonZero)
    exclude(0);
  for (const Fact &fact : state.facts())
    if (const Term &term = terms[fact.term]; const Term *number = comparedNumber(terms, term))
      if (term.a == value && (term.op == ir::Operator::Equal ? fact.high == 0 && fact.low == 0 : fact.low == 1))
        exclude(number->number);
  return numbers;
}

void Numbers::unite(const Numbers &other) {
  llvm::SmallVector<std::int64_t, 4> result;
  if (!AllBut && !other.AllBut)
    std::set_union(Listed.begin(), Listed.end(), other.Listed.begin(), other.Listed.end(), std::back_inserter(result));
  else
    for (std::int64_t number : AllBut ? Listed : other.Listed)
      if (!contains(number) && !other.contains(number))
        result.push_back(number);
  AllBut |= other.AllBut;
  Listed = std::move(result);
  if (!AllBut && Listed.size() > numberLimit)
    *this = Numbers();
}

void Numbers::intersect(const Numbers &other) {
  llvm::SmallVector<std::int64_t, 4> result;
  if (AllBut && other.AllBut) {
    std::set_union(Listed.begin(), Listed.end(), other.Listed.begin(), other.Listed.end(), std::back_inserter(result));
    if (result.size() > numberLimit)
      return; // a larger set than it is
  } else {
    for (std::int64_t number : AllBut ? other.Listed : Listed)
      if (contains(number) && other.contains(number))
        result.push_back(number);
  }
  AllBut &= other.AllBut;
  Listed = std::move(result);
}

std::uint64_t Numbers::hash() const {
  std::uint64_t hash = AllBut;
  for (std::int64_t number : Listed)
    hash = mixHash(hash, number);
  return hash;
}

//===----------------------------------------------------------------------===//
// Kinds
//===----------------------------------------------------------------------===//

bool uniteKinds(llvm::SmallVectorImpl<Kind> &kinds, llvm::ArrayRef<Kind> other) {
  bool changed = false;
  llvm::erase_if(kinds, [&](Kind &mine) {
    const auto *theirs =
        llvm::find_if(other, [&](const Kind &kind) { return kind.value == mine.value && kind.field == mine.field; });
    if (theirs == other.end())
      return changed = true;
    Numbers both = mine.numbers;
    both.unite(theirs->numbers);
    changed |= !(both == mine.numbers);
    mine.numbers = std::move(both);
    return mine.numbers.isAny();
  });
  return changed;
}

const Kind *kindOf(llvm::ArrayRef<Kind> kinds, TermId value) {
  const auto *found = llvm::find_if(kinds, [&](const Kind &kind) { return kind.value == value; });
  return value && found != kinds.end() ? found : nullptr;
}

void addKinds(llvm::SmallVectorImpl<Kind> &kinds, llvm::ArrayRef<Kind> more) {
  for (const Kind &kind : more)
    if (kinds.size() < kindLimit && !kindOf(kinds, kind.value))
      kinds.push_back(kind);
}

Kinds passDown(llvm::ArrayRef<PassedKind> passed, llvm::ArrayRef<Kind> known) {
  Kinds below;
  for (const PassedKind &entry : passed) {
    Kind kind{entry.asked, entry.field, entry.numbers};
    if (const Kind *given = kindOf(known, entry.from)) {
      kind.numbers.intersect(given->numbers);
      kind.field = kind.field ? kind.field : given->field;
    }
    if (!kind.numbers.isAny())
      below.push_back(std::move(kind));
  }
  return below;
}

bool isRuledOut(llvm::ArrayRef<Kind> kinds, llvm::ArrayRef<Kind> known, const llvm::DenseSet<link::FieldId> &changing) {
  return llvm::any_of(kinds, [&](const Kind &kind) {
    Numbers numbers = kind.numbers;
    const Kind *given = kindOf(known, kind.value);
    if (given)
      numbers.intersect(given->numbers);
    return numbers.isNone() && !changing.contains(kind.field) && !(given && changing.contains(given->field));
  });
}

//===----------------------------------------------------------------------===//
// What a path knows
//===----------------------------------------------------------------------===//

const ir::Type *FunctionExecutor::typeOfArgument(unsigned position) const {
  const unsigned parameter = position - unsigned(ir::takesObject(Unit, Body));
  return parameter < Body.parameterTypes.count ? &Unit.types[Unit.lists[Body.parameterTypes.first + parameter]]
                                               : nullptr;
}

/// Whether a value of the inputs may be a kind: an argument or something in memory
/// that is no pointer, or a part of one.
KindTest FunctionExecutor::testKind(TermId value) const {
  const Term &term = terms()[value];
  if (!term.inputsOnly || !term.mentionsFormal || term.weak)
    return KindTest::No;
  if (term.kind == TermKind::Binary)
    return term.op == ir::Operator::And && terms()[term.b].kind == TermKind::Integer ? KindTest::Yes : KindTest::No;
  if (term.kind != TermKind::Formal && term.kind != TermKind::Initial)
    return KindTest::No;
  link::UnitId unit = 0;
  const ir::Type *type = term.kind == TermKind::Initial ? typeOf(term.a, unit) : typeOfArgument(term.a);
  if (!type)
    return KindTest::ByNumbers;
  const bool isNumber = type->kind == ir::TypeKind::Integer || type->kind == ir::TypeKind::Bool;
  return isNumber ? KindTest::Yes : KindTest::No;
}

link::FieldId FunctionExecutor::fieldOfKind(TermId value) const {
  const Term &term = terms()[value];
  if (term.kind == TermKind::Binary)
    return fieldOfKind(term.a);
  return term.kind == TermKind::Initial ? terms().declaredField(term.a) : 0;
}

void FunctionExecutor::addKind(llvm::SmallVectorImpl<Kind> &kinds, const State &state, TermId value) {
  if (kinds.size() >= kindLimit)
    return;
  // Most of what a path knows is of pointers, on every path.
  auto [test, isNew] = KindTests.try_emplace(value, KindTest::No);
  if (isNew)
    test->second = testKind(value);
  if (test->second == KindTest::No || kindOf(kinds, value))
    return;
  Numbers numbers = Numbers::of(terms(), state, value);
  if (!numbers.isAny() && (test->second == KindTest::Yes || numbers.namesNumber()))
    kinds.push_back({value, fieldOfKind(value), std::move(numbers)});
}

/// What the path knows of this function's inputs: first what they are, then what
/// they are not.
void FunctionExecutor::noteKinds(const State &state, llvm::SmallVectorImpl<Kind> &kinds) {
  for (const Fact &fact : state.facts())
    if (terms()[fact.term].mentionsFormal && !comparedNumber(terms(), terms()[fact.term]))
      addKind(kinds, state, fact.term);
  for (const Fact &fact : state.facts())
    if (const Term &term = terms()[fact.term]; term.mentionsFormal && comparedNumber(terms(), term))
      addKind(kinds, state, term.a);
}

void FunctionExecutor::askFor(llvm::ArrayRef<Kind> kinds) {
  llvm::SmallVectorImpl<TermId> &asked = Summary.askedKinds;
  for (const Kind &kind : kinds)
    if (kind.value && asked.size() < askedLimit && !llvm::is_contained(asked, kind.value))
      asked.push_back(kind.value);
}

/// Whether the caller of a callee's value can be asked for it, too.
TermId FunctionExecutor::asInput(TermId value) const {
  const Term &term = terms()[value];
  return term.inputsOnly && term.mentionsFormal && !term.weak ? value : 0;
}

/// One more path to a call.
void FunctionExecutor::noteKindsOfCall(State &state, link::FunctionId callee, const CallFrame &frame, CallSite &call,
                                       bool isNew) {
  if (!Shared.filter.anyThreads())
    return;
  Kinds when;
  noteKinds(state, when);
  if (isNew)
    call.when = when;
  else
    uniteKinds(call.when, when);
  askFor(call.when);
  const llvm::SmallVector<TermId, 2> asked = Shared.solution.summaries[callee].askedKinds;
  if (asked.empty())
    return;
  Substitution substitute(*this, state, frame, true);
  for (TermId value : asked) {
    const TermId mine = substitute(value);
    const link::FieldId field = fieldOfKind(value);
    PassedKind passed{value, asInput(mine), field ? field : fieldOfKind(mine), Numbers::of(terms(), state, mine)};
    askFor(Kind{passed.from, 0, {}});
    auto known = llvm::find_if(call.passed, [&](const PassedKind &other) { return other.asked == value; });
    if (known != call.passed.end()) {
      known->numbers.unite(passed.numbers);
      known->from = known->from == passed.from ? passed.from : 0;
    } else if (isNew) {
      call.passed.push_back(std::move(passed));
    }
  }
}

/// A callee's or a started thread's kinds in the names of this function.
/// \returns whether they leave any number.
bool FunctionExecutor::passOnKinds(const State &state, llvm::SmallVectorImpl<Kind> &kinds, Substitution &substitute) {
  for (Kind &kind : kinds) {
    if (!kind.value)
      continue; // ruled out below
    kind.value = substitute(kind.value);
    kind.numbers.intersect(Numbers::of(terms(), state, kind.value));
    if (!kind.field)
      kind.field = fieldOfKind(kind.value);
    if (kind.numbers.isNone() && !kind.field)
      return false;
    kind.value = kind.numbers.isNone() ? 0 : asInput(kind.value);
  }
  llvm::erase_if(kinds, [](const Kind &kind) { return !kind.value && !kind.numbers.isNone(); });
  return true;
}

/// What decides at a call which of the callee's accesses are handed on.
std::uint64_t FunctionExecutor::hashAskedKinds(State &state, const ProcedureSummary &summary,
                                               Substitution &substitute) {
  std::uint64_t hash = 0;
  for (TermId value : summary.askedKinds) {
    const TermId mine = substitute(value);
    hash = mixHash(hash, mine, Numbers::of(terms(), state, mine).hash());
  }
  return hash;
}

/// What a caller knows of the numbers by which its callee takes a lock or not.
AccessFlagSet FunctionExecutor::passOnChosen(const AccessRecord &record, Substitution &substitute) {
  bool isKnown = false;
  AccessFlagSet still = 0;
  for (const Kind &kind : record.around->kinds) {
    if (terms()[kind.value].kind != TermKind::Formal)
      continue;
    isKnown = true;
    const TermKind given = terms()[substitute(kind.value)].kind;
    if (given != TermKind::Integer)
      still |= given == TermKind::Formal ? AccessIsChosen : AccessIsOptional;
  }
  return isKnown ? still : AccessFlagSet(AccessIsOptional);
}

} // namespace gridlock::solve
