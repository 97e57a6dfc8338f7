//===- Exclusion.h - Outcomes that exclude each other -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Keeps apart what a summary's outcomes say about the inputs when several ways
/// through a function are joined into one. Called by the executor when it writes
/// a summary; pure but for new terms.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_EXCLUSION_H
#define GRIDLOCK_ENGINE_SOLVE_EXCLUSION_H

#include "engine/solve/Summary.h"

namespace gridlock::solve {

/// An outcome, and the conditions of the ways that were joined into it.
struct OutcomeGroup {
  Outcome *joined = nullptr;
  std::vector<llvm::SmallVector<Fact, 2>> members;
};

/// Adds to each joined outcome that the conditions of the others do not all
/// hold, where each of its ways contradicts them. Quadratic in the few outcomes.
void keepExclusions(TermTable &terms, llvm::ArrayRef<OutcomeGroup> groups);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_EXCLUSION_H
