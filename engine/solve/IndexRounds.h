//===- IndexRounds.h - Bounds of loops in a caller's names ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A loop's counter gets a new name where a caller takes over what was noted in it;
/// so do the values that begin and end the loop. Private to the room; cheap.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_INDEXROUNDS_H
#define GRIDLOCK_ENGINE_SOLVE_INDEXROUNDS_H

#include "engine/solve/Solution.h"

namespace gridlock::solve {

/// \param region that the caller is in, as a spawn
void renameCounter(Solution &solution, TermId from, TermId to, std::uint32_t region,
                   llvm::function_ref<TermId(TermId)> names);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_INDEXROUNDS_H
