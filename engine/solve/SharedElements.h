//===- SharedElements.h - Elements of one array, two threads ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What is asked of the elements that two accesses touch, once it is known which
/// threads do it. Remembers what it has computed; one solve, one thread.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SHAREDELEMENTS_H
#define GRIDLOCK_ENGINE_SOLVE_SHAREDELEMENTS_H

#include "engine/solve/IndexRounds.h"
#include <map>
#include <tuple>

namespace gridlock::solve {

class SharedElements {
public:
  explicit SharedElements(const Solution &solution) : S(solution) {}

  /// Of a parallel region, not of a thread that is started.
  bool isOfRegion(const Access &access) const {
    return access.spawn && access.spawn < S.spawns.size() && S.spawns[access.spawn].isRegion;
  }
  /// An array, or an element whose index is computed.
  bool isInArray(TermId place) const;
  /// Of a row in an array of pointers to rows, the array; else 0.
  TermId arrayOfRows(TermId place) const;
  /// Whether the indices of the path are numbers, if it has any: not where a pointer or
  /// an iterator stands.
  bool isKnown(const Access &access) const;
  /// Whether the loops of two threads lead to one element, as far as it can be computed.
  RoundsMeet compareRounds(const AccessRun &x, const AccessRun &y);

private:
  const Solution &S;
  /// By two places and the regions in which they are touched.
  std::map<std::tuple<TermId, TermId, std::uint32_t, std::uint32_t>, RoundsMeet> Compared;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SHAREDELEMENTS_H
