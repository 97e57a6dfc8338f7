//===- Journal.cpp - Orders that lie on no cycle yet ----------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is written down is exactly what recording would have seen: segment, held
// locks, stacks. Whether two segments may run in parallel does not change when
// more of the program is known, so recording later gives the same contexts, or
// more of them, as a thread that was running then may have been joined since.
//
// The invariant: no edge of the journal lies on a cycle that is known. Up to
// 4,096 nodes "known" means the online order of components, beyond them the
// reverse edge, and what the helper thread's search found. Whoever learns of a
// cycle replays first (Graph.cpp, Cycles.cpp).
//
// The journal must not grow for ever, and only the full records know when an
// edge was seen often enough. So the orders into one lock are written down for
// one segment only, the first that has some: the thread's memory of known orders
// keeps it from writing one down twice. When the journal is full, everything is
// recorded at once. After many searches of the journal it is replayed as a
// whole, so that they never add up to more than what it saved.
//
//===----------------------------------------------------------------------===//

#include "runtime/Journal.h"
#include "runtime/Arena.h"
#include "runtime/KnownEdges.h"
#include "runtime/Options.h"
#include "runtime/Provoke.h"
#include "runtime/TraceWriter.h"

namespace gridlock::rt {

namespace {

constexpr std::size_t PartBytes = 256 * 1024;
constexpr unsigned MostParts = 128;
constexpr unsigned MostSearches = 64;

/// A piece of memory that is filled from the front.
struct Part {
  std::size_t used;
  alignas(8) char entries[];
};

Part *parts[MostParts];
unsigned partCount = 0;
bool isReplaying = false;
bool isEmpty = true;
unsigned searches = 0;

/// Edges that were written down with no other lock held.
NodeBits writtenPlainly[NodesInRows];

std::size_t bytesOf(std::uint32_t count) { return sizeof(JournalEntry) + count * sizeof(JournalItem); }

template <typename Wanted> void replay(Wanted wanted) {
  if (isReplaying || isEmpty)
    return;
  isReplaying = true;
  bool all = ++searches > MostSearches;
  for (unsigned i = 0; i < partCount; ++i)
    for (std::size_t at = 0; at < parts[i]->used;) {
      auto &entry = *reinterpret_cast<JournalEntry *>(parts[i]->entries + at);
      if (entry.lock && (all || wanted(entry))) {
        recordWrittenDown(entry);
        entry.lock = 0;
      }
      at += bytesOf(entry.count);
    }
  isEmpty = all;
  isReplaying = false;
}

/// Room for an entry; null when there is none left. What was replayed keeps its
/// place, so nothing is written down for ever.
JournalEntry *newEntry(std::uint32_t count) {
  std::size_t bytes = bytesOf(count);
  if (bytes > PartBytes / 16)
    return nullptr;
  if (!partCount || parts[partCount - 1]->used + bytes > PartBytes - sizeof(Part)) {
    if (partCount == MostParts)
      return nullptr;
    parts[partCount++] = static_cast<Part *>(arenaAllocate(PartBytes));
  }
  Part &part = *parts[partCount - 1];
  auto *entry = reinterpret_cast<JournalEntry *>(part.entries + part.used);
  part.used += bytes;
  prefetchToWrite(part.entries + part.used + 192);
  isEmpty = false;
  return entry;
}

/// Adds the edge to a lock of node `b` if it closes no cycle that can be known now.
/// Returns whether it does not.
GRIDLOCK_INLINE bool addHarmless(Lock &from, Lock &to, std::uint32_t b) {
  std::uint32_t a = numberNode(from);
  if (isOrdered) {
    std::uint32_t left = orderOfNode[a], right = orderOfNode[b];
    if ((!left || left >= right) && (hasEdge(to, from) || placeInOrder(from, to) || isOnCycle(from, to)))
      return false;
  }
  return !addUnlessReversed(from, to) && (isOrdered || !isOnCycle(from, to));
}

/// Whether the journal can say all about a held lock.
bool isPlainlyHeld(const HeldLock &outer, const Lock &wanted) {
  return outer.isWhole() && outer.mode == LockMode::Exclusive && !outer.waitingOnCondition && outer.lock != &wanted &&
         outer.lock->address() && !outer.lock->has(Lock::NotALock);
}

} // namespace

bool writeDown(ThreadState &thread, Lock &lock, std::uint32_t innerStack) {
  if (provoking || lock.isRanked || isReplaying)
    return false;
  std::uint32_t node = numberNode(lock);
  if (lock.writer && lock.writer != thread.segment)
    return false;
  const HeldLock *const first = thread.held, *const end = thread.newest + 1;
  const std::uint32_t count = thread.heldCount();
  for (const HeldLock *held = first; held != end; ++held)
    if (!isPlainlyHeld(*held, lock))
      return false;
  for (const HeldLock *held = first; held != end; ++held)
    if (!addHarmless(*held->lock, lock, node))
      return false;
  lock.writer = thread.segment;
  JournalEntry *entry = newEntry(count);
  if (!entry)
    return false;
  entry->segment = thread.segment;
  entry->lock = lock.id;
  entry->innerStack = innerStack;
  entry->count = count;
  JournalItem *item = entry->items;
  for (const HeldLock *held = first; held != end; ++held)
    *item++ = {held->lock->id, held->stack.storedAs};
  if (count == 1) {
    std::uint32_t from = thread.held[0].lock->node.load(std::memory_order_relaxed);
    if (isInRows(from) && isInRows(node))
      writtenPlainly[from].add(node);
    markKnown(thread, *thread.held[0].lock, lock, Known::Plain);
  }
  if (options.trace[0])
    traceWrittenDown(*entry);
  return true;
}

std::uint32_t plainWriterOf(const Lock &from, const Lock &to) {
  std::uint32_t a = from.node.load(std::memory_order_relaxed), b = to.node.load(std::memory_order_relaxed);
  return isInRows(a) && isInRows(b) && writtenPlainly[a].has(b) ? to.writer : 0;
}

void replayComponent(std::uint32_t component) {
  replay([&](const JournalEntry &entry) {
    std::uint32_t of = lockAt(entry.lock).component;
    if (!of || (component && of != component))
      return false;
    for (std::uint32_t i = 0; i < entry.count; ++i)
      if (lockAt(entry.items[i].lock).component == of)
        return true;
    return false;
  });
}

void replayEdge(const Lock &from, const Lock &to) {
  replay([&](const JournalEntry &entry) {
    if (entry.lock != to.id)
      return false;
    for (std::uint32_t i = 0; i < entry.count; ++i)
      if (entry.items[i].lock == from.id)
        return true;
    return false;
  });
}

} // namespace gridlock::rt
