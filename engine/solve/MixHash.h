//===- MixHash.h - A cheap hash of a few numbers ----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Hashes the few numbers that name a term or an access. `llvm::hash_combine` copies
/// its arguments to a buffer and finishes a whole hash for each call, which costs ten
/// times as much; these tables are asked millions of times in a solve. One
/// multiplication by the golden ratio and a shift for each number (Knuth, TAOCP 3, 6.4);
/// not for input that somebody may choose to collide, and the same in each run.
///
/// Free functions, thread-safe.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_MIXHASH_H
#define GRIDLOCK_ENGINE_SOLVE_MIXHASH_H

#include <cstdint>

namespace gridlock::solve {

inline std::uint64_t mixBits(std::uint64_t value) {
  value *= 0x9e3779b97f4a7c15u;
  return value ^ (value >> 32);
}

/// The hash of numbers in their order; the first may be another hash.
template <class... Number> std::uint64_t mixHash(Number... numbers) {
  std::uint64_t hash = 0;
  ((hash = mixBits(hash + std::uint64_t(numbers) + 1)), ...);
  return hash;
}

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_MIXHASH_H
