//===- ThreadElements.h - Elements chosen by a thread's round ---*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What is known of a loop that starts threads, and whether two threads that it
/// starts choose the same element. Private to the room; any thread that may read
/// the term table.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_THREADELEMENTS_H
#define GRIDLOCK_ENGINE_SOLVE_THREADELEMENTS_H

#include "engine/solve/Term.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include <optional>

namespace gridlock::solve {

/// The values that a loop's counter takes where threads are started.
struct LoopRange {
  std::optional<std::int64_t> first; ///< none: various
  std::int64_t stride = 0;           ///< 0: not known
  std::optional<std::int64_t> last;
  TermId end = 0; ///< a value that is no number, below which the counter stays
  bool isVarious = false;
  // Of loops that choose elements (IndexRounds.cpp).
  TermId start = 0;                 ///< what the counter starts with; 0: not known, or various
  TermId limit = 0;                 ///< a value below which, or up to which, it stays; 0: none, or various
  bool reachesLimit = false;        ///< up to which
  std::optional<std::int64_t> most; ///< a number up to which it stays
  bool isSeen = false;              ///< an access in the loop has been looked at
  std::uint32_t region = 0;         ///< the parallel region, as a spawn, in which the loop begins
  bool isOpen = false;              ///< what ends the loop is not known
};

/// By counter. A big program has tens of thousands, so none waits in a bucket that is empty.
using LoopRanges = llvm::MapVector<TermId, LoopRange>;

/// Whether two rounds of the loop that counts the threads lead by `a` and by `b` to
/// one element. Paths without indices, or with others than such, never do.
bool meetInTwoRounds(const TermTable &terms, const LoopRanges &ranges, TermId a, TermId b);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_THREADELEMENTS_H
