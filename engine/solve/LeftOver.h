//===- LeftOver.h - Records that no caller has taken over -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A wait for a child goes up to the callers, since one of them may know what
/// bounds it or that it is never made. Private to the solver; called by Solve.cpp
/// once all functions have run. Linear in the summaries.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_LEFTOVER_H
#define GRIDLOCK_ENGINE_SOLVE_LEFTOVER_H

#include "engine/solve/Engine.h"

namespace gridlock::solve {

/// The fact that a wait's record becomes in the function where it ends.
ChildWait waitOf(const Record &record, link::FunctionId function);

/// Notes that a caller has seen what happens in a function.
void noteTakenOver(Engine &engine, link::FunctionId function);

/// Makes facts of what was handed on to callers of which none has come.
void finishLeftOver(Engine &engine);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_LEFTOVER_H
