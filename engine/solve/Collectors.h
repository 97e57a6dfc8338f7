//===- Collectors.h - Waits for whatever child ends -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A wait for any child, a handler of SIGCHLD that collects, or SIGCHLD ignored:
/// nobody can say which child is meant, but only those of the same program can
/// be. So each such function is an entry of `ProcessFacts::collected`, beside the
/// fields and variables, and a rule asks for the programs in which it runs.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_COLLECTORS_H
#define GRIDLOCK_ENGINE_SOLVE_COLLECTORS_H

#include "engine/solve/Solution.h"

namespace gridlock::solve {

/// Whether each program in which `function` runs collects any child that ends.
/// Linear in the functions that do.
bool collectsAnyChild(const Solution &solution, link::FunctionId function);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_COLLECTORS_H
