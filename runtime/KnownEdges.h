//===- KnownEdges.h - Edges that need no second look ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Answers to "would recording this tell anything new?" for programs whose
/// threads take so many combinations of locks that the small cache of held lists
/// cannot remember them. First a bigger cache of the same keys; it grows with the
/// combinations that the thread makes. Then bits for single edges, of nodes in
/// rows only, of two kinds:
///
///   shared      the edge is saturated (see Graph.cpp) by two threads that were not
///               joined: a thread's join clears what it was a witness of;
///   a thread's  its segment recorded the edge with no other lock held, or
///               recorded as many gated contexts as it will.
///
/// A thread gets rows of its own when it turns out to need them. They and the
/// bigger cache are read and written by the thread itself; what is of an earlier
/// segment counts as empty.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_KNOWNEDGES_H
#define GRIDLOCK_RUNTIME_KNOWNEDGES_H

#include "runtime/Graph.h"

namespace gridlock::rt {

/// For each node whom it may be followed by. Never a ranked lock.
extern NodeBits saturatedAfter[NodesInRows];
/// Of locks without a row.
extern const NodeBits noneSaturated;

GRIDLOCK_INLINE bool isSaturated(const Lock &from, const Lock &to) {
  return from.saturated->has(to.node.load(std::memory_order_relaxed));
}

/// Whether the newest lock held and the wanted one make a saturated edge.
GRIDLOCK_INLINE bool isNewestSaturated(const ThreadState &thread, const Lock &wanted) {
  return thread.newest->isSimplyHeld() && isSaturated(*thread.newest->lock, wanted);
}

/// Edges that a thread is a witness of, from node << 16 | to node.
struct WitnessedPart {
  static constexpr unsigned Most = 60;
  WitnessedPart *next;
  std::uint32_t count;
  std::uint32_t edges[Most];
};

/// The segments of two running threads saw the edge. With the graph locked.
void markSaturated(const Lock &from, const Lock &to, std::uint32_t segment, std::uint32_t other);
/// With the graph locked.
void unmarkSaturated(const Lock &from, const Lock &to);
/// The thread was joined: what it is a witness of is uncertain. Takes the graph's lock.
void forgetSaturatedBy(ThreadRecord &joined);
/// In the child of a fork.
void forgetAllSaturated();
/// Orders into this lock are to be looked at each time. Takes the graph's lock.
void forgetSaturatedInto(const Lock &to);

/// Gated contexts that were dropped count again once an edge lies on a cycle:
/// `Full` bits hold until the next change of this.
extern std::atomic<std::uint32_t> cycleChanges;

/// A row of pairs of words: plain bits, then full ones.
struct KnownRow {
  std::uint32_t segment;
  std::uint32_t cycles;
  std::uint32_t words; ///< of each kind
  std::uint64_t bits[];
};
struct KnownEdges {
  KnownRow *rows[NodesInRows];
};

/// Keys of orders that were recorded, of each 32 bits, mixed with the segment and
/// the count of joins that they are true for. With the place, which is more of
/// the key, a wrong match has a chance of one in 2^28 for each order.
struct ChainMemory {
  static constexpr unsigned Ways = 16; ///< keys of one bucket, a line of the cache
  unsigned bits, shift;
  std::uint32_t added, most;
  alignas(64) std::uint32_t tags[]; ///< 0: none
  std::uint32_t *bucketOf(std::uint64_t key) { return &tags[(key >> shift) * Ways]; }
  const std::uint32_t *bucketOf(std::uint64_t key) const { return &tags[(key >> shift) * Ways]; }
};

/// Remembers that the order behind `key` needs no second look.
void rememberChain(ThreadState &thread, std::uint64_t key);

/// Whether the edge from the newest lock held is known to the table, as one of a lock
/// without a row.
bool isNewestInTable(const ThreadState &thread, const Lock &to);

/// Starts fetching what will be looked at when the thread wants this lock, all at
/// the same time: in a big graph each of it is somewhere else in memory.
void prefetchOrders(const ThreadState &thread, std::uint32_t lock);

enum class Known { Plain, Full };

/// After so many questions that the edges' tags answered, a thread gets rows.
constexpr std::uint32_t AnswersBeforeRows = 1024;

/// Remembers for this thread, if it has rows.
void markKnown(ThreadState &thread, const Lock &from, const Lock &to, Known kind);
/// Whether recording the edge again tells nothing, as far as the bits know.
bool isKnownByBits(const ThreadState &thread, std::uint32_t from, std::uint32_t to);
/// The same for all that the thread holds.
bool areEdgesKnown(const ThreadState &thread, const Lock &to);
void giveRows(ThreadState &thread);

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_KNOWNEDGES_H
