//===- SetUp.cpp - What is done once, before there are threads --*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. A library is initialised on first use: `if (state != Ready) {
// fill(table); state = Ready; }`. `main` uses it before it starts threads; the
// threads come by, too, and find it done. So their writes, which stand in the
// same function, never happen.
//
// The answer. A write carries what its path knows of such places: `state != Ready`,
// as a fact on inputs that goes up to the callers, since the place is often the
// field of an object that they pass; and callers hand down what they know of globals.
// A place can tell that something was done when only constants are stored in it, and
// one of these contradicts the fact; or when it is a global that is tested for what
// stands in it from the start. In the end the fact names a global. When that is set on
// every way to the start of a thread (`SetBefore.cpp`), and nobody stores what agrees
// with the fact again, but where it holds anyway, the thread never does the write; nor
// does `main` beside that thread. What `main` takes back as the last thing it does
// (`AtEnd.cpp`) does not count.
//
// Whoever is called from outside or at the end of the program, and is reached by
// nobody, takes nothing back.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/SetUp.h"
#include "engine/solve/Solution.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

TermId toldPlace(const TermTable &terms, const Fact &fact) {
  const Term *term = &terms[fact.term];
  if (term->kind == TermKind::Binary && terms[term->b].kind == TermKind::Integer)
    term = &terms[term->a];
  else if (term->kind == TermKind::Binary && terms[term->a].kind == TermKind::Integer)
    term = &terms[term->b];
  return term->kind == TermKind::Initial ? term->a : 0;
}

bool holdsFor(const TermTable &terms, const Fact &fact, std::int64_t number) {
  const Term &term = terms[fact.term];
  if (term.kind == TermKind::Binary) {
    const bool isLeft = terms[term.b].kind == TermKind::Integer;
    std::optional<std::int64_t> result = isLeft ? foldIntegers(term.op, number, terms[term.b].number)
                                                : foldIntegers(term.op, terms[term.a].number, number);
    if (!result)
      return true;
    number = *result;
  }
  return fact.low <= number && number <= fact.high && !(fact.nonZero && number == 0);
}

bool isKnownElsewhere(const TermTable &terms, TermId place) {
  if (terms[place].weak)
    return false;
  for (; terms[place].kind == TermKind::Field; place = terms[place].a)
    ;
  const Term &object = terms[place];
  return object.kind == TermKind::Global ||
         (object.kind == TermKind::Deref && terms[object.a].kind == TermKind::Formal);
}

/// Whether the fact says that something was not done, and some store says that it
/// was. In the names of inputs many things look so: then zero is what says no.
static bool tellsUnset(const TermTable &terms, const AccessFilter &filter, const Fact &fact, TermId place) {
  const AccessFilter::Stored *stored = filter.stored(terms, place);
  if (!stored || stored->others)
    return false;
  auto holds = [&](std::int64_t number) { return holdsFor(terms, fact, number); };
  const bool isAtFirst = holds(stored->initial) && (stored->isPointer ? !holds(1) : fact.low == fact.high);
  if (stored->computed)
    return terms[place].kind == TermKind::Global && isAtFirst;
  if (terms[terms.objectOf(place)].kind == TermKind::Global)
    return holds(stored->initial) && !llvm::all_of(stored->constants, holds);
  return holds(0) && llvm::none_of(stored->constants, [&](std::int64_t number) { return number && holds(number); }) &&
         llvm::any_of(stored->constants, [](std::int64_t number) { return number != 0; });
}

void noteUnset(const TermTable &terms, const AccessFilter &filter, const State &state,
               llvm::SmallVectorImpl<Fact> &unset) {
  for (const Fact &fact : state.facts()) {
    const TermId place = toldPlace(terms, fact);
    if (place && unset.size() < unsetLimit && isKnownElsewhere(terms, place) &&
        tellsUnset(terms, filter, fact, place) && !llvm::is_contained(unset, fact))
      unset.push_back(fact);
  }
}

void passOnUnset(const TermTable &terms, llvm::SmallVectorImpl<Fact> &unset,
                 llvm::function_ref<TermId(TermId)> substitute) {
  for (Fact &fact : unset)
    fact.term = substitute(fact.term);
  llvm::erase_if(unset, [&](const Fact &fact) {
    const TermId place = toldPlace(terms, fact);
    return !place || !isKnownElsewhere(terms, place);
  });
}

std::optional<std::int64_t> storedBy(const Solution &solution, const Access &access) {
  const Step &at = solution.steps[solution.innermost(access.step)];
  const ir::Unit &unit = solution.program.unit(solution.program.function(at.function).row.unit);
  std::optional<std::int64_t> result;
  solution.program.anyEvent(at.function, [&](const ir::Event &event) {
    if (event.kind != ir::EventKind::Assign || event.location != at.location)
      return false;
    if (unit.exprs[event.b].kind == ir::ExprKind::IntConst)
      result = unit.exprs[event.b].value;
    else if (unit.exprs[event.b].kind == ir::ExprKind::NullConst)
      result = 0;
    return true;
  });
  return result;
}

SetUp::SetUp(const Solution &solution) : S(solution), Last(solution) {
  for (const Access &access : S.accesses)
    add(access.around->unset);
  for (const CallSite &call : S.callSites)
    add(call.unset);
  std::vector<SetBefore::Setters> setters(Places.size());
  for (std::size_t row = 0; row < Places.size(); ++row)
    setters[row].place = toldPlace(S.terms, Places[row].first);
  for (std::uint32_t i = 0; i < S.accesses.size(); ++i)
    if (isWrite(S.accesses[i].kind))
      if (auto found = RowsOf.find(S.accesses[i].subject); found != RowsOf.end())
        for (std::uint32_t row : found->second)
          if (place(S.accesses[i], Places[row].first, Places[row].second) && !S.accesses[i].spawn)
            setters[row].accesses.push_back(i);
  AtStarts.emplace(S, setters,
                   [&](std::uint32_t row, std::uint32_t root) { return isSetFor(row, root, /*isBefore=*/false); });
}

/// Facts about globals, once each.
void SetUp::add(llvm::ArrayRef<Fact> unset) {
  for (const Fact &fact : unset) {
    const TermId place = toldPlace(S.terms, fact);
    if (!place || S.terms[S.terms.objectOf(place)].kind != TermKind::Global)
      continue;
    llvm::SmallVector<std::uint32_t, 1> &rows = Rows[fact.term];
    if (llvm::any_of(rows, [&](std::uint32_t row) { return Places[row].first == fact; }))
      continue;
    rows.push_back(std::uint32_t(Places.size()));
    RowsOf[place].push_back(std::uint32_t(Places.size()));
    Places.push_back({fact, {}});
  }
}

bool SetUp::place(const Access &access, const Fact &fact, Place &found) {
  auto isFirstIn = [&](const Context &context) { return llvm::is_contained(context.unset, fact); };
  const bool isFirst = llvm::is_contained(access.around->unset, fact);
  const bool isFirstForCallers = isFirst || llvm::any_of(S.contexts[access.function], isFirstIn);
  const std::optional<std::int64_t> number = storedBy(S, access);
  const bool sets = number ? !holdsFor(S.terms, fact, *number) : isFirstForCallers;
  found.isTested |= sets && isFirstForCallers;
  if (access.spawn) {
    if (!sets && !isFirst)
      for (std::uint32_t root = 1; root < S.roots.size(); ++root)
        if (S.roots[root].spawn == access.spawn)
          found.undone.insert(root);
    return sets;
  }
  // What `main` takes back at its end, nobody sets again.
  const Step &step = S.steps[access.step];
  const bool isTornDown = !sets && Last.isAtEnd(step.function, step.location);
  for (const Context &context : S.contexts[access.function]) {
    const Root &root = S.roots[context.root];
    if (root.isEntryPoint || root.isHandler)
      continue;
    const bool isBefore = !context.parallel && context.alive.empty() && access.around->alive.empty() && !root.spawn;
    if (sets && !root.spawn)
      found.later.insert(context.root);
    if (sets && isBefore)
      found.setBy.insert(context.root);
    else if (!sets && !isFirst && !isFirstIn(context) && !isBefore && !isTornDown)
      found.undone.insert(context.root);
  }
  return sets;
}

/// Whether the place is set when the root comes to it. `isBefore`: it comes there
/// before the first thread, too.
bool SetUp::isSetFor(std::uint32_t row, std::uint32_t root, bool isBefore) const {
  const Place &place = Places[row].second;
  auto meets = [&](std::uint32_t other) { return S.mayShareProcess(other, root); };
  if (!place.isTested || llvm::any_of(place.undone, meets))
    return false;
  if (const std::uint32_t spawn = S.roots[root].spawn)
    return AtStarts->isSet(row, spawn);
  return llvm::any_of(isBefore ? place.later : place.setBy, meets);
}

bool SetUp::dropDone(const Access &access, const Context &callers, llvm::SmallVectorImpl<std::uint32_t> &alive) const {
  if (alive.empty() || S.roots[callers.root].spawn)
    return false;
  auto drop = [&](const Fact &fact) {
    for (std::uint32_t row : Rows.lookup(fact.term))
      if (const Place &place = Places[row].second; Places[row].first == fact && place.isTested)
        llvm::erase_if(alive, [&](std::uint32_t spawn) {
          return spawn && spawn < S.spawns.size() && AtStarts->isSet(row, spawn) &&
                 llvm::none_of(place.undone, [&](std::uint32_t root) { return S.mayShareProcess(root, callers.root); });
        });
  };
  llvm::for_each(access.around->unset, drop);
  llvm::for_each(callers.unset, drop);
  return alive.empty();
}

bool SetUp::isDone(const Access &access, std::uint32_t root, const Context *callers) const {
  // What `main` has set before the first thread, whoever comes later finds set.
  const bool isBefore = !access.spawn && llvm::any_of(S.contexts[access.function], [&](const Context &context) {
    return !context.parallel && access.around->alive.empty() && context.alive.empty() &&
           !S.roots[context.root].isEntryPoint;
  });
  if (isBefore && (access.flags & AccessIsFirst))
    return true;
  auto isSet = [&](const Fact &fact) {
    auto rows = Rows.find(fact.term);
    return rows != Rows.end() && llvm::any_of(rows->second, [&](std::uint32_t row) {
             return Places[row].first == fact && isSetFor(row, root, isBefore);
           });
  };
  return llvm::any_of(access.around->unset, isSet) || (callers && llvm::any_of(callers->unset, isSet));
}

} // namespace gridlock::solve
