//===- Conditions.cpp - Waits, wake-ups and what they are about -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread that waits tests some state under a lock. Whoever changes that state
// and wakes the thread must have held the lock at some time between the change
// and the wake-up, both included, or the change may fall between the test and
// the wait. So a path remembers its last changes of state that some wait is
// about, each with the locks held then or taken since; a wake-up meets them here
// or, as a record, in a caller. Which lock the waiting thread holds is known
// only in the end: the rule compares names.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using model::OperandKind;

/// Changes that a path remembers.
static constexpr std::size_t changeLimit = 8;
/// Variants of one wake-up that are kept where it meets changes.
static constexpr unsigned notificationLimit = 12;
/// Locks that a path remembers to have taken.
static constexpr std::size_t takenLimit = 12;

/// A term in which a variable that a lambda captured by reference stands for
/// itself: inside and outside the lambda it is one object.
TermId FunctionExecutor::outward(TermId id) {
  return terms().rewrite(
      id, [](TermId) { return TermId(0); },
      [&](TermId place) {
        const Term term = terms()[place];
        Subject subject = term.kind == TermKind::Field ? Shared.subjects.captured(term.b) : 0;
        if (subject >> 60 != 3)
          return terms().initial(place);
        std::uint64_t rest = subject & ((1ull << 60) - 1);
        return terms().address(terms().local(link::FunctionId(rest >> 28), ir::Index(rest & ((1u << 28) - 1))));
      });
}

//===----------------------------------------------------------------------===//
// Waits
//===----------------------------------------------------------------------===//

/// The lock that a wait gives back; a lock object may stand for it.
TermId FunctionExecutor::waitedLock(State &state, const model::Effect &effect, CallFrame &frame) {
  TermId lock = operandPlace(state, effect.lock, frame);
  TermId inner = state.stored(terms().field(lock, Program.ghostField("$lock")));
  return inner ? terms().deref(inner) : lock;
}

States FunctionExecutor::applyWait(State state, const model::Effect &effect, CallFrame &frame) {
  TermId lock = waitedLock(state, effect, frame);
  StepId at = step(frame.location);
  if (const Held *held = findHeld(state, lock)) {
    lock = held->lock;
  } else {
    // A lock object that says it does not own its lock is proof.
    if (!effect.lock.steps.empty() && effect.lock.steps.front().kind == OperandKind::Argument &&
        std::uint64_t(effect.lock.steps.front().number) < frame.arguments.size()) {
      TermId object = terms().deref(frame.arguments[effect.lock.steps.front().number]);
      TermId owns = state.stored(terms().field(object, Program.ghostField("$owns")));
      if (owns && terms().isInteger(owns, 0) && !llvm::is_contained(state.notHeld, lock))
        state.notHeld.push_back(lock);
    }
    release(state, lock, at, /*isWait=*/true);
  }
  TermId condition = effect.condition ? operandPlace(state, effect.condition, frame) : 0;
  noteWait(state, effect, condition, lock, at, frame);
  noteMeeting(state);
  Record record = makeRecord(RecordKind::Block, state, at);
  record.what = Shared.solution.word("condition");
  record.subject = condition;
  record.extra = lock;
  record.byTry = bool(effect.bound);
  llvm::erase_if(record.held, [&](const Held &held) { return held.lock == lock; });
  if (!boundIsShort(state, effect, frame))
    noteBlocking(std::move(record), true);
  setResult(state, frame, 0);
  States after;
  if (!effect.predicate) {
    after.push_back(std::move(state));
    return after;
  }
  CallFrame call;
  call.location = frame.location;
  call.site = std::int64_t(llvm::hash_combine(frame.site, 17));
  call.unwind = frame.unwind;
  return callValue(state, operandValue(state, effect.predicate, frame), call);
}

void FunctionExecutor::noteWait(State &state, const model::Effect &effect, TermId condition, TermId lock, StepId at,
                                CallFrame &frame) {
  if (!Shared.finalPass || !condition)
    return;
  ir::Index row = frame.call ? ir::Index(frame.call - Unit.calls.data()) : 0;
  const Held *held = state.held(lock);
  if (!firstTime({20, Function, frame.location, row})) {
    for (WaitFact &known : Shared.solution.waits)
      if (known.function == Function && known.location == frame.location && known.call == row)
        known.ownLock |= held != nullptr;
    return;
  }
  WaitFact fact;
  fact.function = Function;
  fact.call = row;
  fact.location = frame.location;
  fact.step = at;
  fact.condition = Shared.solution.name(outward(condition), Function);
  fact.lock = Shared.solution.name(outward(lock), Function);
  fact.bounded = bool(effect.bound);
  if (effect.bound)
    for (const model::Condition &infinite : effect.bound->infinite)
      fact.bounded &= !this->condition(state, infinite, frame).value_or(false);
  fact.ownLock = held != nullptr;
  fact.heldTwice = held && held->count > 1 && !terms()[lock].weak;
  fact.nests = held && held->traits.recursion == model::Recursion::Always;
  fact.hasPredicate = bool(effect.predicate);
  if (effect.predicate) {
    TermId closure = 0;
    auto targets = resolveCallable(state, operandValue(state, effect.predicate, frame), closure);
    fact.predicates.append(targets.begin(), targets.end());
  }
  Shared.solution.waits.push_back(std::move(fact));
}

//===----------------------------------------------------------------------===//
// Changes
//===----------------------------------------------------------------------===//

static void addLock(llvm::SmallVectorImpl<TermId> &locks, TermId lock) {
  if (lock && locks.size() < takenLimit && !llvm::is_contained(locks, lock))
    locks.push_back(lock);
}

void FunctionExecutor::noteTaken(State &state, TermId lock) {
  addLock(state.taken, lock);
  for (Change &change : state.changes)
    addLock(change.guards, lock);
}

static void addChange(llvm::SmallVectorImpl<Change> &changes, Change change) {
  llvm::erase_if(changes, [&](const Change &other) { return other.subject == change.subject; });
  if (changes.size() >= changeLimit)
    changes.erase(changes.begin());
  changes.push_back(std::move(change));
}

void mergeChanges(llvm::SmallVectorImpl<Change> &changes, llvm::SmallVectorImpl<TermId> &taken,
                  llvm::ArrayRef<Change> otherChanges, llvm::ArrayRef<TermId> otherTaken) {
  for (const Change &change : otherChanges) {
    auto same = llvm::find_if(changes, [&](const Change &mine) { return mine.subject == change.subject; });
    if (same == changes.end())
      changes.push_back(change);
    else
      llvm::erase_if(same->guards, [&](TermId lock) { return !llvm::is_contained(change.guards, lock); });
  }
  llvm::erase_if(taken, [&](TermId lock) { return !llvm::is_contained(otherTaken, lock); });
}

void FunctionExecutor::noteChange(State &state, TermId place, ir::Index location) {
  Subject subject = Shared.subjects.ofTerm(terms(), place);
  if (!subject || !Shared.subjects.isAwaited(subject))
    return;
  // What this function has just made, or is just making, nobody waits for.
  const Term &root = terms()[terms().root(place)];
  if (root.kind == TermKind::Heap || (root.kind == TermKind::Opaque && OriginKind(root.a) == OriginKind::Fresh) ||
      (root.kind == TermKind::Formal && root.a == 0 && (Body.flags & ir::FunctionIsConstructor)))
    return;
  Change change;
  change.subject = subject;
  change.at = step(location);
  for (const Held &held : state.locks)
    addLock(change.guards, held.lock);
  addChange(state.changes, std::move(change));
}

void FunctionExecutor::applyChanges(State &state, const Outcome &outcome, Substitution &substitute,
                                    ir::Index location) {
  for (TermId lock : outcome.taken)
    noteTaken(state, substitute(lock));
  for (const Change &theirs : outcome.changes) {
    Change mine;
    mine.subject = theirs.subject;
    mine.at = step(location, theirs.at);
    for (const Held &held : substitute.state.locks)
      addLock(mine.guards, held.lock);
    for (TermId lock : theirs.guards)
      addLock(mine.guards, substitute(lock));
    addChange(state.changes, std::move(mine));
  }
}

//===----------------------------------------------------------------------===//
// Wake-ups
//===----------------------------------------------------------------------===//

void FunctionExecutor::applyNotify(State &state, const model::Effect &effect, CallFrame &frame) {
  Record record = makeRecord(RecordKind::Notify, state, step(frame.location));
  record.subject = operandPlace(state, effect.condition, frame);
  record.arguments.append(state.taken.begin(), state.taken.end());
  noteNotification(record, state.changes);
  addRecord(std::move(record));
}

/// The name under which hand-overs are recorded as what threads wait for.
static constexpr const char *postWord = "post";

/// The thread waits until another one gives something: until it posts a semaphore,
/// counts a latch down, or comes to the barrier.
void FunctionExecutor::awaitPost(const State &state, TermId place, ir::Index location) {
  if (forkedFrom(state))
    return;
  Record record = makeRecord(RecordKind::Block, state, step(location));
  record.what = Shared.solution.word(postWord);
  record.subject = place;
  noteBlocking(std::move(record), true);
}

/// ... and gives it. Where threads meet again and again, what was taken before does not
/// say that this round needs it.
void FunctionExecutor::givePost(const State &state, TermId place, bool isMeeting, ir::Index location) {
  Record record = makeRecord(RecordKind::Notify, state, step(location));
  record.what = Shared.solution.word(postWord);
  record.subject = place;
  record.isMeeting = isMeeting;
  if (!isMeeting)
    record.arguments.append(state.taken.begin(), state.taken.end());
  noteNotification(record, {});
  addRecord(std::move(record));
}

/// A wake-up in a callee meets the changes and the locks of this function.
void FunctionExecutor::instantiateNotify(State &state, Record record) {
  llvm::SmallVector<Change, 4> changes;
  if (!record.what)
    changes.append(state.changes.begin(), state.changes.end());
  for (Change &change : changes) {
    for (TermId lock : record.arguments)
      addLock(change.guards, lock);
    for (const Held &held : record.held)
      addLock(change.guards, held.lock);
  }
  for (const Held &held : state.locks)
    if (!llvm::any_of(record.held, [&](const Held &other) { return other.lock == held.lock; }) &&
        !llvm::is_contained(record.released, held.lock))
      record.held.push_back(held);
  if (!record.isMeeting)
    for (TermId lock : state.taken)
      addLock(record.arguments, lock);
  noteNotification(record, changes);
  addRecord(std::move(record));
}

void FunctionExecutor::noteNotification(const Record &record, llvm::ArrayRef<Change> changes) {
  if (!Shared.finalPass)
    return;
  Solution &solution = Shared.solution;
  const Step inner = solution.steps[solution.innermost(record.step)];
  llvm::hash_code key = llvm::hash_combine(inner.function, inner.location, record.subject);
  for (const Change &change : changes) {
    key = llvm::hash_combine(key, change.subject);
    for (TermId lock : change.guards)
      key = llvm::hash_combine(key, lock);
  }
  for (TermId lock : record.arguments)
    key = llvm::hash_combine(key, lock, 1);
  // A wake-up that many paths reach, each with its own changes and locks, has
  // too many variants to keep, and no more to say after a few.
  std::uint64_t at = llvm::hash_combine(Function, inner.function, inner.location);
  if (Shared.notificationsAt.lookup(at) >= notificationLimit || !firstTime({21, Function, key}))
    return;
  ++Shared.notificationsAt[at];
  Notification fact;
  fact.function = Function;
  fact.step = record.step;
  fact.condition = solution.name(outward(record.subject), Function);
  for (const Held &held : record.held)
    fact.held.push_back(solution.name(outward(held.lock), Function));
  for (TermId lock : record.arguments)
    fact.taken.push_back(solution.name(outward(lock), Function));
  for (const Change &change : changes) {
    Notification::Changed changed{change.subject, change.at, {}};
    for (TermId lock : change.guards)
      changed.guards.push_back(solution.name(outward(lock), Function));
    fact.changes.push_back(std::move(changed));
  }
  (record.what ? solution.posts : solution.notifications).push_back(std::move(fact));
}

} // namespace gridlock::solve
