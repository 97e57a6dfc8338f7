//===- LockGraph.cpp - Which locks are taken under which ------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/live/LockGraph.h"
#include "llvm/ADT/STLExtras.h"
#include <set>
#include <tuple>

namespace gridlock::integrations {

LockGraph::LockGraph(const solve::Solution &solution) {
  // One edge for each two places: callers and paths repeat them.
  std::set<std::tuple<std::string, std::string, SourceLocation, SourceLocation>> known;
  for (const solve::LockPair &pair : solution.pairs) {
    LockEdge edge;
    edge.from = pair.heldName.display;
    edge.to = pair.acquiredName.display;
    edge.held = solution.place(pair.held.acquiredAt);
    edge.taken = solution.place(pair.step);
    if (!known.emplace(edge.from, edge.to, edge.held, edge.taken).second)
      continue;
    const ir::Function &body = solution.program.body(pair.function);
    edge.function = solution.functionName(pair.function);
    edge.begin = solution.location(pair.function, body.location);
    edge.endLine = solution.location(pair.function, body.endLocation).line;
    edge.isCertain = pair.heldName.exact && pair.acquiredName.exact;
    Edges.push_back(std::move(edge));
  }
}

static bool isAt(const LockEdge &edge, std::string_view file, unsigned line) {
  if (edge.begin.file == file && edge.begin.line <= line && line <= edge.endLine)
    return true;
  return (edge.held.file == file && edge.held.line == line) || (edge.taken.file == file && edge.taken.line == line);
}

static bool isIn(const LockEdge &edge, std::string_view file) {
  return edge.begin.file == file || edge.held.file == file || edge.taken.file == file;
}

std::vector<LockEdge> LockGraph::around(std::string_view file, unsigned line, unsigned distance) const {
  std::vector<bool> chosen(Edges.size());
  std::set<std::string_view> locks;
  auto choose = [&](auto &&wanted) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i != Edges.size(); ++i)
      if (!chosen[i] && wanted(Edges[i]))
        found.push_back(i);
    for (std::size_t i : found) {
      chosen[i] = true;
      locks.insert(Edges[i].from);
      locks.insert(Edges[i].to);
    }
    return !found.empty();
  };
  if (!choose([&](const LockEdge &edge) { return isAt(edge, file, line); }))
    choose([&](const LockEdge &edge) { return isIn(edge, file); });
  while (distance-- != 0)
    if (!choose([&](const LockEdge &edge) { return locks.contains(edge.from) || locks.contains(edge.to); }))
      break;
  std::vector<LockEdge> result;
  for (std::size_t i = 0; i != Edges.size(); ++i)
    if (chosen[i])
      result.push_back(Edges[i]);
  return result;
}

} // namespace gridlock::integrations
