//===- MergeChoice.cpp - Which states are merged ----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// When more states with equal locks meet than are kept apart, two of them become
// one, and what they did not have in common is forgotten. What a later branch
// asks that decides about a lock is to be kept: the facts on such conditions, and
// whether the variables in them are null. A loop that ends with an item found
// and its lock held, or with nothing found, is told apart by `found` alone.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// The weight of what decides about a lock, beside all else.
static constexpr unsigned important = 1000;
static constexpr std::size_t variableLimit = 8;

/// Remembers the variables that a branch about a lock looks at.
void FunctionExecutor::noteLockVariables(ir::Index condition, unsigned depth) {
  const ir::Expr &expr = Unit.exprs[condition];
  switch (expr.kind) {
  case ir::ExprKind::Load:
    if (Unit.exprs[expr.a].kind == ir::ExprKind::Local && LockVariables.size() < variableLimit &&
        !llvm::is_contained(LockVariables, Unit.exprs[expr.a].a))
      LockVariables.push_back(Unit.exprs[expr.a].a);
    return;
  case ir::ExprKind::Binary:
    if (depth < 4)
      noteLockVariables(expr.b, depth + 1);
    [[fallthrough]];
  case ir::ExprKind::Unary:
    if (depth < 4)
      noteLockVariables(expr.a, depth + 1);
    return;
  default:
    return;
  }
}

/// How much two states with equal locks have in common, for what comes.
unsigned FunctionExecutor::likeness(const State &one, const State &other) const {
  unsigned common = one.commonFacts(other, LockConditions);
  for (ir::Index variable : LockVariables) {
    TermId place = Shared.solution.terms.local(Function, variable);
    TermId mine = one.stored(place), theirs = other.stored(place);
    if (mine == theirs || (mine && theirs && one.decide(terms(), mine) == other.decide(terms(), theirs)))
      common += important;
  }
  return common;
}

} // namespace gridlock::solve
