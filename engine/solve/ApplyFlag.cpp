//===- ApplyFlag.cpp - Taking and clearing locks made of a flag -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A store to a flag that is a lock (FlagLocks.h) takes it where the function has
// waited for it, or where this path has found it clear; that is an attempt. The
// mutex around the wait is not held over the wait, so that no order of the two
// follows. Zero stored gives the flag back. So it is with the counter of readers,
// up and down, in shared mode.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// The mutex that a waiting call of this function gives back meanwhile.
TermId FunctionExecutor::lockOfWait(State &state, ir::Index row) {
  const ir::Call &call = Unit.calls[row];
  const model::Effect *effect = Subjects::waitEffect(Program, Link.functions[call.callee]);
  CallFrame frame;
  frame.call = &call;
  for (std::uint32_t i = 0; i < call.arguments.count; ++i)
    frame.arguments.push_back(value(state, Unit.lists[call.arguments.first + i]));
  return waitedLock(state, *effect, frame);
}

void FunctionExecutor::takeFlag(State &state, TermId flag, model::LockMode mode, Entity awaited, ir::Index location) {
  llvm::ArrayRef<ir::Index> waits = Shared.flagLocks.waits(Function, awaited);
  if (waits.empty() && state.decide(terms(), load(state, flag)).value_or(true))
    return; // set up, or set for good
  llvm::SmallVector<TermId, 2> givenBack;
  for (ir::Index call : waits)
    givenBack.push_back(lockOfWait(state, call));
  decltype(state.locks) around;
  llvm::erase_if(state.locks, [&](const Held &held) {
    bool isGivenBack = llvm::is_contained(givenBack, held.lock);
    if (isGivenBack)
      around.push_back(held);
    return isGivenBack;
  });
  LockTraits traits;
  traits.kind = model::LockKind::Flag;
  traits.recursion = model::Recursion::Shared;
  acquire(state, flag, mode, /*byTry=*/waits.empty(), traits, step(location), 0);
  state.locks.insert(state.locks.begin(), around.begin(), around.end());
}

/// A variable that is a lock is cleared: it is given back, by this path or, when a
/// caller may hold it, for the caller. A constructor and `main` set their objects up.
void FunctionExecutor::giveVariableBack(State &state, TermId variable, ir::Index location) {
  bool setsUp = Program.function(Function).flags & (ir::FunctionIsConstructor | ir::FunctionIsMain);
  bool mayBeCallers = terms()[variable].mentionsFormal || terms()[terms().root(variable)].kind == TermKind::Global;
  if (state.held(variable) || (!setsUp && mayBeCallers))
    release(state, variable, step(location));
}

/// Who waits for the flag later goes on when another thread has changed it.
void FunctionExecutor::forgetFlag(State &state, const ir::Event &event) {
  storeValue(state, place(state, event.a), terms().opaque(OriginKind::CallResult, site(12, event.location)));
}

void FunctionExecutor::storeToFlag(State &state, const ir::Event &event) {
  const ir::Expr &stored = Unit.exprs[event.b];
  const bool isUpdate = event.flags & ir::AssignIsUpdate;
  if (!isUpdate && stored.kind != ir::ExprKind::IntConst)
    return;
  Entity entity = entityOf(Link, event.a);
  if (!Shared.flagLocks.isPartOfLock(entity))
    return;
  TermId to = place(state, event.a);
  if (!isUpdate) {
    if (Shared.flagLocks.contains(terms(), to))
      stored.value ? takeFlag(state, to, model::LockMode::Exclusive, entity, event.location)
                   : giveVariableBack(state, to, event.location);
    return;
  }
  TermId flag = Shared.flagLocks.flagOfReaders(terms(), to);
  const ir::Expr &by = Unit.exprs[stored.b];
  if (!flag || stored.kind != ir::ExprKind::Binary || by.kind != ir::ExprKind::IntConst)
    return;
  bool isUp = (stored.op == ir::Operator::Add) == (by.value > 0);
  if (isUp)
    takeFlag(state, flag, model::LockMode::Shared, entityOf(terms(), flag), event.location);
  else
    giveVariableBack(state, flag, event.location);
}

/// One reader more, or one less, of those who hold a semaphore together (Semaphores.h).
void FunctionExecutor::countReaders(State &state, const ir::Event &event) {
  if (!Shared.semaphores.isCounterOfReaders(entityOf(Link, event.a)))
    return;
  const TermId lock = Shared.semaphores.lockOfReaders(terms(), place(state, event.a));
  const ir::Expr &stored = Unit.exprs[event.b];
  if (!lock || stored.kind != ir::ExprKind::Binary || Unit.exprs[stored.b].kind != ir::ExprKind::IntConst)
    return;
  const bool isUp = (stored.op == ir::Operator::Add) == (Unit.exprs[stored.b].value > 0);
  LockTraits traits;
  traits.kind = model::LockKind::Mutex;
  traits.recursion = model::Recursion::Shared;
  if (isUp)
    acquire(state, lock, model::LockMode::Shared, /*byTry=*/false, traits, step(event.location), 0);
  else
    release(state, lock, step(event.location));
}

} // namespace gridlock::solve
