//===- Summarize.cpp - The ways out of a function ---------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// When all paths of a function have run, its exits become outcomes: conditions
// on the inputs, locks gained and lost, values written, the result. Exits with
// the same effect are joined.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Exclusion.h"
#include "engine/solve/Executor.h"
#include "engine/solve/LogComparison.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace gridlock::solve {

/// Outcomes that a summary keeps; more are merged by their locks.
static constexpr unsigned outcomeLimit = 8;
static constexpr unsigned fewOutcomes = 5;
/// Functions that make one, two or three pipes as they are asked to keep the
/// combinations apart.
static constexpr unsigned mostHistories = 14;
static constexpr unsigned writeLimit = 48;

/// The facts of a path about its inputs, as many as fit. A caller knows its
/// arguments best, so what is said of them alone comes before what was found in
/// memory.
static llvm::SmallVector<Fact, 2> firstFacts(const TermTable &terms, llvm::ArrayRef<Fact> facts, unsigned limit) {
  llvm::SmallVector<Fact, 2> found;
  for (bool inMemory : {false, true})
    for (const Fact &fact : facts)
      if (found.size() < limit && terms[fact.term].inputsOnly && terms[fact.term].mentionsInitial == inMemory)
        found.push_back(fact);
  llvm::sort(found, [](const Fact &a, const Fact &b) { return a.term < b.term; });
  return found;
}

llvm::SmallVector<Fact, 2> FunctionExecutor::inputFacts(const State &state) const {
  return firstFacts(terms(), state.facts(), 6);
}

Outcome FunctionExecutor::makeOutcome(const State &state) {
  Outcome outcome;
  // Which pipes were made is a matter of many facts.
  outcome.conditions = firstFacts(terms(), state.facts(), state.log & DescriptorLogs::makes ? 16 : 6);
  for (const Held &held : state.locks)
    if (!holdsGilAtEntry() || !isGil(held.lock)) // what it held from the start
      outcome.acquired.push_back(held);
  outcome.released.append(state.released.begin(), state.released.end());
  for (TermId lock : state.notHeld)
    if (terms()[lock].mentionsFormal || terms()[terms().root(lock)].kind == TermKind::Global)
      outcome.notHeld.push_back(lock);
  outcome.alive.append(state.alive.begin(), state.alive.end());
  outcome.joined.append(state.joined.begin(), state.joined.end());
  if (llvm::is_contained(state.joined, allJoined()))
    for (TermId handle : JoinedInLoops)
      if (!llvm::is_contained(outcome.joined, handle))
        outcome.joined.push_back(handle);
  outcome.joinedOnSome.append(state.joinedOnSome.begin(), state.joinedOnSome.end());
  outcome.ended.append(state.ended.begin(), state.ended.end());
  for (const HandOver &entry : state.awaited)
    if (onInputs(entry.place))
      outcome.awaited.push_back(entry);
  for (const HandOver &entry : state.signaled)
    if (onInputs(entry.place))
      outcome.signaled.push_back(entry);
  outcome.rounds = state.rounds;
  outcome.changes.append(state.changes.begin(), state.changes.end());
  outcome.taken.append(state.taken.begin(), state.taken.end());
  outcome.lossy = state.lossy;
  outcome.log = state.log;
  if (Body.returnSlot && Unit.types[Body.returnType].kind != ir::TypeKind::Record)
    outcome.result = state.stored(terms().local(Function, Body.returnSlot));
  if (outcome.result)
    if (std::optional<bool> truth = state.decide(terms(), outcome.result)) {
      outcome.resultIsNotNull = *truth;
      outcome.result = *truth ? outcome.result : terms().integer(0);
    }
  addWrites(outcome, state);
  addKnown(outcome, state);
  return outcome;
}

/// What this way believes of the values that it wrote: whoever reads them takes the
/// same branch.
void FunctionExecutor::addKnown(Outcome &outcome, const State &state) {
  constexpr std::size_t knownLimit = 4;
  for (auto [place, value] : outcome.writes)
    if (const Fact *fact = terms()[value].kind == TermKind::Opaque ? state.fact(value) : nullptr)
      if (outcome.known.size() < knownLimit && !llvm::is_contained(outcome.known, *fact))
        outcome.known.push_back(*fact);
}

/// What was written to objects that outlive the function. An object that the
/// function made or got counts when the caller can reach it: through the result,
/// or through what was written to an object that the caller can reach.
void FunctionExecutor::addWrites(Outcome &outcome, const State &state) {
  llvm::SmallVector<std::pair<TermId, TermId>, 16> unreached;
  llvm::SmallDenseSet<TermId, 8> reached;
  auto reach = [&](TermId id) {
    if (terms()[id].mentionsMade)
      terms().forEachMade(id, [&](TermId made) { reached.insert(made); });
  };
  reach(outcome.result);
  for (const Held &held : outcome.acquired)
    reach(held.lock);
  for (const Alive &thread : outcome.alive) {
    reach(thread.handle);
    reach(thread.value);
  }
  for (TermId handle : outcome.joined)
    reach(handle);
  auto add = [&](std::pair<TermId, TermId> write) {
    reach(write.first);
    reach(write.second);
    if (outcome.writes.size() < writeLimit)
      outcome.writes.push_back(write);
  };
  for (auto [place, value] : state.entries()) {
    if (!terms().isPlace(place) || terms().initial(place) == value)
      continue;
    const Term root = terms()[terms().root(place)];
    TermKind kind = root.kind == TermKind::Heap && root.number == 0 ? TermKind::Global : root.kind;
    // What the caller gave may be a descriptor: its holder's kind is learnt there.
    if (kind == TermKind::Formal || kind == TermKind::Global || terms()[value].kind == TermKind::Formal)
      add({place, value});
    else if (kind == TermKind::Heap || kind == TermKind::Opaque)
      unreached.push_back({place, value});
  }
  for (bool progress = true; progress && !unreached.empty();) {
    progress = false;
    llvm::erase_if(unreached, [&](const std::pair<TermId, TermId> &write) {
      if (!reached.contains(terms().root(write.first)))
        return false;
      add(write);
      return progress = true;
    });
  }
}

static bool sameLockDelta(const Outcome &a, const Outcome &b) {
  auto key = [](const Held &held) { return std::tuple(held.lock, held.mode, held.count); };
  return a.acquired.size() == b.acquired.size() && llvm::equal(a.released, b.released) &&
         llvm::equal(llvm::map_range(a.acquired, key), llvm::map_range(b.acquired, key));
}

/// Histories that make nothing may be united.
static bool sameHistory(const Outcome &a, const Outcome &b) {
  return a.log == b.log || !((a.log | b.log) & DescriptorLogs::makes);
}

/// They have made the same pipes and children, and wrote the same of these.
static bool sameMade(const TermTable &terms, const Outcome &a, const Outcome &b, const DescriptorLogs &logs) {
  auto hasEndOfItsOwn = [&](const Outcome &outcome, const Outcome &other) {
    return llvm::any_of(outcome.writes, [&](const auto &write) {
      const Term &value = terms[write.second];
      return value.kind == TermKind::Opaque && OriginKind(value.a) == OriginKind::PipeEnd &&
             !llvm::is_contained(other.writes, write);
    });
  };
  return madeTheSame(logs, a.log, b.log) && !hasEndOfItsOwn(a, b) && !hasEndOfItsOwn(b, a);
}

static bool sameEffect(const Outcome &a, const Outcome &b) {
  return sameLockDelta(a, b) && sameHistory(a, b) && a.result == b.result && llvm::equal(a.writes, b.writes) &&
         llvm::equal(a.alive, b.alive) && llvm::equal(a.joined, b.joined);
}

/// Equal in what a caller can branch on, and in the descriptors that it gets.
static bool sameResult(const TermTable &terms, const Outcome &a, const Outcome &b) {
  auto hasDescriptorOfItsOwn = [&](const Outcome &outcome, const Outcome &other) {
    return llvm::any_of(outcome.writes, [&](const auto &write) {
      const Term &value = terms[write.second];
      return value.kind == TermKind::Opaque && OriginKind(value.a) == OriginKind::Descriptor &&
             !llvm::is_contained(other.writes, write);
    });
  };
  if (hasDescriptorOfItsOwn(a, b) || hasDescriptorOfItsOwn(b, a))
    return false;
  auto known = [](const Outcome &outcome) {
    auto found = llvm::find_if(outcome.conditions, [&](const Fact &fact) { return fact.term == outcome.result; });
    return found == outcome.conditions.end() ? Fact() : *found;
  };
  return a.result == b.result && a.resultIsNotNull == b.resultIsNotNull && known(a) == known(b);
}

/// For one argument they take different constants, as a function does that
/// dispatches on a command: a caller has one of them only.
static bool areCases(const TermTable &terms, const Outcome &a, const Outcome &b) {
  return llvm::any_of(a.conditions, [&](const Fact &mine) {
    return mine.low == mine.high && terms[mine.term].kind == TermKind::Formal &&
           llvm::any_of(b.conditions, [&](const Fact &theirs) {
             return theirs.term == mine.term && theirs.low == theirs.high && theirs.low != mine.low;
           });
  });
}

/// Joins `other` into `outcome`: what both guarantee.
static void joinOutcomes(const TermTable &terms, Outcome &outcome, const Outcome &other, DescriptorLogs &logs) {
  outcome.pipeConflicts.append(other.pipeConflicts.begin(), other.pipeConflicts.end());
  outcome.lossy |= !sameHistory(outcome, other);
  outcome.log = sameHistory(outcome, other) || madeTheSame(logs, outcome.log, other.log)
                    ? logs.unite(outcome.log, other.log)
                    : DescriptorLogs::unknown;
  auto keepCommon = [](auto &facts, const auto &others) {
    std::remove_cvref_t<decltype(facts)> common;
    for (Fact fact : facts)
      for (const Fact &theirs : others)
        if (theirs.term == fact.term && fact.widen(theirs))
          common.push_back(fact);
    facts = std::move(common);
  };
  keepCommon(outcome.conditions, other.conditions);
  keepCommon(outcome.known, other.known);
  outcome.result = terms.eitherOf(outcome.result, other.result);
  for (auto &[place, value] : outcome.writes) {
    auto same = llvm::find_if(other.writes, [&, p = place](const auto &write) { return write.first == p; });
    // 0: written, but not known with what.
    value = same == other.writes.end() ? 0 : terms.eitherOf(value, same->second);
  }
  for (const auto &write : other.writes)
    if (outcome.writes.size() < writeLimit &&
        !llvm::any_of(outcome.writes, [&](const auto &mine) { return mine.first == write.first; }))
      outcome.writes.push_back({write.first, 0});
  for (const Alive &thread : other.alive)
    if (auto *same = llvm::find(outcome.alive, thread); same != outcome.alive.end())
      same->over |= thread.over;
    else
      outcome.alive.push_back(thread);
  for (std::uint32_t spawn : other.ended)
    if (!llvm::is_contained(outcome.ended, spawn))
      outcome.ended.push_back(spawn);
  for (Alive &thread : outcome.alive)
    thread.over |= thread.spawn && llvm::is_contained(outcome.ended, thread.spawn);
  for (TermId handle : other.joinedOnSome)
    if (outcome.joinedOnSome.size() < handOverLimit && !llvm::is_contained(outcome.joinedOnSome, handle))
      outcome.joinedOnSome.push_back(handle);
  llvm::erase_if(outcome.joined, [&](TermId handle) { return !llvm::is_contained(other.joined, handle); });
  llvm::erase_if(outcome.notHeld, [&](TermId lock) { return !llvm::is_contained(other.notHeld, lock); });
  llvm::erase_if(outcome.awaited, [&](const HandOver &place) { return !llvm::is_contained(other.awaited, place); });
  for (const HandOver &place : other.signaled)
    if (outcome.signaled.size() < handOverLimit && !llvm::is_contained(outcome.signaled, place))
      outcome.signaled.push_back(place);
  uniteRounds(outcome.rounds, other.rounds);
  mergeChanges(outcome.changes, outcome.taken, other.changes, other.taken);
  outcome.resultIsNotNull &= other.resultIsNotNull;
  outcome.lossy |= other.lossy;
}

/// Adds the ways out of rounds that were not followed on their own. What such a way
/// alone does to locks is not believed.
static void addWidened(std::vector<Outcome> &outcomes, std::vector<Outcome> widened) {
  const std::size_t followed = outcomes.size();
  for (Outcome &outcome : widened) {
    auto isSame = [&](const Outcome &other) { return sameLockDelta(other, outcome); };
    if (followed == 0 || std::any_of(outcomes.begin(), outcomes.begin() + std::ptrdiff_t(followed), isSame))
      outcomes.push_back(std::move(outcome));
  }
}

/// Joins outcomes with the same effect, and says of each what the others' are.
static llvm::SmallVector<Outcome, 2> joinSame(TermTable &terms, std::vector<Outcome> all, DescriptorLogs &logs) {
  llvm::SmallVector<Outcome, 2> outcomes;
  std::vector<OutcomeGroup> groups;
  for (Outcome &outcome : all) {
    auto same = llvm::find_if(outcomes, [&](const Outcome &other) { return sameEffect(other, outcome); });
    std::size_t number = std::size_t(same - outcomes.begin());
    if (number == groups.size())
      groups.emplace_back();
    groups[number].members.push_back(outcome.conditions);
    if (same != outcomes.end())
      joinOutcomes(terms, *same, outcome, logs);
    else
      outcomes.push_back(std::move(outcome));
  }
  for (std::size_t i = 0; i < groups.size(); ++i)
    groups[i].joined = &outcomes[i];
  keepExclusions(terms, groups);
  return outcomes;
}

/// Reduces to the limit. Outcomes with equal locks and results are the first to
/// be joined, already when there are a few: what a caller branches on is kept.
/// Then those with equal locks, then all.
static void boundOutcomes(const TermTable &terms, llvm::SmallVectorImpl<Outcome> &outcomes, unsigned limit,
                          bool splitResults, DescriptorLogs &logs) {
  auto joinMade = [&](std::size_t most) {
    for (std::size_t i = 0; i < outcomes.size() && outcomes.size() > most; ++i)
      for (std::size_t j = i + 1; j < outcomes.size() && outcomes.size() > most;)
        if ((outcomes[i].log & DescriptorLogs::makes) && sameLockDelta(outcomes[i], outcomes[j]) &&
            outcomes[i].result == outcomes[j].result && sameMade(terms, outcomes[i], outcomes[j], logs)) {
          joinOutcomes(terms, outcomes[i], outcomes[j], logs);
          outcomes.erase(outcomes.begin() + j);
        } else {
          ++j;
        }
  };
  auto join = [&](std::size_t most, bool anyResult, bool anyHistory) {
    for (std::size_t i = 0; i < outcomes.size() && outcomes.size() > most; ++i)
      for (std::size_t j = i + 1; j < outcomes.size() && outcomes.size() > most;)
        if (sameLockDelta(outcomes[i], outcomes[j]) && (anyHistory || sameHistory(outcomes[i], outcomes[j])) &&
            (anyResult ||
             (sameResult(terms, outcomes[i], outcomes[j]) && !areCases(terms, outcomes[i], outcomes[j])))) {
          joinOutcomes(terms, outcomes[i], outcomes[j], logs);
          outcomes.erase(outcomes.begin() + j);
        } else {
          ++j;
        }
  };
  auto histories = llvm::count_if(outcomes, [](const Outcome &one) { return one.log & DescriptorLogs::makes; });
  if (histories > fewOutcomes) {
    joinMade(fewOutcomes);
    limit = std::max(limit, mostHistories);
  }
  if (splitResults)
    join(fewOutcomes, false, false);
  join(splitResults ? limit : 0, true, false);
  join(splitResults ? limit : 0, true, true);
  while (outcomes.size() > limit) {
    outcomes.back().lossy = true;
    outcomes[outcomes.size() - 2].lossy = true;
    outcomes.pop_back();
  }
}

/// A function that returns null whenever it took no lock says by its result
/// whether it did: where it took one, the result is not null.
void FunctionExecutor::noteNullProtocol() {
  if (Unit.types[Body.returnType].kind != ir::TypeKind::Pointer)
    return;
  auto takes = [](const Outcome &outcome) { return !outcome.acquired.empty(); };
  auto saysNo = [&](const Outcome &outcome) {
    return takes(outcome) ? !terms().isInteger(outcome.result, 0) : terms().isInteger(outcome.result, 0);
  };
  if (!llvm::all_of(Summary.outcomes, saysNo) || llvm::all_of(Summary.outcomes, takes))
    return;
  for (Outcome &outcome : Summary.outcomes)
    outcome.resultIsNotNull |= takes(outcome) && outcome.result;
}

/// Whether it is known what a callee does. When it has no way out yet, being of the
/// cycle at hand, this function has more ways than are seen now.
bool FunctionExecutor::hasSummary(link::FunctionId callee) {
  const ProcedureSummary &summary = Shared.solution.summaries[callee];
  if (!Shared.callsReturn && (!summary.computed || (summary.outcomes.empty() && Shared.unsettled.contains(callee))))
    Shared.unsettled.insert(Function);
  return summary.computed;
}

void forgetResults(ProcedureSummary &summary) {
  if (llvm::any_of(summary.outcomes,
                   [&](const Outcome &other) { return !sameLockDelta(summary.outcomes.front(), other); }))
    return; // the result tells which locks are held
  for (Outcome &outcome : summary.outcomes) {
    outcome.result = 0;
    outcome.resultIsNotNull = false;
  }
}

void FunctionExecutor::summarize() {
  DescriptorLogs &logs = Shared.solution.logs;
  reportUnbalanced();
  reportGilExits();
  noteLostHandles();
  noteEscapedParameters();
  noteConstructorStarts();
  for (Exit &exit : Exits)
    for (Held &held : exit.state.locks)
      held.leaked = held.leaked || leaks(exit, held) || isDoubtful(exit, held);
  Summary.computed = true;
  for (Exit &exit : Exits)
    settleChildren(exit);
  std::vector<Outcome> returns, unwinds, widened;
  for (const Exit &exit : Exits) {
    std::vector<Outcome> &ways = exit.byException ? unwinds : exit.state.widened ? widened : returns;
    if (!exit.byException || !exit.state.widened)
      ways.push_back(makeOutcome(exit.state));
  }
  addWidened(returns, std::move(widened));
  Summary.outcomes = joinSame(terms(), std::move(returns), logs);
  Summary.unwinds = joinSame(terms(), std::move(unwinds), logs);
  bool hasHistory = llvm::any_of(Summary.outcomes, [](const Outcome &outcome) { return outcome.log; });
  if (hasHistory || !Summary.endings.empty())
    finishLogs();
  noteNullProtocol();
  boundOutcomes(terms(), Summary.outcomes, outcomeLimit, Splits, logs);
  boundOutcomes(terms(), Summary.unwinds, 2, false, logs);
  Summary.mayThrow = !Summary.unwinds.empty() && !(Body.flags & ir::FunctionIsNonThrowing);
  Summary.neverReturns = Summary.outcomes.empty() && Summary.unwinds.empty() && Budget > 0;
  keepReturnedReads();
  Shared.solution.summaries[Function] = std::move(Summary);
}

} // namespace gridlock::solve
