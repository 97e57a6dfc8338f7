//===- LoopLocks.cpp - Loops that take or give back many locks ---*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One loop takes the lock of every element of an array or list, and another gives
// them back, perhaps in another function. Nothing tells the analysis that both run
// as often, so it sees a path on which the first loop has rounds and the second has
// none. That path holds what nobody holds: a loop all of whose rounds change what is
// held of a class of elements is taken to have a round when any other path has one.
//
// What a round changes is known once all rounds have run, and blocks behind a loop
// run after them (Executor.cpp). So a path that skips a loop is marked as it leaves
// the head, and settled when the next block begins.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

std::uint64_t FunctionExecutor::elementClass(TermId lock) const {
  return terms()[lock].weak ? std::uint64_t(llvm::hash_value(Shared.solution.name(lock, Function).key)) : 0;
}

/// Which classes of elements a path holds locks of.
llvm::SmallVector<std::uint64_t, 2> FunctionExecutor::elementsHeld(const State &state) const {
  llvm::SmallVector<std::uint64_t, 2> found;
  for (const Held &held : state.locks)
    if (std::uint64_t elements = elementClass(held.lock); elements && !llvm::is_contained(found, elements))
      found.push_back(elements);
  return found;
}

/// A round of a loop is over.
void FunctionExecutor::noteRoundLocks(Loop &loop, const State &state) {
  llvm::SmallVector<std::uint64_t, 2> now = elementsHeld(state);
  if (!loop.hasRounds)
    loop.keptByAll.assign(now.begin(), now.end());
  loop.hasRounds = true;
  llvm::erase_if(loop.keptByAll, [&](std::uint64_t elements) { return !llvm::is_contained(now, elements); });
  loop.keptBySome.insert(now.begin(), now.end());
}

/// An element's lock is given back; `ofCaller`: that was taken elsewhere.
void FunctionExecutor::noteElementRelease(TermId lock, StepId at, bool ofCaller) {
  const std::uint64_t elements = elementClass(lock);
  if (!elements)
    return;
  for (auto &[head, loop] : Loops)
    if (loop.inside[CurrentBlock] &&
        llvm::none_of(loop.givenBack, [&](const ElementRelease &known) { return known.release.lock == lock; }))
      loop.givenBack.push_back({elements, {lock, at}, ofCaller});
}

/// The lock of an element is given back that this path has not taken. What has been
/// given back in an earlier round stood for all elements.
void FunctionExecutor::releaseElementOfCaller(State &state, TermId lock, StepId at) {
  if (!terms()[lock].mentionsFormal && terms()[terms().root(lock)].kind != TermKind::Global)
    return; // no caller knows the array
  const std::uint64_t elements = elementClass(lock);
  if (llvm::any_of(state.givenBack, [&](TermId given) { return elementClass(given) == elements; }))
    return;
  noteElementRelease(lock, at, /*ofCaller=*/true);
  if (!state.hasReleased(lock))
    state.released.push_back({lock, at});
}

/// A path has left a loop without a round. False when there is no such path, since
/// what the rounds take is what `others` hold.
bool FunctionExecutor::settleSkippedLoop(State &state, llvm::ArrayRef<State> others) {
  const Loop &loop = Loops[std::exchange(state.skippedLoop, 0) - 1];
  for (const ElementRelease &given : loop.givenBack) {
    if (loop.keptBySome.contains(given.elements))
      continue;
    llvm::erase_if(state.locks, [&](const Held &held) {
      const bool isGiven = elementClass(held.lock) == given.elements;
      if (isGiven && !llvm::is_contained(state.givenBack, held.lock))
        state.givenBack.push_back(held.lock);
      return isGiven;
    });
    if (given.ofCaller && !state.hasReleased(given.release.lock))
      state.released.push_back(given.release);
  }
  llvm::SmallVector<std::uint64_t, 2> mine = elementsHeld(state);
  return llvm::none_of(loop.keptByAll, [&](std::uint64_t elements) {
    return !llvm::is_contained(mine, elements) && llvm::any_of(others, [&](const State &other) {
      return !other.skippedLoop && llvm::is_contained(elementsHeld(other), elements);
    });
  });
}

} // namespace gridlock::solve
