//===- HeldLocks.cpp - Taking locks and giving them back --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an acquisition and a release do to the state of one path. A release looks
// for the lock under its own name, then for an element of the same class, then
// for another way to the same object. What is not held is the caller's, or a
// defect; both are only noted here.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Whether two locks of one class lie in objects of which one is known by a pointer
/// that is one of several values: the other may be among these.
static bool mayBeOne(const Solution &solution, link::FunctionId function, TermId lock, TermId other) {
  auto isMerged = [&](TermId id) {
    const Term &root = solution.terms[solution.terms.root(id)];
    return root.kind == TermKind::Opaque && OriginKind(root.a) == OriginKind::Merge;
  };
  return (isMerged(lock) || isMerged(other)) && sameShape(solution.terms, lock, other) &&
         solution.name(lock, function).classKey == solution.name(other, function).classKey;
}

Held *FunctionExecutor::findHeld(State &state, TermId lock) {
  for (Held &held : llvm::reverse(state.locks))
    if (held.lock == lock)
      return &held;
  for (Held &held : llvm::reverse(state.locks))
    if (areOneHere(terms(), state, held.lock, lock))
      return &held;
  // A lock of the same class whose name is weak may be this one.
  std::string key = Shared.solution.name(lock, Function).key;
  for (Held &held : llvm::reverse(state.locks))
    if ((terms()[held.lock].weak || terms()[lock].weak) && Shared.solution.name(held.lock, Function).key == key)
      return &held;
  for (Held &held : llvm::reverse(state.locks))
    if (mayBeOne(Shared.solution, Function, held.lock, lock))
      return &held;
  // Another way to the same object: an entry by its key, a mutex by a pointer to
  // it that the object keeps.
  if (!llvm::is_contained(state.notHeld, lock))
    for (Held &held : llvm::reverse(state.locks))
      if (mayAlias(terms(), held.lock, lock))
        return &held;
  return nullptr;
}

/// What attributes require of the callers is held at entry of a function whose
/// callers are not known; those that are known show what they hold.
void FunctionExecutor::takeRequiredLocks(State &state) {
  if (Shared.hasCallers[Function])
    return;
  for (const DeclaredLock &required : Shared.solution.declared.of(Function)) {
    bool isRequired =
        required.kind == ir::AttributeKind::Requires || required.kind == ir::AttributeKind::RequiresShared;
    bool isReleased = required.kind == ir::AttributeKind::Release || required.kind == ir::AttributeKind::ReleaseShared;
    if (!required.lock || !(isRequired || isReleased) || state.held(required.lock))
      continue;
    Held held;
    held.lock = required.lock;
    held.mode = required.isShared() ? model::LockMode::Shared : model::LockMode::Exclusive;
    held.acquiredAt = step(Body.location);
    state.locks.push_back(held);
  }
}

/// Whether taking `wanted` while holding `held` of one lock waits for ever.
static bool blocksItself(const Held &held, model::LockMode wanted, const LockTraits &traits) {
  using model::LockMode;
  if (traits.recursion == model::Recursion::Always)
    return false;
  if (held.mode == LockMode::Shared && wanted == LockMode::Shared)
    return traits.recursion != model::Recursion::Shared;
  return true;
}

bool FunctionExecutor::blocksItselfFor(const Held &held, const Record &record) {
  return blocksItself(held, record.mode, record.traits);
}

/// One more acquisition of a lock that is held. Whoever waits for himself with it
/// gives it back as often all the same: that is one defect, not two.
void FunctionExecutor::countAgain(Held &held, model::LockMode mode, const LockTraits &traits) {
  // Each round of a loop that forgets to release would make a state of its own.
  if (held.count < (traits.recursion == model::Recursion::Always ? 200 : 2) && !held.leaked)
    ++held.count;
  if (mode == model::LockMode::Exclusive)
    held.mode = mode;
}

/// Takes a lock; false when it lies in an object that this path knows not to
/// exist, so that the path is none.
bool FunctionExecutor::acquire(State &state, TermId lock, model::LockMode mode, bool byTry, LockTraits traits,
                               StepId at, std::uint8_t group) {
  if (!assumeNotNull(state, lock))
    return false;
  EverAcquired.insert(lock);
  bool wasFree = llvm::is_contained(state.notHeld, lock);
  llvm::erase(state.notHeld, lock);
  llvm::erase(state.skipped, lock);
  llvm::erase(state.givenBack, lock);
  noteTaken(state, lock);
  for (Held &held : state.locks) {
    if (held.lock != lock)
      continue;
    bool certain = !byTry && !held.leaked && !terms()[lock].weak && !state.assumesEqual(terms(), lock);
    if (certain && blocksItself(held, mode, traits))
      noteReacquisition(held, lock, mode, at, false, 0, OpenMode::None);
    countAgain(held, mode, traits);
    held.leaked = false;
    return true;
  }
  noteSection(state, lock, byTry, at);
  if (!byTry)
    noteForkAct(state, Shared.solution.steps[at].location, "lock", Shared.solution.name(lock, Function).display);
  Record record = makeRecord(RecordKind::Acquire, state, at);
  record.mode = mode;
  record.byTry = byTry;
  record.traits = traits;
  record.subject = lock;
  record.group = group;
  for (const Held &held : state.locks)
    record.ordered |= isOrdered(&state, held, lock, true);
  finalizePairs(record, &state);
  addRecord(std::move(record));
  Held held;
  held.lock = lock;
  held.mode = mode;
  held.byTry = byTry;
  held.group = group;
  held.traits = traits;
  held.acquiredAt = at;
  held.wasFree = wasFree;
  state.locks.push_back(held);
  if (!state.glimpsed.empty())
    state.awaitGlimpsed(Shared.solution.lockClass(lock, Function));
  return true;
}

/// A lock that was taken lies in an object that exists; false when not.
bool FunctionExecutor::assumeNotNull(State &state, TermId lock) {
  for (TermId walk = lock; terms()[walk].kind >= TermKind::Field || terms()[walk].kind == TermKind::Initial;) {
    const Term term = terms()[walk];
    if (term.kind == TermKind::Deref && !state.assume(terms(), term.a, true))
      return false;
    walk = term.a;
  }
  return true;
}

/// Sections of a lock class, and acquisitions that a signal handler may reach.
void FunctionExecutor::noteSection(const State &state, TermId lock, bool byTry, StepId at) {
  if (!Shared.finalPass)
    return;
  Solution &solution = Shared.solution;
  LockName name = solution.name(lock, Function);
  const Step inner = solution.steps[at];
  solution.sections.begin(name, inner);
  if (byTry)
    return;
  UnsafeAct *known = knownFact(solution.unsafe, {11, Function, inner.location});
  if (!known)
    known = &solution.unsafe.emplace_back(UnsafeAct{Function, inner.location, "lock", name.display, false, {}});
  known->ways.add(terms(), state.facts());
}

/// A section that a callee begins: one that goes on after the callee's return is
/// this function's alone, and another is seen again when the lock's name says
/// more here than in the callee, as with a mutex that comes as an argument.
void FunctionExecutor::noteCalleeSection(TermId inCallee, TermId lock, StepId acquiredAt, ir::Index call, bool goesOn) {
  if (!Shared.finalPass)
    return;
  Solution &solution = Shared.solution;
  const Step &first = solution.steps[acquiredAt];
  LockName name = solution.name(lock, Function);
  if (goesOn || solution.name(inCallee, first.function).classKey != name.classKey)
    solution.sections.begin(name, {Function, call, 0, 0});
  if (goesOn)
    solution.sections.handOut(first);
}

void FunctionExecutor::release(State &state, TermId lock, StepId at, bool isWait) {
  if (Held *held = findHeld(state, lock)) {
    if (isWait)
      return;
    // Whoever releases what a callee took shows that the callee meant it.
    for (StepId inner = Shared.solution.steps[held->acquiredAt].inner; inner;
         inner = Shared.solution.steps[inner].inner)
      Shared.heldOnPurpose.insert(Shared.solution.steps[inner].function);
    if (--held->count == 0) {
      TermId name = held->lock;
      const bool isKnown = name == lock || areOneHere(terms(), state, name, lock);
      noteElementRelease(name, at, /*ofCaller=*/false);
      bool mayStillHold = held->traits.kind == model::LockKind::Gil &&
                          held->traits.recursion == model::Recursion::Always && !held->wasFree;
      state.locks.erase(held);
      if (mayStillHold)
        return;
      // A loop that gives back elements gives back all that a loop took.
      if (terms()[lock].weak && terms()[name].weak)
        llvm::erase_if(state.locks, [&](const Held &other) {
          return terms()[other.lock].weak &&
                 Shared.solution.name(other.lock, Function).key == Shared.solution.name(name, Function).key;
        });
      // Of two names that may be one lock's, the other may still be held.
      if (isKnown && !llvm::is_contained(state.notHeld, name))
        state.notHeld.push_back(name);
      if (!llvm::is_contained(state.givenBack, name))
        state.givenBack.push_back(name);
    }
    return;
  }
  if (terms()[lock].weak) { // an element that is not known may well be held
    if (!isWait)
      releaseElementOfCaller(state, lock, at);
    return;
  }
  bool surely = llvm::is_contained(state.notHeld, lock);
  // Who waits for another thread has the object in the mode that has threads.
  OpenMode open = isWait && llvm::is_contained(state.skipped, lock) ? OpenMode::Number : ReleaseMode;
  if (!isGil(lock))
    UnheldReleases.push_back({lock, at, isWait, surely, state.lossy || state.widened, inputFacts(state), open});
  if (isWait)
    return;
  if (!surely && !state.hasReleased(lock))
    state.released.push_back({lock, at});
  if (!surely)
    state.notHeld.push_back(lock);
}

/// A callee gave back a lock of its caller. Elements that it does not name are
/// those that some callee took without naming them, or what a pointer that is one
/// of several values leads to, and no others.
void FunctionExecutor::releaseForCallee(State &state, TermId lock, StepId at) {
  if (terms()[lock].weak) {
    std::string key = Shared.solution.name(lock, Function).key;
    bool takenUnnamed = llvm::any_of(state.locks, [&](const Held &held) {
      return (terms()[held.lock].weak && Shared.solution.name(held.lock, Function).key == key) ||
             mayBeOne(Shared.solution, Function, held.lock, lock);
    });
    if (!takenUnnamed) {
      releaseElementOfCaller(state, lock, at);
      return;
    }
  }
  release(state, lock, at);
}

void FunctionExecutor::noteReacquisition(const Held &held, TermId lock, model::LockMode mode, StepId at,
                                         bool manyTargets, std::uint32_t spawn, OpenMode openMode) {
  if (!Shared.finalPass)
    return;
  const Step &inner = Shared.solution.steps[Shared.solution.innermost(at)];
  const Step &first = Shared.solution.steps[Shared.solution.innermost(held.acquiredAt)];
  if (Reacquisition *known = knownFact(Shared.solution.reacquisitions,
                                       {1, inner.function, inner.location, first.function, first.location})) {
    known->openMode = std::min(known->openMode, openMode);
    known->manyTargets &= manyTargets;
    return;
  }
  Reacquisition fact;
  fact.function = Function;
  fact.held = held;
  fact.step = at;
  fact.mode = mode;
  fact.lock = lock;
  fact.name = Shared.solution.name(lock, Function);
  fact.spawn = spawn;
  fact.manyTargets = manyTargets;
  fact.openMode = openMode;
  Shared.solution.reacquisitions.push_back(std::move(fact));
}

} // namespace gridlock::solve
