//===- Restart.cpp - The threads that a callee leaves behind ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A callee starts threads and waits for others, and an outcome tells only which. For
// two handles the order does not matter. For one handle it does: `start()` often
// calls `stop()` first, which waits for the thread that an earlier call of `start()`
// left in the same handle. Had it waited for its own thread, that one would not be
// among those that run. So what a callee has waited for is over before its new thread
// runs, and that is not beside the old one.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Whether a callee has joined the handle, at least where somebody had started a
/// thread into it, and then has started another one into it: had it done so in the
/// other order, that one would be over.
static bool isReused(const Outcome &outcome, TermId handle) {
  return handle && (llvm::is_contained(outcome.joined, handle) || llvm::is_contained(outcome.joinedOnSome, handle)) &&
         llvm::any_of(outcome.alive, [&](const Alive &started) { return !started.over && started.handle == handle; });
}

/// Whether what runs already of a thread that a callee starts is what the callee has
/// waited for before.
bool FunctionExecutor::isRestart(State &state, const Outcome &outcome, const Alive &thread, Substitution &substitute) {
  const Spawn &spawn = Shared.solution.spawns[thread.spawn];
  auto isBefore = [&](TermId handle) {
    const link::FieldId field = terms().declaredField(handle, /*throughPointers=*/true);
    return handle == thread.handle || (field && llvm::any_of(spawn.joinedBefore, [&](TermId joined) {
                                         return terms().declaredField(joined, /*throughPointers=*/true) == field;
                                       }));
  };
  auto isOver = [&](const Alive &running) {
    auto joinsIt = [&](TermId handle) { return isBefore(handle) && joins(state, substitute(handle), 0, running); };
    return llvm::any_of(outcome.joined, joinsIt) || llvm::any_of(outcome.joinedOnSome, joinsIt);
  };
  return llvm::all_of(state.alive, [&](const Alive &running) {
    return running.spawn != thread.spawn || running.over || isOver(running);
  });
}

void FunctionExecutor::applyThreads(State &state, const Outcome &outcome, Substitution &substitute,
                                    ir::Index location) {
  auto applyJoin = [&](TermId handle) {
    TermId mine = substitute(handle);
    std::size_t running = state.alive.size();
    llvm::SmallVector<std::uint32_t, 2> spawns;
    llvm::erase_if(state.alive, [&](const Alive &thread) {
      bool match = joins(substitute.state, mine, 0, thread);
      if (match && thread.spawn)
        spawns.push_back(thread.spawn);
      return match;
    });
    noteJoined(state, mine, spawns);
    if (state.alive.size() == running && !llvm::is_contained(state.joined, mine))
      state.joined.push_back(mine);
  };
  // What a callee has joined before it started another thread is not that one.
  auto applyJoins = [&](bool reused) {
    for (TermId handle : outcome.joined)
      if (isReused(outcome, handle) == reused)
        applyJoin(handle);
    for (TermId handle : outcome.joinedOnSome)
      if (isReused(outcome, handle) == reused)
        noteJoined(state, substitute(handle), {});
  };
  applyJoins(/*reused=*/true);
  for (const Alive &thread : outcome.alive) {
    Alive mine = thread;
    mine.handle = substitute(thread.handle);
    mine.value = substitute(thread.value);
    mine.startedAt = step(location, thread.startedAt);
    mine.borrowed.clear();
    for (TermId borrowed : thread.borrowed) {
      TermId what = substitute(borrowed);
      if (terms().isPlace(what))
        addContents(substitute.state, what, mine.borrowed, 0);
      else
        addBorrowed(what, mine.borrowed);
    }
    // A function of ours that the callee started: now it is known which.
    auto known = mine.spawn ? Shared.spawnsAt.end() : Shared.spawnsAt.find(mine.startedAt);
    if (known == Shared.spawnsAt.end()) {
      addAlive(state, std::move(mine));
      continue;
    }
    for (std::uint32_t spawn : known->second) {
      mine.spawn = spawn;
      addAlive(state, mine);
    }
  }
  applyJoins(/*reused=*/false);
  llvm::SmallVector<std::uint32_t, 2> ended;
  for (std::uint32_t spawn : outcome.ended)
    if (llvm::none_of(outcome.alive, [&](const Alive &thread) { return thread.spawn == spawn && !thread.over; }))
      ended.push_back(spawn);
  noteJoined(state, 0, ended);
  state.markOver(ended);
}

} // namespace gridlock::solve
