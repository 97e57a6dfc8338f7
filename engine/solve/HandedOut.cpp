//===- HandedOut.cpp - Locks that a caller gets with their object -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `node = lookup(key)` and `find(key, &node)` return with `node->lock` held: the
// caller gets the object, and with it the lock. Which object that is, a loop over a
// table or list has decided, so inside the callee its name stands for many. To the
// caller it is one: what the callee found is fixed once it has returned. So such a
// name becomes a strong one where it is handed on, and a second lookup, at another
// call or in another round, is another name.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Whether a value leads to the object that a lock lies in, or to the lock: the way
/// to the lock comes by it. A number that chooses an element does not.
static bool leadsTo(const TermTable &terms, TermId value, TermId lock) {
  if (!value)
    return false;
  const TermId object = terms[value].kind == TermKind::Address ? terms[value].a : 0;
  for (TermId walk = lock;;) {
    const Term &term = terms[walk];
    if (walk == object || (term.kind == TermKind::Deref && term.a == value))
      return true;
    if (term.kind == TermKind::Field || term.kind == TermKind::Element)
      walk = term.a;
    else if (term.kind == TermKind::Deref && terms[term.a].kind == TermKind::Initial)
      walk = terms[term.a].a;
    else
      return false;
  }
}

/// Whether the caller gets the object of a lock: as the result, or stored where an
/// argument points to.
bool FunctionExecutor::handsOut(const Exit &exit, TermId lock) {
  if (leadsTo(terms(), resultOf(exit), lock))
    return true;
  return llvm::any_of(exit.state.entries(), [&](const auto &entry) {
    return terms()[terms().root(entry.first)].kind == TermKind::Formal && leadsTo(terms(), entry.second, lock);
  });
}

/// The next round of the call hands out another object than this one.
void FunctionExecutor::rememberHandedOut(const CallFrame &frame, TermId object) {
  constexpr std::size_t objectsOfCall = 8;
  const ir::Index call = frame.call ? ir::Index(frame.call - &Unit.calls[0]) : 0;
  if (!call || !LoopCalls.contains(call))
    return;
  auto &results = LoopResults[call];
  if (results.size() < objectsOfCall && !llvm::is_contained(results, object))
    results.push_back(object);
}

/// The unknown parts of the names of objects that a callee hands out locked.
void FunctionExecutor::Substitution::fixHandedOut(const ProcedureSummary &summary) {
  const TermTable &terms = executor.terms();
  auto isWeak = [&](TermId part) { return terms[part].kind == TermKind::Opaque && terms[part].weak; };
  for (const Outcome &outcome : summary.outcomes)
    for (const Held &held : outcome.acquired) {
      if (!terms[held.lock].weak || !terms[held.lock].mentionsMade)
        continue;
      auto fixIn = [&](TermId value) {
        if (leadsTo(terms, value, held.lock))
          terms.forEachMade(value, [&](TermId part) {
            if (isWeak(part))
              HandedOut.insert(part);
          });
      };
      fixIn(outcome.result);
      for (auto [place, value] : outcome.writes)
        if (terms[terms.root(place)].kind == TermKind::Formal)
          fixIn(value);
    }
}

} // namespace gridlock::solve
