//===- Phases.h - Threads, phases and callers' locks ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The whole-program phases of the solver that run after all summaries exist:
/// thread roots, and for each function the contexts in which it runs (root,
/// whether other threads may run by then, locks that every caller holds).
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_PHASES_H
#define GRIDLOCK_ENGINE_SOLVE_PHASES_H

#include "engine/solve/Solution.h"

namespace gridlock::solve {

/// Fills `roots`, `contexts`, `callsFrom`, and the spawns of joins.
void findPhases(Solution &solution);

/// Says in which programs each root runs; contexts must be complete.
void partitionRoots(Solution &solution);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_PHASES_H
