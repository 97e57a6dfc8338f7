//===- Semaphores.h - Semaphores that are used as locks ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tells semaphores that are mutexes by another name from those that count or hand
/// over: they start at one, and whoever posts one has waited for it. Semaphores of the
/// program's own are told apart as those of libraries are.
/// Found once for a program, before anything is solved; read-only afterwards.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SEMAPHORES_H
#define GRIDLOCK_ENGINE_SOLVE_SEMAPHORES_H

#include "engine/solve/BodyGraph.h"
#include "engine/solve/OwnSemaphores.h"
#include "llvm/ADT/DenseSet.h"

namespace gridlock::solve {

class Semaphores {
public:
  /// Linear in the events of the program.
  Semaphores(const link::Program &program, const PairedCalls &pairs, const OwnSemaphores &own);

  /// Whether the semaphore at a place is used as a lock.
  bool isLock(const TermTable &terms, TermId place) const;

  /// ... or the one whose address the value of a call's argument is.
  bool isLock(const link::Program::UnitLink &link, ir::Index value) const;

  /// Whether it lets several threads at a time through a section, which each of them
  /// leaves again: that orders nothing.
  bool isLimit(const TermTable &terms, TermId place) const;

  /// The lock that a counter of readers stands for: the first one takes it and the last
  /// one gives it back, so that all of them hold it together. 0: it is no such counter.
  TermId lockOfReaders(TermTable &terms, TermId counter) const;
  bool isCounterOfReaders(Entity counter) const { return LockOfReaders.contains(counter); }
  /// Whether a call, by row, is that of the first or of the last reader.
  bool isByReaders(link::UnitId unit, ir::Index call) const { return ReadersCalls.contains({unit, call}); }
  bool hasReaders() const { return !LockOfReaders.empty(); }

  /// The classes of the program that are semaphores.
  const OwnSemaphores &own() const { return Own; }

private:
  /// What the program does with one semaphore: a variable or a field, or what a pointer
  /// in one leads to.
  struct Use {
    bool one = false, several = false; ///< its first count
    bool other = false;                ///< ... is zero, or not known
    llvm::SmallVector<link::FunctionId, 4> posting;
    llvm::DenseSet<link::FunctionId> waiting;
  };
  void collect(link::FunctionId function);
  void noteCall(const link::Program::UnitLink &link, const ir::Call &call, link::FunctionId function);
  void noteFirst(Entity semaphore, std::optional<std::int64_t> count);
  static Entity pointeeOf(Entity pointer) { return pointer ? pointer | (1ull << 63) : 0; }
  static bool isPointee(Entity semaphore) { return semaphore >> 63; }
  static Entity semaphoreAt(const link::Program::UnitLink &link, ir::Index value);
  static Entity semaphoreOf(const TermTable &terms, TermId place);

  struct ReadersUse {
    Entity counter = 0, semaphore = 0;
    link::UnitId unit = 0;
    ir::Index call = 0;
    bool isWait = false;
  };
  void collectReaders(link::FunctionId function);
  void findReaders();

  const link::Program &Program;
  const OwnSemaphores &Own;
  std::vector<ReadersUse> ReadersUses; ///< empty once it is built
  llvm::DenseMap<Entity, Entity> LockOfReaders;
  llvm::DenseSet<std::pair<link::UnitId, ir::Index>> ReadersCalls;
  llvm::DenseMap<Entity, Use> Uses; ///< empty once it is built
  llvm::DenseSet<Entity> Locks, Limits;
  llvm::DenseSet<link::FunctionId> Users; ///< that wait for some; empty once it is built
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SEMAPHORES_H
