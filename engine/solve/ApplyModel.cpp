//===- ApplyModel.cpp - What library calls mean -----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Interprets the effects of a model, in their order, on the state of one path.
// This file knows the vocabulary of models/Model.h and no library.
//
// An effect whose condition is not known on a path is taken to happen when it
// only changes values, and to happen to a lock only when that fits what the
// path holds: a guard whose state was lost at a join releases what is held.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using model::EffectKind;
using model::OperandKind;

//===----------------------------------------------------------------------===//
// Operands and conditions
//===----------------------------------------------------------------------===//

FunctionExecutor::Cursor FunctionExecutor::operand(State &state, const model::Operand &operand, CallFrame &frame) {
  Cursor cursor;
  auto unknown = [&] {
    return Cursor{terms().opaque(OriginKind::Unknown, std::int64_t(llvm::hash_combine(frame.site, operand.text))),
                  false};
  };
  auto toPlace = [&] {
    if (!cursor.isPlace)
      cursor = {terms().deref(cursor.term), true};
  };
  for (const model::Operand::Step &step : operand.steps) {
    switch (step.kind) {
    case OperandKind::Argument:
      if (std::uint64_t(step.number) >= frame.arguments.size())
        return unknown();
      cursor = {frame.arguments[step.number], false};
      break;
    case OperandKind::Result:
      cursor = frame.destination ? Cursor{frame.destination, true} : Cursor{currentResult(state, frame), false};
      break;
    case OperandKind::Constant:
      cursor = {terms().integer(step.number), false};
      break;
    case OperandKind::String:
      cursor = {terms().string(step.name), false};
      break;
    case OperandKind::Null:
      cursor = {terms().integer(0), false};
      break;
    case OperandKind::Fresh: {
      TermId object = terms().heap(frame.site, /*mayBeNull=*/step.number);
      cursor = {terms().address(object), false};
      llvm::erase(state.handedOut, object);
      llvm::erase(state.published, object);
      if (insideLoop(frame))
        Shared.solution.loopHeaps.insert(frame.site);
      break;
    }
    case OperandKind::ThreadNumber:
      cursor = {terms().opaque(OriginKind::ThreadNumber, 0), false};
      break;
    case OperandKind::Global:
      cursor = {terms().field(terms().heap(0), Program.ghostField("@" + step.name)), true};
      break;
    case OperandKind::Field: {
      toPlace();
      llvm::SmallVector<link::FieldId, 2> path;
      if (!llvm::StringRef(step.name).starts_with("$"))
        if (link::RecordId record = recordOf(cursor.term))
          path = Program.findFieldPath(record, step.name);
      if (path.empty())
        path.push_back(Program.ghostField(step.name));
      for (link::FieldId field : path)
        cursor.term = terms().field(cursor.term, field);
      break;
    }
    case OperandKind::Element:
      toPlace();
      cursor.term = terms().element(cursor.term, step.number < 0 ? 0 : terms().integer(step.number));
      break;
    case OperandKind::ElementByArgument:
      toPlace();
      cursor.term = terms().element(
          cursor.term, std::uint64_t(step.number) < frame.arguments.size() ? frame.arguments[step.number] : 0);
      break;
    case OperandKind::ElementByKey: {
      toPlace();
      bool isGiven = std::uint64_t(step.number) < frame.arguments.size();
      TermId key = isGiven ? load(state, terms().deref(frame.arguments[step.number])) : 0;
      cursor.term = terms().element(cursor.term, key);
      break;
    }
    case OperandKind::Deref: {
      TermId pointer = cursor.isPlace ? load(state, cursor.term) : cursor.term;
      cursor = {terms().deref(pointer), true};
      break;
    }
    case OperandKind::AddressOf:
      cursor = cursor.isPlace ? Cursor{terms().address(cursor.term), false} : cursor;
      break;
    case OperandKind::Unknown:
    case OperandKind::None:
      return unknown();
    }
  }
  return cursor;
}

TermId FunctionExecutor::operandValue(State &state, const model::Operand &op, CallFrame &frame) {
  Cursor cursor = operand(state, op, frame);
  return cursor.isPlace ? load(state, cursor.term) : cursor.term;
}

TermId FunctionExecutor::operandPlace(State &state, const model::Operand &op, CallFrame &frame) {
  Cursor cursor = operand(state, op, frame);
  return cursor.isPlace ? cursor.term : terms().deref(cursor.term);
}

TermId conditionTerm(TermTable &terms, model::Comparison comparison, TermId left, TermId right) {
  using enum ir::Operator;
  switch (comparison) {
  case model::Comparison::NotZero:
    return terms.binary(NotEqual, left, terms.integer(0));
  case model::Comparison::Zero:
    return terms.binary(Equal, left, terms.integer(0));
  case model::Comparison::Equal:
    return terms.binary(Equal, left, right);
  case model::Comparison::NotEqual:
    return terms.binary(NotEqual, left, right);
  case model::Comparison::Less:
    return terms.binary(Less, left, right);
  case model::Comparison::Greater:
    return terms.binary(Less, right, left);
  case model::Comparison::HasBit:
    return terms.binary(NotEqual, terms.binary(And, left, right), terms.integer(0));
  case model::Comparison::HasPrefix: {
    bool strings = terms[left].kind == TermKind::String && terms[right].kind == TermKind::String;
    if (strings)
      return terms.integer(terms.stringText(left).starts_with(terms.stringText(right)));
    return terms.opaque(OriginKind::Unknown, std::int64_t(llvm::hash_combine(left, right)));
  }
  }
  return 0;
}

std::optional<bool> FunctionExecutor::condition(State &state, const model::Condition &wanted, CallFrame &frame) {
  TermId left = operandValue(state, wanted.left, frame);
  TermId right = wanted.right ? operandValue(state, wanted.right, frame) : 0;
  return state.decide(terms(), conditionTerm(terms(), wanted.comparison, left, right));
}

/// `when` and `unless` of an effect.
FunctionExecutor::Applies FunctionExecutor::applies(State &state, const model::Effect &effect, CallFrame &frame) {
  Applies result = Applies::Yes;
  for (const model::Condition &wanted : effect.when) {
    std::optional<bool> truth = condition(state, wanted, frame);
    if (truth && !*truth)
      return Applies::No;
    if (!truth)
      result = Applies::WhenUnknown;
  }
  for (const model::Condition &unwanted : effect.unless) {
    std::optional<bool> truth = condition(state, unwanted, frame);
    if (truth && *truth)
      return Applies::No;
    if (!truth)
      result = Applies::UnlessUnknown;
  }
  return result;
}

/// Lets `success` come true or false on a path: by the result, or in a place.
bool FunctionExecutor::assumeSuccess(State &state, const model::Condition &success, bool truth, CallFrame &frame) {
  bool aboutResult =
      success.left.steps.size() == 1 && success.left.steps[0].kind == OperandKind::Result && !frame.destination;
  if (!aboutResult) {
    state.store(operandPlace(state, success.left, frame), terms().integer(truth));
    return true;
  }
  bool isEquality = success.comparison == model::Comparison::Equal;
  TermId right = success.right ? operandValue(state, success.right, frame) : terms().integer(0);
  if (truth && isEquality) {
    setResult(state, frame, right);
  } else if (truth && success.comparison == model::Comparison::NotZero) {
    setResult(state, frame, terms().integer(1));
  } else if (!truth && success.comparison == model::Comparison::NotZero) {
    setResult(state, frame, terms().integer(0));
  } else if (!truth && isEquality && terms().isInteger(right, 0)) {
    setResult(state, frame, terms().opaque(OriginKind::TryFailure, frame.site));
  } else {
    TermId result = operandValue(state, success.left, frame);
    return state.assume(terms(), conditionTerm(terms(), success.comparison, result, right), truth);
  }
  return true;
}

//===----------------------------------------------------------------------===//
// All effects
//===----------------------------------------------------------------------===//

States FunctionExecutor::applyModel(State state, link::FunctionId callee, const model::FunctionModel &model,
                                    CallFrame &frame) {
  setResult(state, frame, 0);
  States now;
  now.push_back(std::move(state));
  bool hasReturned = false;
  for (const model::Effect &effect : model.effects) {
    States next;
    bool isAlternative =
        effect.kind == EffectKind::Returns && hasReturned && effect.when.empty() && effect.unless.empty();
    hasReturned |= effect.kind == EffectKind::Returns;
    if (isAlternative)
      next = now;
    for (State &before : now) {
      Applies how = applies(before, effect, frame);
      if (how == Applies::No) {
        next.push_back(std::move(before));
        continue;
      }
      // What a guard does depends on what the caller gave it: both ways.
      bool conditional = effect.kind == EffectKind::Release || effect.kind == EffectKind::Joins ||
                         effect.kind == EffectKind::Destroys || effect.kind == EffectKind::Returns;
      if (how == Applies::WhenUnknown && conditional && effect.when.size() == 1) {
        const model::Condition &wanted = effect.when.front();
        TermId left = operandValue(before, wanted.left, frame);
        TermId right = wanted.right ? operandValue(before, wanted.right, frame) : 0;
        TermId holds = conditionTerm(terms(), wanted.comparison, left, right);
        if (onInputs(holds) || effect.kind == EffectKind::Returns) {
          State otherwise = before;
          if (otherwise.assume(terms(), holds, false))
            next.push_back(std::move(otherwise));
          if (!before.assume(terms(), holds, true))
            continue;
          how = Applies::Yes;
        }
      }
      next.append(applyEffect(std::move(before), effect, how, callee, frame));
    }
    now = std::move(next);
  }
  if ((Program.function(callee).flags & ir::FunctionIsNoReturn))
    now.clear();
  return now;
}

/// The guards of a container die: where one gives back the lock that the last round
/// of a loop put in, the others give back what the older rounds did.
static void giveBackOlderRounds(const Solution &solution, link::FunctionId function, llvm::ArrayRef<Held> before,
                                State &after) {
  for (const Held &given : before) {
    if (after.held(given.lock))
      continue;
    llvm::erase_if(after.locks, [&](const Held &other) {
      const bool isOlder = other.acquiredAt == given.acquiredAt &&
                           mentionsOrigin(solution.terms, other.lock, OriginKind::Aged) &&
                           solution.name(other.lock, function).classKey == solution.name(given.lock, function).classKey;
      if (isOlder && !llvm::is_contained(after.givenBack, other.lock))
        after.givenBack.push_back(other.lock);
      return isOlder;
    });
  }
}

/// Whether a library function lets threads meet.
static bool isBarrier(const link::Program &program, link::FunctionId function) {
  const model::FunctionModel *model = program.function(function).model;
  return model && llvm::any_of(model->effects, [](const model::Effect &effect) {
           return effect.kind == EffectKind::Signals && effect.what == "barrier";
         });
}

States FunctionExecutor::applyEffect(State state, const model::Effect &effect, Applies how, link::FunctionId callee,
                                     CallFrame &frame) {
  States after;
  bool certain = how == Applies::Yes;
  auto callNow = [&](const model::Operand &op, llvm::ArrayRef<model::Operand> arguments, bool forward) {
    CallFrame call;
    call.location = frame.location;
    call.site = std::int64_t(llvm::hash_combine(frame.site, op.text));
    call.unwind = frame.unwind;
    call.arguments.append(operandList(state, arguments, false, frame, nullptr));
    if (forward) {
      call.destination = frame.destination;
      call.resultSlot = frame.resultSlot;
    }
    return callValue(state, callableValue(state, op, frame), call);
  };
  noteEffectAccess(state, effect, frame);
  switch (effect.kind) {
  case EffectKind::Acquire:
    if (effect.success && !assumeSuccess(state, *effect.success, true, frame))
      break;
    return lockOperation(state, effect, effect.lock, operandPlace(state, effect.lock, frame), EffectKind::Acquire,
                         frame, 0);
  case EffectKind::Release: {
    TermId lock = operandPlace(state, effect.lock, frame);
    if (!certain && !findHeld(state, lock))
      break; // the guard's state is not known and nothing is held: it is empty
    return lockOperation(state, effect, effect.lock, lock, EffectKind::Release, frame, 0);
  }
  case EffectKind::TryAcquire:
    return tryAcquire(std::move(state), effect, frame);
  case EffectKind::AcquireAll:
    return acquireAll(std::move(state), effect, frame);
  case EffectKind::InitLock:
  case EffectKind::DestroyLock:
    lockLife(state, effect, frame);
    break;
  case EffectKind::Wait:
    return applyWait(std::move(state), effect, frame);
  case EffectKind::Notify:
    applyNotify(state, effect, frame);
    break;
  case EffectKind::Writes:
    noteMemberWrite(state, operandPlace(state, effect.place, frame));
    noteChange(state, operandPlace(state, effect.place, frame), frame.location);
    break;
  case EffectKind::Set: {
    TermId value = operandValue(state, effect.value, frame);
    TermId place = operandPlace(state, effect.place, frame);
    noteMemberWrite(state, place);
    Cursor source = operand(state, effect.value, frame);
    if (source.isPlace && recordOf(source.term)) {
      copyObject(state, place, source.term);
    } else if (link::RecordId record = terms()[value].kind == TermKind::Integer ? recordOf(place) : 0) {
      // Each field gets it: `memset(&object, 0, sizeof object)`.
      llvm::ArrayRef<link::FieldId> fields = Program.record(record).fields;
      for (link::FieldId field : fields.take_front(24))
        if (TermId part = terms().field(place, field); !recordOf(part))
          storeValue(state, part, value);
    } else {
      storeValue(state, place, value);
    }
    moveThreads(state, place, 0);
    break;
  }
  case EffectKind::Move:
    noteMemberWrite(state, operandPlace(state, effect.place, frame));
    moveObject(state, operandPlace(state, effect.place, frame), operandPlace(state, effect.from, frame));
    moveThreads(state, operandPlace(state, effect.place, frame), operandPlace(state, effect.from, frame));
    break;
  case EffectKind::Returns:
    if (frame.destination)
      copyObject(state, frame.destination, operandPlace(state, effect.value, frame));
    else
      setResult(state, frame, operandValue(state, effect.value, frame));
    break;
  case EffectKind::Swap: {
    TermId a = operandPlace(state, effect.place, frame), b = operandPlace(state, effect.value, frame);
    if (!recordOf(a) && !recordOf(b)) {
      const TermId first = load(state, a), second = load(state, b);
      storeValue(state, a, second);
      storeValue(state, b, first);
      break;
    }
    State before = state;
    copyObject(state, a, b);
    State other = before;
    other.forget(terms(), b);
    copyObject(other, b, a);
    for (auto [place, value] : other.entries())
      if (terms().mentions(place, b))
        state.store(place, value);
    break;
  }
  case EffectKind::Atomic:
    if (!Shared.spinLocks.empty() && Shared.spinLocks.contains(terms(), operandPlace(state, effect.place, frame)))
      return spinOperation(std::move(state), effect, frame);
    if (effect.operation != "load")
      noteChange(state, operandPlace(state, effect.place, frame), frame.location);
    if (effect.value && (effect.operation == "store" || effect.operation == "exchange"))
      state.store(operandPlace(state, effect.place, frame), operandValue(state, effect.value, frame));
    break;
  case EffectKind::Destroys:
    if (!certain && !effect.callee)
      break;
    if (const llvm::SmallVector<Held, 2> before = state.locks; before.size() > 1) {
      after = destroy(std::move(state), effect, callee, frame);
      for (State &next : after)
        giveBackOlderRounds(Shared.solution, Function, before, next);
      return after;
    }
    return destroy(std::move(state), effect, callee, frame);
  case EffectKind::Constructs:
    return construct(std::move(state), effect, callee, frame);
  case EffectKind::Calls:
    markCompletion(state.rounds, isBarrier(Program, callee));
    after = callNow(effect.callee, effect.arguments, effect.forwardResult);
    for (State &next : after)
      markCompletion(next.rounds, false);
    return after;
  case EffectKind::Once: {
    // One thread runs it; all others go on only after it.
    HandOver done{operandPlace(state, effect.flag, frame), HandOver::Any};
    Shared.solution.onceFlags[done.place] = terms().field(done.place, Program.ghostField("$once"));
    enterOnce(state, done.place, step(frame.location));
    after = callNow(effect.callee, effect.arguments, false);
    for (State &next : after) {
      leaveOnce(next, done.place);
      noteAwaited(next, done); // whoever runs it has waited for nobody
      noteSignal(next, done);
    }
    return after;
  }
  case EffectKind::Spawns:
  case EffectKind::SignalHandler: {
    bool isHandler = effect.kind == EffectKind::SignalHandler;
    TermId object = 0;
    const TermId method = namedMethod(state, effect.callee, frame, object);
    TermId callable = method ? method : callableValue(state, effect.callee, frame);
    if (terms()[callable].kind == TermKind::Integer || (isHandler && isOverlaid(state, callable)))
      break; // the default action, or no function
    TermId handle = effect.handle ? operandPlace(state, effect.handle, frame) : 0;
    if (isHandler)
      handle = load(state, processFact("@sigmask"));
    auto arguments = operandList(state, effect.arguments, false, frame, nullptr);
    if (method)
      arguments.insert(arguments.begin(), object);
    if (effect.success)
      assumeSuccess(state, *effect.success, true, frame);
    Detached detached = effect.detached ? Detached::Yes : Detached::No;
    for (const model::Condition &wanted : effect.detachedWhen) {
      std::optional<bool> truth = condition(state, wanted, frame);
      detached = truth == false ? Detached::No : !truth && detached == Detached::Yes ? Detached::Maybe : detached;
    }
    frame.startsMany = effect.times == "many";
    start(state, callable, arguments, handle, isHandler ? "handler" : effect.what, frame, step(frame.location),
          detached);
    break;
  }
  case EffectKind::Stores: {
    TermId place = operandPlace(state, effect.place, frame);
    state.store(place, callableValue(state, effect.callee, frame));
    keepBound(state, place, operandList(state, effect.arguments, false, frame, nullptr));
    break;
  }
  case EffectKind::Joins: {
    Cursor handle = operand(state, effect.handle, frame);
    const TermId at = handle.isPlace ? handle.term : 0, joined = handle.isPlace ? load(state, at) : handle.term;
    // Where a thread runs that was put there, there is one to wait for.
    auto isThere = [&](const Alive &thread) { return !thread.detached && joins(state, at, joined, thread); };
    if (!certain && !(how == Applies::WhenUnknown && llvm::any_of(state.alive, isThere)))
      break;
    if (effect.success)
      assumeSuccess(state, *effect.success, true, frame);
    join(state, joined, at, effect.bound && boundIsShort(state, effect, frame), frame);
    break;
  }
  case EffectKind::Detaches:
    detach(state, effect, frame);
    break;
  case EffectKind::Exits:
    addEnding(state, false);
    return after;
  case EffectKind::Throws:
    if (frame.canUnwind)
      unwindFrom(state, frame, step(frame.location));
    break;
  case EffectKind::Signals:
    // An object that goes away wakes those that wait; nobody may rely on it.
    if (!(Program.function(callee).flags & ir::FunctionIsDestructor))
      givePost(state, operandPlace(state, effect.place, frame), effect.what == "barrier", frame.location);
    break;
  case EffectKind::Blocks:
  case EffectKind::Awaits:
    if (effect.kind == EffectKind::Awaits) {
      if (!effect.bound)
        awaitPost(state, operandPlace(state, effect.place, frame), frame.location);
      noteMeeting(state);
    }
    if (how != Applies::UnlessUnknown && effect.what != "file" && !effect.what.empty())
      applyBlock(state, effect, frame);
    break;
  case EffectKind::UnsafeInSignal:
    noteUnsafe(state, effect.what, callee, frame);
    break;
  case EffectKind::Fork: {
    after = descriptorEffect(std::move(state), effect, how, frame);
    for (State &next : after)
      noteFork(next, effect, frame, callee);
    return after;
  }
  case EffectKind::Exec:
    applyExec(state);
    return descriptorEffect(std::move(state), effect, how, frame);
  case EffectKind::SpawnChild:
    // The child gets its name there; what is known of it comes after.
    after = descriptorEffect(std::move(state), effect, how, frame);
    for (State &next : after)
      spawnChild(next, effect, callee, frame);
    return after;
  case EffectKind::WaitChild:
    waitChild(state, effect, callee, frame);
    return descriptorEffect(std::move(state), effect, how, frame);
  case EffectKind::Kill:
    killChild(state, effect, frame);
    return descriptorEffect(std::move(state), effect, how, frame);
  case EffectKind::Python:
    applyPython(state, effect, callee, frame);
    break;
  case EffectKind::Reaps:
    reapsChild(state, effect, frame);
    break;
  case EffectKind::SignalSet:
    changeSignalSet(state, effect, frame);
    break;
  case EffectKind::SignalMask:
    changeSignalMask(state, effect, frame);
    break;
  case EffectKind::Alarm:
    setAlarm(state, effect, frame);
    break;
  default:
    return descriptorEffect(std::move(state), effect, how, frame);
  }
  after.push_back(std::move(state));
  return after;
}

} // namespace gridlock::solve
