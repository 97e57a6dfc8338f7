//===- WaitTests.h - What is tested around a wait ---------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Decides for every wait for a condition variable whether the condition is
/// tested again afterwards, and what the condition is about. Private to the
/// room; called once, after all functions were executed.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_WAITTESTS_H
#define GRIDLOCK_ENGINE_SOLVE_WAITTESTS_H

#include "engine/solve/Solution.h"

namespace gridlock::solve {

/// Fills `untestedWaits` and the subjects of `waits`. Linear in the bodies that
/// wait and in those that call them, a few levels up.
void judgeWaits(Solution &solution);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_WAITTESTS_H
