//===- Record.cpp - Locks, and what is recorded about them ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A record is handed from callee to caller as long as its names mean something
// else for each caller. A pair of locks becomes final in the function where both
// have names that mean the same everywhere, or in a function that nobody calls.
// What fills a summary beyond its limit becomes final where it is, with class
// names: less exact, never lost.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "engine/solve/SetUp.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

static constexpr unsigned recordLimit = 400;
/// Variants of one wake-up, by the locks of the path, that are handed on.
static constexpr unsigned wakeUpLimit = 6;

StepId FunctionExecutor::step(ir::Index location, StepId inner) {
  std::vector<Step> &steps = Shared.solution.steps;
  auto [entry, isNew] = Steps.try_emplace((std::uint64_t(location) << 32) | inner, StepId(steps.size()));
  if (isNew)
    steps.push_back({Function, location, inner, inner ? steps[inner].innermost : entry->second});
  return entry->second;
}

bool FunctionExecutor::firstTime(std::initializer_list<std::uint64_t> key) {
  return Shared.seen.insert(llvm::hash_combine_range(key.begin(), key.end())).second;
}

//===----------------------------------------------------------------------===//
// Records
//===----------------------------------------------------------------------===//

Record FunctionExecutor::makeRecord(RecordKind kind, const State &state, StepId at) const {
  Record record;
  record.kind = kind;
  record.held.append(state.locks.begin(), state.locks.end());
  if (kind == RecordKind::Acquire)
    record.held.append(state.onces.begin(), state.onces.end());
  for (const Released &entry : state.released)
    if (!state.held(entry.lock))
      record.released.push_back(entry.lock);
  record.conditions = inputFacts(state);
  record.step = at;
  record.lossy = state.lossy || state.widened;
  record.tearsDown = !state.joined.empty();
  return record;
}

void FunctionExecutor::addRecord(Record record) {
  // The conditions under which something happens are weakened when it happens
  // again on another path.
  // One call of Python's API stands for all that need the same.
  std::uint32_t what = record.kind == RecordKind::NeedsGil ? 0 : record.what;
  std::uint64_t hash = llvm::hash_combine(unsigned(record.kind), record.subject, record.extra, unsigned(record.mode),
                                          record.byTry, record.spawn, what, record.group);
  for (const Held &held : record.held)
    hash = llvm::hash_combine(hash, held.lock);
  for (TermId argument : record.arguments)
    hash = llvm::hash_combine(hash, argument);
  for (TermId lock : record.released)
    hash = llvm::hash_combine(hash, lock, 1);
  // A pair that a caller will name is a finding of its own at each place.
  bool isOpenPair = !record.held.empty() && terms()[record.subject].mentionsFormal;
  if ((record.kind != RecordKind::Acquire && record.kind != RecordKind::NeedsGil) || isOpenPair) {
    const Step &inner = Shared.solution.steps[Shared.solution.innermost(record.step)];
    hash = llvm::hash_combine(hash, inner.function, inner.location);
  }
  auto [entry, isNew] = RecordIndex.try_emplace(hash, std::uint32_t(Summary.records.size()));
  if (!isNew) {
    Record &other = Summary.records[entry->second];
    llvm::erase_if(other.conditions, [&](Fact &mine) {
      auto theirs = llvm::find_if(record.conditions, [&](const Fact &fact) { return fact.term == mine.term; });
      return theirs == record.conditions.end() || !mine.widen(*theirs);
    });
    other.throughManyTargets &= record.throughManyTargets;
    other.openMode = std::min(other.openMode, record.openMode);
    other.tearsDown &= record.tearsDown;
    other.ordered &= record.ordered;
    other.lossy &= record.lossy;
    other.onOpenPointer &= record.onOpenPointer;
    other.joinGuesses(record);
    return;
  }
  if (record.kind == RecordKind::Notify) {
    const StepId place = Shared.solution.innermost(record.step);
    auto variants = llvm::count_if(Summary.records, [&](const Record &other) {
      return other.kind == RecordKind::Notify && other.subject == record.subject &&
             Shared.solution.innermost(other.step) == place;
    });
    if (variants >= wakeUpLimit) {
      RecordIndex.erase(entry);
      return;
    }
  }
  if (Summary.records.size() >= recordLimit) {
    RecordIndex.erase(entry);
    finalizeRecord(record, nullptr);
    return;
  }
  bool onlyCaller = !Shared.hasCallers[Function];
  if (onlyCaller)
    finalizeRecord(record, nullptr);
  Summary.records.push_back(std::move(record));
}

/// Whether a pair has names that mean the same for every caller.
static bool pairIsFinal(const TermTable &terms, TermId held, TermId acquired) {
  return !terms[held].mentionsFormal && !terms[acquired].mentionsFormal;
}

void FunctionExecutor::finalizePairs(const Record &record, const State *state) {
  for (const Held &held : record.held)
    if (pairIsFinal(terms(), held.lock, record.subject))
      addPair(record, held, state);
}

void FunctionExecutor::finalizeRecord(const Record &record, const State *state) {
  switch (record.kind) {
  case RecordKind::Acquire:
    for (const Held &held : record.held)
      if (!pairIsFinal(terms(), held.lock, record.subject))
        addPair(record, held, state);
    break;
  case RecordKind::Callback:
    noteForeign(record.held, record.step);
    break;
  case RecordKind::ChildWait:
    noteWait(record);
    break;
  default:
    break;
  }
}

/// What another path to the same pair knows less of, the pair does not have.
static void weaken(LockPair &pair, const LockPair &other) {
  pair.openMode = std::min(pair.openMode, other.openMode);
  pair.manyTargets &= other.manyTargets;
  pair.ordered &= other.ordered;
  pair.lossy &= other.lossy;
  pair.onOpenPointer &= other.onOpenPointer;
  pair.threadsAlive |= other.threadsAlive;
  llvm::erase_if(pair.joined, [&](TermId handle) { return !llvm::is_contained(other.joined, handle); });
  llvm::erase_if(pair.gates, [&](const Held &gate) {
    return llvm::none_of(other.gates, [&](const Held &held) { return held.lock == gate.lock; });
  });
}

/// Whether no other path can know less.
static bool isWeakest(const LockPair &pair) {
  return pair.openMode == OpenMode::None && !pair.onOpenPointer && !pair.manyTargets && !pair.ordered && !pair.lossy &&
         pair.threadsAlive && pair.joined.empty() && pair.gates.empty();
}

void FunctionExecutor::addPair(const Record &record, const Held &held, const State *state) {
  if (!Shared.finalPass || held.lock == record.subject || held.leaked)
    return;
  Solution &solution = Shared.solution;
  if (held.group && held.group == record.group &&
      solution.steps[held.acquiredAt].location == solution.steps[record.step].location)
    return;
  // The same two from the same two places: most calls, so before the names.
  const StepId inner = solution.innermost(record.step), first = solution.innermost(held.acquiredAt);
  auto [entry, isNew] = Pairs.try_emplace(llvm::hash_combine(held.lock, unsigned(held.mode), first, record.subject,
                                                             unsigned(record.mode), inner, record.spawn),
                                          0);
  if (!isNew && isWeakest(solution.pairs[entry->second]))
    return;
  LockPair pair;
  pair.function = Function;
  pair.held = held;
  pair.acquired = record.subject;
  pair.mode = record.mode;
  pair.traits = record.traits;
  pair.step = record.step;
  pair.spawn = record.spawn;
  pair.byTry = record.byTry;
  pair.lossy = record.lossy;
  pair.manyTargets = record.throughManyTargets;
  pair.openMode = record.openMode;
  pair.onOpenPointer = record.onOpenPointer;
  if (state && !record.spawn)
    pair.joined.append(state->joined.begin(), state->joined.end());
  pair.threadsAlive = state && !state->alive.empty();
  pair.metAsInputs =
      record.metAsInputs || (terms()[held.lock].mentionsFormal && terms()[record.subject].mentionsFormal);
  for (const Held &other : record.held)
    if (other.lock != held.lock)
      pair.gates.push_back(other);
  pair.ordered = record.ordered || isOrdered(state, held, record.subject, !pair.metAsInputs);
  if (!isNew) {
    weaken(solution.pairs[entry->second], pair);
    return;
  }
  pair.heldName = solution.name(held.lock, Function);
  pair.acquiredName = solution.name(record.subject, Function);
  const Step &to = solution.steps[inner], &from = solution.steps[first];
  entry->second = std::uint32_t(solution.pairs.size());
  LockPair *known =
      knownFact(solution.pairs, {2, llvm::hash_value(pair.heldName.key), llvm::hash_value(pair.acquiredName.key),
                                 to.function, to.location, from.function, from.location, record.spawn,
                                 unsigned(record.mode), unsigned(held.mode), Function});
  if (known) {
    entry->second = std::uint32_t(known - solution.pairs.data());
    weaken(*known, pair);
  } else {
    solution.pairs.push_back(std::move(pair));
  }
}

/// The object that contains a lock: its place without the last fields.
static TermId ownerOf(const TermTable &terms, TermId lock) {
  while (terms[lock].kind == TermKind::Field)
    lock = terms[lock].a;
  return lock;
}

bool FunctionExecutor::isOrdered(const State *state, const Held &held, TermId acquired, bool constantsCount) const {
  // Owner before owned: the second lock's path starts at the first's object, and
  // does not lead back.
  TermId owner = ownerOf(terms(), held.lock), other = ownerOf(terms(), acquired);
  if (owner != other && !Shared.solution.metThroughBackPointer(held.lock, acquired)) {
    const Term &ownerTerm = terms()[owner];
    TermId start = ownerTerm.kind == TermKind::Deref ? ownerTerm.a : owner;
    if (terms()[start].kind != TermKind::Integer && terms().mentions(other, start) &&
        terms()[start].kind != TermKind::Global && terms()[start].kind != TermKind::Local)
      return true;
  }
  // What an earlier round of a loop over a list or array took, before what this
  // round takes: the list gives the order.
  auto isRound = [&](TermId lock, OriginKind origin) { return mentionsOrigin(terms(), lock, origin); };
  if (isRound(held.lock, OriginKind::Aged) && isRound(acquired, OriginKind::Loop) &&
      sameShape(terms(), held.lock, acquired))
    return true;
  // Elements of one array by ascending index.
  const Term &a = terms()[owner], &b = terms()[other];
  if (a.kind == TermKind::Element && b.kind == TermKind::Element && a.a == b.a && a.b && b.b) {
    const Term &low = terms()[a.b], &high = terms()[b.b];
    if (low.kind == TermKind::Integer && high.kind == TermKind::Integer)
      return constantsCount && low.number < high.number;
    if (high.kind == TermKind::Binary && high.op == ir::Operator::Add && high.a == a.b &&
        terms()[high.b].kind == TermKind::Integer && terms()[high.b].number > 0)
      return true;
    if (OriginKind(low.a) == OriginKind::Aged && low.kind == TermKind::Opaque)
      return true; // a loop over the array locks all of them, upwards
  }
  return state && state->compares(terms(), held.lock, acquired);
}

/// A wait: final where locks are held, handed on where none are.
void FunctionExecutor::noteBlocking(Record record, bool firstWithLocks) {
  Solution &solution = Shared.solution;
  if (record.kind == RecordKind::Block && record.group == BlockUnderGilOnly)
    llvm::erase_if(record.held, [](const Held &held) { return held.traits.kind != model::LockKind::Gil; });
  // Who forgot to release a lock is told that, and not what waits under it.
  llvm::erase_if(record.held, [](const Held &held) { return held.leaked; });
  if (record.held.empty()) {
    addRecord(std::move(record));
    return;
  }
  const bool isPost = record.kind == RecordKind::Block && solution.words[record.what] == "post";
  const bool isCondition = isPost || (record.kind == RecordKind::Block && solution.words[record.what] == "condition");
  bool hasHolder = Shared.finalPass && record.subject && !isCondition;
  if (std::uint64_t holder = hasHolder ? holderKey(terms(), record.subject) : 0)
    for (const Held &held : record.held)
      solution.sections.use(solution.name(held.lock, Function), solution.steps[held.acquiredAt], holder);
  // What a callee forgot to give back is told where it forgets.
  llvm::erase_if(record.held, [](const Held &held) { return held.leaked; });
  if (record.held.empty()) {
    addRecord(std::move(record));
    return;
  }
  if (record.kind == RecordKind::Block && solution.words[record.what] == "descriptor" &&
      terms()[record.subject].mentionsFormal && Shared.hasCallers[Function]) {
    addRecord(std::move(record)); // a caller knows what the descriptor is
    return;
  }
  if (!firstWithLocks || !Shared.finalPass)
    return;
  const Step inner = solution.steps[solution.innermost(record.step)];
  if (record.kind == RecordKind::Join) {
    if (!firstTime({7, inner.function, inner.location, record.held.front().lock, record.subject}))
      return;
    JoinWithLock fact;
    fact.function = Function;
    fact.held.append(record.held.begin(), record.held.end());
    fact.step = record.step;
    fact.handle = record.subject;
    fact.tearsDown = record.tearsDown;
    fact.spawns.assign(record.spawnsJoined.begin(), record.spawnsJoined.end());
    solution.joins.push_back(std::move(fact));
    return;
  }
  BlockedWithLock fact;
  for (const Held &held : record.held)
    fact.names.push_back(solution.name(isCondition ? outward(held.lock) : held.lock, Function));
  std::vector<BlockedWithLock> &facts = isPost ? solution.awaiting : solution.blocked;
  if (BlockedWithLock *known = knownFact(
          facts, {isPost ? 9u : 8u, inner.function, inner.location, llvm::hash_value(fact.names.front().key)})) {
    known->tearsDown &= record.tearsDown;
    known->manyTargets &= record.throughManyTargets;
    known->bounded &= record.byTry;
    return;
  }
  fact.function = Function;
  fact.held.append(record.held.begin(), record.held.end());
  fact.step = record.step;
  fact.what = solution.words[record.what];
  if (isCondition)
    fact.condition = solution.name(outward(record.subject), Function);
  else
    fact.descriptor = record.subject;
  fact.bounded = record.byTry;
  fact.tearsDown = record.tearsDown;
  fact.manyTargets = record.throughManyTargets;
  facts.push_back(std::move(fact));
}

//===----------------------------------------------------------------------===//
// Facts that are final at once
//===----------------------------------------------------------------------===//

/// A class whose destructor lets go of a lock.
static bool isGuard(const Engine &engine, link::RecordId record) {
  const link::RecordInfo &info = engine.program.record(record);
  std::string_view shortName = info.qualifiedName.substr(info.qualifiedName.rfind(':') + 1);
  std::string destructor = std::string(info.qualifiedName) + "::~" + std::string(shortName);
  if (const model::FunctionModel *model = engine.program.models().function(destructor, {}))
    return model->effect(model::EffectKind::Release);
  if (info.flags & ir::RecordIsScopedLockable)
    return true;
  if (link::FunctionId method = engine.program.findMethod(record, "~" + std::string(shortName))) {
    const ProcedureSummary &summary = engine.solution.summaries[method];
    return summary.computed &&
           llvm::any_of(summary.outcomes, [](const Outcome &outcome) { return !outcome.released.empty(); });
  }
  return false;
}

void FunctionExecutor::noteDiscarded(ir::Index row, ir::Index location) {
  const ir::Variable &variable = Unit.variables[row];
  const ir::Type &type = Unit.types[variable.type];
  if (!Shared.finalPass || type.kind != ir::TypeKind::Record)
    return;
  link::RecordId record = Link.records[type.record];
  if (!record || !isGuard(Shared, record) || !firstTime({3, Function, row}))
    return;
  DiscardedGuard fact;
  fact.function = Function;
  fact.location = variable.location ? variable.location : location;
  fact.type = Program.record(record).displayName;
  fact.variable = Unit.strings[variable.name];
  fact.form =
      (variable.flags & ir::VariableHidesAnother) ? DiscardedGuard::HiddenDeclaration : DiscardedGuard::Temporary;
  Shared.solution.discarded.push_back(std::move(fact));
}

/// A callable that nobody in the program is known to supply runs under locks.
void FunctionExecutor::noteForeign(llvm::ArrayRef<Held> locks, StepId at) {
  Solution &solution = Shared.solution;
  const Step inner = solution.steps[solution.innermost(at)];
  if (!Shared.finalPass || locks.empty() || !firstTime({12, inner.function, inner.location}))
    return;
  ForeignCall fact;
  fact.function = Function;
  fact.step = at;
  fact.held = locks.front();
  fact.callee = "code that is supplied from outside";
  fact.name = solution.name(locks.front().lock, Function);
  solution.foreign.push_back(std::move(fact));
}

/// A lock dies while a thread that takes it may still run.
void FunctionExecutor::noteDeadLock(const State &state, TermId lock, bool wholeObject, ir::Index location) {
  if (!Shared.finalPass || !state.joined.empty())
    return;
  Solution &solution = Shared.solution;
  auto isBelow = [&](TermId other) {
    while (other != lock && wholeObject && terms()[other].kind == TermKind::Field)
      other = terms()[other].a;
    return other == lock;
  };
  for (const Alive &thread : state.alive) {
    if (!thread.spawn || thread.spawn == ~0u)
      continue;
    // A scope that ends with a handle still joinable ends the program, or an
    // exception left before the join: only a detached thread goes on.
    if (wholeObject && thread.handle)
      continue;
    for (auto &[taken, at] : solution.spawns[thread.spawn].acquires) {
      if (!isBelow(taken) || terms()[taken].weak || !firstTime({13, Function, location, taken}))
        continue;
      DestroyedLock fact;
      fact.function = Function;
      fact.step = step(location);
      fact.name = solution.name(taken, Function);
      fact.spawn = thread.spawn;
      fact.takenAt = at;
      solution.destroyed.push_back(std::move(fact));
    }
  }
}

void FunctionExecutor::noteSuspension(const State &state, ir::Index location) {
  if (!Shared.finalPass)
    return;
  for (const Held &held : state.locks) {
    if (held.traits.coroutineAware || !firstTime({4, Function, location, held.lock}))
      continue;
    Shared.solution.suspended.push_back({Function, location, held, Shared.solution.name(held.lock, Function)});
  }
}

/// What no path to a call has found done yet, of globals.
void FunctionExecutor::noteUnsetAt(const State &state, llvm::SmallVectorImpl<Fact> &unset, bool isNew) const {
  llvm::SmallVector<Fact, 2> here;
  if (isNew || !unset.empty())
    solve::noteUnset(terms(), Shared.filter, state, here);
  if (!isNew)
    llvm::erase_if(unset, [&](const Fact &fact) { return !llvm::is_contained(here, fact); });
  else
    llvm::copy_if(here, std::back_inserter(unset),
                  [&](const Fact &fact) { return !terms()[fact.term].mentionsFormal; });
}

/// A call as the whole-program phases see it: what holds on every path to it.
void FunctionExecutor::noteCallSite(State &state, link::FunctionId callee, const CallFrame &frame) {
  if (!Shared.finalPass)
    return;
  Solution &solution = Shared.solution;
  std::uint64_t key = llvm::hash_combine(Function, callee, frame.location);
  auto [entry, isNew] = Shared.callSiteIndex.try_emplace(key, std::uint32_t(solution.callSites.size()));
  llvm::SmallVector<TermId, 2> won;
  findWon(solution, state, won);
  bool threadsAlive = llvm::any_of(state.alive, [&](const Alive &thread) { return runsHere(thread); });
  auto noteRunning = [&](auto &running) {
    forEachRunning(state, [&](std::uint32_t spawn) {
      if (!llvm::is_contained(running, spawn))
        running.push_back(spawn);
    });
  };
  if (isNew) {
    CallSite call;
    call.caller = Function;
    call.callee = callee;
    call.location = frame.location;
    call.guess = frame.guess();
    for (const Held &held : state.locks)
      call.held.push_back(held.lock);
    for (const Held &once : state.onces)
      call.held.push_back(once.lock);
    call.held.append(won.begin(), won.end());
    if (isOnFatalWay())
      call.guess |= GuessTarget;
    call.inForkedChild = forkedFrom(state) != 0;
    call.threadsAlive = threadsAlive;
    call.region = state.region;
    noteRunning(call.alive);
    if (!state.ended.empty())
      call.alive.push_back(threadsEnded);
    noteJoinedBefore(state, call.joined);
    call.signaled = state.signaled;
    call.awaited = state.awaited;
    call.rounds = state.rounds;
    noteUnsetAt(state, call.unset, /*isNew=*/true);
    call.ways.add(terms(), state.facts(), frame.arguments);
    noteKindsOfCall(state, callee, frame, call, /*isNew=*/true);
    solution.callSites.push_back(std::move(call));
    return;
  }
  noteKindsOfCall(state, callee, frame, solution.callSites[entry->second], /*isNew=*/false);
  CallSite &call = solution.callSites[entry->second];
  llvm::erase_if(call.held, [&](TermId lock) {
    return !state.held(lock) && !llvm::is_contained(won, lock) &&
           llvm::none_of(state.onces, [&](const Held &once) { return once.lock == lock; });
  });
  call.inForkedChild &= forkedFrom(state) != 0;
  call.threadsAlive |= threadsAlive;
  uniteRounds(call.rounds, state.rounds);
  noteUnsetAt(state, call.unset, /*isNew=*/false);
  noteJoinedBefore(state, call.joined);
  llvm::erase_if(call.awaited, [&](const HandOver &wait) { return !llvm::is_contained(state.awaited, wait); });
  for (const HandOver &signal : state.signaled)
    if (call.signaled.size() < handOverLimit && !llvm::is_contained(call.signaled, signal))
      call.signaled.push_back(signal);
  call.ways.add(terms(), state.facts(), frame.arguments);
  noteRunning(call.alive);
  if (!state.ended.empty() && !llvm::is_contained(call.alive, threadsEnded))
    call.alive.push_back(threadsEnded);
}

} // namespace gridlock::solve
