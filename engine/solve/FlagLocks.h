//===- FlagLocks.h - Locks that are made of a flag --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Flags that a program uses as locks, under a mutex and with a condition
/// variable: who wants the flag waits while it is set, sets it and lets the mutex
/// go; who is done clears it and wakes the others. Reader-writer locks of the
/// program's own are such flags with a counter of readers beside them.
///
/// Found in the linked tables, before solving; cost: linear in all events.
/// Read-only once built.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_FLAGLOCKS_H
#define GRIDLOCK_ENGINE_SOLVE_FLAGLOCKS_H

#include "engine/solve/BodyGraph.h"
#include "engine/solve/Entity.h"
#include "engine/solve/PairedCalls.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace gridlock::solve {

class FlagLocks {
public:
  FlagLocks(const link::Program &program, const PairedCalls &pairs);

  bool empty() const { return Flags.empty(); }
  /// Functions that take or give back such a lock.
  llvm::ArrayRef<link::FunctionId> users() const { return Users; }
  /// Whether the place is a flag that is a lock.
  bool contains(const TermTable &terms, TermId place) const { return Flags.contains(entityOf(terms, place)); }
  /// Whether the entity is such a flag, or the counter of its readers.
  bool isPartOfLock(Entity entity) const { return Flags.contains(entity) || FlagOfReaders.contains(entity); }
  /// The flag that guards what this counter's readers read, in the same object;
  /// 0: the place is no such counter.
  TermId flagOfReaders(TermTable &terms, TermId place) const;
  /// The calls, by row, with which the function waits for the flag, or for the
  /// flag beside this counter, before it takes it; none: it does not wait.
  llvm::ArrayRef<ir::Index> waits(link::FunctionId function, Entity flag) const;

  /// Whether the function waits, for ever if need be, until the entity is not zero.
  bool awaitsNonZero(link::FunctionId function, Entity entity) const { return AwaitedBy.contains({function, entity}); }
  /// ... and whether any function does.
  bool isAwaitedNonZero(Entity entity) const { return Awaited.contains(entity); }

private:
  /// What one function does with a flag.
  struct Use {
    bool claims = false, clears = false;
    llvm::SmallVector<ir::Index, 1> waits;
  };
  void collect(link::FunctionId function);
  void findWaits(link::FunctionId function, llvm::ArrayRef<ir::Index> calls);
  void addZeros(link::FunctionId function, ir::Index value, bool truth, llvm::SmallVectorImpl<Entity> &zeros) const;
  void addZerosOfPredicate(link::FunctionId function, ir::Index call, bool truth,
                           llvm::SmallVectorImpl<Entity> &zeros) const;
  bool isPaired(Entity flag, const PairedCalls &pairs) const;
  void decide(const PairedCalls &pairs);

  const link::Program &Program;
  llvm::DenseMap<std::pair<link::FunctionId, Entity>, Use> Uses;
  /// Written in a way that no lock is, or awaited until it is set.
  llvm::DenseSet<Entity> Others;
  llvm::DenseSet<std::pair<link::FunctionId, Entity>> AwaitedBy; ///< until they are not zero
  llvm::DenseSet<Entity> Awaited;                                ///< ... by somebody
  llvm::DenseSet<Entity> Counted;                                ///< only ever counted up and down
  llvm::DenseSet<Entity> Flags;
  llvm::DenseMap<Entity, Entity> FlagOfReaders;
  std::vector<link::FunctionId> Users;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_FLAGLOCKS_H
