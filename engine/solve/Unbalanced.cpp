//===- Unbalanced.cpp - Locks that only some paths give back ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A lock is leaked when one path leaves the function with it and another path
// took it and gave it back. Which of the two the author meant, the callers tell:
// when some caller releases it, the function holds it on purpose. The rule that
// reads `leaks` asks that; here the evidence is collected.
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"
#include <tuple>

namespace gridlock::solve {

/// What a way out of the function returns; 0: nothing, or not known.
TermId FunctionExecutor::resultOf(const Exit &exit) {
  return Body.returnSlot ? exit.state.stored(terms().local(Function, Body.returnSlot)) : 0;
}

/// Whether one way out stands behind another in the text of the function.
bool FunctionExecutor::isBehind(const Exit &exit, const Exit &other) const {
  const ir::Location &a = Unit.locations[exit.location ? exit.location : Body.endLocation];
  const ir::Location &b = Unit.locations[other.location ? other.location : Body.endLocation];
  return a.file == b.file && std::tie(a.line, a.column) > std::tie(b.line, b.column);
}

/// Whether nothing tells which object a lock lies in: a pointer to it was read from
/// a global, which somebody may have changed, or is one of several values.
static bool ownerIsLookedUp(const TermTable &terms, TermId lock) {
  const Term &root = terms[terms.root(lock)];
  if (root.kind == TermKind::Opaque)
    return true;
  bool throughPointer = false;
  for (TermId walk = lock; terms[walk].kind >= TermKind::Field || terms[walk].kind == TermKind::Initial;
       walk = terms[walk].a)
    throughPointer |= terms[walk].kind == TermKind::Deref;
  return throughPointer && root.kind == TermKind::Global;
}

/// Whether this way out gave back a lock of the same class, of an object that was
/// looked up again: the two names are of one lock.
static bool gaveBackByOtherName(const Solution &solution, link::FunctionId function, const State &state, TermId lock) {
  return llvm::any_of(state.released, [&](const Released &entry) {
    return entry.lock != lock &&
           (ownerIsLookedUp(solution.terms, lock) || ownerIsLookedUp(solution.terms, entry.lock)) &&
           sameShape(solution.terms, lock, entry.lock) &&
           solution.name(entry.lock, function).classKey == solution.name(lock, function).classKey;
  });
}

/// Whether another normal exit took this lock and gave it back, and not all of
/// them keep it. `fact` gets what those return.
bool FunctionExecutor::leaks(const Exit &exit, const Held &held, Leak *fact) {
  Solution &solution = Shared.solution;
  if (exit.state.lossy || exit.state.widened || isGil(held.lock) || exit.state.hasReleased(held.lock) ||
      gaveBackByOtherName(solution, Function, exit.state, held.lock))
    return false;
  if (held.leaked) {
    StepId inner = solution.steps[held.acquiredAt].inner;
    if (!fact || !inner || terms()[held.lock].weak)
      return false;
    fact->keptBy = solution.steps[inner].function;
  }
  // What a constructor took is its object's to give back; what some callee took
  // of an unknown element, another callee may give back.
  if (StepId inner = solution.steps[held.acquiredAt].inner) {
    link::FunctionId callee = solution.steps[inner].function;
    if (Program.function(callee).flags & ir::FunctionIsConstructor)
      return false;
    if (terms()[held.lock].weak && !solution.isLockWrapper(callee))
      return false;
  }
  std::string key = solution.name(held.lock, Function).key;
  bool othersRelease = false;
  // An object that is handed out locked: who hands out another object, or none, has
  // nothing to do with its lock.
  bool returnsPointer = Unit.types[Body.returnType].kind == ir::TypeKind::Pointer;
  TermId result = returnsPointer ? resultOf(exit) : 0;
  bool handedOut = !exit.byException && handsOut(exit, held.lock);
  // Nobody knows which object is returned: it may be the one that was made or found
  // here, locked.
  if (returnsPointer && !result && terms()[terms().root(held.lock)].kind == TermKind::Opaque)
    return false;
  for (const Exit &other : Exits) {
    if (other.byException || other.state.held(held.lock) || other.state.lossy || other.state.widened ||
        other.state.hasReleased(held.lock))
      continue;
    if (handedOut && !handsOut(other, held.lock))
      continue;
    bool gaveBack = llvm::any_of(other.state.givenBack, [&](TermId lock) {
      return lock == held.lock ||
             ((terms()[lock].weak || terms()[held.lock].weak) && solution.name(lock, Function).key == key);
    });
    othersRelease |= gaveBack;
    if (gaveBack && fact && Body.returnSlot) {
      TermId returned = resultOf(other);
      fact->otherResults.push_back(returned);
      fact->othersAreNonZero &= returned && other.state.decide(terms(), returned).value_or(false);
      fact->releasedLater |= isBehind(other, exit);
      fact->oneWayOut &= !isBehind(other, exit) && !isBehind(exit, other);
    }
  }
  return othersRelease;
}

/// An element that no index names, taken and given back by other ways out: that
/// this one keeps it is as likely a path that cannot be.
bool FunctionExecutor::isDoubtful(const Exit &exit, const Held &held) {
  if (!terms()[held.lock].weak || !Shared.solution.steps[held.acquiredAt].inner || handsOut(exit, held.lock))
    return false;
  std::string key = Shared.solution.name(held.lock, Function).key;
  return llvm::any_of(Exits, [&](const Exit &other) {
    return &other != &exit && !other.byException && !other.state.held(held.lock) &&
           llvm::any_of(other.state.givenBack,
                        [&](TermId lock) { return Shared.solution.name(lock, Function).key == key; });
  });
}

void FunctionExecutor::reportUnbalanced() {
  reportUnheld();
  if (!Shared.finalPass)
    return;
  Solution &solution = Shared.solution;
  for (const Exit &exit : Exits)
    for (const Held &held : exit.state.locks) {
      Leak leak;
      if (!leaks(exit, held, &leak))
        continue;
      if (!firstTime({5, Function, solution.steps[held.acquiredAt].location}))
        continue;
      leak.function = Function;
      leak.held = held;
      leak.exitLocation = exit.location ? exit.location : Body.endLocation;
      leak.thrownAt = exit.thrownAt;
      leak.byException = exit.byException;
      leak.name = solution.name(held.lock, Function);
      leak.result = resultOf(exit);
      leak.returnsTruth = Unit.types[Body.returnType].kind == ir::TypeKind::Bool;
      if (leak.result && !exit.state.decide(terms(), leak.result).value_or(true))
        leak.result = terms().integer(0);
      solution.leaks.push_back(std::move(leak));
    }
}

void FunctionExecutor::noteNotHeld(TermId lock, StepId at, bool isWait, bool onSomePath, OpenMode openMode) {
  Solution &solution = Shared.solution;
  const Step inner = solution.steps[solution.innermost(at)];
  if (!Shared.finalPass)
    return;
  if (NotHeld *known = knownFact(solution.notHeld, {6, inner.function, inner.location}))
    known->openMode = std::min(known->openMode, openMode);
  else
    solution.notHeld.push_back({Function, lock, at, isWait, onSomePath, solution.name(lock, Function), openMode});
}

void FunctionExecutor::reportUnheld() {
  for (const UnheldRelease &release : UnheldReleases) {
    // Zero stored to a lock that is no object of its own may as well set it up.
    if (release.lossy || Shared.spinLocks.contains(terms(), release.lock) ||
        Shared.flagLocks.contains(terms(), release.lock))
      continue;
    if (release.surely) {
      noteNotHeld(release.lock, release.at, release.isWait, false, release.openMode);
      continue;
    }
    // Some path of this function gives back what it took itself; this one gives
    // back what it never had. Its callers know whether they hold it.
    bool mixed = false;
    for (const Exit &exit : Exits)
      mixed |= !exit.byException && llvm::is_contained(exit.state.notHeld, release.lock) &&
               !exit.state.hasReleased(release.lock);
    if (!mixed || !EverAcquired.contains(release.lock))
      continue;
    if (!Shared.hasCallers[Function]) {
      noteNotHeld(release.lock, release.at, release.isWait, true,
                  std::max(release.openMode, openMode(release.conditions)));
      continue;
    }
    Record record;
    record.kind = RecordKind::NeedsHeld;
    record.subject = release.lock;
    record.conditions = release.conditions;
    record.openMode = release.openMode;
    record.step = release.at;
    addRecord(std::move(record));
  }
}

} // namespace gridlock::solve
