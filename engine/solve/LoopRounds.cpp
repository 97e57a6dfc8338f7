//===- LoopRounds.cpp - Which rounds of a loop are followed -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. A loop over options or messages with thirty cases comes back to its
// head with thirty different states, and their combinations after that. Following
// all of them does not end; following the first few forgets what the other cases
// did, and with it all code behind the loop that depends on them.
//
// The answer is widening. The first few states of a head are followed each on its
// own. What comes after them is put off until the rounds under way are through, and
// merged: one state for each lock vector, in which every value that some case
// changes is open. That state runs as a round of its own, again for as long as
// merging changes it, a few times at most.
//
// Such states are kept apart from the others to the end of the function and have a
// budget of their own, so what is known of the rounds that are followed stays as
// exact as it was. They reach code that else would not be seen; that a lock is kept
// or a thread forgotten on one of them is not believed. A program with threads does
// without: merged states do not tell well enough which threads run. There, too, a
// number that was another one in each of the first rounds is open from then on: it
// counts them, in a global or a field, and else no round would be the last.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Rounds that each head follows of states that were put off.
static constexpr unsigned mostWidened = 3;
/// Lock vectors and histories that are put off.
static constexpr std::size_t mostPutOff = 4;

static bool makesPipes(const State &state) { return state.log & DescriptorLogs::makes; }

/// Whether all that holds in `wide` holds in `state`, which knows more about the same
/// values: a round of the one shows what a round of the other does.
static bool covers(const TermTable &terms, const State &wide, const State &state) {
  auto isKnown = [&](const Fact &fact) {
    const Fact *known = state.fact(fact.term);
    return known && known->low >= fact.low && known->high <= fact.high &&
           (!fact.nonZero || known->nonZero || known->low > 0 || known->high < 0);
  };
  // What calls of the last round returned is no variable.
  auto knows = [&](const State &one, const State &other) {
    return llvm::all_of(one.entries(), [&](const auto &entry) {
      return !terms.isPlace(entry.first) || other.stored(entry.first) == entry.second;
    });
  };
  return wide.sameLocks(state) && knows(wide, state) && knows(state, wide) && llvm::all_of(wide.facts(), isKnown);
}

/// Whether what a widened state stands for waits here or has run already.
bool FunctionExecutor::isFollowed(const PendingBlock &pending, const State &state) {
  auto contains = [&](const State &wanted) {
    auto isSame = [&](const State &other) { return other.equals(wanted); };
    return llvm::any_of(pending.seenAtHead, isSame) || llvm::any_of(pending.states, isSame);
  };
  if (!state.widened)
    return contains(state);
  State plain = state;
  plain.widened = false;
  return contains(state) || contains(plain);
}

/// Whether a round of the loop may change the place: not a variable that only
/// code outside assigns and whose address stays home.
bool FunctionExecutor::changesIn(const Loop &loop, TermId place) const {
  const Term &term = terms()[place];
  return term.kind != TermKind::Local || term.a != Function || loop.assigned.contains(term.b) ||
         (Unit.variables[term.b].flags & ir::VariableAddressTaken);
}

void FunctionExecutor::enterLoop(unsigned block, State &state, bool backEdge) {
  state.beforeRounds = !backEdge;
  for (ir::Index variable : Loops[block].updated) {
    const bool isDivided = Unit.variables[variable].flags & ir::VariableIsDivided; // perhaps as a loop before
    TermId round = isDivided ? terms().share(Function, variable)
                             : terms().roundValue(Function, site(2, block) * 0x10000 + variable);
    TermId place = terms().local(Function, variable);
    noteLoopStart(state, round, backEdge ? 0 : state.stored(place));
    if (backEdge)
      noteLoopStep(round, state.stored(place));
    if (TermId before = state.stored(place); before && !backEdge && Shared.tracksDescriptors) {
      auto [entry, isNew] = Shared.beforeLoop.try_emplace(round, before);
      if (!isNew && entry->second != before)
        entry->second = round; // not one value
    }
    if ((backEdge || isDivided) && state.isKnown(terms(), round))
      state.replace(terms(), round, terms().opaque(OriginKind::Aged, site(3, block) * 0x10000 + variable));
    if (state.stored(place))
      state.store(place, round);
  }
  // What a round decided is over with it.
  if (backEdge) {
    state.tested.clear();
    state.published.clear();
  }
  if (backEdge)
    noteRoundLocks(Loops[block], state);
  // Rounds take different elements under one name.
  for (Held &held : state.locks)
    if (backEdge && terms()[held.lock].weak)
      held.count = 1;
  // What a round computed from the last round's value would never settle.
  if (backEdge)
    for (auto [place, value] : llvm::SmallVector<std::pair<TermId, TermId>, 8>(state.entries()))
      if ((terms()[value].kind == TermKind::Binary || terms()[value].kind == TermKind::Unary) &&
          changesIn(Loops[block], place))
        state.store(place, valueOfRound(block, place));
}

/// Takes a block run from what is left.
bool FunctionExecutor::takesTurn(const State &state) {
  unsigned &left = state.widened ? WidenedBudget : Budget;
  if (left == 0)
    return false;
  --left;
  return true;
}

/// Forgets the numbers that were others in each of the last rounds: of a counter that
/// is no variable of the function, and that a constant bounds, no round would be the
/// last. \returns whether there are any.
bool FunctionExecutor::openCounters(unsigned block, State &state) {
  llvm::SmallVector<const State *, 2> last;
  for (const State &other : llvm::reverse(Pending[block].seenAtHead))
    if (last.size() < 2 && other.sameLocks(state))
      last.push_back(&other);
  if (last.size() < 2)
    return false;
  llvm::SmallVector<TermId, 2> counters;
  for (auto [place, value] : state.entries()) {
    const TermId one = last[0]->stored(place), two = last[1]->stored(place);
    auto isNumber = [&](TermId id) { return id && terms()[id].kind == TermKind::Integer; };
    if (isNumber(value) && isNumber(one) && isNumber(two) && value != one && value != two && one != two)
      counters.push_back(place);
  }
  for (TermId place : counters)
    state.store(place, valueOfRound(block, place));
  return !counters.empty();
}

/// Whether a round begins with this state. One that is new but not followed on its
/// own is put off.
bool FunctionExecutor::startsRound(unsigned block, State &state) {
  PendingBlock &pending = Pending[block];
  std::vector<State> &seen = pending.seenAtHead;
  if (isFollowed(pending, state))
    return false;
  auto alike = llvm::count_if(seen, [&](const State &other) { return other.sameLocks(state); });
  auto histories = std::size_t(llvm::count_if(seen, [](const State &other) { return makesPipes(other); }));
  const unsigned mostAlike = state.widened ? 1 : Splits ? 5 : 2;
  // A round that does something new to descriptors is followed.
  if (!makesPipes(state) && state.log != pending.seenLog) {
    LogId united = Shared.solution.logs.unite(pending.seenLog, state.log);
    if (united != pending.seenLog)
      alike = 0;
    pending.seenLog = state.log = united;
  }
  if (alike >= mostAlike || seen.size() - histories >= 24 || (histories >= 40 && makesPipes(state))) {
    if (!openCounters(block, state) || isFollowed(pending, state)) {
      putOff(block, std::move(state));
      return false;
    }
  }
  seen.push_back(state);
  return true;
}

/// The last block of a loop, in the order of work.
unsigned FunctionExecutor::lastOfLoop(unsigned head) const {
  const std::vector<bool> &inside = Loops.at(head).inside;
  unsigned last = Order[head];
  for (unsigned block = 0; block < inside.size(); ++block)
    if (inside[block])
      last = std::max(last, Order[block]);
  return last;
}

void FunctionExecutor::putOff(unsigned block, State state) {
  if (Shared.filter.usesThreads())
    return;
  PendingBlock &pending = Pending[block];
  auto isWider = [&](const State &other) { return covers(terms(), other, state); };
  if (pending.widened >= mostWidened || llvm::any_of(pending.seenAtHead, isWider))
    return;
  state.widened = true;
  auto same = llvm::find_if(pending.putOff, [&](const State &other) { return other.sameLocks(state); });
  if (same == pending.putOff.end()) {
    if (pending.putOff.size() >= mostPutOff)
      return;
    // What the rounds that were followed began with goes on beside what they changed.
    for (State other : pending.seenAtHead) {
      other.widened = true;
      if (other.sameLocks(state))
        mergeInto(state, other, site(10, block));
    }
    pending.putOff.push_back(std::move(state));
    pending.isOpen.push_back(true);
  } else {
    State before = *same;
    mergeInto(*same, state, site(10, block));
    auto row = std::size_t(same - pending.putOff.begin());
    if (before.equals(*same))
      return;
    pending.isOpen[row] = true;
  }
  if (!pending.isLate)
    Work.push({2 * lastOfLoop(block) + 1, block});
  pending.isLate = true;
}

/// The rounds under way are through: one more for what was put off.
void FunctionExecutor::runPutOff(unsigned block) {
  CurrentBlock = block;
  Pending[block].isLate = false;
  for (std::size_t i = 0; i < Pending[block].putOff.size(); ++i) {
    PendingBlock &pending = Pending[block];
    if (!pending.isOpen[i])
      continue;
    pending.isOpen[i] = false;
    State state = pending.putOff[i];
    if (pending.widened >= mostWidened || isFollowed(pending, state) || !takesTurn(state))
      continue;
    ++pending.widened;
    pending.seenAtHead.push_back(state);
    runEvents(block, std::move(state));
  }
}

} // namespace gridlock::solve
