//===- Observed.cpp - What a path has seen of other threads -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A branch is taken on what stood in memory. The reads that decided it are marked,
// and a path that saw what another thread announces, in an atomic or under a lock,
// has waited for that thread: what came before the announcement happens before
// what comes after the branch (Accesses.cpp records both, Parallel.cpp compares).
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

//===----------------------------------------------------------------------===//
// Decisions
//===----------------------------------------------------------------------===//

/// What a condition was computed from: the values that stood in places, and the
/// results of calls that read one.
void FunctionExecutor::forEachCause(TermId condition, llvm::function_ref<void(TermId leaf, TermId place)> visit) {
  llvm::SmallVector<TermId, 4> work{condition};
  for (unsigned steps = 0; !work.empty() && steps < 24; ++steps) {
    TermId leaf = work.pop_back_val();
    const Term term = terms()[leaf];
    if (term.kind == TermKind::Unary || term.kind == TermKind::Binary) {
      work.push_back(term.a);
      if (term.b)
        work.push_back(term.b);
    } else if (term.kind == TermKind::Initial) {
      visit(leaf, withoutGhosts(Program, terms(), term.a));
    } else if (term.kind == TermKind::Opaque) {
      if (TermId place = Shared.solution.loadedFrom.lookup(term.number))
        visit(leaf, place);
    }
  }
}

/// Whether somebody may change what stands in the place.
bool FunctionExecutor::isWatched(TermId place) const {
  while (terms()[place].kind == TermKind::Element)
    place = terms()[place].a;
  const Term &last = terms()[place];
  if (last.kind == TermKind::Field)
    return Shared.filter.watchesField(last.b);
  return last.kind == TermKind::Global ? Shared.filter.watchesGlobal(last.a) : last.kind == TermKind::Deref;
}

/// Keeps the final reads of places whose contents the function may return: a
/// decision of a caller rests on them.
void FunctionExecutor::keepReturnedReads() {
  llvm::SmallVector<TermId, 4> results;
  for (const Outcome &outcome : Summary.outcomes)
    if (outcome.result && terms()[outcome.result].mentionsInitial)
      results.push_back(outcome.result);
  if (results.empty())
    return;
  for (const auto &[place, rows] : ReadsOf) {
    const TermId stands = Shared.solution.terms.initial(place);
    if (llvm::none_of(results, [&](TermId result) { return terms().mentions(result, stands); }))
      continue;
    for (auto [isFinal, row] : rows)
      if (isFinal && accessRow(isFinal, row).kind == AccessKind::Read)
        Shared.returnedReads[place].push_back(row);
  }
}

/// Whether the loop at hand does nothing but look.
static bool isWaitingLoop(const ir::Unit &unit, llvm::ArrayRef<const ir::Block *> blocks,
                          const std::map<unsigned, Loop> &loops, unsigned at) {
  const Loop *inner = nullptr;
  for (const auto &[head, loop] : loops)
    if (loop.inside[at] && (!inner || llvm::count(loop.inside, true) < llvm::count(inner->inside, true)))
      inner = &loop;
  for (unsigned block = 0; inner && block < blocks.size(); ++block)
    if (inner->inside[block])
      for (const ir::Event &event :
           llvm::ArrayRef(unit.events).slice(blocks[block]->firstEvent, blocks[block]->eventCount))
        if (event.kind == ir::EventKind::Assign)
          return false;
  return inner;
}

/// Marks the reads that decide whether a loop goes on, and those that decide a
/// branch. They may stand far above it, or in a callee.
void FunctionExecutor::noteDecision(TermId condition, bool leavesLoop) {
  if (!Shared.filter.anyThreads())
    return;
  forEachCause(condition, [&](TermId, TermId place) {
    AccessFlagSet flag = leavesLoop ? AccessIsPolled : AccessDecides;
    if (auto rows = ReadsOf.find(place); rows != ReadsOf.end())
      for (auto [isFinal, row] : rows->second) {
        AccessRecord &read = accessRow(isFinal, row);
        if (read.kind == AccessKind::Read)
          read.flags |= flag;
        else if (leavesLoop && isWaitingLoop(Unit, Blocks, Loops, CurrentBlock))
          read.flags |= AccessIsSpinning;
      }
    // A callee that does nothing but return it.
    if (auto rows = Shared.returnedReads.find(place); rows != Shared.returnedReads.end())
      for (std::uint32_t row : rows->second)
        if (Access &read = Shared.solution.accesses[row - 1]; read.function != Function)
          read.flags |= flag;
  });
}

/// Whether the path only knows that a pointer in memory is not one that it has at hand
/// itself: so it is from the start, whoever has or has not been there.
bool FunctionExecutor::isOtherPointer(const State &state, TermId condition) {
  const Term comparison = terms()[condition];
  const bool isEqual = comparison.op == ir::Operator::Equal;
  if (comparison.kind != TermKind::Binary || !(isEqual || comparison.op == ir::Operator::NotEqual) ||
      state.decide(terms(), condition) != !isEqual)
    return false;
  auto isLoaded = [&](TermId side) {
    bool any = false;
    forEachCause(side, [&](TermId, TermId) { any = true; });
    return any;
  };
  auto isPointer = [&](TermId side) {
    link::UnitId unit = 0;
    const ir::Type *type = terms()[side].kind == TermKind::Initial ? typeOf(terms()[side].a, unit) : nullptr;
    return type && type->kind == ir::TypeKind::Pointer;
  };
  const TermId left = comparison.a, right = comparison.b; // a number would stand on the right
  return terms()[right].kind != TermKind::Integer &&
         ((isPointer(left) && !isLoaded(right)) || (isPointer(right) && !isLoaded(left)));
}

/// What a path that took a branch has seen: atomics, and what locks protect.
void FunctionExecutor::noteObserved(State &state, TermId condition, bool leavesLoop) {
  if (!Shared.filter.anyThreads() || (!leavesLoop && isOtherPointer(state, condition)))
    return;
  forEachCause(condition, [&](TermId leaf, TermId place) {
    bool isAtomicLoad = Shared.solution.atomicLoads.contains(place);
    if (!isAtomicLoad && !isWatched(place))
      return;
    const HandOver seen{place, HandOver::valueOf(state.decide(terms(), leaf))};
    if (isAtomicLoad || !state.locks.empty())
      noteAwaited(state, seen);
    else if (terms()[terms().objectOf(place)].kind == TermKind::Global && state.glimpsed.size() < handOverLimit &&
             !llvm::is_contained(state.glimpsed, seen))
      state.glimpsed.push_back(seen);
  });
}

//===----------------------------------------------------------------------===//
// Hand-over
//===----------------------------------------------------------------------===//

/// What came before a signal happens before what comes after its wait.
void FunctionExecutor::noteSignal(State &state, HandOver signal) {
  if (!terms().isPlace(signal.place))
    return;
  giveBackWon(Shared.solution, state, signal);
  if (!llvm::is_contained(state.signaled, signal) && state.signaled.size() < handOverLimit)
    state.signaled.push_back(signal);
  if (Shared.finalPass)
    Shared.solution.signals.insert({Function, signal.place, signal.value});
}

/// A wait begins a new round: what was signalled before it is over.
void FunctionExecutor::noteAwaited(State &state, HandOver wait) {
  if (!terms().isPlace(wait.place))
    return;
  llvm::erase_if(state.signaled, [&](const HandOver &signal) { return signal.place != wait.place; });
  if (!llvm::is_contained(state.awaited, wait) && state.awaited.size() < handOverLimit)
    state.awaited.push_back(wait);
}

} // namespace gridlock::solve
