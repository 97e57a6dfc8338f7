//===- race-stop-flag.cpp -------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/race/RaceFixes.h"
#include "engine/solve/RaceShape.h"

namespace gridlock::checks {

using namespace solve;

void raceStopFlag(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  SourceCache sources;
  forEachRace(solution, RaceShape::StopFlag, [&](const Race &race) {
    const SharedVariable &variable = *race.variable;
    Finding finding = raceFinding(solution, race, output);
    finding.message = race.names() + " is polled by one thread and set by another, and is " +
                      (variable.isVolatile ? "only volatile, which orders nothing between threads"
                                           : "not atomic: the loop may never see the change");
    finding.help = "make it std::atomic (C: _Atomic), use std::stop_token, or read and set it under one lock";
    if (std::optional<FixIt> fix = atomicFix(sources, solution, variable); fix && race.alike.empty())
      finding.fixIts.push_back(std::move(*fix));
    output.add(std::move(finding));
  });
}

} // namespace gridlock::checks
