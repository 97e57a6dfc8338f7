//===- ThreadHandles.h - Handles that nobody waits for ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds members and globals that get a running thread and that no code of the
/// program joins, detaches, hands on or copies. Private to the room; called
/// once, after all functions were executed.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_THREADHANDLES_H
#define GRIDLOCK_ENGINE_SOLVE_THREADHANDLES_H

#include "engine/solve/Solution.h"

namespace gridlock::solve {

/// Fills `unjoinedHandles`. Linear in all events.
void findUnjoinedHandles(Solution &solution);

/// Whether a thread's function neither returns nor ends its thread by a call.
bool runsForEver(const Solution &solution, link::FunctionId entry);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_THREADHANDLES_H
