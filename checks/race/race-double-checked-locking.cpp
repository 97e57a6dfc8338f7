//===- race-double-checked-locking.cpp -------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/RaceShape.h"

namespace gridlock::checks {

using namespace solve;

void raceDoubleCheckedLocking(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  forEachRace(solution, RaceShape::DoubleChecked, [&](const Race &race) {
    const SharedVariable &variable = *race.variable;
    Finding finding = raceFinding(solution, race, output);
    finding.message = race.names() + " is tested outside `" + variable.guardDisplay +
                      "`, under which it is set: a thread may see it set before what it announces is there";
    finding.help = "make it atomic and load it with acquire order, or use std::call_once (pthread_once) or a "
                   "function-local static";
    output.add(std::move(finding));
  });
}

} // namespace gridlock::checks
