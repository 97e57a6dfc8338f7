//===- AtEnd.h - What `main` does last --------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Events after which `main` neither starts a thread nor waits for one: what is torn
/// down there is not set up again. Private to the room; for one thread.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_ATEND_H
#define GRIDLOCK_ENGINE_SOLVE_ATEND_H

#include "engine/link/Program.h"
#include "llvm/ADT/DenseMap.h"
#include <vector>

namespace gridlock::solve {

class Solution;

/// Built when the phases are known: linear in events and calls. A question costs the
/// blocks of one function, once for each event.
class AtEnd {
public:
  explicit AtEnd(const Solution &solution);
  /// Whether no thread is started and none waited for after the event, on any way to
  /// the end of `main`.
  bool isAtEnd(link::FunctionId function, ir::Index location);

private:
  void findBusy();
  bool isFollowed(link::FunctionId function, ir::Index location);
  bool isBusy(link::FunctionId function, const ir::Event &event) const;

  const Solution &S;
  std::vector<bool> Busy;      ///< functions that start threads or wait for one, or call one that does
  std::vector<bool> Continues; ///< functions after which that happens, or may
  llvm::DenseMap<std::pair<link::FunctionId, ir::Index>, bool> Followed;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_ATEND_H
