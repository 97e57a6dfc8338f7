//===- race-check-then-act.cpp -------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/RaceShape.h"

namespace gridlock::checks {

using namespace solve;

void raceCheckThenAct(const RuleInput &input, RuleOutput &output) {
  forEachStaleAct(
      input, output, /*underLock=*/true, [](const StaleAct &act) { return "changes `" + act.variable + "`"; },
      [&](const StaleAct &act, Finding &finding) {
        std::string lock = input.solution.name(act.lock, act.function).display;
        const std::string basis =
            act.testedAt ? "on a decision that was taken in" : "to what was computed from its value in";
        finding.message = "`" + act.variable + "` is changed " + basis + " an earlier section of `" + lock +
                          "`: another thread may have changed it in between";
        finding.help = "test again after taking the lock, or test and act in one section";
      });
}

} // namespace gridlock::checks
