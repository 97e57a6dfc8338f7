//===- SetBefore.cpp - What is set when a thread is started -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. A thread finds done what its starter has done on every way to the
// start. Often the starter is `main` in the loop that serves requests: it makes a
// task, which initialises a library when that was not done yet, and then starts a
// thread for it. At that time the threads of former requests run; so it says little
// that no thread ran when the library was initialised.
//
// The answer. A data flow over the blocks of the functions that lead to the start of
// a thread, from callers to callees: a place is set at an event when it is set on
// every way to it. A call sets what its callee sets, or those that it calls. There a
// place is set when whoever leaves the function by the return that follows the event
// has come to it, or has found one of the places set. A return of its own, or a `goto`,
// is for what failed, most often; callers of that start no thread. A loop is taken to
// have a round. Calls through pointers with many targets, and those on the way to a
// fatal end, set nothing.
//
// A thread that another thread starts finds what that one found, and what it set.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/SetBefore.h"
#include "engine/solve/BodyGraph.h"
#include "engine/solve/Solution.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

SetBefore::SetBefore(const Solution &solution, llvm::ArrayRef<Setters> setters, IsEarly isEarly)
    : S(solution), Count(unsigned(setters.size())), Sets(S.program.functionCount()), OwnSets(S.program.functionCount()),
      AtEntry(S.program.functionCount()), AtStart(S.spawns.size(), Places(Count, true)),
      Before(S.program.functionCount()) {
  if (!Count)
    return;
  findSets(setters);
  findStarters();
  spread(isEarly);
}

/// Calls that a condition may go through.
static constexpr unsigned askingDepth = 2;

/// Whether a condition asks for one of the places.
bool SetBefore::asks(const link::Program::UnitLink &link, ir::Index value, unsigned depth) const {
  const ir::Expr &expr = link.unit->exprs[value];
  if (expr.kind == ir::ExprKind::Load)
    return Told.contains(entityOf(link, expr.a));
  if (expr.kind == ir::ExprKind::Unary)
    return asks(link, expr.a, depth);
  if (expr.kind == ir::ExprKind::Result) // of a function that tells
    if (const link::FunctionId callee = link.functions[link.unit->calls[expr.a].callee];
        depth && callee && S.program.function(callee).hasBody)
      return S.program.anyEvent(callee, [&](const ir::Event &event) {
        return event.kind == ir::EventKind::Assign && (event.flags & ir::AssignIsReturn) &&
               asks(S.program.link(S.program.function(callee).row.unit), event.b, depth - 1);
      });
  return expr.kind == ir::ExprKind::Binary && (asks(link, expr.a, depth) || asks(link, expr.b, depth));
}

bool SetBefore::isSure(link::FunctionId function, ir::Index location) {
  auto [known, isNew] = Sure.try_emplace({function, location});
  if (isNew)
    known->second = findSure(function, location);
  return known->second;
}

/// Whether whoever leaves the function as one does after the event has come to it, or
/// has found a place set.
bool SetBefore::findSure(link::FunctionId function, ir::Index location) const {
  const link::Program::UnitLink &link = S.program.link(S.program.function(function).row.unit);
  const ir::Unit &unit = *link.unit;
  const BodyGraph graph = makeGraph(unit, S.program.body(function));
  const std::size_t count = graph.blocks.size();
  std::vector<bool> comes(count), after(count), leads(count), avoids(count);
  for (unsigned block = 0; block < count; ++block)
    for (std::uint32_t i = 0; i < graph.blocks[block]->eventCount; ++i)
      if (locationOf(unit, unit.events[graph.blocks[block]->firstEvent + i]) == location)
        comes[block] = after[block] = leads[block] = true;
  for (bool changed = true; changed;) {
    changed = false;
    for (unsigned block = 0; block < count; ++block)
      for (unsigned next : graph.successors[block]) {
        changed |= (after[block] && !after[next]) || (leads[next] && !leads[block]);
        after[next] = after[next] || after[block];
        leads[block] = leads[block] || leads[next];
      }
  }
  // A `goto` over the rest; those of loops and `switch` are mostly `break`.
  const bool anySwitch = llvm::any_of(
      graph.blocks, [](const ir::Block *block) { return block->terminator == ir::TerminatorKind::Switch; });
  auto leaps = [&](unsigned block) {
    return !anySwitch && graph.blocks[block]->terminator == ir::TerminatorKind::Goto && graph.blocks[block]->location &&
           llvm::none_of(graph.loops, [&](const BodyGraph::Loop &loop) { return loop.inside[block]; });
  };
  std::vector<unsigned> work;
  auto reach = [&](unsigned block) {
    if (!avoids[block] && !comes[block])
      work.push_back(block);
    avoids[block] = !comes[block];
  };
  reach(0);
  while (!work.empty()) {
    const unsigned block = work.back();
    work.pop_back();
    if (graph.successors[block].empty() && after[block])
      return false;
    if (leaps(block))
      continue;
    const bool decides = graph.blocks[block]->terminator == ir::TerminatorKind::Branch &&
                         asks(link, graph.blocks[block]->value, askingDepth) &&
                         llvm::any_of(graph.successors[block], [&](unsigned next) { return leads[next]; });
    for (unsigned next : graph.successors[block])
      if (!decides || leads[next])
        reach(next);
  }
  return true;
}

void SetBefore::findSets(llvm::ArrayRef<Setters> setters) {
  std::vector<link::FunctionId> work;
  auto add = [&](link::FunctionId function, const Places &more) {
    Places &known = Sets[function];
    known.resize(Count);
    if (!more.test(known))
      return; // nothing new
    known |= more;
    work.push_back(function);
  };
  for (const Setters &one : setters)
    Told.insert(entityOf(S.terms, one.place));
  auto isSureAll = [&](StepId step) {
    for (; step; step = S.steps[step].inner)
      if (!isSure(S.steps[step].function, S.steps[step].location))
        return false;
    return true;
  };
  for (unsigned place = 0; place < Count; ++place)
    for (std::uint32_t index : setters[place].accesses) {
      const Step &step = S.steps[S.accesses[index].step];
      if (!isSureAll(S.accesses[index].step))
        continue;
      Places &own = OwnSets[step.function][step.location];
      own.resize(Count);
      own.set(place);
      add(step.function, own);
    }
  while (!work.empty()) {
    const link::FunctionId callee = work.back();
    work.pop_back();
    for (std::uint32_t row : S.callsInto[callee])
      if (!S.callSites[row].guess && isSure(S.callSites[row].caller, S.callSites[row].location))
        add(S.callSites[row].caller, Places(Sets[callee]));
  }
}

void SetBefore::findStarters() {
  std::vector<link::FunctionId> starters;
  for (std::uint32_t i = 1; i < S.spawns.size(); ++i)
    starters.push_back(S.steps[S.spawns[i].step].function);
  Starts = S.withCallers(starters);
}

const SetBefore::Events &SetBefore::eventsOf(link::FunctionId function) {
  if (Before[function])
    return *Before[function];
  Before[function] = std::make_unique<Events>();
  Events &result = *Before[function];
  Events sets = OwnSets[function];
  for (std::uint32_t row : S.callsFrom[function])
    if (const CallSite &call = S.callSites[row]; !call.guess && !Sets[call.callee].empty()) {
      Places &here = sets[call.location];
      here.resize(Count);
      here |= Sets[call.callee];
    }
  const ir::Unit &unit = S.program.unit(S.program.function(function).row.unit);
  const BodyGraph graph = makeGraph(unit, S.program.body(function));
  const std::size_t blocks = graph.blocks.size();
  std::vector<Places> atEnd(blocks, Places(Count, true)), atBegin = atEnd, ofRounds = atEnd;
  atBegin.front().reset();
  auto loopOf = [&](std::size_t head) {
    return llvm::find_if(graph.loops, [&](const BodyGraph::Loop &loop) { return loop.head == head; });
  };
  auto through = [&](std::size_t block, Places places, llvm::function_ref<void(ir::Index, const Places &)> visit) {
    for (std::uint32_t i = 0; i < graph.blocks[block]->eventCount; ++i) {
      const ir::Event &event = unit.events[graph.blocks[block]->firstEvent + i];
      const ir::Index location = locationOf(unit, event);
      visit(location, places);
      if (auto set = sets.find(location); set != sets.end())
        places |= set->second;
    }
    return places;
  };
  auto nothing = [](ir::Index, const Places &) {};
  std::vector<unsigned> order(blocks);
  for (unsigned block = 0; block < blocks; ++block)
    order[block] = block;
  llvm::sort(order, [&](unsigned a, unsigned b) { return graph.order[a] < graph.order[b]; });
  for (bool changed = true; changed;) {
    changed = false;
    for (unsigned block : order) {
      atEnd[block] = through(block, atBegin[block], nothing);
      const auto loop = loopOf(block);
      for (unsigned next : graph.successors[block]) {
        // Whoever leaves a loop has had a round.
        const bool leaves = loop != graph.loops.end() && !loop->inside[next];
        changed |= keepAll(atBegin[next], leaves ? through(block, ofRounds[block], nothing) : atEnd[block]);
        if (const auto into = loopOf(next); into != graph.loops.end() && into->inside[block])
          changed |= keepAll(ofRounds[next], atEnd[block]);
      }
    }
  }
  for (unsigned block : order)
    through(block, atBegin[block], [&](ir::Index location, const Places &places) {
      auto [known, isNew] = result.try_emplace(location, places);
      if (!isNew)
        keepAll(known->second, places);
    });
  return result;
}

/// Whether less is left.
bool SetBefore::keepAll(Places &kept, const Places &also) const {
  const unsigned before = kept.count();
  kept &= also;
  return kept.count() != before;
}

/// What is set before `main`, or before somebody unknown calls the root: by static
/// initialisation, and by a `main` in whose program the root is.
SetBefore::Places SetBefore::beforeRoot(std::uint32_t root, IsEarly isEarly) const {
  Places places(Count);
  for (std::uint32_t other = 1; other < S.roots.size(); ++other) {
    const link::FunctionId function = S.roots[other].function;
    if (other != root && !Sets[function].empty() && llvm::is_contained(S.program.initializers(), function) &&
        S.mayShareProcess(other, root))
      places |= Sets[function];
  }
  for (unsigned place = 0; S.roots[root].isEntryPoint && place < Count; ++place)
    if (isEarly(place, root))
      places.set(place);
  return places;
}

/// From the roots to the starts of threads, until nothing is taken back any more.
void SetBefore::spread(IsEarly isEarly) {
  for (Places &places : AtEntry)
    places.resize(Count, true);
  auto at = [&](link::FunctionId function, ir::Index location) {
    Places places = AtEntry[function];
    if (const auto found = eventsOf(function).find(location); found != eventsOf(function).end())
      places |= found->second;
    return places;
  };
  for (std::uint32_t root = 1; root < S.roots.size(); ++root)
    if (!S.roots[root].spawn)
      AtEntry[S.roots[root].function] &= beforeRoot(root, isEarly);
  for (bool changed = true; changed;) {
    changed = false;
    for (const CallSite &call : S.callSites)
      if (Starts[call.callee])
        changed |= keepAll(AtEntry[call.callee], at(call.caller, call.location));
    for (std::uint32_t spawn = 1; spawn < S.spawns.size(); ++spawn) {
      const Step &start = S.steps[S.spawns[spawn].step];
      changed |= keepAll(AtStart[spawn], at(start.function, start.location));
      if (const link::FunctionId entry = S.spawns[spawn].entry; Starts[entry])
        changed |= keepAll(AtEntry[entry], AtStart[spawn]);
    }
  }
}

} // namespace gridlock::solve
