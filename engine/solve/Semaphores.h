//===- Semaphores.h - Semaphores that are used as locks ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tells semaphores that are mutexes by another name from those that count or hand
/// over: they start at one, and every function that posts one also waits for it.
/// Found once for a program, before anything is solved; read-only afterwards.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SEMAPHORES_H
#define GRIDLOCK_ENGINE_SOLVE_SEMAPHORES_H

#include "engine/solve/Entity.h"
#include "llvm/ADT/DenseSet.h"

namespace gridlock::solve {

class Semaphores {
public:
  /// Linear in the events of the program.
  explicit Semaphores(const link::Program &program);

  /// Whether the semaphore at a place is used as a lock.
  bool isLock(const TermTable &terms, TermId place) const;

  /// Whether it lets several threads at a time through a section, which each of them
  /// leaves again: that orders nothing.
  bool isLimit(const TermTable &terms, TermId place) const;

private:
  llvm::DenseSet<Entity> Locks, Limits;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SEMAPHORES_H
