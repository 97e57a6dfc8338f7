//===- ChosenThread.h - What only one of several threads does ---*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Numbers that choose one of the threads that a loop starts, as choices of an
/// access. Private to the room; for one thread, linear in what a path knows.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_CHOSENTHREAD_H
#define GRIDLOCK_ENGINE_SOLVE_CHOSENTHREAD_H

#include "engine/solve/Access.h"
#include "engine/solve/AccessFilter.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace gridlock::solve {

/// Adds what a path has decided about values that may number threads.
void noteChoices(const TermTable &terms, const AccessFilter &filter, const State &state,
                 llvm::SmallVectorImpl<Choice> &choices);

/// Whether both are done by the thread that got one certain element of a global array,
/// though threads of the kind are started in two places.
bool areOfOneElement(const TermTable &terms, const AccessRecord &a, const AccessRecord &b);

/// A callee's or a started thread's choices in the names of the function that
/// calls or, when `starts`, starts it; `wasStarted`: below. `differs` tells of a value whether each
/// start there gets another one.
/// \returns whether they can be met at all.
bool passOnChoices(const TermTable &terms, llvm::SmallVectorImpl<Choice> &choices, bool wasStarted, bool starts,
                   llvm::function_ref<TermId(TermId)> substitute, llvm::function_ref<bool(TermId)> differs);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_CHOSENTHREAD_H
