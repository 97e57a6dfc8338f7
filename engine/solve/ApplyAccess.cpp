//===- ApplyAccess.cpp - Accesses that library calls make -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Effects of models as the race rules see them: a container that is read or
// changed, an atomic operation, a hand-over between threads. An atomic store is
// a signal; a branch that an atomic load decided is a wait for it.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using model::EffectKind;

/// Of the further arguments of a call that formats, it goes through those that are
/// texts.
void FunctionExecutor::noteTextsRead(State &state, const model::Operand &places, CallFrame &frame) {
  llvm::SmallVector<model::Operand, 4> written;
  const auto texts = operandList(state, places, /*places=*/true, frame, &written);
  for (auto [text, operand] : llvm::zip(texts, written)) {
    const std::uint64_t number = std::uint64_t(operand.steps.front().number);
    if (!frame.call || number >= frame.call->arguments.count)
      continue;
    const ir::Expr &argument = Unit.exprs[Unit.lists[frame.call->arguments.first + number]];
    const ir::Type &type = Unit.types[argument.type];
    const bool isText = (type.kind == ir::TypeKind::Pointer || type.kind == ir::TypeKind::Array) &&
                        Unit.strings[Unit.types[type.element].name] == "char";
    if (isText && argument.kind != ir::ExprKind::StringConst)
      noteAccessTo(state, text, AccessKind::Read, 0, frame.location);
  }
}

/// What an atomic operation's result tells of who else may have got it.
Contest FunctionExecutor::outcomeOf(State &state, const model::Effect &effect, CallFrame &frame) {
  auto constant = [&](const model::Operand &operand) -> std::optional<std::int64_t> {
    const Term &value = terms()[operand ? operandValue(state, operand, frame) : 0];
    return value.kind == TermKind::Integer ? std::optional(value.number) : std::nullopt;
  };
  if (effect.operation == "update")
    return {Contest::Counts, {}, {}};
  if (effect.operation == "exchange")
    return {Contest::Swaps, constant(effect.value), {}};
  const bool tells = frame.call && tellsSuccess(effect, Unit.types[frame.call->type]);
  return {tells ? Contest::Success : Contest::Swaps, {}, constant(effect.expected)};
}

void FunctionExecutor::noteEffectAccess(State &state, const model::Effect &effect, CallFrame &frame) {
  if (!Shared.filter.anyThreads())
    return;
  auto access = [&](const model::Operand &place, AccessKind kind, AccessFlagSet flags = 0) {
    TermId at = operandPlace(state, place, frame);
    if (isAtomic(kind))
      at = withoutGhosts(Program, terms(), at);
    noteAccessTo(state, at, kind, flags, frame.location);
    return at;
  };
  switch (effect.kind) {
  case EffectKind::Reads: {
    if (effect.place.andFollowing) {
      noteTextsRead(state, effect.place, frame);
      break;
    }
    TermId at = access(effect.place, AccessKind::Read);
    noteQuery(frame, at);
    if (frame.resultSlot)
      Shared.solution.loadedFrom[terms()[frame.resultSlot].number] = at;
    break;
  }
  case EffectKind::Writes:
    access(effect.place, AccessKind::Update, effect.tests ? AccessFlagSet(AccessTests) : 0);
    break;
  case EffectKind::Atomic: {
    bool load = effect.operation == "load", store = effect.operation == "store";
    TermId at = access(effect.place, load    ? AccessKind::AtomicLoad
                                     : store ? AccessKind::AtomicStore
                                             : AccessKind::AtomicUpdate);
    if (!load) {
      TermId value = effect.value ? operandValue(state, effect.value, frame) : 0;
      std::optional<bool> truth = value ? state.decide(terms(), value) : std::nullopt;
      publish(state, at, value);
      // Who stores without order has the only thread that stores, or a lock.
      const bool isRelaxed = effect.order && terms().isInteger(operandValue(state, effect.order, frame), 0);
      if (store && !isRelaxed)
        noteStore(state, at, value, frame.location);
      else if (!store)
        llvm::erase_if(state.tested, [&](const SectionTest &test) { return test.place == at; });
      noteSignal(state, {at, HandOver::valueOf(truth)});
    }
    if (!store && frame.resultSlot) {
      Shared.solution.loadedFrom[terms()[frame.resultSlot].number] = at;
      Shared.solution.atomicLoads.insert(at);
      if (!load)
        Shared.solution.contests[frame.resultSlot] = outcomeOf(state, effect, frame);
    }
    break;
  }
  case EffectKind::Signals:
    noteSignal(state, {operandPlace(state, effect.place, frame), HandOver::Any});
    if (effect.what == "barrier")
      noteRound(state, operandPlace(state, effect.place, frame), /*arrives=*/true);
    break;
  case EffectKind::Awaits:
    noteAwaited(state, {operandPlace(state, effect.place, frame), HandOver::Any});
    if (effect.what == "barrier")
      noteRound(state, operandPlace(state, effect.place, frame), /*arrives=*/false);
    break;
  case EffectKind::Notify:
    noteSignal(state, {operandPlace(state, effect.condition, frame), HandOver::Any});
    break;
  case EffectKind::Wait:
    noteAwaited(state, {operandPlace(state, effect.condition, frame), HandOver::Any});
    break;
  case EffectKind::Acquire:
  case EffectKind::TryAcquire:
  case EffectKind::Release: {
    TermId lock = operandPlace(state, effect.lock, frame);
    link::RecordId userLock = 0;
    if (lockTraits(effect.lock, frame, lock, userLock).kind != model::LockKind::Semaphore ||
        Shared.semaphores.isLimit(terms(), lock))
      break;
    if (effect.kind == EffectKind::Release)
      noteSignal(state, {lock, HandOver::Any});
    else
      noteAwaited(state, {lock, HandOver::Any});
    break;
  }
  default:
    break;
  }
}

} // namespace gridlock::solve
