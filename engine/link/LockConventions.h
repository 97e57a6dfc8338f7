//===- LockConventions.h - Lock operations known by their names -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds functions without body and model that are lock operations by their
/// names, parameters and counterparts: `mu_lock(mu_t *)` beside
/// `mu_unlock(mu_t *)`, `Mutex::Lock()` beside `Mutex::Unlock()`. The linker asks
/// for all of them once, the solver for a field at each call through it. Pure.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_LINK_LOCKCONVENTIONS_H
#define GRIDLOCK_ENGINE_LINK_LOCKCONVENTIONS_H

#include "engine/link/Program.h"
#include <string>
#include <utility>
#include <vector>

namespace gridlock::link {

struct LockConventions {
  std::vector<std::pair<FunctionId, std::string>> functions; ///< with the model's entry that they stand for
  std::vector<std::pair<RecordId, std::string>> types;
};

/// O(functions).
LockConventions findLockConventions(const Program &program);

/// The entry for calls through a field that holds a function, by its name and
/// those of the fields beside it: `ops->lock(x)` beside `ops->unlock`. `argument`
/// leads to the lock. Empty: it is no such field. O(fields of the class).
std::string lockConventionOf(const Program &program, FieldId field, unsigned argument);

} // namespace gridlock::link

#endif // GRIDLOCK_ENGINE_LINK_LOCKCONVENTIONS_H
