//===- EdgeIndex.h - From two locks to their edge ---------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Locks that take part in an edge are numbered in the order of their first
/// edge: their nodes. Most programs have few, whatever the number of their
/// locks. Between the first 4,096 nodes an edge is found in two loads, and rows
/// of bits say who follows whom. Beyond them a hash table answers.
///
/// Looking up is lock-free; adding is done with the graph locked.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_EDGEINDEX_H
#define GRIDLOCK_RUNTIME_EDGEINDEX_H

#include "runtime/Lock.h"

namespace gridlock::rt {

/// Nodes below this number have rows of bits. Node 0 is nobody.
constexpr std::uint32_t NodesInRows = 4096;
constexpr unsigned WordsInRow = NodesInRows / 64;

/// One bit for each node.
struct NodeBits {
  std::atomic<std::uint64_t> words[WordsInRow];
  bool has(std::uint32_t node, std::memory_order order = std::memory_order_relaxed) const {
    return words[node / 64].load(order) >> (node % 64) & 1;
  }
  void add(std::uint32_t node, std::memory_order order = std::memory_order_relaxed) {
    std::atomic<std::uint64_t> &word = words[node / 64];
    word.store(word.load(std::memory_order_relaxed) | std::uint64_t(1) << (node % 64), order);
  }
};

extern NodeBits followersOf[NodesInRows], predecessorsOf[NodesInRows];

/// The number of the edge, or 0.
std::uint32_t findEdge(const Lock &from, const Lock &to);
/// Starts fetching what `findEdge` will look at, in either direction.
void prefetchEdge(const Lock &from, const Lock &to);
/// Adds a new edge; numbers the locks when they are new. With the graph locked.
void indexEdge(Lock &from, Lock &to, std::uint32_t edge);

inline bool isInRows(std::uint32_t node) { return node - 1 < NodesInRows - 1; }
/// How many nodes there are, and the lock of one that is in rows.
std::uint32_t nodeEnd();
Lock &lockOfNode(std::uint32_t node);

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_EDGEINDEX_H
