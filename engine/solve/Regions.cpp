//===- Regions.cpp - Code that runs beside other code of its function -----===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The threads of OpenMP run pieces of one function. A team runs its region as many
// threads at a time. A section, `single` or a task is run by one of them, beside
// the team and beside the other pieces that were begun and are not known to be
// done: they are what a path carries along. A task that is begun again while it may
// still run, or by every thread of a team, runs beside itself, unless it waits for
// what was begun before by what it names as its dependences.
//
// An object that was made before the team started is one for all its threads,
// whoever else knows it.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

static std::uint64_t regionKey(link::FunctionId function, ir::Index region) {
  return llvm::hash_combine(function, region, 31);
}

void FunctionExecutor::enterRegion(State &state, const ir::Event &event) {
  if (!Shared.finalPass) {
    state.region = ~0u;
    return;
  }
  Solution &solution = Shared.solution;
  const auto kind = ir::RegionKind(event.flags & ir::RegionKindMask);
  if (kind == ir::RegionKind::Team && !(event.flags & ir::RegionStartsAtBarrier))
    shareObjects(state);
  auto [entry, isNew] =
      Shared.spawnIndex.try_emplace(regionKey(Function, event.a), std::uint32_t(solution.spawns.size()));
  const std::uint32_t mine = entry->second;
  if (isNew) {
    Spawn row;
    row.function = row.entry = Function;
    row.step = step(event.location);
    row.what = "region";
    row.isRegion = true;
    row.many = row.besideItself = kind == ir::RegionKind::Team;
    row.isTask = kind == ir::RegionKind::Task || kind == ir::RegionKind::DependentTask;
    row.isOrphan = event.flags & ir::RegionIsOrphan;
    row.startsAtBarrier = event.flags & ir::RegionStartsAtBarrier;
    row.within = event.b ? Shared.spawnIndex.lookup(regionKey(Function, event.b)) : 0;
    solution.spawns.push_back(std::move(row));
  }
  Spawn &row = solution.spawns[mine];
  auto noteBeside = [&](std::uint32_t other) {
    if (!llvm::is_contained(row.aliveAtStart, other))
      row.aliveAtStart.push_back(other);
  };
  // The other threads of a team go on beside the one that runs a piece.
  const bool isOfTeam = row.within && solution.spawns[row.within].besideItself;
  if (kind != ir::RegionKind::Team)
    for (std::uint32_t around = row.within; around; around = solution.spawns[around].within)
      if (solution.spawns[around].besideItself)
        noteBeside(around);
  // Dependences order what one thread begins.
  row.besideItself |= row.isTask && isOfTeam;
  row.besideItself |= kind == ir::RegionKind::Task && llvm::is_contained(state.pieces, mine);
  for (std::uint32_t other : state.pieces)
    if (other != mine)
      noteBeside(other);
  for (const Alive &thread : state.alive)
    if (runsHere(thread))
      noteBeside(thread.spawn);
  state.region = mine;
}

/// What the function has at hand where a team starts is one object for all threads.
void FunctionExecutor::shareObjects(State &state) {
  for (const auto &[place, value] : state.entries()) {
    const Term &root = terms()[terms().root(value)];
    link::UnitId unit = 0;
    const ir::Type *type = root.kind == TermKind::Opaque ? typeOf(place, unit) : nullptr;
    if (root.kind != TermKind::Heap && !(type && type->kind == ir::TypeKind::Pointer))
      continue;
    const TermId object = terms().objectOf(terms().deref(value));
    if (!llvm::is_contained(state.handedOut, object))
      state.handedOut.push_back(object);
  }
}

/// What one thread of a team has made and put where all threads look is one object for
/// all of them.
static void shareMade(const TermTable &terms, const Solution &solution, State &state) {
  for (const auto &[place, value] : state.entries()) {
    const TermId holder = terms.root(place), made = terms.root(value);
    const bool isShared = terms[holder].kind == TermKind::Global ||
                          (terms[holder].kind == TermKind::Local && !solution.ofRegions.contains(holder));
    if (terms[made].kind == TermKind::Heap && isShared && !llvm::is_contained(state.handedOut, made))
      state.handedOut.push_back(made);
  }
}

/// Whether the path is in a region that all threads of a team run, and the place is in
/// an object that was made before.
bool FunctionExecutor::isOfTeam(const State &state, TermId place) {
  if (!Shared.finalPass || !state.region || !Shared.solution.spawns[state.region].besideItself)
    return false;
  const TermId root = terms().root(place);
  const TermId object = terms()[root].kind == TermKind::Heap ? root : terms().deref(root);
  return llvm::is_contained(state.handedOut, object);
}

/// Under a directive that makes one atomic operation of what is done, a path reads what
/// some thread has left there, not what it has left itself.
void FunctionExecutor::readAtomic(State &state, TermId place) {
  const auto number = std::int64_t(llvm::hash_combine(place, 71));
  const TermId seen = terms().opaque(OriginKind::CallResult, number);
  if (state.isKnown(terms(), seen))
    state.replace(terms(), seen, terms().opaque(OriginKind::Aged, number));
  state.store(place, seen);
  Shared.solution.atomicLoads.insert(place);
  Shared.solution.loadedFrom[number] = place;
}

/// A task waits for one that was begun before, and so for those that this one waited for.
void FunctionExecutor::orderRegion(const ir::Event &event) {
  if (!Shared.finalPass)
    return;
  const std::uint32_t first = Shared.spawnIndex.lookup(regionKey(Function, event.b));
  const llvm::ArrayRef<Spawn> spawns = Shared.solution.spawns;
  llvm::erase_if(Shared.solution.spawns[Shared.spawnIndex.lookup(regionKey(Function, event.a))].aliveAtStart,
                 [&](std::uint32_t other) {
                   return other == first || (other < first && spawns[other].isTask &&
                                             !llvm::is_contained(spawns[first].aliveAtStart, other));
                 });
}

/// Threads and pieces of regions that were begun here and may still run.
void FunctionExecutor::forEachRunning(const State &state, llvm::function_ref<void(std::uint32_t spawn)> visit) const {
  for (const Alive &thread : state.alive)
    if (runsHere(thread))
      visit(thread.spawn);
  for (std::uint32_t piece : state.pieces)
    if (piece != state.region)
      visit(piece);
}

void FunctionExecutor::leaveRegion(State &state, const ir::Event &event) {
  if (!Shared.finalPass) {
    state.region = event.b ? ~0u : 0;
    return;
  }
  const bool allDone = event.flags & ir::RegionAllDone;
  if (event.flags & ir::RegionEndsAtBarrier)
    Shared.solution.spawns[Shared.spawnIndex.lookup(regionKey(Function, event.a))].endsAtBarrier = true;
  if (!allDone && event.a && event.b)
    shareMade(terms(), Shared.solution, state);
  if (allDone)
    state.pieces.clear();
  else if (event.a)
    insertSorted(state.pieces, Shared.spawnIndex.lookup(regionKey(Function, event.a)));
  state.region = event.b ? Shared.spawnIndex.lookup(regionKey(Function, event.b)) : 0;
}

} // namespace gridlock::solve
