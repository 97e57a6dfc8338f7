//===- SpinProtocol.h - Threads that keep apart by atomics ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds threads that wait for each other by loads and stores of atomics alone.
/// Private to the room; linear in the runs.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SPINPROTOCOL_H
#define GRIDLOCK_ENGINE_SOLVE_SPINPROTOCOL_H

#include "engine/solve/Solution.h"
#include <set>

namespace gridlock::solve {

class SpinProtocol {
public:
  explicit SpinProtocol(const Solution &solution) : S(solution) {}
  void add(const SharedVariable &variable);
  /// Whether each of the two waits until the other says that it may go on.
  bool excludesEachOther(std::uint32_t one, std::uint32_t other) const {
    return Awaits.count({one, other}) && Awaits.count({other, one});
  }

private:
  const Solution &S;
  std::set<std::pair<std::uint32_t, std::uint32_t>> Awaits; ///< roots: who waits, for whom
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SPINPROTOCOL_H
