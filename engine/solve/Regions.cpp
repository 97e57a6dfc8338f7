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
// done: they are what a path carries along. Tasks that name what they depend on
// are taken to wait for each other. A task that is begun again while it may still
// run, or by every thread of a team, runs beside itself.
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
  const auto kind = ir::RegionKind(event.flags);
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
    row.isOrdered = kind == ir::RegionKind::DependentTask;
    row.within = event.b ? Shared.spawnIndex.lookup(regionKey(Function, event.b)) : 0;
    solution.spawns.push_back(std::move(row));
  }
  Spawn &row = solution.spawns[mine];
  auto noteBeside = [&](std::uint32_t other) {
    if (!(row.isOrdered && solution.spawns[other].isOrdered) && !llvm::is_contained(row.aliveAtStart, other))
      row.aliveAtStart.push_back(other);
  };
  // The other threads of a team go on beside the one that runs a piece.
  const bool isOfTeam = row.within && solution.spawns[row.within].besideItself;
  if (kind != ir::RegionKind::Team)
    for (std::uint32_t around = row.within; around; around = solution.spawns[around].within)
      if (solution.spawns[around].besideItself)
        noteBeside(around);
  row.besideItself |= kind == ir::RegionKind::Task && (isOfTeam || llvm::is_contained(state.pieces, mine));
  for (std::uint32_t other : state.pieces)
    if (other != mine)
      noteBeside(other);
  for (const Alive &thread : state.alive)
    if (runsHere(thread))
      noteBeside(thread.spawn);
  state.region = mine;
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
  const bool allDone = event.flags;
  if (allDone)
    state.pieces.clear();
  else if (event.a)
    insertSorted(state.pieces, Shared.spawnIndex.lookup(regionKey(Function, event.a)));
  state.region = event.b ? Shared.spawnIndex.lookup(regionKey(Function, event.b)) : 0;
}

} // namespace gridlock::solve
