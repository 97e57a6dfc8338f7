//===- LockGraph.h - Which locks are taken under which ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The acquired-while-holding graph of a solved program, as plain data that
/// outlives the solution, and the part of it around a place in the source.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_LIVE_LOCKGRAPH_H
#define GRIDLOCK_INTEGRATIONS_LIVE_LOCKGRAPH_H

#include "engine/solve/Solution.h"
#include <string>
#include <string_view>
#include <vector>

namespace gridlock::integrations {

/// `to` is taken while `from` is held.
struct LockEdge {
  std::string from, to;   ///< names as messages show them
  SourceLocation held;    ///< where `from` was taken
  SourceLocation taken;   ///< where `to` is
  std::string function;   ///< in which the two meet
  SourceLocation begin;   ///< of that function
  unsigned endLine = 0;   ///< of that function
  bool isCertain = false; ///< both are one exact object
};

class LockGraph {
public:
  LockGraph() = default;
  explicit LockGraph(const solve::Solution &solution);

  /// The edges in the function at `line`, in the whole file when no function
  /// there has any, and all that lie at most `distance` further edges away.
  /// O(edges * distance).
  std::vector<LockEdge> around(std::string_view file, unsigned line, unsigned distance) const;

  const std::vector<LockEdge> &edges() const { return Edges; }

private:
  std::vector<LockEdge> Edges;
};

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_LIVE_LOCKGRAPH_H
