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
// When a method starts the thread that runs its own object's loop, each object has one
// thread. How many objects there are is not known: handlers of one class, or of a base
// and what derives from it, may be one thread; those of two other classes are not.
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
  return model ? model->effect(kind) : nullptr;
}

/// The loop that a call runs or registers with, 0 where there is none: the argument that
/// the model's handle names, else the method's object, or a library's first argument.
ir::Index EventLoops::loopOfCall(const link::Program::UnitLink &link, const ir::Call &call, EffectKind kind) const {
  const model::Effect *effect = effectOf(S.program.function(link.functions[call.callee]).model, kind);
  if (!effect)
    return 0;
  const auto &steps = effect->handle.steps;
  const bool isArgument = !steps.empty() && steps.front().kind == model::OperandKind::Argument;
  const std::uint64_t at = isArgument ? std::uint64_t(steps.front().number) : 0;
  return at < call.arguments.count ? link.unit->lists[call.arguments.first + at] : 0;
}

/// What a local variable holds that is assigned once, such as the object of a call whose
/// arguments come first; 0: not known.
static ir::Index onlyValueOf(const link::Program &program, link::FunctionId function, const ir::Unit &unit,
                             ir::Index place) {
  ir::Index value = 0;
  unsigned count = 0;
  program.forEachEvent(function, [&](const ir::Event &event) {
    if (event.kind == ir::EventKind::Assign && unit.exprs[event.a].kind == ir::ExprKind::Local &&
        unit.exprs[event.a].a == unit.exprs[place].a && ++count)
      value = event.b;
  });
  return count == 1 ? value : 0;
}

/// The argument that a function of a library gives back, or a part of it, as smart
/// pointers do; 0: none.
static ir::Index givenBack(const ir::Unit &unit, const ir::Call &call, const model::FunctionModel *model) {
  const model::Effect *returns = effectOf(model, EffectKind::Returns);
  if (!returns || !returns->value || returns->value.steps.front().kind != model::OperandKind::Argument)
    return 0;
  const auto at = std::uint64_t(returns->value.steps.front().number);
  return at < call.arguments.count ? unit.lists[call.arguments.first + at] : 0;
}

/// The field that an object is, or that a function returns which gives the object.
link::FieldId EventLoops::fieldOf(const link::Program::UnitLink &link, ir::Index object,
                                  link::FunctionId function) const {
  const ir::Unit &unit = *link.unit;
  for (unsigned steps = 0; object && steps < 8; ++steps) {
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
    case ir::ExprKind::Local:
      object = onlyValueOf(S.program, function, unit, object);
      continue;
    case ir::ExprKind::Result: {
      const link::FunctionId callee = link.functions[unit.calls[expr.a].callee];
      if (const ir::Index given = givenBack(unit, unit.calls[expr.a], S.program.function(callee).model)) {
        object = given;
        continue;
      }
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

/// The class of the object whose loop a method names: its own one, or that of the
/// method that returns the loop, whichever derives from the other.
link::RecordId EventLoops::ownerOf(const link::Program::UnitLink &link, ir::Index object, link::FunctionId function,
                                   link::FieldId field) const {
  const ir::Unit &unit = *link.unit;
  link::RecordId owner = S.program.field(field).record;
  for (unsigned steps = 0; steps < 6; ++steps) {
    const ir::Expr &expr = unit.exprs[object];
    if (expr.kind == ir::ExprKind::Result)
      if (const link::RecordId given = S.program.function(link.functions[unit.calls[expr.a].callee]).record;
          given && S.program.derivesFrom(given, owner))
        owner = given;
    const bool leadsOn = expr.kind == ir::ExprKind::AddressOf || expr.kind == ir::ExprKind::Load ||
                         expr.kind == ir::ExprKind::Deref || expr.kind == ir::ExprKind::Index;
    if (!leadsOn)
      break;
    object = expr.a;
  }
  const link::RecordId own = S.program.function(function).record;
  return own && S.program.derivesFrom(own, owner) ? own : owner;
}

bool EventLoops::areRelated(link::RecordId record, link::RecordId other) const {
  return record && other && (S.program.derivesFrom(record, other) || S.program.derivesFrom(other, record));
}

/// Whether a method of the class that has the loop starts the thread, and one at a time.
bool EventLoops::isStartedByObject(std::uint32_t root, link::FieldId field) const {
  const Step &start = S.steps[S.innermost(S.spawns[S.roots[root].spawn].step)];
  const link::FunctionInfo &method = S.program.function(start.function);
  if (!method.hasBody || !areRelated(method.record, S.program.field(field).record))
    return false;
  const ir::Unit &unit = S.program.unit(method.row.unit);
  const BodyGraph graph = makeGraph(unit, S.program.body(start.function));
  for (const BodyGraph::Loop &loop : graph.loops)
    for (unsigned block = 0; block < graph.blocks.size(); ++block)
      for (std::uint32_t i = 0; loop.inside[block] && i < graph.blocks[block]->eventCount; ++i)
        if (locationOf(unit, unit.events[graph.blocks[block]->firstEvent + i]) == start.location)
          return false;
  return true;
}

/// A call that runs a loop, on all threads that come to the function.
void EventLoops::noteRunners(const link::Program::UnitLink &link, const ir::Call &call, link::FunctionId function) {
  const model::Effect *dispatches =
      effectOf(S.program.function(link.functions[call.callee]).model, EffectKind::Dispatches);
  if (!dispatches)
    return;
  const link::FieldId field = fieldOf(link, loopOfCall(link, call, EffectKind::Dispatches), function);
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
    if (isThread(context.root) && !isOne) {
      if (isStartedByObject(context.root, field))
        RunByObject[field].push_back(context.root);
      else
        RunByMany.insert(field);
    }
    auto [known, isNew] = RunnerOf.try_emplace(field, isOne ? context.root : 0);
    if (!isNew && known->second != context.root)
      known->second = 0;
  }
}

/// A timer or a socket that its constructor gives the loop of an object.
void EventLoops::noteMadeWith(const link::Program::UnitLink &link, const ir::Call &call, link::FunctionId function) {
  const link::FunctionInfo &callee = S.program.function(link.functions[call.callee]);
  if (!(callee.flags & ir::FunctionIsConstructor) || call.arguments.count < 2)
    return;
  const auto arguments = llvm::ArrayRef(link.unit->lists).slice(call.arguments.first, call.arguments.count);
  const link::FieldId made = fieldOf(link, arguments.front(), function);
  for (const ir::Index object : arguments.drop_front())
    if (const link::FieldId loop = made ? fieldOf(link, object, function) : 0; loop && RunByObject.contains(loop))
      MadeWith[made] = {loop, ownerOf(link, object, function, loop)};
}

void EventLoops::findLoops() {
  auto forEachCall =
      [&](void (EventLoops::*note)(const link::Program::UnitLink &, const ir::Call &, link::FunctionId)) {
        for (link::FunctionId id = 1; id < S.program.functionCount(); ++id) {
          if (!S.program.function(id).hasBody || S.contexts[id].empty())
            continue;
          const link::Program::UnitLink &link = S.program.link(S.program.function(id).row.unit);
          S.program.forEachEvent(id, [&](const ir::Event &event) {
            if (event.kind == ir::EventKind::Call)
              (this->*note)(link, link.unit->calls[event.a], id);
          });
        }
      };
  forEachCall(&EventLoops::noteRunners);
  if (!RunByObject.empty())
    forEachCall(&EventLoops::noteMadeWith);
  for (auto [field, runner] : RunnerOf)
    if (runner)
      Loops.push_back({runner, S.program.field(field).record});
}

/// The one loop that an object has which has the field; 0: none, or several.
link::FieldId EventLoops::loopBeside(link::FieldId field) const {
  link::FieldId found = 0;
  for (const auto &[loop, roots] : RunByObject)
    if (S.program.derivesFrom(S.program.field(field).record, S.program.field(loop).record)) {
      if (found)
        return 0;
      found = loop;
    }
  return found;
}

void EventLoops::placeHandler(std::uint32_t root) {
  const Step &start = S.steps[S.innermost(S.spawns[S.roots[root].spawn].step)];
  if (!S.program.function(start.function).hasBody)
    return;
  const link::Program::UnitLink &link = S.program.link(S.program.function(start.function).row.unit);
  link::FieldId field = 0;
  link::RecordId owner = 0;
  S.program.forEachEvent(start.function, [&](const ir::Event &event) {
    if (event.kind != ir::EventKind::Call)
      return;
    const ir::Call &call = link.unit->calls[event.a];
    if (locationOf(*link.unit, event) == start.location && S.program.function(link.functions[call.callee]).model)
      if (const ir::Index object = loopOfCall(link, call, EffectKind::Spawns))
        if (const link::FieldId loop = fieldOf(link, object, start.function)) {
          field = loop;
          owner = ownerOf(link, object, start.function, loop);
        }
  });
  if (RunByMany.contains(field))
    OnSeveral.insert(root);
  else if (RunByObject.contains(field))
    OnObjects[root] = {field, owner};
  else if (auto made = MadeWith.find(field); made != MadeWith.end())
    OnObjects[root] = made->second;
  else if (const link::FieldId loop = field ? loopBeside(field) : 0)
    OnObjects[root] = {loop, S.program.field(field).record};
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

bool EventLoops::areApart(std::uint32_t root, std::uint32_t other) const {
  return OnSeveral.contains(root) || OnSeveral.contains(other) || isOtherThread(root, other) ||
         isOtherThread(other, root);
}

/// Whether a handler is on an object's loop, and the other root is not on it.
bool EventLoops::isOtherThread(std::uint32_t handler, std::uint32_t other) const {
  auto mine = OnObjects.find(handler);
  if (mine == OnObjects.end())
    return false;
  const auto &[field, owner] = mine->second;
  if (isThread(other))
    return !llvm::is_contained(RunByObject.find(field)->second, other);
  if (Handlers.contains(other))
    return true; // called by another loop's one thread
  auto theirs = OnObjects.find(other);
  return theirs != OnObjects.end() && (theirs->second.field != field || !areRelated(owner, theirs->second.owner));
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
