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
// once for each function; a call repeats its callee's accesses once for each set
// of arguments and locks, not for each path; and a summary has a limit, beyond
// which an access becomes final with the name of its class.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/AccessFilter.h"
#include "engine/solve/ChosenThread.h"
#include "engine/solve/ElementOverlap.h"
#include "engine/solve/Executor.h"
#include "engine/solve/SetUp.h"
#include "engine/summary/Parameters.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Accesses that a summary hands on.
static constexpr unsigned accessLimit = 160;
/// Hand-overs that an access has waited for: what all paths have in common, so few.
static constexpr unsigned awaitedLimit = 24;
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

/// Whether the place is the object's own, so that nobody else can reach it: a
/// variable whose address stays here, the object under construction.
bool FunctionExecutor::isPrivate(const State &state, TermId place) const {
  TermId object = terms().objectOf(place);
  const Term &term = terms()[object];
  if (term.kind == TermKind::Local) {
    const ir::Variable &variable = Program.unit(Program.function(term.a).row.unit).variables[term.b];
    bool isHandedOut = (variable.flags & ir::VariableAddressTaken) ||
                       (term.a == Function && llvm::is_contained(state.handedOut, object));
    return !isHandedOut || (variable.flags & ir::VariableIsThreadLocal);
  }
  if (term.kind == TermKind::Heap)
    return !llvm::is_contained(state.handedOut, object);
  if (term.kind == TermKind::Global)
    return Program.global(term.a).flags & (ir::GlobalIsThreadLocal | ir::GlobalIsConst);
  if (term.kind != TermKind::Deref)
    return false;
  const Term &pointer = terms()[term.a];
  constexpr std::uint32_t unshared = ir::FunctionIsConstructor | ir::FunctionIsDestructor;
  if (pointer.kind == TermKind::Formal && pointer.a == 0 && (Body.flags & unshared))
    return true;
  if (pointer.kind == TermKind::Formal && (pointer.a == returnPosition || isByValue(pointer.a)))
    return true;
  // What a closure captured by value is its own.
  const Term &outer = terms()[place];
  return outer.kind == TermKind::Field && Program.field(outer.b).record &&
         (Program.record(Program.field(outer.b).record).flags & ir::RecordIsLambda);
}

/// Whether an argument is a class object passed by value: the function's own copy.
bool FunctionExecutor::isByValue(unsigned position) const {
  const ir::Type *type = Body.variables.count ? typeOfArgument(position) : nullptr;
  return type && type->kind == ir::TypeKind::Record;
}

/// Whether a number is computed from the round of a loop of the function.
static bool isRoundOf(const TermTable &terms, TermId number, link::FunctionId function) {
  const Term &term = terms[number];
  if (term.kind == TermKind::Binary)
    return isRoundOf(terms, term.a, function) || isRoundOf(terms, term.b, function);
  return term.kind == TermKind::Opaque && OriginKind(term.a) == OriginKind::Loop && term.b == function;
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

/// An element that a loop of this very function chooses: a slot of its own for
/// each round.
static bool isOwnSlot(const TermTable &terms, TermId place, link::FunctionId function) {
  for (; terms[place].kind == TermKind::Field || terms[place].kind == TermKind::Element; place = terms[place].a) {
    if (terms[place].kind != TermKind::Element || !terms[place].b)
      continue;
    if (isRoundOf(terms, terms[place].b, function) || isOfThread(terms, terms[place].b))
      return true;
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Events
//===----------------------------------------------------------------------===//

void FunctionExecutor::noteAccess(State &state, ir::Index placeExpr, AccessKind kind, std::uint16_t flags,
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
  if (kind == AccessKind::AtomicStore && valueExpr)
    noteStore(state, at, value(state, valueExpr), location);
  noteAccessTo(state, at, kind, flags, location);
}

/// Whether the path failed to take a lock, which is another thing than to do
/// without it.
static bool wasDenied(const State &state) {
  return llvm::any_of(state.notHeld, [&](TermId lock) { return !llvm::is_contained(state.givenBack, lock); });
}

/// What surrounds an access of this very function.
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
  askFor(around.kinds);
  if (ofWrite)
    noteUnset(terms(), Shared.filter, state, around.unset);
  noteJoinedBefore(state, around.joined);
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

void FunctionExecutor::noteAccessTo(State &state, TermId place, AccessKind kind, std::uint16_t flags,
                                    ir::Index location) {
  if (!Shared.filter.anyThreads() || !terms().isPlace(place) || terms()[place].depth > depthLimit ||
      isPrivate(state, place))
    return;
  if (isOwnSlot(terms(), place, Function) || isTaken(place))
    flags |= AccessIsOwnSlot;
  if ((flags & AccessIsOwnSlot) && isEverySlot(state, place))
    flags |= AccessIsEverySlot;
  if (isOnFatalWay())
    flags |= AccessIsFatal;
  if (kind == AccessKind::Write && state.decide(terms(), terms().initial(place)) == false)
    flags |= AccessIsFirst;
  if (wasDenied(state))
    flags |= AccessIsDenied;
  if (isAfterCapture(state, place))
    flags |= AccessIsAfterCapture;
  AccessRecord record;
  record.kind = kind;
  record.flags = flags;
  record.subject = place;
  record.spawn = state.region;
  record.around = surroundingsOf(state, isWrite(kind));
  bool underLock = !state.locks.empty();
  checkAct(state, record, location, 0, flags & AccessTests, nullptr);
  addAccess(record, location, 0);
  addParts(record, location);
  // Whoever reads under the lock that this was written sees all that came before.
  if (!isWrite(kind) || !underLock)
    return;
  noteSignal(state, {place, HandOver::Any});
  if (Shared.finalPass && isWatched(place))
    for (const Held &held : state.locks)
      Shared.solution.lockedSignals.insert({Function, place, Shared.solution.lockClass(held.lock, Function)});
}

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

/// Whether a function may return what stands in a place.
bool FunctionExecutor::returns(link::FunctionId function, TermId place) const {
  TermId stands = Shared.solution.terms.initial(place);
  return llvm::any_of(Shared.solution.summaries[function].outcomes, [&](const Outcome &outcome) {
    return outcome.result && terms().mentions(outcome.result, stands);
  });
}

/// Marks the reads that decide whether a loop goes on, and those that decide a
/// branch. They may stand far above it, or in a callee.
void FunctionExecutor::noteDecision(TermId condition, bool leavesLoop) {
  if (!Shared.filter.anyThreads())
    return;
  forEachCause(condition, [&](TermId, TermId place) {
    std::uint16_t flag = leavesLoop ? AccessIsPolled : AccessDecides;
    if (auto rows = ReadsOf.find(place); rows != ReadsOf.end())
      for (auto [isFinal, row] : rows->second)
        accessRow(isFinal, row).flags |= flag;
    // A callee that does nothing but return it.
    if (auto rows = Shared.finalReadsOf.find(place); rows != Shared.finalReadsOf.end())
      for (std::uint32_t row : rows->second)
        if (Access &read = Shared.solution.accesses[row - 1];
            read.function != Function && returns(read.function, place))
          read.flags |= flag;
  });
}

/// What a path that took a branch has seen: atomics, and what locks protect.
void FunctionExecutor::noteObserved(State &state, TermId condition) {
  if (!Shared.filter.anyThreads())
    return;
  forEachCause(condition, [&](TermId leaf, TermId place) {
    bool isAtomicLoad = Shared.solution.atomicLoads.contains(place);
    if (!isAtomicLoad && !isWatched(place))
      return;
    std::optional<bool> truth = state.decide(terms(), leaf);
    const HandOver seen{place, !truth ? HandOver::Any : *truth ? HandOver::NonZero : HandOver::Zero};
    if (isAtomicLoad || !state.locks.empty())
      noteAwaited(state, seen);
    else if (terms()[terms().objectOf(place)].kind == TermKind::Global && state.glimpsed.size() < handOverLimit &&
             !llvm::is_contained(state.glimpsed, seen))
      state.glimpsed.push_back(seen);
  });
}

//===----------------------------------------------------------------------===//
// Summaries
//===----------------------------------------------------------------------===//

AccessRecord &FunctionExecutor::accessRow(bool isFinal, std::uint32_t row) {
  return isFinal ? Shared.solution.accesses[row - 1] : Summary.accesses[row - 1];
}

/// A path that skips a lock which another path to the same place takes: whether
/// the lock is needed is decided by a flag (`if (cache->threads) lock()`).
void FunctionExecutor::markOptional(std::uint64_t placeKey) {
  const auto &rows = AccessesAt[placeKey];
  std::size_t most = 0;
  for (auto [isFinal, row] : rows)
    most = std::max(most, accessRow(isFinal, row).around->locks.size());
  for (auto [isFinal, row] : rows)
    if (AccessRecord &record = accessRow(isFinal, row);
        record.around->locks.size() < most && !(record.flags & AccessIsDenied))
      record.flags |= AccessIsOptional;
}

/// Keeps an access. `inner` is the callee's step when it happens in a callee.
void FunctionExecutor::addAccess(AccessRecord record, ir::Index location, StepId inner) {
  const Step event = inner ? Shared.solution.steps[Shared.solution.innermost(inner)] : Step{Function, location, 0};
  bool final = !terms()[record.subject].mentionsFormal && !record.around->namesInputs;
  std::uint64_t hash = llvm::hash_combine(unsigned(record.kind), record.subject, record.spawn, event.function,
                                          event.location, final, record.around->lockHash);
  auto &known = AccessIndex[hash];
  if (known) {
    AccessRecord &other = accessRow(final, known);
    other.around = Shared.solution.surroundings.weaken(other.around, record.around);
    std::uint16_t always = other.flags & record.flags & AccessAlways;
    other.flags = std::uint16_t(((other.flags | record.flags) & ~AccessAlways) | always);
    return;
  }
  bool overflows = !final && Summary.accesses.size() >= accessLimit;
  if ((final || overflows) && !Shared.finalPass)
    return;
  std::uint64_t placeKey =
      llvm::hash_combine(unsigned(record.kind), record.subject, record.spawn, event.function, event.location, location);
  record.step = step(location, inner);
  AccessKind kind = record.kind;
  TermId subject = record.subject;
  if (final || overflows) {
    Access access;
    static_cast<AccessRecord &>(access) = record;
    access.function = Function;
    Shared.solution.accesses.push_back(std::move(access));
    if (overflows)
      return;
    known = std::uint32_t(Shared.solution.accesses.size());
  } else {
    Summary.accesses.push_back(record);
    known = std::uint32_t(Summary.accesses.size());
  }
  if (kind == AccessKind::Read)
    ReadsOf[subject].push_back({final, known});
  if (kind == AccessKind::Read && final)
    Shared.finalReadsOf[subject].push_back(known);
  auto &rows = AccessesAt[placeKey];
  rows.push_back({final, known});
  if (rows.size() > 1)
    markOptional(placeKey);
}

/// A callee's accesses, in this function's names. Once for each set of
/// arguments, locks and threads that run.
void FunctionExecutor::instantiateAccesses(State &state, const ProcedureSummary &summary, link::FunctionId callee,
                                           CallFrame &frame, std::uint32_t spawn) {
  if (summary.accesses.empty())
    return;
  std::uint64_t key = llvm::hash_combine(callee, frame.site, frame.location, spawn);
  forEachRunning(state, [&](std::uint32_t running) { key = llvm::hash_combine(key, running, 1); });
  for (TermId argument : frame.arguments)
    key = llvm::hash_combine(key, argument);
  for (const Held &held : state.locks)
    key = llvm::hash_combine(key, held.lock, unsigned(held.mode));
  // What the arguments lead to names the accesses.
  llvm::SmallDenseSet<TermId, 8> roots;
  for (TermId argument : frame.arguments)
    roots.insert(terms().root(argument));
  for (auto [place, value] : state.entries())
    if (roots.contains(terms().root(place)))
      key = llvm::hash_combine(key, place, value);
  for (const Released &entry : state.released)
    key = llvm::hash_combine(key, entry.lock, 2);
  for (const HandOver &entry : state.signaled)
    key = llvm::hash_combine(key, entry.place, unsigned(entry.value), 3);
  for (const HandOver &entry : state.awaited)
    key = llvm::hash_combine(key, entry.place, unsigned(entry.value), 4);
  llvm::SmallVector<Choice, 2> decided;
  noteChoices(terms(), Shared.filter, state, decided);
  for (const Choice &choice : decided)
    key = llvm::hash_combine(key, choice.value, choice.equals, 5);
  llvm::SmallVector<Fact, 2> unset;
  noteUnset(terms(), Shared.filter, state, unset);
  for (const Fact &fact : unset)
    key = llvm::hash_combine(key, fact.term, fact.low, fact.high, fact.nonZero, 7);
  for (TermId handle : state.joined)
    key = llvm::hash_combine(key, handle, 6);
  for (const Round &round : state.rounds)
    key = llvm::hash_combine(key, round.barrier, round.arrived.least, round.waited.least, round.waited.stride, 8);
  Substitution substitute(*this, state, frame, true);
  key = llvm::hash_combine(key, hashKinds(state, summary, substitute), 7);
  if (!AccessCalls.insert(key).second)
    return;
  constexpr std::uint16_t decides = AccessDecides | AccessIsPolled;
  llvm::SmallDenseSet<TermId, 16> written, decidedOn;
  for (const AccessRecord &record : summary.accesses)
    if (isWrite(record.kind))
      written.insert(record.subject);
    else if (record.kind == AccessKind::Read && (record.flags & decides))
      decidedOn.insert(record.subject);
  AccessCall call{state, substitute, frame, spawn, frame.startsInLoop || insideLoop(frame), {}};
  // A summary may grow meanwhile: that of this very function.
  for (std::size_t i = 0, n = summary.accesses.size(); i < n; ++i) {
    const AccessRecord record = summary.accesses[i];
    instantiateAccess(call, record, isWrite(record.kind) && decidedOn.contains(record.subject),
                      written.contains(record.subject));
  }
}

/// Whether an argument leads to the variable in which a place lies.
static bool isLent(const TermTable &terms, llvm::ArrayRef<TermId> arguments, TermId place) {
  return llvm::any_of(arguments, [&](TermId argument) { return terms.root(argument) == terms.root(place); });
}

/// What surrounds a callee's access, in this function's names: computed once for all
/// accesses of the call in the same surroundings. In two steps, since what an access
/// is not handed on for needs no names of locks.
FunctionExecutor::PassedSurroundings &FunctionExecutor::passOnChoices(AccessCall &call, const AccessRecord &record) {
  PassedSurroundings &passed = call.passed[{record.around->number, record.spawn != 0, isWrite(record.kind)}];
  if (passed.isBegun)
    return passed;
  passed.isBegun = true;
  passed.choices = record.around->choices;
  passed.isPossible = solve::passOnChoices(
      terms(), passed.choices, record.spawn != 0, call.spawn != 0, [&](TermId value) { return call.substitute(value); },
      [&](TermId value) { return call.inLoop ? isOfRound(value) : terms()[value].kind == TermKind::Integer; });
  passed.kinds = record.around->kinds;
  passed.isPossible = passed.isPossible && passOnKinds(call.state, passed.kinds, call.substitute);
  return passed;
}

void FunctionExecutor::passOnSurroundings(AccessCall &call, const AccessRecord &record, PassedSurroundings &passed) {
  if (passed.around)
    return;
  State &state = call.state;
  Surroundings around = *record.around;
  around.choices = passed.choices;
  around.kinds = passed.kinds;
  for (AccessLock &lock : around.locks)
    lock.lock = call.substitute(lock.lock);
  for (TermId &lock : around.released)
    lock = call.substitute(lock);
  for (HandOver &entry : around.awaited)
    entry.place = call.substitute(entry.place);
  for (HandOver &entry : around.signaled)
    entry.place = call.substitute(entry.place);
  for (Round &round : around.rounds)
    round.barrier = call.substitute(round.barrier);
  Rounds rounds = state.rounds; // whoever starts a thread has come this far
  addRounds(rounds, around.rounds);
  around.rounds = std::move(rounds);
  passOnUnset(terms(), around.unset, [&](TermId value) { return call.substitute(value); });
  const auto isOver = passOnJoined(state, around.joined, call.substitute);
  if (around.locks.size() == 1)
    passed.onlyLock = around.locks.front().lock;
  if (!record.spawn && !call.spawn) {
    noteChoices(terms(), Shared.filter, state, around.choices);
    noteKinds(state, around.kinds);
    if (isWrite(record.kind))
      noteUnset(terms(), Shared.filter, state, around.unset);
    noteJoinedBefore(state, around.joined);
    for (const Held &held : state.locks) {
      bool known = llvm::any_of(around.locks, [&](const AccessLock &lock) { return lock.lock == held.lock; });
      if (!known && !held.leaked && !llvm::is_contained(around.released, held.lock))
        around.locks.push_back({held.lock, held.mode});
    }
    for (const Held &once : state.onces)
      if (llvm::none_of(around.locks, [&](const AccessLock &lock) { return lock.lock == once.lock; }))
        around.locks.push_back({once.lock, model::LockMode::Exclusive});
    for (const Released &entry : state.released)
      if (!state.held(entry.lock) && !llvm::is_contained(around.released, entry.lock))
        around.released.push_back(entry.lock);
    forEachRunning(state, [&](std::uint32_t running) {
      if (!llvm::is_contained(isOver, running))
        insertSorted(around.alive, running);
    });
    // A wait in the callee has begun a new round.
    const llvm::SmallVector<HandOver, 2> waits(around.awaited.begin(), around.awaited.end());
    auto isOfRound = [&](const HandOver &signal) {
      return llvm::all_of(waits, [&](const HandOver &wait) { return wait.place == signal.place; });
    };
    for (const HandOver &entry : state.awaited)
      if (around.awaited.size() < awaitedLimit && !llvm::is_contained(around.awaited, entry))
        around.awaited.push_back(entry);
    for (const HandOver &entry : state.signaled)
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
  bool isOfJob = root.kind == TermKind::Opaque && OriginKind(root.a) == OriginKind::CapturedThis;
  if (isOfJob && hasComputedElement(terms(), record.subject))
    record.flags |= AccessIsStarters;
  if ((spawn || record.spawn) && chosenElements(terms(), record.subject) > chosenElements(terms(), given))
    record.flags |= AccessIsStarters;
  if (!terms().isPlace(record.subject) || terms()[record.subject].depth > depthLimit)
    return;
  PassedSurroundings &passed = passOnChoices(call, record);
  if (!passed.isPossible)
    return;
  if (frame.isGuess())
    record.flags |= AccessIsGuess;
  if (isOnFatalWay())
    record.flags |= AccessIsFatal;
  if (wasDenied(state))
    record.flags |= AccessIsDenied;
  if (isAfterCapture(state, record.subject))
    record.flags |= AccessIsAfterCapture;
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
  passOnSurroundings(call, record, passed);
  record.around = passed.around;
  if (ownThread) {
    // A callee that writes it too has acted already.
    if (!isWritten)
      noteCalleeQuery(frame, record, passed.onlyLock);
    checkAct(state, record, frame.location, record.step, testsFirst || (record.flags & AccessTests), &frame);
  }
  if (!record.spawn)
    record.spawn = spawn ? spawn : state.region;
  // The start of a thread is repeated while the object that it gets stays the same:
  // in a loop that neither makes nor chooses it, or at a second place.
  if (!ownThread) {
    const TermId object = terms().root(record.subject);
    const auto [first, isNew] = StartedAt.try_emplace(llvm::hash_combine(record.spawn, object), frame.location);
    const bool isChosen = chosenElements(terms(), record.subject) > chosenElements(terms(), given);
    if (first->second != frame.location || (call.inLoop && !isOfRound(object) && !isChosen))
      record.flags |= AccessIsRepeated;
  }
  addAccess(record, frame.location, record.step);
}

//===----------------------------------------------------------------------===//
// Hand-over
//===----------------------------------------------------------------------===//

/// What came before a signal happens before what comes after its wait.
void FunctionExecutor::noteSignal(State &state, HandOver signal) {
  if (!terms().isPlace(signal.place))
    return;
  if (!llvm::is_contained(state.signaled, signal) && state.signaled.size() < handOverLimit)
    state.signaled.push_back(signal);
  if (Shared.finalPass)
    Shared.solution.signals.insert({Function, signal.place});
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
