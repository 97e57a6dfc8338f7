//===- EventLoops.cpp - Which thread calls a handler ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A loop is named by the field in which it stands, since neither the thread nor the
// handler knows the object. Its runner is the one root that calls something which
// dispatches the events of that field; when there are several, or threads of it are started
// in a loop, nothing is said. A handler belongs to the loop when it was registered
// with the same field, or with another field of the same class or of one that derives
// from it: its timers and sockets were made with the loop. Handlers of two classes
// that inherit one loop are on two threads.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/EventLoops.h"
#include "engine/solve/BodyGraph.h"
#include "engine/solve/Solution.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using model::EffectKind;

EventLoops::EventLoops(const Solution &solution) : S(solution) {
  if (llvm::none_of(S.spawns, [](const Spawn &spawn) { return spawn.what == "event"; }))
    return;
  findLoops();
  if (Loops.empty() && RunByMany.empty())
    return;
  for (std::uint32_t root = 1; root < S.roots.size(); ++root)
    if (S.roots[root].spawn && S.spawns[S.roots[root].spawn].what == "event")
      placeHandler(root);
}

/// The loop that a call runs or registers with: the argument that the model's handle
/// names, else the method's object, or a library's first argument.
link::FieldId EventLoops::loopOfCall(const link::Program::UnitLink &link, ir::Index row, EffectKind kind) const {
  const ir::Call &call = link.unit->calls[row];
  const model::FunctionModel *model = S.program.function(link.functions[call.callee]).model;
  if (!model)
    return 0;
  const auto effect = llvm::find_if(model->effects, [&](const model::Effect &one) { return one.kind == kind; });
  if (effect == model->effects.end())
    return 0;
  const auto &steps = effect->handle.steps;
  const bool isArgument = !steps.empty() && steps.front().kind == model::OperandKind::Argument;
  const std::uint64_t at = isArgument ? std::uint64_t(steps.front().number) : 0;
  return at < call.arguments.count ? fieldOf(link, link.unit->lists[call.arguments.first + at]) : 0;
}

/// The field that an object is, or that a function returns which gives the object.
link::FieldId EventLoops::fieldOf(const link::Program::UnitLink &link, ir::Index object) const {
  const ir::Unit &unit = *link.unit;
  for (unsigned steps = 0; steps < 6; ++steps) {
    const ir::Expr &expr = unit.exprs[object];
    switch (expr.kind) {
    case ir::ExprKind::Field:
      return link.fields[expr.b];
    case ir::ExprKind::AddressOf:
    case ir::ExprKind::Load:
    case ir::ExprKind::Deref:
    case ir::ExprKind::Index:
      object = expr.a;
      continue;
    case ir::ExprKind::Result: {
      const link::FunctionId callee = link.functions[unit.calls[expr.a].callee];
      for (const Outcome &outcome : S.summaries[callee].outcomes)
        if (outcome.result)
          return S.terms.declaredField(S.terms[outcome.result].kind == TermKind::Address ? S.terms[outcome.result].a
                                                                                         : outcome.result,
                                       /*throughPointers=*/true);
      return 0;
    }
    default:
      return 0;
    }
  }
  return 0;
}

void EventLoops::findLoops() {
  llvm::DenseMap<link::FieldId, std::uint32_t> runners;
  auto note = [&](link::FieldId field, link::FunctionId function) {
    for (const Context &context : S.contexts[function]) {
      const Root &root = S.roots[context.root];
      const bool isThread = root.spawn && !root.isEntryPoint && S.spawns[root.spawn].what == "thread";
      const bool isOne = isThread && !root.many && !S.spawns[root.spawn].besideItself;
      if (isThread && !isOne)
        RunByMany.insert(field);
      auto [known, isNew] = runners.try_emplace(field, isOne ? context.root : 0);
      if (!isNew && known->second != context.root)
        known->second = 0;
    }
  };
  for (link::FunctionId id = 1; id < S.program.functionCount(); ++id) {
    if (!S.program.function(id).hasBody || S.contexts[id].empty())
      continue;
    const link::Program::UnitLink &link = S.program.link(S.program.function(id).row.unit);
    S.program.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind != ir::EventKind::Call)
        return;
      if (const link::FieldId field = loopOfCall(link, event.a, EffectKind::Dispatches))
        note(field, id);
    });
  }
  for (auto [field, runner] : runners)
    if (runner)
      Loops.push_back({runner, S.program.field(field).record});
}

void EventLoops::placeHandler(std::uint32_t root) {
  const Step &start = S.steps[S.innermost(S.spawns[S.roots[root].spawn].step)];
  if (!S.program.function(start.function).hasBody)
    return;
  const link::Program::UnitLink &link = S.program.link(S.program.function(start.function).row.unit);
  link::FieldId field = 0;
  S.program.forEachEvent(start.function, [&](const ir::Event &event) {
    if (event.kind != ir::EventKind::Call)
      return;
    const ir::Call &call = link.unit->calls[event.a];
    if (locationOf(*link.unit, event) == start.location && S.program.function(link.functions[call.callee]).model)
      if (const link::FieldId loop = loopOfCall(link, event.a, EffectKind::Spawns))
        field = loop;
  });
  if (RunByMany.contains(field))
    OnSeveral.insert(root);
  const link::RecordId record = field ? S.program.field(field).record : 0;
  if (!record)
    return;
  const auto *loop = llvm::find_if(Loops, [&](const Loop &one) { return S.program.derivesFrom(record, one.record); });
  if (loop != Loops.end())
    Handlers[root] = {loop->runner, record};
}

bool EventLoops::areOneThread(std::uint32_t root, std::uint32_t other) const {
  const Handler mine = Handlers.lookup(root), theirs = Handlers.lookup(other);
  if (mine.runner && mine.runner == theirs.runner)
    return mine.record == theirs.record;
  return (mine.runner && mine.runner == other) || (theirs.runner && theirs.runner == root);
}

} // namespace gridlock::solve
