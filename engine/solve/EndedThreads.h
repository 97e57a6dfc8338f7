//===- EndedThreads.h - Threads that a shutdown has waited for --*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A thread's handle in a global object tells a function which thread another
/// one has waited for. Used by the phases, and by what is decided with them.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_ENDEDTHREADS_H
#define GRIDLOCK_ENGINE_SOLVE_ENDEDTHREADS_H

#include "engine/solve/Solution.h"

namespace gridlock::solve {

/// Takes the threads out of `alive` (sorted) whose handles had been joined before,
/// and notes that some have ended.
void dropJoined(const Solution &solution, llvm::ArrayRef<TermId> joined, llvm::SmallVectorImpl<std::uint32_t> &alive);

/// Whether a run on the thread of `main`, while `alive` may run, comes after the
/// end of the other root's thread.
bool isPast(const Solution &solution, const Root &main, llvm::ArrayRef<std::uint32_t> alive, const Root &other);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_ENDEDTHREADS_H
