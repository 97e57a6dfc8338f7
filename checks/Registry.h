//===- Registry.h - The list of all rules -----------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The rules that are compiled in. The implementation is generated at build
/// time from the front matter of `checks/<family>/<rule>.md`; there are no
/// static initialisers and nothing to register by hand.
///
/// The table and all text in it are constants: any thread may read them, and
/// they live as long as the program.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_CHECKS_REGISTRY_H
#define GRIDLOCK_CHECKS_REGISTRY_H

#include "engine/solve/Rule.h"
#include "llvm/ADT/ArrayRef.h"
#include <string_view>

namespace gridlock::checks {

/// All rules, sorted by id. O(1).
llvm::ArrayRef<RegisteredRule> allRules();

/// The rule with this id, or null. O(log n).
const RegisteredRule *findRule(std::string_view id);

} // namespace gridlock::checks

#endif // GRIDLOCK_CHECKS_REGISTRY_H
