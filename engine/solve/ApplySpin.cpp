//===- ApplySpin.cpp - Taking and clearing locks made of atomics -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An exchange of a lock that is made of an atomic (SpinLocks.h) has two outcomes:
// it found zero, and the path has the lock; or it did not. In the loop that waits
// for the lock it is an acquisition, elsewhere a try. Zero stored to it gives the
// lock back; whoever stores zero without holding it sets the lock up.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"

namespace gridlock::solve {

void FunctionExecutor::clearSpinLock(State &state, TermId place, ir::Index location) {
  if (Shared.spinLocks.contains(terms(), place))
    giveVariableBack(state, place, location);
}

States FunctionExecutor::spinOperation(State state, const model::Effect &effect, CallFrame &frame) {
  TermId lock = operandPlace(state, effect.place, frame);
  TermId value = effect.value ? operandValue(state, effect.value, frame) : 0;
  bool isExchange = effect.operation == "exchange", isCompare = effect.operation == "compare";
  TermId expected = effect.expected ? operandValue(state, effect.expected, frame) : 0;
  bool expectsFree =
      !isCompare || !expected || terms()[expected].kind != TermKind::Integer || terms().isInteger(expected, 0);
  bool isSet = terms()[value].kind == TermKind::Integer && terms()[value].number != 0;
  States after;
  if (effect.operation != "load")
    noteChange(state, lock, frame.location);
  if (effect.operation == "store" && terms().isInteger(value, 0))
    clearSpinLock(state, lock, frame.location);
  if ((!isExchange && !isCompare) || !isSet || !expectsFree) {
    after.push_back(std::move(state));
    return after;
  }
  // An exchange returns what it found, a comparing one whether it exchanged.
  bool saysYes = frame.call && tellsSuccess(effect, Unit.types[frame.call->type]);
  State failed = state;
  setResult(failed, frame, terms().integer(saysYes ? 0 : 1));
  if (!failed.held(lock) && !llvm::is_contained(failed.notHeld, lock))
    failed.notHeld.push_back(lock);
  after.push_back(std::move(failed));
  setResult(state, frame, terms().integer(saysYes ? 1 : 0));
  bool waits = frame.call && Shared.spinLocks.waits(Function, ir::Index(frame.call - Unit.calls.data()));
  LockTraits traits;
  traits.kind = model::LockKind::Spin;
  if (acquire(state, lock, model::LockMode::Exclusive, /*byTry=*/!waits, traits, step(frame.location), 0))
    after.push_back(std::move(state));
  return after;
}

} // namespace gridlock::solve
