//===- OutParameters.cpp - What code that is not seen writes ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `struct pollfd p = {.fd = fd}; poll(&p, 1, -1); if (p.revents)`: without the
// body of `poll` the zero that stands in `p.revents` would decide the branch,
// and all that happens under it would be lost. So what a function without a body
// gets the address of is not known after the call: a variable as a whole, and of
// an object the members that hold plain numbers. Pointers in an object stay,
// since whoever fills it in seldom exchanges them and much depends on them; so do
// the ghosts of models.
//
// A model that speaks of what a parameter points to has said what happens there.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "engine/summary/Parameters.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Whether an operand begins with this argument.
static bool namesArgument(const model::Operand &operand, unsigned position) {
  return !operand.steps.empty() && operand.steps.front().kind == model::OperandKind::Argument &&
         (operand.steps.front().number == position ||
          (operand.andFollowing && operand.steps.front().number <= std::int64_t(position)));
}

/// Whether a model tells what becomes of what an argument leads to, or hands it
/// on. That it is written is no more than is assumed without a model.
static bool speaksOf(const model::FunctionModel &model, unsigned position) {
  using enum model::EffectKind;
  return llvm::any_of(model.effects, [&](const model::Effect &effect) {
    auto names = [&](const model::Operand &operand) { return namesArgument(operand, position); };
    auto conditionNames = [&](const model::Condition &condition) {
      return names(condition.left) || names(condition.right);
    };
    if (llvm::any_of(effect.when, conditionNames) || llvm::any_of(effect.unless, conditionNames))
      return true;
    if (effect.kind == Writes || effect.kind == Reads || effect.kind == Poll || effect.kind == Read ||
        effect.kind == Blocks)
      return false;
    const model::Operand *single[] = {
        &effect.lock,          &effect.place,          &effect.value,        &effect.expected,  &effect.order,
        &effect.callee,        &effect.flag,           &effect.handle,       &effect.condition, &effect.predicate,
        &effect.descriptor,    &effect.from,           &effect.to,           &effect.flags,     &effect.size,
        &effect.readEnd,       &effect.writeEnd,       &effect.child,        &effect.signal,    &effect.actions,
        &effect.standardInput, &effect.standardOutput, &effect.standardError};
    return llvm::any_of(single, [&](const model::Operand *operand) { return names(*operand); }) ||
           llvm::any_of(effect.locks, names) || llvm::any_of(effect.arguments, names) ||
           llvm::any_of(effect.descriptors, names) || (effect.success && conditionNames(*effect.success)) ||
           (effect.bound && names(effect.bound->value));
  });
}

/// Whether the function promises not to write what it gets a pointer or reference to.
static bool isPromisedConst(const ir::Unit &unit, const ir::Function &function, unsigned parameter) {
  if (parameter >= function.parameterTypes.count)
    return false;
  const ir::Type &type = unit.types[unit.lists[function.parameterTypes.first + parameter]];
  bool refers = type.kind == ir::TypeKind::Pointer || type.kind == ir::TypeKind::Reference;
  return refers && (unit.types[type.element].flags & ir::TypeIsConst);
}

void FunctionExecutor::forgetOutParameters(State &state, link::FunctionId callee, const CallFrame &frame) {
  const link::FunctionInfo &info = Program.function(callee);
  const ir::Unit &unit = Program.unit(info.row.unit);
  const ir::Function &function = unit.functions[info.row.row];
  const unsigned object = ir::takesObject(unit, function) ? 1 : 0;
  for (unsigned position = 0; position < frame.arguments.size(); ++position) {
    const Term term = terms()[frame.arguments[position]];
    if (term.kind != TermKind::Address)
      continue;
    TermId place = term.a;
    while (terms()[place].kind == TermKind::Element)
      place = terms()[place].a; // an array as a whole
    if (terms()[terms().root(place)].kind != TermKind::Local)
      continue;
    if (position < object ? (info.flags & ir::FunctionIsConst) != 0
                          : isPromisedConst(unit, function, position - object))
      continue;
    if (info.model && speaksOf(*info.model, position))
      continue;
    auto unknown = [&](TermId written) {
      return terms().opaque(OriginKind::CallResult, std::int64_t(llvm::hash_combine(frame.site, written)));
    };
    if (place == term.a && terms()[place].kind != TermKind::Field && !recordOf(place)) {
      state.forget(terms(), place);
      state.store(place, unknown(place));
      continue;
    }
    llvm::SmallVector<TermId, 8> numbers;
    for (const auto &[written, value] : state.entries()) {
      if (terms()[value].kind != TermKind::Integer || !terms().isPartOf(written, place))
        continue;
      const Term &last = terms()[written];
      if (last.kind != TermKind::Field || Program.field(last.b).record)
        numbers.push_back(written);
    }
    for (TermId written : numbers)
      state.store(written, unknown(written));
  }
}

} // namespace gridlock::solve
