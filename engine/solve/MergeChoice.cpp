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

/// Marks the branches of which one arm, but not the other, changes a lock at
/// once. What they test is what the lock depends on.
void FunctionExecutor::findLockBranches() {
  auto changesLock = [&](const ir::Event &event) {
    if (event.kind != ir::EventKind::Call)
      return false;
    link::FunctionId callee = Link.functions[Unit.calls[event.a].callee];
    if (const model::FunctionModel *model = Program.function(callee).model)
      return model->effect(model::EffectKind::Acquire) || model->effect(model::EffectKind::Release);
    return callee && Shared.solution.summaries[callee].changesLocks();
  };
  std::vector<bool> leads(Blocks.size(), false);
  for (unsigned b = 0; b < Blocks.size(); ++b)
    for (std::uint32_t e = 0; e < Blocks[b]->eventCount && !leads[b]; ++e)
      leads[b] = changesLock(Unit.events[Blocks[b]->firstEvent + e]);
  GuardsLock.assign(Blocks.size(), false);
  // `a || b` and `a && b` are chains of branches.
  for (unsigned round = 0; round < 4; ++round)
    for (unsigned b = 0; b < Blocks.size(); ++b) {
      if (Blocks[b]->terminator != ir::TerminatorKind::Branch || Successors[b].size() != 2)
        continue;
      if (leads[Successors[b][0]] == leads[Successors[b][1]] && !GuardsLock[Successors[b][0]] &&
          !GuardsLock[Successors[b][1]])
        continue;
      GuardsLock[b] = true;
      noteLockVariables(Blocks[b]->value);
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
