//===- LockCalls.h - How a lock of some type is taken in code ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// For edits that take a lock: what the models and the program say of its type.
/// Pure. O(functions of the program) each.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_CHECKS_RACE_LOCKCALLS_H
#define GRIDLOCK_CHECKS_RACE_LOCKCALLS_H

#include "engine/link/Program.h"
#include <optional>
#include <string>

namespace gridlock::checks {

/// Functions that take and give back a lock by its address, and do nothing else.
struct LockCalls {
  std::string acquire, release; ///< `pthread_mutex_lock`
};

/// Those for locks of a type (`pthread_mutex_t`) that the program itself calls;
/// none when it calls several.
std::optional<LockCalls> lockCallsOf(const link::Program &program, llvm::StringRef typeName);

/// Whether a `std::lock_guard` works on objects of the class: it has `lock` and
/// `unlock`.
bool isLockable(const link::Program &program, link::RecordId record);

} // namespace gridlock::checks

#endif // GRIDLOCK_CHECKS_RACE_LOCKCALLS_H
