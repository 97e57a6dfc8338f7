//===- Parameters.h - How a function numbers its arguments ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Arguments of calls include the object of a method, in front; parameters do not.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SUMMARY_PARAMETERS_H
#define GRIDLOCK_ENGINE_SUMMARY_PARAMETERS_H

#include "engine/summary/Ir.h"

namespace gridlock::ir {

/// Whether a function's first argument is the object it is called on. Its first
/// variable is `this` then.
inline bool takesObject(const Unit &unit, const Function &function) {
  return function.variables.count && unit.variables[unit.lists[function.variables.first]].kind == VariableKind::This;
}

} // namespace gridlock::ir

#endif // GRIDLOCK_ENGINE_SUMMARY_PARAMETERS_H
