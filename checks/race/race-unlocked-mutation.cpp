//===- race-unlocked-mutation.cpp -------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/race/RaceFixes.h"
#include "engine/solve/RaceShape.h"

namespace gridlock::checks {

using namespace solve;

void raceUnlockedMutation(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  SourceCache sources;
  forEachRace(solution, RaceShape::UnlockedMutation, [&](const Race &race) {
    const SharedVariable &variable = *race.variable;
    Finding finding = raceFinding(solution, race, output);
    finding.message =
        "`" + variable.display + "` is changed by threads that may run at the same time, and no lock protects it";
    finding.help = variable.isFlag ? "make it atomic (std::atomic, _Atomic), or hold one lock at every access"
                                   : "hold one lock at every access";
    if (std::optional<FixIt> fix = atomicFix(sources, solution, variable); fix && race.alike.empty())
      finding.fixIts.push_back(std::move(*fix));
    output.add(std::move(finding));
  });
}

} // namespace gridlock::checks
