//===- Published.h - Objects put where others find them ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Whether what one thread touches is the object that another one has made and put
/// into a list, queue or variable before. Private to the room; linear in the paths;
/// any thread that may read the solution.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_PUBLISHED_H
#define GRIDLOCK_ENGINE_SOLVE_PUBLISHED_H

#include "engine/solve/Solution.h"

namespace gridlock::solve {

/// Whether the path of `other` comes to the object that its maker touches in `own` after
/// it was put somewhere: it leads through that very place.
bool findsPublished(const Solution &solution, const Access &own, const Access &other);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_PUBLISHED_H
