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

/// One bit for each node, and room for NodesInRows itself, whose bit is never set.
struct alignas(64) NodeBits {
  std::atomic<std::uint64_t> words[WordsInRow + 1];
  bool has(std::uint32_t node, std::memory_order order = std::memory_order_relaxed) const {
    return words[node / 64].load(order) >> (node % 64) & 1;
  }
  void add(std::uint32_t node, std::memory_order order = std::memory_order_relaxed) {
    std::atomic<std::uint64_t> &word = words[node / 64];
    word.store(word.load(std::memory_order_relaxed) | std::uint64_t(1) << (node % 64), order);
  }
};

extern NodeBits followersOf[NodesInRows], predecessorsOf[NodesInRows];

/// The number of the edge; 0 when there is none, or when only the journal holds
/// it (see Journal.h).
std::uint32_t findEdge(const Lock &from, const Lock &to);
/// Whether there is such an edge, in the journal or with a number.
bool hasEdge(const Lock &from, const Lock &to);
/// Whether edges into this lock may have numbers at all.
bool areNumbersLikely(const Lock &to);
/// Starts fetching the number of an edge in the rows.
void prefetchTile(const Lock &from, const Lock &to);
/// Adds an edge or gives it its number (0: it has none for now); numbers the locks
/// when they are new. With the graph locked.
void indexEdge(Lock &from, Lock &to, std::uint32_t edge);
/// As `indexEdge` without a number, for locks that have nodes, unless the reverse edge
/// is there already. Returns whether it is.
bool addUnlessReversed(const Lock &from, const Lock &to);
/// How many different edges there are.
std::uint32_t edgesIndexed();
/// Calls `each(from, to)` with the lock ids of every edge. Lock-free: misses what
/// is added meanwhile.
template <typename Each> void forEachEdge(Each each);

inline bool isInRows(std::uint32_t node) { return node - 1 < NodesInRows - 1; }
/// The node of a lock, made when it is new. With the graph locked.
std::uint32_t numberNewNode(Lock &lock);
GRIDLOCK_INLINE std::uint32_t numberNode(Lock &lock) {
  std::uint32_t node = lock.node.load(std::memory_order_relaxed);
  return GRIDLOCK_LIKELY(node) ? node : numberNewNode(lock);
}
/// How many nodes there are, and the lock of one that is in rows.
std::uint32_t nodeEnd();
Lock &lockOfNode(std::uint32_t node);

/// The hash table of edges that have no place in rows. Its keys lie apart from the
/// numbers, which most edges of a big graph never get.
struct EdgeTable {
  unsigned shift; ///< of the hash: what remains is the place
  std::size_t mask;
  std::atomic<std::uint64_t> *keys; ///< from << 32 | to, lock ids
  std::atomic<std::uint32_t> *edges;

  std::size_t indexOf(std::uint32_t a, std::uint32_t b) const {
    return (std::uint64_t(a < b ? a : b) << 32 | (a < b ? b : a)) * 0x9E3779B97F4A7C15u >> shift;
  }
  /// Where the edges between two locks are, in both directions, or nearly.
  const void *placeOf(std::uint32_t a, std::uint32_t b) const { return &keys[indexOf(a, b)]; }
};
extern std::atomic<EdgeTable *> currentEdgeTable;
inline const EdgeTable *edgeTable() { return currentEdgeTable.load(std::memory_order_acquire); }

template <typename Each> void forEachEdge(Each each) {
  std::uint32_t end = nodeEnd() < NodesInRows ? nodeEnd() : NodesInRows;
  for (std::uint32_t node = 1; node < end; ++node)
    for (std::uint32_t i = 0; i < (end + 63) / 64; ++i)
      for (std::uint64_t bits = followersOf[node].words[i].load(std::memory_order_relaxed); bits; bits &= bits - 1)
        each(lockOfNode(node).id, lockOfNode(i * 64 + static_cast<unsigned>(__builtin_ctzll(bits))).id);
  const EdgeTable *table = edgeTable();
  for (std::size_t i = 0; table && i <= table->mask; ++i)
    if (std::uint64_t key = table->keys[i].load(std::memory_order_relaxed))
      each(static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key));
}

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_EDGEINDEX_H
