//===- RaceFixes.h - Edits that the race rules propose -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A variable becomes atomic: safe where every use of its name is one that an atomic
/// object has too and that stays indivisible (see AtomicUses.h). Or
/// the lock that guards it elsewhere is taken at an access: never safe, since the
/// caller may hold it, or want more than this one statement under it.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_CHECKS_RACE_RACEFIXES_H
#define GRIDLOCK_CHECKS_RACE_RACEFIXES_H

#include "engine/finding/SourceCache.h"
#include "engine/solve/RaceShape.h"
#include <optional>

namespace gridlock::checks {

/// `int hits = 0;` becomes `std::atomic<int> hits{0};`, in C `_Atomic int hits = 0;`.
std::optional<FixIt> atomicFix(SourceCache &sources, const solve::Solution &solution,
                               const solve::SharedVariable &variable);

/// The guard is taken in front of the statement with the reported access.
std::optional<FixIt> guardFix(SourceCache &sources, const solve::Solution &solution, const solve::Race &race);

} // namespace gridlock::checks

#endif // GRIDLOCK_CHECKS_RACE_RACEFIXES_H
