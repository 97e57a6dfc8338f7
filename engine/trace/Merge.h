//===- Merge.h - The lock-order graph of several runs -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One graph of what several processes or runs saw. Locks are joined by name,
/// by global variable, by where they were made; locks without any of these by
/// where they are taken, when that place takes one lock in each trace. So locks
/// made at one place are one class here.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_TRACE_MERGE_H
#define GRIDLOCK_ENGINE_TRACE_MERGE_H

#include "engine/trace/LockNames.h"
#include "llvm/ADT/ArrayRef.h"
#include <deque>

namespace gridlock::trace {

/// One observation of an edge.
struct Observation {
  std::size_t trace = 0; ///< into the list of traces
  std::size_t edge = 0;  ///< into that trace's edges
};

struct MergedLock {
  std::string name;        ///< with its kind: "mutex `a`"
  std::string plainName;   ///< without
  std::size_t members = 0; ///< locks of the traces
  std::vector<std::string> sites;
};

struct MergedGraph {
  llvm::ArrayRef<Trace> traces;
  std::vector<MergedLock> locks;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<Observation>> edges;
  /// (trace, lock) to lock of the graph.
  std::map<std::pair<std::size_t, Id>, std::size_t> index;

  const Edge &edge(const Observation &seen) const { return traces[seen.trace].edges[seen.edge]; }
  /// The locks whose name or place of use contains the text; an exact name wins.
  std::vector<std::size_t> find(llvm::StringRef text) const;
};

/// The traces must outlive the graph.
MergedGraph mergeTraces(llvm::ArrayRef<Trace> traces, Symbols &symbols);

/// The lock-order cycles that no single process could report, as its orders
/// were seen in different ones. Each is a finding of low confidence.
std::vector<Finding> cyclesAcrossRuns(const MergedGraph &graph, Symbols &symbols);

/// Graphviz; edges on a cycle are red.
void writeDot(const MergedGraph &graph, Symbols &symbols, llvm::raw_ostream &os);
void writeJson(const MergedGraph &graph, Symbols &symbols, llvm::raw_ostream &os);
void writeText(const MergedGraph &graph, Symbols &symbols, llvm::raw_ostream &os);

} // namespace gridlock::trace

#endif // GRIDLOCK_ENGINE_TRACE_MERGE_H
