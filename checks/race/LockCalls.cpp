//===- LockCalls.cpp - How a lock of some type is taken in code -----------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/race/LockCalls.h"

namespace gridlock::checks {

/// Whether all that a function does is this, with what its first argument points to.
static bool doesOnly(const model::FunctionModel &model, model::EffectKind kind) {
  if (model.effects.size() != 1)
    return false;
  const model::Effect &effect = model.effects.front();
  return effect.kind == kind && effect.lock.text == "*0" && effect.mode == model::LockMode::Exclusive &&
         effect.when.empty() && effect.unless.empty() && !effect.bound;
}

/// Whether its one parameter is a pointer to the type.
static bool takesAddressOf(const link::Program &program, const link::FunctionInfo &function, llvm::StringRef typeName) {
  const ir::Unit &unit = program.unit(function.row.unit);
  const ir::List &parameters = unit.functions[function.row.row].parameterTypes;
  if (parameters.count != 1)
    return false;
  const ir::Type &pointer = unit.types[unit.lists[parameters.first]];
  return pointer.kind == ir::TypeKind::Pointer && unit.strings[unit.types[pointer.element].name] == typeName;
}

std::optional<LockCalls> lockCallsOf(const link::Program &program, llvm::StringRef typeName) {
  LockCalls found;
  for (link::FunctionId id = 1; id < program.functionCount(); ++id) {
    const link::FunctionInfo &function = program.function(id);
    if (!function.row.row || function.record)
      continue;
    const model::FunctionModel *model = program.models().function(function.qualifiedName, {});
    if (!model)
      continue;
    for (auto [kind, name] : {std::pair(model::EffectKind::Acquire, &found.acquire),
                              std::pair(model::EffectKind::Release, &found.release)}) {
      if (!doesOnly(*model, kind) || !takesAddressOf(program, function, typeName))
        continue;
      if (!name->empty())
        return std::nullopt;
      *name = function.qualifiedName;
    }
  }
  if (found.acquire.empty() || found.release.empty())
    return std::nullopt;
  return found;
}

bool isLockable(const link::Program &program, link::RecordId record) {
  auto has = [&](llvm::StringRef method) {
    std::string name = (llvm::StringRef(program.record(record).qualifiedName) + "::" + method).str();
    return program.findMethod(record, method) || program.models().function(name, {});
  };
  return record && has("lock") && has("unlock");
}

} // namespace gridlock::checks
