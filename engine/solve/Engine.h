//===- Engine.h - What all executors of one solve share ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The part of a solve that outlives the execution of one function: the solution
/// that is filled, what the passes before it found out, and the indices that keep
/// equal facts of different functions apart from new ones. Made by `solve`, used by
/// every `FunctionExecutor`, one after the other. Private to the room.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_ENGINE_H
#define GRIDLOCK_ENGINE_SOLVE_ENGINE_H

#include "engine/link/CallableFlow.h"
#include "engine/solve/AccessFilter.h"
#include "engine/solve/ConstantPointers.h"
#include "engine/solve/FatalCode.h"
#include "engine/solve/FlagLocks.h"
#include "engine/solve/SelfRegistrations.h"
#include "engine/solve/Semaphores.h"
#include "engine/solve/SiblingPointers.h"
#include "engine/solve/Solution.h"
#include "engine/solve/SpinLocks.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"

namespace gridlock::solve {

/// What all executors of one solve share.
struct Engine {
  Engine(const link::Program &program, const link::CallableFlow &flow, const AccessFilter &filter,
         const SpinLocks &spinLocks, const FlagLocks &flagLocks, const Semaphores &semaphores,
         const ConstantPointers &pointers, const FatalCode &fatal, Solution &solution, const Options &options)
      : program(program), flow(flow), solution(solution), subjects(*solution.subjects), options(options),
        filter(filter), spinLocks(spinLocks), flagLocks(flagLocks), semaphores(semaphores), pointers(pointers),
        siblings(program), registrations(program, flow), fatal(fatal), heldOnPurpose(solution.heldOnPurpose) {}

  const link::Program &program;
  const link::CallableFlow &flow;
  Solution &solution;
  const Subjects &subjects;
  const Options &options;
  const AccessFilter &filter;
  const SpinLocks &spinLocks;
  const FlagLocks &flagLocks;
  const Semaphores &semaphores;
  const ConstantPointers &pointers;
  const SiblingPointers siblings;
  const SelfRegistrations registrations;
  const FatalCode &fatal;
  /// Functions that some resolved call reaches: their records are handed on.
  std::vector<bool> hasCallers;
  /// Functions whose records some caller outside their cycle has taken over; those
  /// of the cycle at hand (LeftOver.h).
  std::vector<bool> takenOver;
  llvm::ArrayRef<link::FunctionId> cycle;
  /// Functions worth splitting paths for.
  std::vector<bool> interesting;
  /// Equal final facts are kept once.
  llvm::DenseSet<std::uint64_t> seen;
  /// Rows of those that several paths find, in their tables.
  llvm::DenseMap<std::uint64_t, std::uint32_t> factRows;
  /// Final reads of functions that may return what they read, by place: rows of
  /// `Solution::accesses`, plus one.
  llvm::DenseMap<TermId, llvm::SmallVector<std::uint32_t, 2>> returnedReads;
  /// Rows of `Solution::spawns`, by their step.
  llvm::DenseMap<StepId, llvm::SmallVector<std::uint32_t, 1>> spawnsAt;
  llvm::DenseMap<std::uint64_t, std::uint32_t> callSiteIndex, spawnIndex, childIndex;
  /// How many wake-ups of one place are kept, by the function where they meet.
  llvm::DenseMap<std::uint64_t, unsigned> notificationsAt;
  /// Functions that the Python interpreter calls, holding the GIL.
  llvm::DenseSet<link::FunctionId> gilEntries;
  /// See Solution::heldOnPurpose.
  std::set<link::FunctionId> &heldOnPurpose;
  /// The last pass over an SCC: facts become final only now.
  bool finalPass = true;
  /// A call of a function of the cycle at hand that has no summary yet comes
  /// back, its effects unknown; otherwise it does not.
  bool callsReturn = true;
  /// Functions of the cycle whose ways are not all known for that reason.
  llvm::DenseSet<link::FunctionId> unsettled;
  /// The program makes pipes or children at all: else no history is kept.
  bool tracksDescriptors = false;
  /// Functions below which pipes or children are made.
  std::vector<bool> makesPipes;
  /// What the size of a read or write was before the loop that makes it up.
  llvm::DenseMap<TermId, TermId> beforeLoop;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_ENGINE_H
