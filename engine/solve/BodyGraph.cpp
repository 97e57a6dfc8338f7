//===- BodyGraph.cpp - Blocks and loops of one function ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/BodyGraph.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

namespace gridlock::solve {

BodyGraph makeGraph(const ir::Unit &unit, const ir::Function &body) {
  BodyGraph graph;
  llvm::DenseMap<ir::Index, unsigned> numbers;
  for (std::uint32_t i = 0; i < body.blocks.count; ++i) {
    numbers[unit.lists[body.blocks.first + i]] = i;
    graph.blocks.push_back(&unit.blocks[unit.lists[body.blocks.first + i]]);
  }
  unsigned n = unsigned(graph.blocks.size());
  graph.successors.resize(n);
  std::vector<llvm::SmallVector<unsigned, 2>> predecessors(n);
  for (unsigned b = 0; b < n; ++b) {
    const ir::Block &block = *graph.blocks[b];
    if (block.terminator == ir::TerminatorKind::Throw || block.terminator == ir::TerminatorKind::Catch)
      continue;
    for (std::uint32_t i = 0; i < block.successors.count; ++i)
      if (auto found = numbers.find(unit.lists[block.successors.first + i]);
          found != numbers.end() && unit.lists[block.successors.first + i] &&
          !llvm::is_contained(graph.successors[b], found->second)) {
        graph.successors[b].push_back(found->second);
        predecessors[found->second].push_back(b);
      }
  }
  // Depth first: an edge to a block that is still open closes a loop.
  graph.order.assign(n, 0);
  std::vector<std::uint8_t> color(n, 0);
  std::vector<std::pair<unsigned, unsigned>> stack{{0, 0}};
  std::map<unsigned, llvm::SmallVector<unsigned, 2>> tails;
  unsigned number = n;
  color[0] = 1;
  while (!stack.empty()) {
    auto &[block, next] = stack.back();
    if (next < graph.successors[block].size()) {
      unsigned successor = graph.successors[block][next++];
      if (color[successor] == 1)
        tails[successor].push_back(block);
      else if (color[successor] == 0) {
        color[successor] = 1;
        stack.push_back({successor, 0});
      }
      continue;
    }
    color[block] = 2;
    graph.order[block] = --number;
    stack.pop_back();
  }
  for (auto &[head, from] : tails) {
    BodyGraph::Loop loop;
    loop.head = head;
    loop.inside.assign(n, false);
    loop.inside[head] = true;
    llvm::SmallVector<unsigned, 8> work(from.begin(), from.end());
    while (!work.empty()) {
      unsigned b = work.pop_back_val();
      if (loop.inside[b])
        continue;
      loop.inside[b] = true;
      work.append(predecessors[b].begin(), predecessors[b].end());
    }
    loop.size = std::size_t(llvm::count(loop.inside, true));
    graph.loops.push_back(std::move(loop));
  }
  return graph;
}

bool isPredicate(const ir::Unit &unit, const ir::Function &body) {
  ir::TypeKind kind = unit.types[body.returnType].kind;
  if (body.blocks.count > 12 || (kind != ir::TypeKind::Bool && kind != ir::TypeKind::Integer))
    return false;
  for (std::uint32_t i = 0; i < body.blocks.count; ++i)
    if (unit.blocks[unit.lists[body.blocks.first + i]].isLoopHead)
      return false;
  return true;
}

} // namespace gridlock::solve
