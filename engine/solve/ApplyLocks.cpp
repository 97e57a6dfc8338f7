//===- ApplyLocks.cpp - Lock operations of the library ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The effects of a model that take, try, await or give back a lock: of which
// type the lock is, whether its class has operations of its own, and what the
// result says about success.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using model::EffectKind;
using model::OperandKind;

/// The facts about a lock's type. `userLock` is set when the lock is of a class
/// of the program that has lock operations of its own.
LockTraits FunctionExecutor::lockTraits(const model::Operand &op, CallFrame &frame, TermId lock,
                                        link::RecordId &userLock) {
  link::UnitId unit = UnitNumber;
  const ir::Type *type = typeOf(lock, unit);
  if (isGil(lock)) {
    LockTraits traits;
    traits.kind = model::LockKind::Gil;
    return traits;
  }
  if (!type && frame.call && !op.steps.empty()) {
    const model::Operand::Step &first = op.steps.front();
    // `*1`: the argument's own type says what it points to.
    if (first.kind == OperandKind::Argument && op.steps.size() == 2 &&
        std::uint64_t(first.number) < frame.call->arguments.count) {
      const ir::Type &pointer = Unit.types[Unit.exprs[Unit.lists[frame.call->arguments.first + first.number]].type];
      if (pointer.kind == ir::TypeKind::Pointer || pointer.kind == ir::TypeKind::Reference)
        type = &Unit.types[pointer.element];
      else if (pointer.kind == ir::TypeKind::Record)
        type = &pointer;
      unit = UnitNumber;
    }
    // A lock object of a class template: its argument is the lock's type.
    if (!type && frame.call->receiver) {
      const ir::Record &receiver = Unit.records[frame.call->receiver];
      if (receiver.templateArguments.count) {
        type = &Unit.types[Unit.lists[receiver.templateArguments.first]];
        unit = UnitNumber;
      }
    }
  }
  LockTraits traits;
  const model::TypeModel *facts = nullptr;
  link::RecordId record = 0;
  if (!type) { // a lock of the library's own has a name for a type
    if (op.steps.size() != 1 || op.steps.front().kind != OperandKind::Global)
      return traits;
    facts = Program.models().type("@" + op.steps.front().name);
  } else {
    ir::Index row = ir::Index(type - Program.unit(unit).types.data());
    facts = Program.typeModel(unit, row);
    record = Program.recordOfType(unit, row);
    if (!facts && Shared.semaphores.own().contains(record))
      facts = Program.models().type("$semaphore");
  }
  if (facts) {
    traits.kind = facts->lock;
    // A guard's constructor knows it by its parameter, the destructor by its member.
    const bool isGiven = frame.call && frame.call->arguments.count;
    if (traits.kind == model::LockKind::Semaphore &&
        (Shared.semaphores.isLock(terms(), lock) ||
         (isGiven && Shared.semaphores.isLock(Link, Unit.lists[frame.call->arguments.first]))))
      traits.kind = model::LockKind::Mutex;
    traits.recursion = facts->recursive;
    traits.coroutineAware = facts->coroutineAware;
    traits.prefersReaders = facts->prefersReaders;
    traits.makesAtomic = facts->atomic;
  } else if (record) {
    userLock = record;
  }
  return traits;
}

/// A lock operation of the lock's own class: `lock`, `try_lock_shared`, ...
static std::string methodFor(EffectKind kind, model::LockMode mode) {
  std::string name = kind == EffectKind::Release ? "unlock" : kind == EffectKind::TryAcquire ? "try_lock" : "lock";
  return mode == model::LockMode::Shared ? name + "_shared" : name;
}

States FunctionExecutor::lockOperation(State state, const model::Effect &effect, const model::Operand &op, TermId lock,
                                       EffectKind kind, CallFrame &frame, std::uint8_t group) {
  States after;
  link::RecordId userLock = 0;
  LockTraits traits = lockTraits(op, frame, lock, userLock);
  if (effect.reentrant)
    traits.recursion = model::Recursion::Always;
  else if (Held *held = isGil(lock) && kind == EffectKind::Release ? findHeld(state, lock) : nullptr)
    held->traits.recursion = model::Recursion::Never, held->count = 1; // all of it
  if (frame.call && Shared.semaphores.isByReaders(UnitNumber, ir::Index(frame.call - Unit.calls.data()))) {
    after.push_back(std::move(state)); // told by the counter
    return after;
  }
  StepId at = step(frame.location);
  if (userLock) {
    if (link::FunctionId method = Program.findMethodOrVirtual(userLock, methodFor(kind, effect.mode))) {
      CallFrame call;
      call.location = frame.location;
      call.site = std::int64_t(llvm::hash_combine(frame.site, method, lock));
      call.unwind = frame.unwind;
      call.arguments.push_back(terms().address(lock));
      auto targets = Program.virtualTargets(method, userLock, 8);
      if (!targets.empty())
        return invokeAny(std::move(state), targets, call);
    }
  }
  if (traits.kind == model::LockKind::Semaphore) {
    // Nobody owns a semaphore: it is no lock of this thread.
    const bool isLimit = Shared.semaphores.isLimit(terms(), lock);
    if (kind == EffectKind::Acquire && !isLimit)
      awaitPost(state, lock, frame.location);
    if (kind == EffectKind::Release && !isLimit)
      givePost(state, lock, /*isMeeting=*/false, frame.location);
    if (kind != EffectKind::Release)
      noteMeeting(state);
  } else if (kind == EffectKind::Release) {
    if (!assumeNotNull(state, lock))
      return after; // a lock in no object: no such path
    release(state, lock, at);
  } else {
    bool byTry = kind == EffectKind::TryAcquire;
    if (!acquire(state, lock, effect.mode, byTry, traits, at, group))
      return after;
  }
  after.push_back(std::move(state));
  return after;
}

/// The operands of a list, `*2...` written out.
llvm::SmallVector<TermId, 4> FunctionExecutor::operandList(State &state, llvm::ArrayRef<model::Operand> list,
                                                           bool places, CallFrame &frame,
                                                           llvm::SmallVectorImpl<model::Operand> *written) {
  llvm::SmallVector<TermId, 4> result;
  for (const model::Operand &op : list) {
    model::Operand one = op;
    unsigned last = unsigned(op.andFollowing ? frame.arguments.size() : 0);
    std::int64_t first = op.steps.empty() ? 0 : op.steps.front().number;
    for (std::int64_t i = first;; ++i) {
      if (op.andFollowing) {
        if (i >= std::int64_t(last))
          break;
        one.steps.front().number = i;
      }
      result.push_back(places ? operandPlace(state, one, frame) : operandValue(state, one, frame));
      if (written)
        written->push_back(one);
      if (!op.andFollowing)
        break;
    }
  }
  return result;
}

States FunctionExecutor::acquireAll(State state, const model::Effect &effect, CallFrame &frame) {
  llvm::SmallVector<model::Operand, 4> written;
  auto locks = operandList(state, effect.locks, true, frame, &written);
  std::uint8_t group = std::uint8_t(1 + (frame.site & 0x7f));
  States result;
  if (effect.success) {
    State failed = state;
    if (assumeSuccess(failed, *effect.success, false, frame))
      result.push_back(std::move(failed));
    if (!assumeSuccess(state, *effect.success, true, frame))
      return result;
  }
  States now;
  now.push_back(std::move(state));
  for (std::size_t i = 0; i < locks.size(); ++i) {
    States next;
    for (State &before : now) {
      // An argument may be a lock object: then its lock is meant, and it owns
      // it afterwards.
      TermId lock = locks[i];
      TermId inner = before.stored(terms().field(lock, Program.ghostField("$lock")));
      if (inner) {
        before.store(terms().field(lock, Program.ghostField("$owns")), terms().integer(1));
        lock = terms().deref(inner);
      }
      model::Effect single = effect;
      next.append(lockOperation(std::move(before), single, inner ? model::Operand() : written[i], lock,
                                effect.success ? EffectKind::TryAcquire : EffectKind::Acquire, frame, group));
    }
    now = std::move(next);
  }
  result.append(now);
  return result;
}

States FunctionExecutor::tryAcquire(State state, const model::Effect &effect, CallFrame &frame) {
  TermId lock = operandPlace(state, effect.lock, frame);
  link::RecordId userLock = 0;
  lockTraits(effect.lock, frame, lock, userLock);
  if (userLock && Program.findMethodOrVirtual(userLock, methodFor(EffectKind::TryAcquire, effect.mode))) {
    // The class's own operation tells the outcome by its result.
    States result;
    std::size_t before = state.locks.size();
    for (State &after : lockOperation(std::move(state), effect, effect.lock, lock, EffectKind::TryAcquire, frame, 0)) {
      if (effect.success && assumeSuccess(after, *effect.success, after.locks.size() > before, frame))
        result.push_back(std::move(after));
    }
    return result;
  }
  States result;
  State failed = state;
  bool canFail = !effect.success || assumeSuccess(failed, *effect.success, false, frame);
  if (canFail && effect.success) {
    if (!failed.held(lock) && !llvm::is_contained(failed.notHeld, lock))
      failed.notHeld.push_back(lock);
    result.push_back(std::move(failed));
  }
  if (!effect.success || assumeSuccess(state, *effect.success, true, frame))
    result.append(lockOperation(std::move(state), effect, effect.lock, lock, EffectKind::TryAcquire, frame, 0));
  return result;
}

} // namespace gridlock::solve
