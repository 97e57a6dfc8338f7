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

static std::optional<std::int64_t> constantOf(const ir::Expr &expr) {
  return expr.kind == ir::ExprKind::IntConst ? std::optional(expr.value) : std::nullopt;
}

/// The count that a function of the program's own gives a semaphore, if it is known.
static std::optional<std::int64_t> countOf(const ir::Unit &unit, const ir::Call &call,
                                           const OwnSemaphores::Operation &operation) {
  if (operation.countArgument && *operation.countArgument < call.arguments.count)
    return constantOf(unit.exprs[unit.lists[call.arguments.first + *operation.countArgument]]);
  return operation.count;
}

Semaphores::Semaphores(const link::Program &program, const PairedCalls &pairs, const OwnSemaphores &own)
    : Program(program), Own(own) {
  for (link::FunctionId id = 1; id < Program.functionCount(); ++id)
    if (Program.function(id).hasBody)
      collect(id);
  for (const auto &[semaphore, use] : Uses) {
    auto waits = [&waiting = use.waiting](link::FunctionId function) { return waiting.contains(function); };
    // What a guard gets is taken to be a lock.
    const bool isKnown = use.one || use.several || isPointee(semaphore);
    if (!use.other && isKnown && pairs.arePaired(use.posting, waits))
      (use.several ? Limits : Locks).insert(semaphore);
  }
  Uses.clear();
}

/// The semaphore whose address a value is, or the one that a pointer leads to.
Entity Semaphores::semaphoreAt(const link::Program::UnitLink &link, ir::Index value) {
  const ir::Expr &e = link.unit->exprs[value];
  return e.kind == ir::ExprKind::Load ? pointeeOf(entityOf(link, e.a)) : entityAt(link, value);
}

Entity Semaphores::semaphoreOf(const TermTable &terms, TermId place) {
  const Term &term = terms[place];
  if (term.kind == TermKind::Deref && terms[term.a].kind == TermKind::Initial)
    return pointeeOf(entityOf(terms, terms[term.a].a));
  return entityOf(terms, place);
}

void Semaphores::noteFirst(Entity semaphore, std::optional<std::int64_t> count) {
  Use &use = Uses[semaphore];
  (!count || *count < 1 ? use.other : *count == 1 ? use.one : use.several) = true;
}

void Semaphores::noteCall(const link::Program::UnitLink &link, const ir::Call &call, link::FunctionId function) {
  const link::FunctionId callee = link.functions[call.callee];
  const OwnSemaphores::Operation *operation = Own.operation(callee);
  const model::FunctionModel *model = operation ? Own.modelOf(callee) : Program.function(callee).model;
  const unsigned at = operation ? operation->object : 0;
  const Entity semaphore =
      at < call.arguments.count ? semaphoreAt(link, link.unit->lists[call.arguments.first + at]) : 0;
  if (!semaphore)
    return;
  if (operation && operation->act == OwnSemaphores::Act::SetUp)
    noteFirst(semaphore, countOf(*link.unit, call, *operation));
  if (!model)
    return;
  if (const ir::Expr *count = initialCount(*link.unit, call, *model))
    noteFirst(semaphore, constantOf(*count));
  for (const model::Effect &effect : model->effects) {
    if (effect.kind == EffectKind::Acquire || effect.kind == EffectKind::TryAcquire)
      Uses[semaphore].waiting.insert(function);
    else if (effect.kind == EffectKind::Release)
      Uses[semaphore].posting.push_back(function);
  }
}

void Semaphores::collect(link::FunctionId function) {
  const link::Program::UnitLink &link = Program.link(Program.function(function).row.unit);
  const ir::Unit &unit = *link.unit;
  Program.forEachEvent(function, [&](const ir::Event &event) {
    if (event.kind == ir::EventKind::Call)
      return noteCall(link, unit.calls[event.a], function);
    if (event.kind != ir::EventKind::Assign || Own.empty())
      return;
    const ir::Expr &place = unit.exprs[event.a], &value = unit.exprs[event.b];
    // An object that a function made: `pool->lock = makeSemaphore(1)`.
    if (value.kind == ir::ExprKind::Result)
      if (const ir::Call &call = unit.calls[value.a]; const auto *made = Own.operation(link.functions[call.callee]))
        if (const Entity pointer = entityOf(link, event.a); pointer && made->act == OwnSemaphores::Act::Make)
          noteFirst(pointeeOf(pointer), countOf(unit, call, *made));
    // A static object's count.
    if (place.kind == ir::ExprKind::Field && (event.flags & ir::AssignIsInitialization))
      if (const Entity object = entityOf(link, place.a); object && Own.isCount(entityOf(link, event.a)))
        noteFirst(object, constantOf(value));
  });
}

bool Semaphores::isLimit(const TermTable &terms, TermId place) const {
  return !Limits.empty() && Limits.contains(semaphoreOf(terms, place));
}

bool Semaphores::isLock(const link::Program::UnitLink &link, ir::Index value) const {
  return !Locks.empty() && Locks.contains(semaphoreAt(link, value));
}

bool Semaphores::isLock(const TermTable &terms, TermId place) const {
  return !Locks.empty() && Locks.contains(semaphoreOf(terms, place));
}

} // namespace gridlock::solve
