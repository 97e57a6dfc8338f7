//===- race-inconsistent-guard.cpp -------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/race/RaceFixes.h"
#include "engine/solve/RaceShape.h"

namespace gridlock::checks {

using namespace solve;

void raceInconsistentGuard(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  SourceCache sources;
  GuardFixes fixes(sources, solution);
  forEachRace(solution, RaceShape::InconsistentGuard, [&](const Race &race) {
    const SharedVariable &variable = *race.variable;
    Finding finding = raceFinding(solution, race, output);
    if (race.alike.empty())
      if (std::optional<FixIt> fix = fixes.at(race))
        finding.fixIts.push_back(std::move(*fix));
    std::string lock = "`" + variable.guardDisplay + "`";
    if (variable.guardIsDeclared) {
      finding.message = race.names() + " is accessed here without " + lock + ", which its declaration names as " +
                        (variable.guardsPointee ? "the guard of what the pointer leads to (PT_GUARDED_BY)"
                                                : "its guard (GUARDED_BY)");
      finding.help = "hold " + lock + " here too, or say with REQUIRES that the callers do";
      output.add(std::move(finding));
      return;
    }
    std::string evidence = variable.guarded ? "held at " + std::to_string(variable.guarded) + " of " +
                                                  std::to_string(variable.total) + " places that access it"
                                            : "held on other ways to this place";
    finding.message = race.names() + " is accessed here without " + lock + ", which is " + evidence;
    finding.help = "hold " + lock + " here too";
    output.add(std::move(finding));
  });
}

} // namespace gridlock::checks
