//===- race-split-atomic.cpp -------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/RaceShape.h"

namespace gridlock::checks {

using namespace solve;

void raceSplitAtomic(const RuleInput &input, RuleOutput &output) {
  forEachStaleAct(
      input, output, /*underLock=*/false,
      [](const StaleAct &act) { return "stores to `" + act.variable + "`, over what another thread stored meanwhile"; },
      [](const StaleAct &act, Finding &finding) {
        finding.message =
            "`" + act.variable + "` is loaded and then stored to: another thread's change in between is lost";
        finding.help = "use one atomic operation: fetch_add, exchange, or a compare_exchange loop";
      });
}

} // namespace gridlock::checks
