//===- SpinLocks.cpp - Locks that are made of atomics -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `while (flag.exchange(true)) ;` waits for a lock; `if (!done.exchange(true))`
// asks whether something was done before, and is none. What tells them apart is
// a loop that is left exactly where the exchange found zero. Beside it there is
// somebody who stores zero again. With both, every exchange of that field or
// global that stores something else takes the lock where it returns zero.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/SpinLocks.h"
#include "engine/solve/BodyGraph.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using model::EffectKind;

SpinLocks::SpinLocks(const link::Program &program) : Program(program) {
  for (link::FunctionId id = 1; id < Program.functionCount(); ++id)
    if (Program.function(id).hasBody)
      collect(id);
  for (Entity entity : Awaited)
    if (Cleared.contains(entity))
      Locks.insert(entity);
  for (auto [function, entity] : Touched)
    if (Locks.contains(entity) && (Users.empty() || Users.back() != function))
      Users.push_back(function);
  Touched = {};
}

bool SpinLocks::contains(const TermTable &terms, TermId place) const { return Locks.contains(entityOf(terms, place)); }

/// The constant that an effect stores, when it is one.
static std::optional<std::int64_t> storedConstant(const ir::Unit &unit, const ir::Call &call,
                                                  const model::Operand &operand) {
  if (operand.steps.size() != 1)
    return std::nullopt;
  const model::Operand::Step &step = operand.steps.front();
  if (step.kind == model::OperandKind::Constant)
    return step.number;
  if (step.kind != model::OperandKind::Argument || std::uint64_t(step.number) >= call.arguments.count)
    return std::nullopt;
  const ir::Expr &argument = unit.exprs[unit.lists[call.arguments.first + step.number]];
  if (argument.kind == ir::ExprKind::IntConst)
    return argument.value;
  return std::nullopt;
}

void SpinLocks::collect(link::FunctionId function) {
  const link::Program::UnitLink &link = Program.link(Program.function(function).row.unit);
  const ir::Unit &unit = *link.unit;
  llvm::DenseMap<ir::Index, Entity> exchanges;
  Program.forEachEvent(function, [&](const ir::Event &event) {
    if (event.kind == ir::EventKind::Assign) {
      const ir::Expr &value = unit.exprs[event.b];
      if (value.kind == ir::ExprKind::IntConst && value.value == 0 && !(event.flags & ir::AssignIsInitialization))
        if (Entity entity = entityOf(link, event.a)) {
          Cleared.insert(entity);
          Touched.push_back({function, entity});
        }
    } else if (event.kind == ir::EventKind::Call) {
      const ir::Call &call = unit.calls[event.a];
      const model::FunctionModel *model = Program.function(link.functions[call.callee]).model;
      if (!model || !call.arguments.count)
        return;
      for (const model::Effect &effect : model->effects) {
        if (effect.kind != EffectKind::Atomic)
          continue;
        Entity entity = entityAt(link, unit.lists[call.arguments.first]);
        std::optional<std::int64_t> value = storedConstant(unit, call, effect.value);
        if (!entity || !value)
          continue;
        Touched.push_back({function, entity});
        if (effect.operation == "store" && *value == 0)
          Cleared.insert(entity);
        else if ((effect.operation == "exchange" || effect.operation == "compare") && *value != 0)
          exchanges[event.a] = entity;
      }
    }
  });
  if (!exchanges.empty())
    findWaits(function, exchanges);
}

/// Whether the truth of a condition means that the exchange found zero. An
/// exchange returns what it found; a comparing one may return success.
bool SpinLocks::succeeds(link::FunctionId function, ir::Index value, ir::Index call, bool truth) const {
  const link::Program::UnitLink &link = Program.link(Program.function(function).row.unit);
  const ir::Unit &unit = *link.unit;
  const ir::Expr &e = unit.exprs[value];
  if (e.kind == ir::ExprKind::Unary && e.op == ir::Operator::Not)
    return succeeds(function, e.a, call, !truth);
  if (e.kind == ir::ExprKind::Binary && (e.op == ir::Operator::Equal || e.op == ir::Operator::NotEqual)) {
    const ir::Expr &right = unit.exprs[e.b];
    bool isEqual = truth == (e.op == ir::Operator::Equal);
    return right.kind == ir::ExprKind::IntConst && succeeds(function, e.a, call, isEqual == (right.value != 0));
  }
  if (e.kind != ir::ExprKind::Result || e.a != call)
    return false;
  const model::FunctionModel *model = Program.function(link.functions[unit.calls[call].callee]).model;
  return truth == llvm::any_of(model->effects, [&](const model::Effect &effect) {
           return effect.kind == EffectKind::Atomic && tellsSuccess(effect, unit.types[e.type]);
         });
}

void SpinLocks::findWaits(link::FunctionId function, const llvm::DenseMap<ir::Index, Entity> &exchanges) {
  const ir::Unit &unit = Program.unit(Program.function(function).row.unit);
  BodyGraph graph = makeGraph(unit, Program.body(function));
  for (unsigned number = 0; number < graph.blocks.size(); ++number) {
    const ir::Block &block = *graph.blocks[number];
    if (!graph.decides(number))
      continue;
    for (auto [call, entity] : exchanges)
      for (bool truth : {true, false}) {
        unsigned target = graph.successors[number][truth ? 0 : 1];
        bool leaves = llvm::any_of(
            graph.loops, [&](const BodyGraph::Loop &loop) { return loop.inside[number] && !loop.inside[target]; });
        if (!leaves || !succeeds(function, block.value, call, truth))
          continue;
        Awaited.insert(entity);
        Waits.insert({function, call});
      }
  }
}

} // namespace gridlock::solve
