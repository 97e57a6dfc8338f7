//===- Collectors.cpp - Waits for whatever child ends -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Collectors.h"

namespace gridlock::solve {

/// The programs in which a function runs, those of its unit if nobody calls it.
static llvm::SmallBitVector programsOf(const Solution &solution, link::FunctionId function) {
  llvm::SmallBitVector programs;
  for (const Context &context : solution.contexts[function])
    programs |= solution.roots[context.root].programs;
  if (solution.unitPrograms.empty())
    return programs;
  const llvm::SmallBitVector &linked = solution.unitPrograms[solution.program.function(function).row.unit];
  if (programs.none())
    return linked;
  programs &= linked;
  return programs;
}

bool collectsAnyChild(const Solution &solution, link::FunctionId function) {
  llvm::SmallBitVector collecting;
  for (link::FunctionId collector : solution.processes.collectors) {
    llvm::SmallBitVector programs = programsOf(solution, collector);
    if (programs.none())
      return true; // it is not known where it runs
    collecting |= programs;
  }
  if (collecting.none())
    return false;
  llvm::SmallBitVector losing = programsOf(solution, function);
  return !losing.test(collecting);
}

} // namespace gridlock::solve
