//===- OwnSemaphores.h - Semaphores that a program makes itself --*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Classes that are semaphores: a count under a mutex, with a condition variable, or a
/// library's semaphore in a class of its own. One function waits while the count is zero
/// and takes one off, another one adds one and wakes. Calls of the two mean what
/// `sem_wait` and `sem_post` mean, for the object; so do those of functions that only
/// wait for the semaphore that they get, or post it.
///
/// Found in the linked tables, before solving; linear in all events. Read-only once
/// built. Asked by Semaphores, which tells those that are locks, and by the executor
/// at each call.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_OWNSEMAPHORES_H
#define GRIDLOCK_ENGINE_SOLVE_OWNSEMAPHORES_H

#include "engine/solve/FlagLocks.h"
#include <optional>

namespace gridlock::solve {

/// The argument that a model gives a semaphore as its count; null: the call gives none.
const ir::Expr *initialCount(const ir::Unit &unit, const ir::Call &call, const model::FunctionModel &model);

class OwnSemaphores {
public:
  OwnSemaphores(const link::Program &program, const FlagLocks &flags);

  enum class Act {
    Wait,
    Post,
    SetUp, ///< gives the object its first count
    Make,  ///< returns a new object with its first count
  };
  struct Operation {
    Act act = Act::Wait;
    unsigned object = 0; ///< the argument that leads to the object
    /// Of `SetUp` and `Make`: the count, or the argument that is the count.
    std::optional<std::int64_t> count;
    std::optional<unsigned> countArgument;
  };
  /// What a call of the function does; null: it is no such function.
  const Operation *operation(link::FunctionId function) const;
  /// Of a `Wait` or a `Post`: the model that stands for the function; null for others.
  const model::FunctionModel *modelOf(link::FunctionId function) const;
  /// Whether objects of the class are semaphores.
  bool contains(link::RecordId record) const { return Counts.contains(record); }
  /// Whether a place is a member of such an object, or a part of one.
  bool isPart(const TermTable &terms, TermId place) const;
  /// Whether the field is the count of such a class.
  bool isCount(Entity field) const;
  bool empty() const { return Counts.empty(); }

private:
  struct Use;
  void collect(link::FunctionId function);
  void noteStore(link::FunctionId function, const ir::Event &event, Use &use);
  Entity noteLibraryCall(link::FunctionId function, const ir::Call &call);
  bool isSemaphore(link::UnitId unit, ir::Index type) const;
  bool isPlain(const link::Program::UnitLink &link, const ir::Event &event) const;
  std::optional<unsigned> argumentOf(link::FunctionId function, ir::Index value) const;
  std::optional<unsigned> objectOf(link::FunctionId function, ir::Index place) const;
  void decide();
  void findMakers();
  void findWrappers();

  const link::Program &Program;
  const FlagLocks &Flags;
  /// What one function does with a field that may be a count.
  struct Use {
    unsigned up = 0, down = 0, sets = 0;
    bool awaits = false, notifies = false, locks = false;
    bool isPlain = true; ///< it does nothing besides
    std::optional<unsigned> object;
    std::optional<std::int64_t> count;
    std::optional<unsigned> countArgument;
  };
  llvm::DenseMap<Entity, llvm::DenseMap<link::FunctionId, Use>> Uses; ///< by field
  llvm::DenseMap<link::RecordId, Entity> Counts;
  llvm::DenseMap<link::FunctionId, Operation> Operations;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_OWNSEMAPHORES_H
