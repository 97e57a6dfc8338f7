//===- EventLoops.cpp - Which thread calls a handler ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A loop is named by the field in which it stands, since neither the thread nor the
// handler knows the object. Its runner is the one root that calls something which
// dispatches the events of that field; when there are several, or threads of it are
// started in a loop, no thread is named, and in the second case a handler of the field
// runs beside itself. A handler belongs to the loop when it was registered with the
// same field, or with another field of the same class or of one that derives from it:
// its timers and sockets were made with the loop. Handlers of two classes that inherit
// one loop are on two threads.
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
  for (std::uint32_t root = 1; root < S.roots.size(); ++root)
    if (isHandler(root))
      placeHandler(root);
}

bool EventLoops::isHandler(std::uint32_t root) const {
  return S.roots[root].spawn && S.spawns[S.roots[root].spawn].what == "event";
}

bool EventLoops::isThread(std::uint32_t root) const {
  return S.roots[root].spawn && !S.roots[root].isEntryPoint && S.spawns[S.roots[root].spawn].what == "thread";
}

static const model::Effect *effectOf(const model::FunctionModel *model, EffectKind kind) {
  if (!model)
    return nullptr;
  const auto found = llvm::find_if(model->effects, [&](const model::Effect &effect) { return effect.kind == kind; });
  return found == model->effects.end() ? nullptr : &*found;
}

/// The loop that a call runs or registers with: the argument that the model's handle
/// names, else the method's object, or a library's first argument.
link::FieldId EventLoops::loopOfCall(const link::Program::UnitLink &link, const ir::Call &call, EffectKind kind) const {
  const model::Effect *effect = effectOf(S.program.function(link.functions[call.callee]).model, kind);
  if (!effect)
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

/// A call that runs a loop, on all threads that come to the function.
void EventLoops::noteRunners(const link::Program::UnitLink &link, const ir::Call &call, link::FunctionId function) {
  const model::Effect *dispatches =
      effectOf(S.program.function(link.functions[call.callee]).model, EffectKind::Dispatches);
  if (!dispatches)
    return;
  const link::FieldId field = loopOfCall(link, call, EffectKind::Dispatches);
  for (const Context &context : S.contexts[function]) {
    const Root &root = S.roots[context.root];
    // Where several may run one loop, it takes more to tell whose handlers they run.
    if (!dispatches->shared)
      Runners.insert(context.root);
    else if (root.spawn && S.spawns[root.spawn].what == "thread")
      LoopsAreShared |= S.spawns[root.spawn].many;
    if (!field)
      continue;
    const bool isOne = isThread(context.root) && !root.many && !S.spawns[root.spawn].besideItself;
    if (isThread(context.root) && !isOne)
      RunByMany.insert(field);
    auto [known, isNew] = RunnerOf.try_emplace(field, isOne ? context.root : 0);
    if (!isNew && known->second != context.root)
      known->second = 0;
  }
}

void EventLoops::findLoops() {
  for (link::FunctionId id = 1; id < S.program.functionCount(); ++id) {
    if (!S.program.function(id).hasBody || S.contexts[id].empty())
      continue;
    const link::Program::UnitLink &link = S.program.link(S.program.function(id).row.unit);
    S.program.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind == ir::EventKind::Call)
        noteRunners(link, link.unit->calls[event.a], id);
    });
  }
  for (auto [field, runner] : RunnerOf)
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
      if (const link::FieldId loop = loopOfCall(link, call, EffectKind::Spawns))
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

bool EventLoops::mayBeOneThread(std::uint32_t root, std::uint32_t other) const {
  // What a handler was given to call stays on its thread, where each loop has one.
  auto isOnLoop = [&](std::uint32_t one) {
    const std::uint32_t spawn = S.roots[one].spawn;
    return isHandler(one) || (spawn && S.spawns[spawn].byHandler && !Runners.empty());
  };
  auto mayRunLoop = [&](std::uint32_t one) {
    const bool isMain = !S.roots[one].spawn && !S.roots[one].isEntryPoint;
    return isOnLoop(one) || Runners.contains(one) || (isMain && Runners.empty());
  };
  return !LoopsAreShared && ((isOnLoop(root) && mayRunLoop(other)) || (isOnLoop(other) && mayRunLoop(root)));
}

} // namespace gridlock::solve
