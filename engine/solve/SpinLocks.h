//===- SpinLocks.h - Locks that are made of atomics -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Fields and globals that a program uses as locks although their type is none:
/// some loop goes round until an atomic exchange finds them zero and sets them,
/// and somebody sets them back to zero.
///
/// Found in the linked tables, before solving; cost: linear in all events.
/// Read-only once built.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SPINLOCKS_H
#define GRIDLOCK_ENGINE_SOLVE_SPINLOCKS_H

#include "engine/solve/Entity.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <vector>

namespace gridlock::solve {

/// Whether an atomic operation returns that it exchanged, rather than what it found.
inline bool tellsSuccess(const model::Effect &effect, const ir::Type &result) {
  return effect.operation == "compare" && (result.kind == ir::TypeKind::Bool || effect.success);
}

class SpinLocks {
public:
  explicit SpinLocks(const link::Program &program);

  bool empty() const { return Locks.empty(); }
  /// Functions that take or give back such a lock.
  llvm::ArrayRef<link::FunctionId> users() const { return Users; }
  /// Whether a place, or the atomic object whose value it is, is such a lock.
  bool contains(const TermTable &terms, TermId place) const;
  /// Whether the call goes round in a loop until it has the lock.
  bool waits(link::FunctionId function, ir::Index call) const { return Waits.contains({function, call}); }

private:
  void collect(link::FunctionId function);
  void findWaits(link::FunctionId function, const llvm::DenseMap<ir::Index, Entity> &exchanges);
  bool succeeds(link::FunctionId function, ir::Index value, ir::Index call, bool truth) const;

  const link::Program &Program;
  llvm::DenseSet<Entity> Awaited, Cleared, Locks;
  std::vector<std::pair<link::FunctionId, Entity>> Touched;
  std::vector<link::FunctionId> Users;
  llvm::DenseSet<std::pair<link::FunctionId, ir::Index>> Waits;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SPINLOCKS_H
