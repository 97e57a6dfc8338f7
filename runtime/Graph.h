//===- Graph.h - The lock-order graph ---------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An edge A -> B says that some thread wanted B while it held A. Each edge
/// keeps a few contexts: the thread's segment, all locks held, the mode, both
/// stacks. A cycle of edges is a possible deadlock when one context can be
/// chosen for each edge such that the threads may run at the same time, can
/// hold their locks at the same time (no gate), and really exclude each other
/// (not two readers). Only such cycles are reported.
///
/// `noteOrder` is called before the thread blocks, so a deadlock that happens
/// is explained before it hangs.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_GRAPH_H
#define GRIDLOCK_RUNTIME_GRAPH_H

#include "runtime/EdgeIndex.h"
#include "runtime/Thread.h"

namespace gridlock::rt {

struct Context {
  std::uint32_t segment;
  std::uint32_t heldSet;
  std::uint32_t outerStack;
  std::uint32_t innerStack;
  std::uint32_t next;
  std::uint32_t heldBits; ///< one bit of 32 for each lock held: most comparisons end here
  LockMode mode;          ///< wanted of the inner lock
  bool isLone;            ///< nothing is held but the outer lock, exclusively
};

/// What decides most comparisons with a context.
struct ContextSummary {
  std::uint32_t segment;
  std::uint32_t heldBits;
  std::uint32_t context; ///< its number << 2 | is lone << 1 | wanted shared
};

/// One line of the processor's cache: a question about an edge costs one miss.
struct alignas(64) Edge {
  enum Flag : std::uint8_t {
    OnCycle = 1,  ///< some path leads back: every context counts
    Reported = 2, ///< part of a report already
    Overflow = 4, ///< contexts of running threads were dropped
  };
  static constexpr unsigned Summaries = 3;
  std::uint32_t from, to;
  std::uint32_t nextOut;
  std::uint32_t firstContext;
  std::atomic<std::uint32_t> tag; ///< see Graph.cpp
  std::uint8_t contexts;
  std::uint8_t flags;
  ContextSummary summaries[Summaries]; ///< of the first contexts
};

/// One edge of a found cycle with the context that was chosen for it.
struct CycleStep {
  std::uint32_t edge;
  std::uint32_t context;
};
constexpr unsigned LongestCycle = 10;

void noteOrderSlowly(ThreadState &thread, Lock &lock, LockMode mode, const void *frame);
/// What `isKnownOrder` does not remember may still be known (KnownEdges.h): for
/// all that the thread holds, wanting `lock` exclusively.
GRIDLOCK_NOINLINE bool isOrderKnownByMemory(const ThreadState &thread, const Lock &lock, std::uint64_t key);

/// Whether this thread, in this segment, wanted this lock with these held: `key`
/// is the chain key of both.
GRIDLOCK_INLINE bool isKnownOrder(const ThreadState &thread, std::uint64_t key) {
  return thread.chains[chainSlot(key)] == key && thread.chainEpoch == joinEpoch();
}

/// The thread, which holds something, is about to wait for `lock`. Records the
/// edges and reports a cycle. `frame` as for takeShallowStack.
GRIDLOCK_INLINE void noteOrder(ThreadState &thread, Lock &lock, LockMode mode, const void *frame) {
  if (GRIDLOCK_UNLIKELY(!isKnownOrder(thread, chainKey(topChain(thread), lock, mode))))
    noteOrderSlowly(thread, lock, mode, frame);
}

/// What the thread holds, sorted, without locks given up to a condition wait,
/// and without `except` (null: none), into the thread's scratch memory. Returns
/// the count.
std::uint32_t collectHeld(ThreadState &thread, const Lock *except);

// For Cycles.cpp and the reports; with the graph locked.
const Edge &edgeAt(std::uint32_t index);
Edge &mutableEdge(std::uint32_t index);
const Context &contextAt(std::uint32_t index);
std::uint32_t edgeEnd();
/// Whether contexts of two different edges of a cycle can be true at once.
bool canMeet(const Context &a, const Context &b);
/// Whether the waiter of `first` is stopped by the holder of `second`, the edge
/// after it in the cycle.
bool isStopped(const Context &first, const Context &second, std::uint32_t lock);
/// Whether cycles through this lock count.
bool isLock(const Lock &lock);

InternalLock &graphLock();

// For Journal.cpp; with the graph locked.

struct JournalEntry;
/// Records in full what was only written down.
void recordWrittenDown(const JournalEntry &entry);
/// Gives a new edge its place in the order. Returns whether it closes a cycle; then
/// all that was written down about that cycle is recorded.
bool placeInOrder(Lock &from, Lock &to);

// Cycles.cpp.

/// Adds a new edge to the order of components. Returns the component that it
/// made of several by closing a cycle, or 0.
/// Both locks have nodes in rows while the graph is ordered.
std::uint32_t orderEdge(Lock &from, Lock &to);
/// While it is ordered: the place of each node's component. An edge that leads to
/// a later place closes no cycle.
extern std::uint32_t orderOfNode[NodesInRows];
extern bool isOrdered;
/// The first of the locks of a component; `Lock::nextInComponent` leads on.
std::uint32_t firstMember(std::uint32_t component);
/// Whether a path leads from `to` back to `from` (as far as known).
bool isOnCycle(const Lock &from, const Lock &to);
/// Searches a possible deadlock through this edge with this context and reports
/// the shortest one found.
void searchCycle(std::uint32_t edge, std::uint32_t context);
/// Work put off because the graph is big. Called by the watchdog about once a
/// second, and by any thread that is marked busy, without any lock.
void searchBigGraph();
InternalLock &bigSearchLock();

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_GRAPH_H
