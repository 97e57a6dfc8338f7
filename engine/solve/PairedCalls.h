//===- PairedCalls.h - Who gives back what he took ---------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tells flags and semaphores that are locks from those that hand something over:
/// of a lock, whoever gives it back has taken it, in the same function or in one that
/// it or its caller calls, such as `lock()` beside `unlock()`.
///
/// Found in the linked tables, before solving; linear in all events. Read-only once
/// built; used by FlagLocks and Semaphores.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_PAIREDCALLS_H
#define GRIDLOCK_ENGINE_SOLVE_PAIREDCALLS_H

#include "engine/link/Program.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace gridlock::solve {

class PairedCalls {
public:
  explicit PairedCalls(const link::Program &program);

  /// Whether everybody who gives has taken. False when nobody gives. O(calls around
  /// the givers).
  bool arePaired(llvm::ArrayRef<link::FunctionId> givers, llvm::function_ref<bool(link::FunctionId)> takes) const;

private:
  using Functions = llvm::SmallVector<link::FunctionId, 4>;
  bool takesNearby(link::FunctionId function, llvm::function_ref<bool(link::FunctionId)> takes) const;

  std::vector<Functions> Callers, Callees; ///< by function, once each
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_PAIREDCALLS_H
