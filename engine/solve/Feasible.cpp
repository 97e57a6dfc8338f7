//===- Feasible.cpp - Whether a callee's way is open at a call --*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What happens in a callee happens under conditions on its inputs. A condition
// that contradicts what the caller's path knows closes the way; one that the
// path says nothing about is left to its own callers.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace gridlock::solve {

/// Whether the state, and what values are by their nature, leave room for a
/// callee's conditions. `left` gets those on this function's inputs.
bool FunctionExecutor::feasible(State &state, Substitution &substitute, llvm::ArrayRef<Fact> conditions,
                                llvm::SmallVectorImpl<Fact> *left) {
  for (const Fact &fact : conditions) {
    TermId subject = substitute(fact.term);
    if (substitute.trace)
      substitute.trace->noteDecision(terms(), state, subject);
    const Term term = terms()[subject];
    std::int64_t low = INT64_MIN, high = INT64_MAX;
    bool nonZero = false;
    if (term.kind == TermKind::Integer) {
      low = high = term.number;
    } else if (std::optional<bool> truth = state.decide(terms(), subject)) {
      nonZero = *truth;
      if (!*truth)
        low = high = 0;
      else if (term.kind == TermKind::Binary)
        low = high = 1;
    }
    const Fact *known = State::inherentFact(term);
    if (known || (known = state.fact(subject))) {
      low = std::max(low, known->low);
      high = std::min(high, known->high);
      nonZero |= known->nonZero;
    }
    std::int64_t lowest = std::max(low, fact.low), highest = std::min(high, fact.high);
    if (fact.low == fact.high &&
        state.decide(terms(), terms().binary(ir::Operator::Equal, subject, terms().integer(fact.low))) == false)
      return false;
    bool onlyZero = lowest == 0 && highest == 0;
    if (lowest > highest || (onlyZero && (nonZero || fact.nonZero)))
      return false;
    if (left && onInputs(subject) && term.kind != TermKind::Integer && left->size() < 6) {
      Fact remaining = fact;
      remaining.term = subject;
      if (!llvm::is_contained(*left, remaining))
        left->push_back(remaining);
    }
  }
  return true;
}

} // namespace gridlock::solve
