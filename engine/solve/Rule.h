//===- Rule.h - What a rule is to the engine --------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The contract of a rule. A rule is one function in
/// `checks/<family>/<rule>.cpp` that reads the solved program and adds findings.
/// The build generates the registry from `checks/<family>/<rule>.md`: for the
/// rule `lock-order-inversion` it declares and calls
/// `gridlock::checks::lockOrderInversion(const RuleInput &, RuleOutput &)`.
///
/// Rules are pure: no globals, no input or output, but for an edit that they
/// propose, which may read the lines that it changes; they may run on several
/// threads at once.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_RULE_H
#define GRIDLOCK_ENGINE_SOLVE_RULE_H

#include "engine/finding/Finding.h"
#include "engine/finding/RuleInfo.h"
#include <utility>
#include <vector>

namespace gridlock {

namespace solve {
class Solution;
}

struct RuleInput {
  const solve::Solution &solution;
  const RuleInfo &rule;
};

/// Takes a rule's findings. `rule` and an unset severity are filled in.
class RuleOutput {
public:
  explicit RuleOutput(const RuleInfo &rule) : Rule(rule) {}
  /// A finding with the rule's id, severity and confidence.
  Finding make() const {
    Finding finding;
    finding.rule = Rule.id;
    finding.severity = Rule.severity;
    finding.confidence = Rule.confidence;
    return finding;
  }
  void add(Finding finding) { Findings.push_back(std::move(finding)); }
  std::vector<Finding> take() { return std::move(Findings); }

private:
  const RuleInfo &Rule;
  std::vector<Finding> Findings;
};

using RuleFunction = void (*)(const RuleInput &, RuleOutput &);

struct RegisteredRule {
  RuleInfo info;
  RuleFunction run;
};

} // namespace gridlock

#endif // GRIDLOCK_ENGINE_SOLVE_RULE_H
