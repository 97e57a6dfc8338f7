//===- AtEnd.cpp - What `main` does last ------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An event is at the end when no block after it, in its function, starts a thread,
// waits for one, or calls a function that does; and when the same holds after each
// call of that function, up to `main`. Functions that threads or unknown callers run
// have no end. Those who wait for a thread count, since it works until then.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/AtEnd.h"
#include "engine/solve/BodyGraph.h"
#include "engine/solve/Solution.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

AtEnd::AtEnd(const Solution &solution) : S(solution), Continues(S.program.functionCount()) {
  findBusy();
  std::vector<link::FunctionId> work;
  auto add = [&](link::FunctionId function) {
    if (!Continues[function])
      work.push_back(function);
    Continues[function] = true;
  };
  for (link::FunctionId id = 1; id < S.program.functionCount(); ++id)
    for (const Context &context : S.contexts[id])
      if (const Root &root = S.roots[context.root]; root.function == id && (root.spawn || root.isEntryPoint))
        add(id);
  for (const CallSite &call : S.callSites)
    if (!Continues[call.callee] && isFollowed(call.caller, call.location))
      add(call.callee);
  while (!work.empty()) {
    const link::FunctionId caller = work.back();
    work.pop_back();
    for (std::uint32_t row : S.callsFrom[caller])
      add(S.callSites[row].callee);
  }
}

/// Whether the event itself starts a thread or waits for one.
static bool startsOrWaits(const link::Program &program, const link::Program::UnitLink &link, const ir::Event &event) {
  if (event.kind != ir::EventKind::Call)
    return false;
  const model::FunctionModel *model = program.function(link.functions[link.unit->calls[event.a].callee]).model;
  return model && (model->effect(model::EffectKind::Spawns) || model->effect(model::EffectKind::Joins));
}

void AtEnd::findBusy() {
  std::vector<link::FunctionId> found;
  for (std::uint32_t i = 1; i < S.spawns.size(); ++i)
    if (S.spawns[i].what != "handler")
      found.push_back(S.steps[S.spawns[i].step].function);
  for (link::FunctionId id = 1; id < S.program.functionCount(); ++id)
    if (S.program.function(id).hasBody) {
      const link::Program::UnitLink &link = S.program.link(S.program.function(id).row.unit);
      if (S.program.anyEvent(id, [&](const ir::Event &event) { return startsOrWaits(S.program, link, event); }))
        found.push_back(id);
    }
  Busy = S.withCallers(found);
}

bool AtEnd::isBusy(link::FunctionId function, const ir::Event &event) const {
  if (event.kind != ir::EventKind::Call)
    return false;
  const link::Program::UnitLink &link = S.program.link(S.program.function(function).row.unit);
  if (startsOrWaits(S.program, link, event))
    return true;
  const ir::Index location = locationOf(*link.unit, event);
  return llvm::any_of(S.callsFrom[function], [&](std::uint32_t row) {
    return S.callSites[row].location == location && Busy[S.callSites[row].callee];
  });
}

/// Whether a thread is started or waited for after the event, in its own function.
bool AtEnd::isFollowed(link::FunctionId function, ir::Index location) {
  if (!Busy[function])
    return false;
  auto [known, isNew] = Followed.try_emplace({function, location});
  if (!isNew)
    return known->second;
  const ir::Unit &unit = S.program.unit(S.program.function(function).row.unit);
  const BodyGraph graph = makeGraph(unit, S.program.body(function));
  std::vector<bool> reached(graph.blocks.size());
  std::vector<unsigned> work;
  bool result = false;
  auto addNext = [&](unsigned block) {
    for (unsigned next : graph.successors[block])
      if (!reached[next]) {
        reached[next] = true;
        work.push_back(next);
      }
  };
  auto eventsOf = [&](unsigned block) {
    return llvm::ArrayRef(unit.events).slice(graph.blocks[block]->firstEvent, graph.blocks[block]->eventCount);
  };
  for (unsigned block = 0; block < graph.blocks.size(); ++block) {
    bool isAfter = false;
    for (const ir::Event &event : eventsOf(block)) {
      result |= isAfter && isBusy(function, event);
      isAfter |= locationOf(unit, event) == location;
    }
    if (isAfter)
      addNext(block);
  }
  while (!work.empty() && !result) {
    const unsigned block = work.back();
    work.pop_back();
    result = llvm::any_of(eventsOf(block), [&](const ir::Event &event) { return isBusy(function, event); });
    addNext(block);
  }
  return Followed[{function, location}] = result;
}

bool AtEnd::isAtEnd(link::FunctionId function, ir::Index location) {
  return !Continues[function] && !isFollowed(function, location);
}

} // namespace gridlock::solve
