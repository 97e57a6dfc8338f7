//===- Paths.h - Loops, blocks and exits of a function ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the executor of a function keeps beside the states themselves: its loops,
/// the blocks that wait to be executed, and the paths that have come to an end.
/// Private to the room; lives as long as the executor.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_PATHS_H
#define GRIDLOCK_ENGINE_SOLVE_PATHS_H

#include "engine/solve/State.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace gridlock::solve {

/// A lock of an element that a loop gives back; `ofCaller`: taken elsewhere.
struct ElementRelease {
  std::uint64_t elements = 0; ///< see elementClass
  Released release;
  bool ofCaller = false;
};

/// What is known of a loop of the body before it is executed, and of its rounds.
struct Loop {
  llvm::SmallVector<ir::Index, 4> updated; ///< variables that change each round
  llvm::DenseSet<ir::Index> assigned;      ///< variables that its body assigns
  std::vector<bool> inside;                ///< by block
  bool joins = false;                      ///< waits for threads in its body
  bool collects = false;                   ///< ... for children
  llvm::DenseSet<ir::Index> calls;         ///< locations of the calls inside
  bool touches = false;                    ///< its body works on descriptors or children
  // Locks of elements, by class (LoopLocks.cpp).
  llvm::SmallVector<ElementRelease, 1> givenBack;   ///< by some round
  llvm::SmallVector<std::uint64_t, 1> keptByAll;    ///< held after each round
  llvm::SmallDenseSet<std::uint64_t, 2> keptBySome; ///< ... after some
  bool hasRounds = false;
};

/// States that wait for a block.
struct PendingBlock {
  llvm::SmallVector<State, 2> states;
  std::vector<State> seenAtHead;
  LogId seenLog = 0; ///< what all of them did to descriptors
  /// Of a loop's head (LoopRounds.cpp): states that are not followed on their own,
  /// merged; which of them have changed since they ran; rounds that they got.
  std::vector<State> putOff;
  std::vector<bool> isOpen;
  unsigned widened = 0;
  bool isLate = false; ///< waits until the rounds under way are through
};

/// A path that has left the function.
struct Exit {
  State state;
  ir::Index location = 0;
  bool byException = false;
  StepId thrownAt = 0;
};

/// A release of a lock that the function does not hold, as far as it is seen.
struct UnheldRelease {
  TermId lock;
  StepId at;
  bool isWait;
  bool surely;
  bool lossy;
  llvm::SmallVector<Fact, 2> conditions;
  OpenMode openMode; ///< in which a callee gives the lock back
};

/// What a condition asks: a place, under a lock, or by a call.
struct Query {
  TermId place = 0;
  TermId lock = 0;
  ir::Index call = 0;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_PATHS_H
