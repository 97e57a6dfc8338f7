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
  findReaders();
}

//===----------------------------------------------------------------------===//
// First and last readers
//===----------------------------------------------------------------------===//
//
// `if (++readers == 1) sem_wait(&empty);` and `if (--readers == 0) sem_post(&empty);`
// hold the lock from the first reader's coming to the last one's going, whoever these
// are. That is a lock in shared mode, taken where the counter goes up.

/// The counter that a condition compares with a number; `isMet`: where it is equal.
static Entity comparedCounter(const link::Program::UnitLink &link, ir::Index condition, std::int64_t number,
                              bool &isMet) {
  const ir::Unit &unit = *link.unit;
  const ir::Expr &e = unit.exprs[condition];
  isMet = true;
  if (e.kind == ir::ExprKind::Unary && e.op == ir::Operator::Not) {
    const Entity counter = comparedCounter(link, e.a, number, isMet);
    isMet = !isMet;
    return counter;
  }
  if (e.kind == ir::ExprKind::Load && number == 0) { // `if (!readers)`
    isMet = false;
    return entityOf(link, e.a);
  }
  const bool isEqual = e.op == ir::Operator::Equal;
  if (e.kind != ir::ExprKind::Binary || !(isEqual || e.op == ir::Operator::NotEqual))
    return 0;
  const ir::Expr &left = unit.exprs[e.a];
  isMet = isEqual;
  return left.kind == ir::ExprKind::Load && constantOf(unit.exprs[e.b]) == number ? entityOf(link, left.a) : 0;
}

void Semaphores::collectReaders(link::FunctionId function) {
  const link::UnitId number = Program.function(function).row.unit;
  const link::Program::UnitLink &link = Program.link(number);
  const ir::Unit &unit = *link.unit;
  const BodyGraph graph = makeGraph(unit, Program.body(function));
  for (unsigned at = 0; at < graph.blocks.size(); ++at) {
    if (!graph.decides(at))
      continue;
    for (const bool isWait : {true, false})
      for (unsigned side : {0u, 1u}) {
        bool isMet = false;
        const Entity counter = comparedCounter(link, graph.blocks[at]->value, isWait ? 1 : 0, isMet);
        if (!counter || isMet != (side == 0))
          continue;
        const ir::Block &block = *graph.blocks[graph.successors[at][side]];
        for (std::uint32_t i = 0; i < block.eventCount; ++i) {
          const ir::Event &event = unit.events[block.firstEvent + i];
          if (event.kind != ir::EventKind::Call)
            continue;
          const ir::Call &call = unit.calls[event.a];
          const link::FunctionId callee = link.functions[call.callee];
          const OwnSemaphores::Operation *operation = Own.operation(callee);
          const model::FunctionModel *model = operation ? Own.modelOf(callee) : Program.function(callee).model;
          const unsigned place = operation ? operation->object : 0;
          const EffectKind wanted = isWait ? EffectKind::Acquire : EffectKind::Release;
          if (!model || place >= call.arguments.count || !model->effect(wanted))
            continue;
          if (const Entity semaphore = semaphoreAt(link, unit.lists[call.arguments.first + place]);
              Locks.contains(semaphore) && !isPointee(semaphore))
            ReadersUses.push_back({counter, semaphore, number, event.a, isWait});
        }
      }
  }
}

void Semaphores::findReaders() {
  if (Locks.empty())
    return;
  for (link::FunctionId id = 1; id < Program.functionCount(); ++id)
    if (Program.function(id).hasBody && Users.contains(id))
      collectReaders(id);
  for (const ReadersUse &wait : ReadersUses)
    for (const ReadersUse &post : ReadersUses)
      if (wait.isWait && !post.isWait && wait.counter == post.counter && wait.semaphore == post.semaphore) {
        LockOfReaders[wait.counter] = wait.semaphore;
        ReadersCalls.insert({wait.unit, wait.call});
        ReadersCalls.insert({post.unit, post.call});
      }
  ReadersUses.clear();
  Users.clear();
}

TermId Semaphores::lockOfReaders(TermTable &terms, TermId counter) const {
  const auto found = LockOfReaders.find(entityOf(terms, counter));
  if (found == LockOfReaders.end())
    return 0;
  if (const link::GlobalId global = globalOf(found->second))
    return terms.global(global);
  const Term place = terms[terms.declared(counter)];
  const link::FieldId lock = fieldOf(found->second);
  const bool sameObject = place.kind == TermKind::Field && Program.field(place.b).record == Program.field(lock).record;
  return sameObject ? terms.field(place.a, lock) : 0;
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
    if (effect.kind == EffectKind::Acquire || effect.kind == EffectKind::TryAcquire) {
      Uses[semaphore].waiting.insert(function);
      Users.insert(function);
    } else if (effect.kind == EffectKind::Release) {
      Uses[semaphore].posting.push_back(function);
      Users.insert(function);
    }
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
