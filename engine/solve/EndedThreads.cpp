//===- EndedThreads.cpp - Threads that a shutdown has waited for -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program's end is a function that stops one part after the other. What it
// does after it has joined a thread cannot meet that thread; but it does not know
// the thread: it was started elsewhere, and only the global that holds its handle
// is the same. So where a function ends that has started a thread, the ways to
// its handle from globals are kept with the start, and a call keeps the handles
// that were joined before it. Both are names that mean the same everywhere.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/EndedThreads.h"
#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Ways that are kept of one thread.
static constexpr std::size_t wayLimit = 4;

static bool startsAtGlobal(const TermTable &terms, TermId place) {
  return terms[terms.root(place)].kind == TermKind::Global && !terms[place].weak;
}

void FunctionExecutor::noteWaysToHandles(const State &state) {
  if (!Shared.finalPass)
    return;
  for (const Alive &thread : state.alive) {
    if (!thread.spawn || thread.spawn >= Shared.solution.spawns.size() || !thread.handle)
      continue;
    llvm::SmallVectorImpl<TermId> &ways = Shared.solution.spawns[thread.spawn].ways;
    auto add = [&](TermId way) {
      if (startsAtGlobal(terms(), way) && ways.size() < wayLimit && !llvm::is_contained(ways, way))
        ways.push_back(way);
    };
    add(thread.handle);
    const TermId object = terms().objectOf(thread.handle);
    if (terms()[object].kind != TermKind::Heap)
      continue;
    for (auto [place, value] : state.entries())
      if (terms()[value].kind == TermKind::Address && terms()[value].a == object && startsAtGlobal(terms(), place))
        add(terms().rewrite(
            thread.handle,
            [&, at = place](TermId leaf) { return leaf == object ? terms().deref(terms().initial(at)) : TermId(0); },
            [&](TermId at) { return terms().initial(at); }));
  }
}

/// A call or an access keeps what its function has surely, or on the way where it was started,
/// waited for: handles in globals, and in what callers have.
void FunctionExecutor::noteJoinedBefore(const State &state, llvm::SmallVectorImpl<TermId> &joined) const {
  auto add = [&](TermId handle) {
    if (joined.size() < joinedLimit && (startsAtGlobal(terms(), handle) || terms()[handle].mentionsFormal) &&
        !llvm::is_contained(joined, handle))
      joined.push_back(handle);
  };
  for (llvm::ArrayRef<TermId> handles :
       {llvm::ArrayRef<TermId>(state.joined), llvm::ArrayRef<TermId>(state.joinedOnSome)})
    for (TermId handle : handles)
      add(handle);
  const bool leftLoop = llvm::any_of(state.joined, [&](TermId handle) {
    return terms()[handle].kind == TermKind::Field && terms()[handle].b == Program.ghostField("@joined");
  });
  if (leftLoop)
    for (TermId handle : JoinedInLoops)
      add(handle);
}

/// Whether a thread's handle is kept in the field, or is part of an object that is
/// kept in the field, that leads to another name of a handle.
static bool isKeptAs(const State &state, const TermTable &terms, TermId handle, TermId name) {
  const link::FieldId field = terms.declaredField(name, /*throughPointers=*/true);
  if (!field)
    return false;
  if (terms.declaredField(handle, /*throughPointers=*/true) == field)
    return true;
  const TermId object = terms.objectOf(handle);
  return terms[object].kind == TermKind::Heap && llvm::any_of(state.entries(), [&](const auto &entry) {
           return terms[entry.second].kind == TermKind::Address && terms[entry.second].a == object &&
                  terms.declaredField(entry.first) == field;
         });
}

/// Takes what a callee had waited for into this function's names.
/// \returns those of the threads that run here for all of which it had waited.
llvm::SmallVector<std::uint32_t, 2> FunctionExecutor::passOnJoined(State &state, llvm::SmallVectorImpl<TermId> &joined,
                                                                   Substitution &names) {
  llvm::SmallVector<std::uint32_t, 2> over, running;
  for (TermId &handle : joined)
    handle = names(handle);
  for (const Alive &thread : state.alive) {
    const bool isOver = llvm::any_of(joined, [&](TermId handle) {
      return joins(state, handle, 0, thread) || (thread.handle && isKeptAs(state, terms(), thread.handle, handle));
    });
    (isOver ? over : running).push_back(thread.spawn);
  }
  llvm::erase_if(over, [&](std::uint32_t spawn) { return llvm::is_contained(running, spawn); });
  llvm::erase_if(joined, [&](TermId handle) {
    return !terms().isPlace(handle) || (!startsAtGlobal(terms(), handle) && !terms()[handle].mentionsFormal);
  });
  return over;
}

void dropJoined(const Solution &solution, llvm::ArrayRef<TermId> joined, llvm::SmallVectorImpl<std::uint32_t> &alive) {
  if (joined.empty())
    return;
  const TermTable &terms = solution.terms;
  auto isJoined = [&](std::uint32_t number) {
    if (!number || number >= solution.spawns.size())
      return false;
    const Spawn &spawn = solution.spawns[number];
    if (!spawn.many && llvm::any_of(spawn.ways, [&](TermId way) { return llvm::is_contained(joined, way); }))
      return true;
    // In the names of inputs a handle is known by its field.
    const link::FieldId field = spawn.handle ? terms.declaredField(spawn.handle, /*throughPointers=*/true) : 0;
    return field && llvm::any_of(joined, [&](TermId handle) {
             return terms[handle].mentionsFormal && terms.declaredField(handle, /*throughPointers=*/true) == field &&
                    (!spawn.many || terms.isOneOfMany(handle));
           });
  };
  const std::size_t before = alive.size();
  llvm::erase_if(alive, isJoined);
  if (alive.size() != before && !llvm::is_contained(alive, threadsEnded))
    alive.push_back(threadsEnded); // the highest number
}

bool isPast(const Solution &solution, const Root &main, llvm::ArrayRef<std::uint32_t> alive, const Root &other) {
  if (main.spawn || main.isEntryPoint || !other.spawn || other.isHandler || !llvm::is_contained(alive, threadsEnded))
    return false;
  // Whatever runs may have started it again.
  llvm::SmallVector<std::uint32_t, 8> work(alive.begin(), alive.end());
  llvm::SmallDenseSet<std::uint32_t, 8> seen;
  while (!work.empty()) {
    std::uint32_t spawn = work.pop_back_val();
    if (spawn == 0 || spawn == other.spawn)
      return false;
    if (spawn == threadsEnded || !seen.insert(spawn).second)
      continue;
    if (spawn < solution.startedBy.size())
      work.append(solution.startedBy[spawn].begin(), solution.startedBy[spawn].end());
  }
  return true;
}

bool FunctionExecutor::runsHere(const Alive &thread) const {
  auto ended = EndedIn.find(thread.spawn);
  return !thread.over && (!thread.spawn || ended == EndedIn.end() || Order[CurrentBlock] <= ended->second);
}

} // namespace gridlock::solve
