//===- lock-discarded-guard.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A guard that dies at once, or a declaration that hides the lock it was meant
// to take.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"

namespace gridlock::checks {

using namespace solve;

void lockDiscardedGuard(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  for (const DiscardedGuard &fact : solution.discarded) {
    Finding finding = output.make();
    finding.location = solution.location(fact.function, fact.location);
    if (fact.form == DiscardedGuard::HiddenDeclaration) {
      finding.message = "this declares a new `" + fact.type + "` named `" + fact.variable +
                        "` that locks nothing; it hides `" + fact.variable + "`";
      finding.help = "name the guard and pass the lock: `" + fact.type + " guard(" + fact.variable + ");`";
    } else {
      finding.message =
          "this guard of type `" + fact.type + "` dies at the end of the statement: what follows is not protected";
      finding.help = "give it a name, so that it lives to the end of the block";
    }
    finding.identity = {solution.functionName(fact.function), fact.type};
    finding.confidence = Confidence::High;
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
