//===- race-inconsistent-guard.cpp -------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/RaceShape.h"

namespace gridlock::checks {

using namespace solve;

void raceInconsistentGuard(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  forEachRace(solution, RaceShape::InconsistentGuard, [&](const Race &race) {
    const SharedVariable &variable = *race.variable;
    Finding finding = raceFinding(solution, race, output);
    std::string evidence = variable.guarded ? "held at " + std::to_string(variable.guarded) + " of " +
                                                  std::to_string(variable.total) + " places that access it"
                                            : "held on other ways to this place";
    finding.message = race.names() + " is accessed here without `" + variable.guardDisplay + "`, which is " + evidence;
    finding.help = "hold `" + variable.guardDisplay + "` here too";
    output.add(std::move(finding));
  });
}

} // namespace gridlock::checks
