//===- Accesses.cpp - Recording reads and writes ----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accesses follow the way of all records (see Record.cpp): they stand in a
// summary in the names of the function's inputs, each with the locks that the
// function itself holds there (RELAY: Voung, Jhala, Lerner, FSE 2007), and are
// handed to callers until their names mean the same everywhere. A started thread
// hands them to whoever starts it, marked with the spawn: that is how a local
// variable that a lambda captures becomes one object for several threads.
//
// There are far more accesses than locks, so cost decides the form: a filter
// rejects by expression, before anything is evaluated; equal accesses are kept
// once for each function, in what all paths to them have in common; a call repeats
// its callee's accesses once for each set of arguments and locks, and for another
// path only when less holds there than on the paths before; and a summary has a
// limit, beyond which an access becomes final with the name of its class.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/AccessFilter.h"
#include "engine/solve/ChosenThread.h"
#include "engine/solve/ElementOverlap.h"
#include "engine/solve/Executor.h"
#include "engine/solve/MixHash.h"
#include "engine/solve/SetUp.h"
#include "engine/summary/Parameters.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Accesses that a summary hands on.
static constexpr unsigned accessLimit = 160;
/// Marks rows of the index that are final though their names are not.
static constexpr std::uint32_t overflowed = 1u << 31;
/// Hand-overs that an access has waited for: what all paths have in common, so few.
static constexpr unsigned awaitedLimit = 24;
/// Accesses of its own, under locks, whose names mean the same everywhere: what a
/// function that looks or changes something for others has to do.
static constexpr unsigned settledLimit = 16;
/// Longer paths say nothing that a class name does not.
static constexpr unsigned depthLimit = 24;

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

TermId withoutGhosts(const link::Program &program, const TermTable &terms, TermId place) {
  while (terms[place].kind == TermKind::Field && !program.field(terms[place].b).record)
    place = terms[place].a;
  return place;
}

/// Elements on a path that are not known, or change with the round of a loop.
static unsigned chosenElements(const TermTable &terms, TermId place) {
  unsigned count = 0;
  for (;;) {
    const Term &term = terms[place];
    if (term.kind == TermKind::Element && (!term.b || terms[term.b].weak))
      ++count;
    if (term.kind != TermKind::Field && term.kind != TermKind::Element && term.kind != TermKind::Deref &&
        term.kind != TermKind::Initial && term.kind != TermKind::Address)
      return count;
    place = term.a;
  }
}

//===----------------------------------------------------------------------===//
// Events
//===----------------------------------------------------------------------===//

void FunctionExecutor::noteAccess(State &state, ir::Index placeExpr, AccessKind kind, AccessFlagSet flags,
                                  ir::Index location, ir::Index valueExpr) {
  if (!Shared.filter.anyThreads() || !Shared.filter.watches(UnitNumber, placeExpr))
    return;
  const ir::Expr &expr = Unit.exprs[placeExpr];
  if (AccessFilter::synchronizes(Program, UnitNumber, expr.type)) {
    if (!AccessFilter::isAtomicType(Program, UnitNumber, expr.type))
      return;
    kind = kind == AccessKind::Read     ? AccessKind::AtomicLoad
           : kind == AccessKind::Update ? AccessKind::AtomicUpdate
                                        : AccessKind::AtomicStore;
  }
  TermId at = place(state, placeExpr);
  if (kind == AccessKind::AtomicLoad)
    Shared.solution.atomicLoads.insert(at);
  if (kind == AccessKind::AtomicStore && valueExpr) {
    const TermId stored = value(state, valueExpr);
    noteStore(state, at, stored, location);
    noteSignal(state, {at, HandOver::valueOf(state.decide(terms(), stored))});
  } else if (kind == AccessKind::AtomicStore || kind == AccessKind::AtomicUpdate) {
    noteSignal(state, {at, HandOver::Any});
  }
  if (kind == AccessKind::Write && valueExpr)
    checkComputed(state, at, valueExpr, location);
  HandOver::Value leaves = HandOver::Any;
  if (kind == AccessKind::Write && valueExpr && !state.locks.empty())
    leaves = HandOver::valueOf(state.decide(terms(), value(state, valueExpr)));
  noteAccessTo(state, at, kind, flags, location, leaves);
}

/// Whether the path failed to take a lock, which is another thing than to do
/// without it.
static bool wasDenied(const State &state) {
  return llvm::any_of(state.notHeld, [&](TermId lock) { return !llvm::is_contained(state.givenBack, lock); });
}

/// What surrounds an access of this very function, or a call in it.
const KeptSurroundings *FunctionExecutor::surroundingsOf(const State &state, bool ofWrite) {
  Surroundings &around = Scratch; // its lists keep their room
  around.choices.clear();
  around.kinds.clear();
  around.joined.clear();
  around.locks.clear();
  around.released.clear();
  around.alive.clear();
  around.unset.clear();
  noteChoices(terms(), Shared.filter, state, around.choices);
  noteKinds(state, around.kinds);
  if (ofWrite)
    noteUnset(terms(), Shared.filter, state, around.unset);
  noteJoinedBefore(state, around.joined);
  findWon(Shared.solution, state, around.won);
  for (const Held &held : state.locks)
    if (!held.leaked)
      around.locks.push_back({held.lock, held.mode});
  for (const Released &entry : state.released)
    if (!state.held(entry.lock))
      around.released.push_back(entry.lock);
  forEachRunning(state, [&](std::uint32_t spawn) { insertSorted(around.alive, spawn); });
  for (const Held &once : state.onces)
    around.locks.push_back({once.lock, model::LockMode::Exclusive});
  around.awaited = state.awaited;
  around.signaled = state.signaled;
  around.rounds = state.rounds;
  return Shared.solution.surroundings.keep(around);
}

void FunctionExecutor::noteAccessTo(State &state, TermId place, AccessKind kind, AccessFlagSet flags,
                                    ir::Index location, HandOver::Value leaves) {
  if (!Shared.filter.anyThreads() || !terms().isPlace(place) || terms()[place].depth > depthLimit ||
      isPrivate(state, place) || (state.locks.empty() && isNoObject(place, state.region)) ||
      Shared.semaphores.own().isPart(terms(), place))
    return;
  if (isOwnSlot(terms(), place, Function) || isTaken(place))
    flags |= AccessIsOwnSlot;
  if ((flags & AccessIsOwnSlot) && isEverySlot(state, place))
    flags |= AccessIsEverySlot;
  if (Shared.filter.usesRegions() && chosenElements(terms(), place)) {
    noteLimits(state, place);
    flags |= selectionOf(state, place);
  }
  if (isOnFatalWay())
    flags |= AccessIsFatal;
  if (kind == AccessKind::Write && state.decide(terms(), terms().initial(place)) == false)
    flags |= AccessIsFirst;
  if (isOfTeam(state, place))
    flags |= AccessIsRepeated;
  if (wasDenied(state))
    flags |= AccessIsDenied;
  if (isAfterCapture(state, place))
    flags |= AccessIsAfterCapture;
  if (isPublished(state, place))
    flags |= AccessIsPublished;
  AccessRecord record;
  record.kind = kind;
  record.flags = flags;
  record.subject = place;
  record.spawn = state.region;
  record.around = surroundingsOf(state, isWrite(kind));
  askFor(record.around->kinds);
  bool underLock = !state.locks.empty();
  if (kind == AccessKind::Read && llvm::any_of(state.locks, [](const Held &held) { return held.traits.makesAtomic; }))
    readAtomic(state, place);
  checkAct(state, record, location, 0, flags & AccessTests, nullptr);
  addAccess(record, location, 0);
  addParts(record, location);
  // Whoever reads under the lock that this was written sees all that came before.
  if (!isWrite(kind) || !underLock)
    return;
  noteSignal(state, {place, leaves});
  if (Shared.finalPass && isWatched(place))
    for (const Held &held : state.locks)
      Shared.solution.lockedSignals.insert({Function, place, Shared.solution.lockClass(held.lock, Function)});
}

//===----------------------------------------------------------------------===//
// Summaries
//===----------------------------------------------------------------------===//

AccessRecord &FunctionExecutor::accessRow(bool isFinal, std::uint32_t row) {
  return isFinal ? Shared.solution.accesses[row - 1] : Summary.accesses[row - 1];
}

/// Whether two paths to one place are taken for different numbers of an argument.
static bool areOfDifferentArguments(const TermTable &terms, const AccessRecord &record, const AccessRecord &other) {
  return llvm::any_of(record.around->kinds, [&](const Kind &kind) {
    const Kind *otherwise =
        terms[kind.value].kind == TermKind::Formal ? kindOf(other.around->kinds, kind.value) : nullptr;
    if (!otherwise)
      return false;
    Numbers both = kind.numbers;
    both.intersect(otherwise->numbers);
    return both.isNone();
  });
}

/// A path that skips a lock which another path to the same place takes: whether
/// the lock is needed is decided by a flag (`if (cache->threads) lock()`), which
/// callers may know when it is an argument (`if (!isLocked) lock()`).
void FunctionExecutor::markOptional(std::uint64_t placeKey) {
  const auto &rows = AccessesAt[placeKey];
  std::size_t most = 0;
  for (auto [isFinal, row] : rows)
    most = std::max(most, accessRow(isFinal, row).around->locks.size());
  for (auto [isFinal, row] : rows) {
    AccessRecord &record = accessRow(isFinal, row);
    const std::size_t held = record.around->locks.size();
    if (held >= most || (record.flags & AccessIsDenied))
      continue;
    const bool isChosen = llvm::all_of(rows, [&](const auto &entry) {
      const AccessRecord &other = accessRow(entry.first, entry.second);
      return other.around->locks.size() <= held || areOfDifferentArguments(terms(), record, other);
    });
    record.flags |= isChosen ? AccessIsChosen : AccessIsOptional;
  }
}

/// What is touched where, whatever surrounds it.
static std::uint64_t accessKey(const AccessRecord &record, std::uint32_t spawn, const Step &event) {
  return mixHash(unsigned(record.kind), record.subject, spawn, event.function, event.location);
}

/// Whether it is known before its surroundings are that an access of a callee is not
/// kept: there is no room for it, and what is final is left to the last pass.
bool FunctionExecutor::isOfNoUse(const AccessRecord &record, std::uint32_t spawn, ir::Index location) const {
  if (Shared.finalPass || Summary.accesses.size() < accessLimit)
    return false;
  const Step event =
      record.step ? Shared.solution.steps[Shared.solution.innermost(record.step)] : Step{Function, location, 0};
  return !SummaryAccesses.contains(accessKey(record, spawn, event));
}

/// Keeps an access. `inner` is the callee's step when it happens in a callee.
void FunctionExecutor::addAccess(AccessRecord record, ir::Index location, StepId inner) {
  const Step event = inner ? Shared.solution.steps[Shared.solution.innermost(inner)] : Step{Function, location, 0};
  bool final = !terms()[record.subject].mentionsFormal && !record.around->namesInputs;
  const std::uint64_t accessHash = accessKey(record, record.spawn, event);
  const std::uint64_t placeKey = mixHash(accessHash, location);
  std::uint64_t hash = mixHash(accessHash, final, record.around->lockHash);
  auto &known = AccessIndex[hash];
  if (known) {
    AccessRecord &other = accessRow(final || (known & overflowed), known & ~overflowed);
    const KeptSurroundings *before = other.around;
    other.around = Shared.solution.surroundings.weaken(before, record.around);
    AccessFlagSet always = other.flags & record.flags & AccessAlways;
    other.flags = AccessFlagSet(((other.flags | record.flags) & ~AccessAlways) | always);
    // Less may tell it from the paths with a lock now.
    if (const auto rows = AccessesAt.find(placeKey); other.around != before && rows != AccessesAt.end())
      markOptional(placeKey);
    return;
  }
  bool overflows = !final && Summary.accesses.size() >= accessLimit;
  if ((final || overflows) && !Shared.finalPass)
    return;
  record.step = step(location, inner);
  AccessKind kind = record.kind;
  TermId subject = record.subject;
  if (final || overflows) {
    Access access;
    static_cast<AccessRecord &>(access) = record;
    access.function = Function;
    Shared.solution.accesses.push_back(std::move(access));
    known = std::uint32_t(Shared.solution.accesses.size());
    if (final && !inner && !record.spawn && !record.around->locks.empty() && Summary.settled.size() < settledLimit)
      Summary.settled.push_back(known - 1);
    if (overflows) {
      known |= overflowed;
      return;
    }
  } else {
    Summary.accesses.push_back(record);
    SummaryAccesses.insert(accessHash);
    known = std::uint32_t(Summary.accesses.size());
  }
  if (kind == AccessKind::Read || kind == AccessKind::AtomicLoad)
    ReadsOf[subject].push_back({final, known});
  auto &rows = AccessesAt[placeKey];
  rows.push_back({final, known});
  if (rows.size() > 1)
    markOptional(placeKey);
}

/// What tells two calls of one callee apart for its accesses, but for what surrounds
/// the calls and what the arguments lead to.
std::uint64_t FunctionExecutor::accessContext(State &state, const ProcedureSummary &summary, link::FunctionId callee,
                                              const CallFrame &frame, std::uint32_t spawn, Substitution &substitute) {
  std::uint64_t key = mixHash(callee, frame.site, frame.location, spawn, state.region);
  for (TermId argument : frame.arguments)
    key = mixHash(key, argument);
  return mixHash(key, hashAskedKinds(state, summary, substitute));
}

/// What the path has stored in the objects that the arguments lead to.
static std::uint64_t hashStored(const TermTable &terms, const State &state, llvm::ArrayRef<TermId> arguments) {
  llvm::SmallDenseSet<TermId, 8> roots;
  for (TermId argument : arguments)
    roots.insert(terms.root(argument));
  std::uint64_t hash = 0;
  for (auto [place, value] : state.entries())
    if (roots.contains(terms.root(place)))
      hash = mixHash(hash, place, value);
  return hash;
}

/// A callee's accesses, in this function's names. Once for all calls that name the
/// same things by the same arguments under the same locks, unless less holds around
/// one than around those before: what holds on every path is what they have in common.
void FunctionExecutor::instantiateAccesses(State &state, const ProcedureSummary &summary, link::FunctionId callee,
                                           CallFrame &frame, std::uint32_t spawn) {
  if (!spawn)
    checkSettled(state, summary, frame);
  if (summary.accesses.empty())
    return;
  if (frame.startsInLoop || insideLoop(frame))
    noteLoopEnds(state);
  Substitution substitute(*this, state, frame, true);
  CallTrace trace;
  substitute.trace = &trace;
  const KeptSurroundings *around = surroundingsOf(state, /*ofWrite=*/true);
  const std::uint64_t key = mixHash(accessContext(state, summary, callee, frame, spawn, substitute), around->lockHash);
  const std::uint64_t stored = hashStored(terms(), state, frame.arguments);
  auto leadsToSame = [&](const AccessCallTrace &other) {
    return other.stored.contains(stored) ||
           llvm::all_of(other.loads, [&](const auto &entry) { return load(state, entry.first) == entry.second; });
  };
  auto &known = AccessCalls[key];
  // A write may act on each of the decisions that stand open.
  std::uint64_t tested = 0;
  if (Shared.finalPass)
    for (const SectionTest &test : state.tested)
      tested = mixHash(tested, test.place, test.lock, test.section, test.call);
  auto *same = llvm::find_if(known, leadsToSame);
  if (same != known.end()) {
    const KeptSurroundings *both = Shared.solution.surroundings.weaken(same->around, around);
    const bool isNew = same->tested.insert(tested).second;
    same->stored.insert(stored);
    if (both == same->around && !isNew)
      return;
    same->around = both;
  }
  if (!Shared.finalPass && !spawn)
    askFor(around->kinds);
  constexpr AccessFlagSet decides = AccessDecides | AccessIsPolled;
  llvm::SmallDenseSet<TermId, 16> written, decidedOn;
  for (const AccessRecord &record : summary.accesses)
    if (isWrite(record.kind))
      written.insert(record.subject);
    else if (record.kind == AccessKind::Read && (record.flags & decides))
      decidedOn.insert(record.subject);
  AccessCall call{state,
                  substitute,
                  frame,
                  around,
                  spawn,
                  frame.startsInLoop || insideLoop(frame),
                  decidedOn.empty() && !decidesSettled(summary),
                  PassedRows(),
                  {}};
  // A summary may grow meanwhile: that of this very function.
  for (std::size_t i = 0, n = summary.accesses.size(); i < n; ++i) {
    const AccessRecord record = summary.accesses[i];
    instantiateAccess(call, record, isWrite(record.kind) && decidedOn.contains(record.subject),
                      written.contains(record.subject));
  }
  if (same == known.end()) {
    known.push_back({{trace.loads.begin(), trace.loads.end()}, around, {}, {}});
    known.back().tested.insert(tested);
    known.back().stored.insert(stored);
  }
}

/// Whether an argument leads to the variable in which a place lies.
static bool isLent(const TermTable &terms, llvm::ArrayRef<TermId> arguments, TermId place) {
  return llvm::any_of(arguments, [&](TermId argument) { return terms.root(argument) == terms.root(place); });
}

/// What surrounds a callee's access, in this function's names: computed once for all
/// accesses of the call in the same surroundings. In two steps, since what an access
/// is not handed on for needs no names of locks.
PassedSurroundings &FunctionExecutor::passOnChoices(AccessCall &call, const AccessRecord &record) {
  const std::uint64_t key =
      std::uint64_t(record.around->number) << 2 | std::uint64_t(record.spawn != 0) << 1 | isWrite(record.kind);
  auto [row, isNew] = call.passedRows.try_emplace(key, std::uint32_t(call.passed.size()));
  if (!isNew)
    return call.passed[row->second];
  PassedSurroundings &passed = call.passed.emplace_back();
  passed.choices.assign(record.around->choices.begin(), record.around->choices.end());
  passed.isPossible = solve::passOnChoices(
      terms(), passed.choices, record.spawn != 0, call.spawn != 0, [&](TermId value) { return call.substitute(value); },
      [&](TermId value) { return call.inLoop ? isOfRound(value) : terms()[value].kind == TermKind::Integer; });
  passed.kinds.assign(record.around->kinds.begin(), record.around->kinds.end());
  passed.isPossible = passed.isPossible && passOnKinds(call.state, passed.kinds, call.substitute);
  return passed;
}

/// Adds what a list does not have yet, up to a limit.
template <class List, class Item> static void addMissing(List &list, llvm::ArrayRef<Item> more, std::size_t limit) {
  for (const Item &item : more)
    if (list.size() < limit && !llvm::is_contained(list, item))
      list.push_back(item);
}

void FunctionExecutor::passOnSurroundings(AccessCall &call, const AccessRecord &record, PassedSurroundings &passed) {
  if (passed.around)
    return;
  State &state = call.state;
  const KeptSurroundings &caller = *call.around;
  Surroundings &around = Scratch;
  around.assign(*record.around);
  around.choices = passed.choices;
  around.kinds = passed.kinds;
  for (AccessLock &lock : around.locks)
    lock.lock = call.substitute(lock.lock);
  for (TermId &lock : around.released)
    lock = call.substitute(lock);
  for (TermId &lock : around.won)
    lock = call.substitute(lock);
  for (HandOver &entry : around.awaited)
    entry.place = call.substitute(entry.place);
  for (HandOver &entry : around.signaled)
    entry.place = call.substitute(entry.place);
  if (!state.rounds.empty() || !around.rounds.empty()) {
    for (Round &round : around.rounds)
      round.barrier = call.substitute(round.barrier);
    Rounds rounds = state.rounds; // whoever starts a thread has come this far
    addRounds(rounds, around.rounds);
    around.rounds = std::move(rounds);
  }
  passOnUnset(terms(), around.unset, [&](TermId value) { return call.substitute(value); });
  llvm::SmallVector<std::uint32_t, 2> isOver;
  if (!around.joined.empty())
    isOver = passOnJoined(state, around.joined, call.substitute);
  if (around.locks.size() == 1)
    passed.onlyLock = around.locks.front().lock;
  if (!record.spawn && !call.spawn) {
    addMissing(around.choices, caller.choices, choiceLimit);
    addKinds(around.kinds, caller.kinds);
    if (isWrite(record.kind))
      addMissing(around.unset, caller.unset, unsetLimit);
    addMissing(around.joined, caller.joined, joinedLimit);
    addMissing(around.won, caller.won, choiceLimit);
    for (const AccessLock &held : caller.locks) {
      bool known = llvm::any_of(around.locks, [&](const AccessLock &lock) { return lock.lock == held.lock; });
      if (!known && !llvm::is_contained(around.released, held.lock))
        around.locks.push_back(held);
    }
    for (TermId lock : caller.released)
      if (!llvm::is_contained(around.released, lock))
        around.released.push_back(lock);
    for (std::uint32_t running : caller.alive)
      if (!llvm::is_contained(isOver, running))
        insertSorted(around.alive, running);
    // A wait in the callee has begun a new round.
    const llvm::SmallVector<HandOver, 2> waits(around.awaited.begin(), around.awaited.end());
    auto isOfRound = [&](const HandOver &signal) {
      return llvm::all_of(waits, [&](const HandOver &wait) { return wait.place == signal.place; });
    };
    addMissing(around.awaited, caller.awaited, awaitedLimit);
    for (const HandOver &entry : caller.signaled)
      if (around.signaled.size() < handOverLimit && isOfRound(entry) && !llvm::is_contained(around.signaled, entry))
        around.signaled.push_back(entry);
  }
  askFor(around.kinds);
  passed.around = Shared.solution.surroundings.keep(around);
}

void FunctionExecutor::instantiateAccess(AccessCall &call, AccessRecord record, bool testsFirst, bool isWritten) {
  State &state = call.state;
  CallFrame &frame = call.frame;
  const std::uint32_t spawn = call.spawn;
  TermId given = record.subject;
  bool isLocal = terms()[terms().root(given)].kind == TermKind::Local;
  if (isLocal && !(record.flags & AccessIsCaptured))
    return; // a variable of the callee, gone by now
  record.subject = call.substitute(record.subject);
  const Term &root = terms()[terms().root(record.subject)];
  bool isCaptured = !isLocal && root.kind == TermKind::Local && root.a != Function;
  // A callee lent its own variable to a function that it was given.
  if (isCaptured && frame.isFromBelow && isLent(terms(), frame.arguments, record.subject))
    return;
  if (isCaptured)
    record.flags |= AccessIsCaptured;
  if (isCaptured && hasComputedElement(terms(), record.subject))
    record.flags |= AccessIsStarters;
  bool isOfJob = isCapturedThis(root);
  if (isOfJob && hasComputedElement(terms(), record.subject))
    record.flags |= AccessIsStarters;
  const bool isOfRegion =
      !spawn && record.spawn < Shared.solution.spawns.size() && Shared.solution.spawns[record.spawn].isRegion;
  if ((spawn || (record.spawn && !isOfRegion)) &&
      chosenElements(terms(), record.subject) > chosenElements(terms(), given))
    record.flags |= AccessIsStarters;
  if (!terms().isPlace(record.subject) || terms()[record.subject].depth > depthLimit)
    return;
  const bool isLost = isNoObject(record.subject, record.spawn ? record.spawn : state.region);
  if (isLost && record.around->locks.empty() && call.around->locks.empty())
    return;
  PassedSurroundings &passed = passOnChoices(call, record);
  if (!passed.isPossible)
    return;
  if (record.flags & AccessIsChosen)
    record.flags = AccessFlagSet((record.flags & ~AccessIsChosen) | passOnChosen(record, call.substitute));
  if (const std::uint8_t guess = frame.guess())
    record.flags |= guess == GuessJob ? AccessIsOfJob : AccessIsGuess;
  if (isOnFatalWay())
    record.flags |= AccessIsFatal;
  if (wasDenied(state))
    record.flags |= AccessIsDenied;
  if (isAfterCapture(state, record.subject))
    record.flags |= AccessIsAfterCapture;
  if (isPublished(state, record.subject))
    record.flags |= AccessIsPublished;
  bool ownThread = !record.spawn && !spawn;
  // An object that only this function can reach; a thread got it by its address.
  if (spawn && frame.ownsObject && terms().objectOf(record.subject) == terms().deref(frame.arguments[0]))
    return;
  TermKind object = terms()[terms().objectOf(record.subject)].kind;
  bool isGlobal = object == TermKind::Global;
  // The callee had started threads by then, and may have given them the object.
  bool isBeside = !record.around->alive.empty() && (object == TermKind::Heap || object == TermKind::Local);
  if (isPrivate(state, record.subject) && ((ownThread && !isBeside) || isGlobal))
    return;
  const std::uint32_t doneBy = record.spawn ? record.spawn : spawn ? spawn : state.region;
  if (isOfNoUse(record, doneBy, frame.location)) {
    askFor(passed.kinds);
    return;
  }
  passOnSurroundings(call, record, passed);
  record.around = passed.around;
  if (ownThread) {
    // A callee that writes it too has acted already.
    if (!isWritten)
      noteCalleeQuery(frame, record, passed.onlyLock);
    checkAct(state, record, frame.location, record.step, testsFirst || (record.flags & AccessTests), &frame,
             call.isBlind);
  }
  if (isLost) // only a section that it acts in could tell of it
    return;
  record.spawn = doneBy;
  if (ownThread ? isOfTeam(state, record.subject) : isOfRegion && Shared.solution.spawns[doneBy].besideItself)
    record.flags |= AccessIsRepeated;
  // The start of a thread is repeated while the object that it gets stays the same:
  // in a loop that neither makes nor chooses it, or at a second place.
  if (!ownThread) {
    const TermId object = terms().root(record.subject);
    const auto [first, isNew] = StartedAt.try_emplace(mixHash(record.spawn, object), frame.location);
    const bool isChosen = chosenElements(terms(), record.subject) > chosenElements(terms(), given);
    if (first->second != frame.location || (call.inLoop && !isOfRound(object) && !isChosen))
      record.flags |= AccessIsRepeated;
  }
  addAccess(record, frame.location, record.step);
}

} // namespace gridlock::solve
