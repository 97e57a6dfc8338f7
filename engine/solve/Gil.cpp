//===- Gil.cpp - Python's global lock ---------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. A lock that code rarely takes by name: the interpreter holds it
// when it calls an extension's function, most of its API needs it, and any call
// that may run Python code may drop it and take it again.
//
// The answer. It is the lock `@gil`, one for the process.
// * Functions in tables that the interpreter calls through (`callback-fields` of
//   models, callables that a model starts with `locks`) hold it at entry.
// * A call that may run Python code takes it while all other locks are held: an
//   edge of the order graph.
// * A call that needs it where the path surely does not hold it is a defect;
//   where that is not known, the callers decide. A thread that the program
//   starts does not hold it.
// * It may be taken again by calls that say so (`reentrant`): giving that back
//   says nothing about what the caller holds.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

bool FunctionExecutor::isGil(TermId lock) { return lock == processFact("@gil"); }

bool FunctionExecutor::holdsGilAtEntry() const { return Shared.gilEntries.contains(Function); }

static LockTraits gilTraits(bool reentrant) {
  LockTraits traits;
  traits.kind = model::LockKind::Gil;
  traits.recursion = reentrant ? model::Recursion::Always : model::Recursion::Never;
  return traits;
}

void FunctionExecutor::takeEntryLocks(State &state) {
  takeRequiredLocks(state);
  if (!holdsGilAtEntry())
    return;
  Held held;
  held.lock = processFact("@gil");
  held.traits = gilTraits(false);
  held.acquiredAt = step(Body.location);
  state.locks.push_back(held);
}

void FunctionExecutor::noteGilMisuse(GilMisuse::Form form, StepId at, std::string_view callee) {
  Solution &solution = Shared.solution;
  const Step inner = solution.steps[solution.innermost(at)];
  if (Shared.finalPass && firstTime({41, inner.function, inner.location}))
    solution.gilMisuses.push_back({Function, at, form, std::string(callee)});
}

/// A call of Python's API.
void FunctionExecutor::applyPython(State &state, const model::Effect &effect, link::FunctionId callee,
                                   CallFrame &frame) {
  TermId gil = processFact("@gil");
  StepId at = step(frame.location);
  const Held *held = state.held(gil);
  if (!held && llvm::is_contained(state.notHeld, gil)) {
    noteGilMisuse(GilMisuse::Call, at, Program.function(callee).displayName);
    return;
  }
  if (!held) {
    Record record = makeRecord(RecordKind::NeedsGil, state, at);
    record.held.clear();
    record.released.clear();
    record.subject = gil;
    record.what = Shared.solution.word(Program.function(callee).displayName);
    addRecord(std::move(record));
  }
  if (!effect.mayRelease)
    return;
  Record record = makeRecord(RecordKind::Acquire, state, at);
  llvm::erase_if(record.held, [&](const Held &other) { return other.lock == gil; });
  record.subject = gil;
  record.traits = gilTraits(true);
  record.throughManyTargets = true; // it may run other code, and may not
  finalizePairs(record, &state);
  addRecord(std::move(record));
}

/// A callee needs the GIL.
void FunctionExecutor::passOnGilNeed(State &state, Record record, bool ownThread) {
  TermId gil = record.subject;
  const std::string &callee = Shared.solution.words[record.what];
  if (!ownThread) {
    const auto &spawns = Shared.solution.spawns;
    if (record.spawn < spawns.size() && (spawns[record.spawn].what == "thread" || spawns[record.spawn].what == "task"))
      noteGilMisuse(GilMisuse::ForeignThread, record.step, callee);
    return;
  }
  if (state.held(gil))
    return;
  if (llvm::is_contained(state.notHeld, gil))
    noteGilMisuse(GilMisuse::Call, record.step, callee);
  else
    addRecord(std::move(record));
}

/// Paths that leave a function without the GIL which its caller had, where
/// others took it back.
void FunctionExecutor::reportGilExits() {
  TermId gil = processFact("@gil");
  bool entry = holdsGilAtEntry();
  bool othersTakeItBack = llvm::any_of(Exits, [&](const Exit &exit) {
    return !exit.byException && exit.state.hasReleased(gil) && exit.state.held(gil);
  });
  for (const Exit &exit : Exits) {
    bool gaveAway = entry ? !exit.state.held(gil) && llvm::is_contained(exit.state.notHeld, gil)
                          : othersTakeItBack && exit.state.hasReleased(gil) && !exit.state.held(gil);
    if (!gaveAway || exit.state.lossy || exit.state.widened)
      continue;
    StepId at =
        exit.byException && exit.thrownAt ? exit.thrownAt : step(exit.location ? exit.location : Body.endLocation);
    noteGilMisuse(exit.byException ? GilMisuse::Throw : GilMisuse::Return, at, "");
  }
}

} // namespace gridlock::solve
