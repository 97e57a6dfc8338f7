//===- CondvarFixes.h - Edits that the condition rules propose ---*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A condition that is tested once is tested again after the wait.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_CHECKS_CONDVAR_CONDVARFIXES_H
#define GRIDLOCK_CHECKS_CONDVAR_CONDVARFIXES_H

#include "engine/finding/SourceCache.h"
#include "engine/solve/Solution.h"
#include <optional>

namespace gridlock::checks {

/// `if (empty) wait(...);` becomes `while (empty) wait(...);`. Safe: with nothing
/// else under the `if` and no `else`, the loop does what the `if` did, until the
/// condition holds. `test` is where the condition is tested.
std::optional<FixIt> testAgainFix(SourceCache &sources, const SourceLocation &test, const SourceLocation &wait);

} // namespace gridlock::checks

#endif // GRIDLOCK_CHECKS_CONDVAR_CONDVARFIXES_H
