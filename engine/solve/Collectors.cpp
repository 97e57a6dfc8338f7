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

void noteCollector(ProcessFacts &facts, link::FunctionId function) {
  facts.collectsAny = true;
  facts.collected.insert(collectorKey(function));
}

bool collectsAnyChild(const Solution &solution, link::FunctionId function) {
  if (!solution.processes.collectsAny)
    return false;
  const auto &collected = solution.processes.collected;
  llvm::SmallBitVector collecting;
  for (auto entry = collected.lower_bound(collectorKey(0));
       entry != collected.end() && *entry < collectorKey(solution.program.functionCount()); ++entry) {
    llvm::SmallBitVector programs = programsOf(solution, link::FunctionId(*entry - collectorKey(0)));
    if (programs.none())
      return true; // it is not known where it runs
    collecting |= programs;
  }
  llvm::SmallBitVector losing = programsOf(solution, function);
  return losing.any() ? !losing.test(collecting) : collecting.any();
}

} // namespace gridlock::solve
