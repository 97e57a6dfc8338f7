//===- Once.cpp - Initialisations that others wait for ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. `std::call_once` and a function-local static with an initialiser
// let one thread run the initialiser; all others wait until it is done. Whoever
// comes with a lock that the initialiser needs waits for a thread that waits for
// him. Python's GIL is such a lock: an import within the initialiser lets go of
// it, and the next thread takes it along into the wait.
//
// The answer. The flag, or the static, has a lock of its own, `$once`, held while
// the initialiser runs. It takes part in the order of locks, and keeps
// two runs of the initialiser apart; but it guards no data elsewhere (a value that
// is set once is read without it), and a slow initialiser is no slow critical
// section. So it stands in `State::onces`, apart from `State::locks`.
//
// Only an initialiser that takes some lock can be part of a cycle, so the order is
// noted when the initialisation ends and a record has named it.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

static LockTraits onceTraits() {
  LockTraits traits;
  traits.kind = model::LockKind::Once;
  // Coming back to it from its own initialiser is not a matter of order.
  traits.recursion = model::Recursion::Always;
  return traits;
}

void Solution::noteOnceLock(TermId lock, std::uint32_t classKey) {
  if (terms[lock].kind != TermKind::Field)
    return;
  const model::TypeModel *type = program.models().type(program.field(terms[lock].b).name);
  if (isTurn(program.field(terms[lock].b).name) || (type && type->lock == model::LockKind::Once))
    onceLocks.insert(classKey);
}

/// From here on the initialiser runs.
void FunctionExecutor::enterOnce(State &state, TermId flag, StepId at) {
  Held once;
  once.lock = terms().field(flag, Program.ghostField("$once"));
  if (llvm::any_of(state.onces, [&](const Held &other) { return other.lock == once.lock; }))
    return;
  once.traits = onceTraits();
  once.acquiredAt = at;
  state.onces.push_back(once);
}

/// The initialiser is done. Where it took locks, this thread, too, may have been
/// one of those who waited, with the locks that it holds.
void FunctionExecutor::leaveOnce(State &state, TermId flag) {
  TermId lock = terms().field(flag, Program.ghostField("$once"));
  auto *entry = llvm::find_if(state.onces, [&](const Held &other) { return other.lock == lock; });
  if (entry == state.onces.end())
    return;
  Held once = *entry;
  state.onces.erase(entry);
  bool ordersLocks = llvm::any_of(Summary.records, [&](const Record &record) {
    return record.kind == RecordKind::Acquire &&
           llvm::any_of(record.held, [&](const Held &held) { return held.lock == lock; });
  });
  if (!ordersLocks && !Shared.solution.onceOrders.contains(lock))
    return;
  Shared.solution.onceOrders.insert(lock);
  Record record = makeRecord(RecordKind::Acquire, state, once.acquiredAt);
  record.subject = lock;
  record.traits = once.traits;
  finalizePairs(record, &state);
  addRecord(std::move(record));
}

/// A callee takes a lock within an initialiser that runs here.
void FunctionExecutor::addOnces(State &state, Record &record) {
  for (const Held &once : state.onces) {
    if (once.lock == record.subject ||
        llvm::any_of(record.held, [&](const Held &held) { return held.lock == once.lock; }))
      continue;
    record.held.push_back(once);
    if (!terms()[once.lock].mentionsFormal && !terms()[record.subject].mentionsFormal)
      addPair(record, once, &state);
  }
}

} // namespace gridlock::solve
