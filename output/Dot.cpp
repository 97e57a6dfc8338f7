//===- Dot.cpp - The findings' cycles for Graphviz --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One graph: a node for each lock (or other resource) that is part of a
/// finding's cycle, an edge for each "takes this while holding that". Resources
/// of one name are one node, so cycles that share a lock hang together.
///
//===----------------------------------------------------------------------===//

#include "output/Writers.h"
#include <set>

namespace gridlock::output {

static std::string quote(llvm::StringRef text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      quoted += '\\';
    if (c == '\n')
      quoted += "\\n";
    else
      quoted += c;
  }
  return quoted + '"';
}

void writeDot(Findings findings, const OutputContext &context, llvm::raw_ostream &os) {
  std::set<std::string> nodes, edges; // Sorted, so that two runs compare.
  for (const Finding &finding : findings) {
    if (!isShown(finding))
      continue;
    for (const CycleEdge &edge : cycleOf(finding)) {
      nodes.insert(edge.from);
      nodes.insert(edge.to);
      std::string label = "thread " + std::to_string(edge.thread + 1);
      if (edge.thread < finding.threads.size() && !finding.threads[edge.thread].steps.empty())
        label += '\n' + shownPlace(context, finding.threads[edge.thread].steps.back().location);
      llvm::StringRef color = finding.severity == Severity::Error ? "firebrick" : "darkorange";
      edges.insert(quote(edge.from) + " -> " + quote(edge.to) + " [label=" + quote(label) + ", color=" + color.str() +
                   ", tooltip=" + quote(finding.message) + "];");
    }
  }
  os << "digraph gridlock {\n"
     << "  graph [bgcolor=transparent];\n"
     << "  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
     << "  edge [fontname=\"sans-serif\", fontsize=10];\n";
  for (const std::string &node : nodes)
    os << "  " << quote(node) << ";\n";
  for (const std::string &edge : edges)
    os << "  " << edge << '\n';
  os << "}\n";
}

} // namespace gridlock::output
