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
#include <set>
#include <string>
#include <utility>

namespace gridlock::checks {

/// `int hits = 0;` becomes `std::atomic<int> hits{0};`, in C `_Atomic int hits = 0;`.
std::optional<FixIt> atomicFix(SourceCache &sources, const solve::Solution &solution,
                               const solve::SharedVariable &variable);

/// Takes the guard in front of the statement with the reported access. A function
/// gets one scoped guard: a second one, to be applied with the first, would have its
/// name, or its lock already. Made for one run of a rule.
class GuardFixes {
public:
  GuardFixes(SourceCache &sources, const solve::Solution &solution) : Sources(sources), S(solution) {}
  std::optional<FixIt> at(const solve::Race &race);

private:
  SourceCache &Sources;
  const solve::Solution &S;
  std::set<std::pair<std::string, unsigned>> Guarded; ///< file and line of a function
};

} // namespace gridlock::checks

#endif // GRIDLOCK_CHECKS_RACE_RACEFIXES_H
