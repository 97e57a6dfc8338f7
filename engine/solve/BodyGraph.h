//===- BodyGraph.h - Blocks and loops of one function ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A function's blocks, where they lead without an exception, and its natural
/// loops: for questions about the shape of the code, without values. Values
/// only; linear to make, but for nested loops.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_BODYGRAPH_H
#define GRIDLOCK_ENGINE_SOLVE_BODYGRAPH_H

#include "engine/summary/Ir.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace gridlock::solve {

/// A function's blocks and loops. Each of several equal successors is named once.
struct BodyGraph {
  std::vector<const ir::Block *> blocks;
  std::vector<llvm::SmallVector<unsigned, 2>> successors;
  struct Loop {
    unsigned head = 0;
    std::vector<bool> inside;
    std::size_t size = 0;
  };
  std::vector<Loop> loops;
  std::vector<unsigned> order; ///< position in reverse post-order

  /// Whether the block ends in a branch to one of two others: the sides of
  /// `if (wait()) {}` are one.
  bool decides(unsigned block) const {
    return blocks[block]->terminator == ir::TerminatorKind::Branch && successors[block].size() == 2;
  }
};

/// Where an event stands. A call has a place of its own, mostly its closing part's.
inline ir::Index locationOf(const ir::Unit &unit, const ir::Event &event) {
  const ir::Index ofCall = event.kind == ir::EventKind::Call ? unit.calls[event.a].location : 0;
  return ofCall ? ofCall : event.location;
}

BodyGraph makeGraph(const ir::Unit &unit, const ir::Function &body);

/// A short function whose result says something about its arguments: what it
/// says is worth keeping apart, for those who lock under that condition.
bool isPredicate(const ir::Unit &unit, const ir::Function &body);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_BODYGRAPH_H
