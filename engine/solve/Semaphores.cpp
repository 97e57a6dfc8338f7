//===- Semaphores.cpp - Semaphores that are used as locks -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Semaphores.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using model::EffectKind;

/// The argument that a model gives a semaphore as its count; 0: the call gives none.
static const ir::Expr *initialCount(const ir::Unit &unit, const ir::Call &call, const model::FunctionModel &model) {
  for (const model::Effect &effect : model.effects) {
    bool isCount = effect.kind == EffectKind::Set && !effect.place.steps.empty() &&
                   effect.place.steps.back().name == "$count" && effect.value.steps.size() == 1;
    if (!isCount)
      continue;
    const model::Operand::Step &value = effect.value.steps.front();
    if (value.kind == model::OperandKind::Argument && std::uint64_t(value.number) < call.arguments.count)
      return &unit.exprs[unit.lists[call.arguments.first + value.number]];
  }
  return nullptr;
}

Semaphores::Semaphores(const link::Program &program) {
  llvm::DenseSet<Entity> one, several, others;
  for (link::FunctionId id = 1; id < program.functionCount(); ++id) {
    if (!program.function(id).hasBody)
      continue;
    const link::Program::UnitLink &link = program.link(program.function(id).row.unit);
    llvm::DenseSet<Entity> awaited, posted;
    program.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind != ir::EventKind::Call)
        return;
      const ir::Call &call = link.unit->calls[event.a];
      const model::FunctionModel *model = program.function(link.functions[call.callee]).model;
      if (!model || model->effects.empty())
        return;
      Entity entity = call.arguments.count ? entityAt(link, link.unit->lists[call.arguments.first]) : 0;
      if (!entity)
        return;
      if (const ir::Expr *count = initialCount(*link.unit, call, *model))
        (count->kind != ir::ExprKind::IntConst || count->value < 1 ? others
         : count->value == 1                                       ? one
                                                                   : several)
            .insert(entity);
      for (const model::Effect &effect : model->effects) {
        if (effect.kind == EffectKind::Acquire || effect.kind == EffectKind::TryAcquire)
          awaited.insert(entity);
        else if (effect.kind == EffectKind::Release)
          posted.insert(entity);
      }
    });
    for (Entity entity : posted)
      if (!awaited.contains(entity))
        others.insert(entity);
  }
  for (Entity entity : one)
    if (!others.contains(entity) && !several.contains(entity))
      Locks.insert(entity);
  for (Entity entity : several)
    if (!others.contains(entity))
      Limits.insert(entity);
}

bool Semaphores::isLimit(const TermTable &terms, TermId place) const {
  return !Limits.empty() && Limits.contains(entityOf(terms, place));
}

bool Semaphores::isLock(const TermTable &terms, TermId place) const {
  return !Locks.empty() && Locks.contains(entityOf(terms, place));
}

} // namespace gridlock::solve
