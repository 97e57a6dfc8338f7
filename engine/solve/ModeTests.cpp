//===- ModeTests.cpp - What happens in some mode only -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Many libraries keep in an object how it is to be used: opened for reading,
// with threads or without, in a call of the user's or not. A function takes a
// lock in one mode only, and who calls it with that lock held has the object in
// the other mode. When the path decides the mode, the two do not meet; when the
// mode was set far away, or computed, nothing here can tell. What is found then
// rests on a guess, and the rules say so by its confidence.
//
// A mode is a number or truth value in memory that is compared with constants.
// A pointer that may be null is none: it says whether something exists.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace gridlock::solve {

/// What a condition tests, in the names of the function that tests it.
OpenMode FunctionExecutor::modeTest(TermId condition) const {
  bool isBit = false;
  for (unsigned depth = 0; depth < 8; ++depth) {
    const Term &term = Shared.solution.terms[condition];
    if (term.kind == TermKind::Unary) {
      condition = term.a;
      continue;
    }
    if (term.kind == TermKind::Binary) {
      bool leftIsConstant = Shared.solution.terms[term.a].kind == TermKind::Integer;
      if (!leftIsConstant && Shared.solution.terms[term.b].kind != TermKind::Integer)
        return OpenMode::None;
      isBit |= term.op == ir::Operator::And;
      condition = leftIsConstant ? term.b : term.a;
      continue;
    }
    // Types of arguments would be another function's.
    if (term.kind != TermKind::Initial || (Shared.solution.terms[term.a].kind != TermKind::Field &&
                                           Shared.solution.terms[term.a].kind != TermKind::Global))
      return OpenMode::None;
    link::UnitId unit = UnitNumber;
    const ir::Type *type = typeOf(term.a, unit);
    if (!type || (type->kind != ir::TypeKind::Integer && type->kind != ir::TypeKind::Bool))
      return OpenMode::None;
    return isBit ? OpenMode::FlagWord : OpenMode::Number;
  }
  return OpenMode::None;
}

/// Whether the state knows that the condition on `subject` holds.
bool FunctionExecutor::isDecided(const State &state, const Fact &condition, TermId subject) {
  const Term &term = terms()[subject];
  if (term.kind == TermKind::Integer)
    return true;
  bool isTruth = condition.nonZero || (condition.low == 0 && condition.high == 0);
  if (isTruth && state.decide(terms(), subject))
    return true;
  const Fact *known = State::inherentFact(term);
  if (!known)
    known = state.fact(subject);
  return known && known->low >= condition.low && known->high <= condition.high &&
         (!condition.nonZero || known->nonZero || known->low > 0 || known->high < 0);
}

/// The mode that the callee's conditions ask for and that the caller's state
/// leaves open. `forGood`: only what no caller of this function can decide.
OpenMode FunctionExecutor::openMode(State &state, Substitution &substitute, llvm::ArrayRef<Fact> conditions,
                                    bool forGood) {
  OpenMode open = OpenMode::None;
  for (const Fact &condition : conditions)
    if (OpenMode mode = modeTest(condition.term); mode > open) {
      TermId subject = substitute(condition.term);
      if ((!forGood || !onInputs(subject)) && !isDecided(state, condition, subject))
        open = mode;
    }
  return open;
}

/// Whether the callee takes a lock only if some pointer in memory is not null, and
/// the caller's state leaves that open. Not a pointer that leads to the lock itself:
/// it says which lock is taken.
bool FunctionExecutor::hasOpenPointer(State &state, Substitution &substitute, const Record &inner, bool forGood) {
  if (inner.kind != RecordKind::Acquire)
    return false;
  return llvm::any_of(inner.conditions, [&](const Fact &condition) {
    const Term test = terms()[condition.term];
    if (!condition.nonZero || test.kind != TermKind::Initial || terms()[test.a].kind != TermKind::Field ||
        terms().mentions(inner.subject, condition.term))
      return false;
    link::UnitId unit = UnitNumber;
    const ir::Type *type = typeOf(test.a, unit);
    if (!type || type->kind != ir::TypeKind::Pointer)
      return false;
    TermId subject = substitute(condition.term);
    return (!forGood || !onInputs(subject)) && !isDecided(state, condition, subject);
  });
}

/// ... and that no caller will decide.
OpenMode FunctionExecutor::openMode(llvm::ArrayRef<Fact> conditions) const {
  OpenMode open = OpenMode::None;
  for (const Fact &condition : conditions)
    open = std::max(open, modeTest(condition.term));
  return open;
}

/// The locks that this way of a callee leaves alone and another one takes, in a
/// mode of an object that is open here. What tells by its result whether it took
/// a lock is no such callee.
llvm::SmallVector<TermId, 1> FunctionExecutor::skippedLocks(State &state, Substitution &substitute,
                                                            const ProcedureSummary &summary, const Outcome &taken) {
  llvm::SmallVector<TermId, 1> skipped;
  if (!taken.acquired.empty() || !taken.released.empty())
    return skipped;
  for (const Outcome &other : summary.outcomes) {
    if (other.acquired.empty() || !other.released.empty() || other.result != taken.result)
      continue;
    if (openMode(state, substitute, other.conditions, /*forGood=*/false) != OpenMode::None)
      for (const Held &held : other.acquired)
        skipped.push_back(substitute(held.lock));
  }
  return skipped;
}

/// The mode in which a callee gives back a lock, when that is all it does: such a
/// wrapper has a partner that takes the lock in the same mode.
OpenMode FunctionExecutor::releaseMode(OpenMode open, StepId at) const {
  const Step &step = Shared.solution.steps[at];
  const ProcedureSummary &summary = Shared.solution.summaries[step.function];
  bool onlyGivesBack =
      !step.inner && summary.records.size() <= 2 && llvm::all_of(summary.outcomes, [](const Outcome &outcome) {
        return outcome.acquired.empty() && outcome.released.size() <= 1;
      });
  return onlyGivesBack ? open : OpenMode::None;
}

} // namespace gridlock::solve
