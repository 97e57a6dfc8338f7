//===- EdgeIndex.cpp - From two locks to their edge -----------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thousand locks can make half a million edges, more than any cache holds, so
// what counts is how many lines of memory one question touches. The square of
// the first 4,096 nodes is cut into tiles of 8 by 8 edge numbers, made when
// their first edge is: a dense graph costs 4 bytes an edge, a lonely edge 256.
// The table of tiles stays in the cache. Locks that are first nested together
// have neighbouring nodes, and so share tiles.
//
// The hash table places an edge by the hash of its two locks without their
// order, so that the reverse edge, which is asked for at every new one, lies
// beside it. The place is the upper part of the hash: when the table doubles,
// old and new one are walked from front to back together, without jumps.
//
//===----------------------------------------------------------------------===//

#include "runtime/EdgeIndex.h"
#include "runtime/Arena.h"
#include "runtime/KnownEdges.h"

#include <algorithm>

namespace gridlock::rt {

NodeBits followersOf[NodesInRows], predecessorsOf[NodesInRows];
std::atomic<EdgeTable *> currentEdgeTable{nullptr};

namespace {

constexpr std::uint32_t TileSide = 8;
struct Tile {
  std::atomic<std::uint32_t> edges[TileSide * TileSide];
};
std::atomic<Tile *> tiles[NodesInRows / TileSide][NodesInRows / TileSide];

std::atomic<std::uint32_t> nodes{1};
std::uint32_t locksOfNodes[NodesInRows];

std::size_t used = 0, mostUsed = 0;
/// Some edge in the table has a number.
std::atomic<bool> edgesNumbered{false};
std::atomic<std::uint32_t> edgeCount{0};

std::uint64_t keyOf(const Lock &from, const Lock &to) { return std::uint64_t(from.id) << 32 | to.id; }

std::size_t placeOf(const EdgeTable &where, std::uint64_t key) {
  return where.indexOf(static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key));
}

/// Where the key lies, or the free place where it belongs.
std::size_t search(const EdgeTable &where, std::uint64_t key) {
  for (std::size_t i = placeOf(where, key);; ++i) {
    std::uint64_t found = where.keys[i & where.mask].load(std::memory_order_acquire);
    if (found == key || !found)
      return i & where.mask;
  }
}

constexpr std::size_t FirstPlaces = 4096;
/// Smaller tables are replaced by ones of four times their size: each edge is moved
/// less often, and the memory is little.
constexpr std::size_t SmallPlaces = 1u << 18;

/// A bigger table, with all edges of the present one.
GRIDLOCK_NOINLINE EdgeTable &grow() {
  EdgeTable *current = currentEdgeTable.load(std::memory_order_relaxed);
  std::size_t size = FirstPlaces;
  if (current)
    size = (current->mask + 1) * (current->mask < SmallPlaces ? 4 : 2);
  auto *bigger = arenaNew<EdgeTable>();
  bigger->mask = size - 1;
  bigger->shift = 64 - static_cast<unsigned>(__builtin_ctzll(size));
  bigger->keys = static_cast<std::atomic<std::uint64_t> *>(mapPages(size * sizeof(*bigger->keys)));
  bigger->edges = static_cast<std::atomic<std::uint32_t> *>(mapSparsePages(size * sizeof(*bigger->edges)));
  for (std::size_t i = 0; current && i <= current->mask; ++i)
    if (std::uint64_t key = current->keys[i].load(std::memory_order_relaxed)) {
      std::size_t place = search(*bigger, key);
      bigger->keys[place].store(key, std::memory_order_relaxed);
      // Looking alone would make the kernel give a page.
      if (edgesNumbered.load(std::memory_order_relaxed))
        bigger->edges[place].store(current->edges[i].load(std::memory_order_relaxed), std::memory_order_relaxed);
    }
  mostUsed = size / 10 * 7;
  currentEdgeTable.store(bigger, std::memory_order_release); // the old one stays mapped for its readers
  return *bigger;
}

/// A table with room for one more edge.
EdgeTable &roomy() { return used < mostUsed ? *currentEdgeTable.load(std::memory_order_relaxed) : grow(); }

void addToTable(const Lock &from, const Lock &to, std::uint32_t edge) {
  EdgeTable &where = roomy();
  std::uint64_t key = keyOf(from, to);
  std::size_t place = search(where, key);
  if (edge) {
    where.edges[place].store(edge, std::memory_order_release);
    edgesNumbered.store(true, std::memory_order_release);
  }
  if (where.keys[place].load(std::memory_order_relaxed))
    return;
  where.keys[place].store(key, std::memory_order_release);
  ++used;
  edgeCount.store(edgeCount.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

} // namespace

std::uint32_t numberNewNode(Lock &lock) {
  std::uint32_t node = nodes.load(std::memory_order_relaxed);
  nodes.store(node + 1, std::memory_order_release);
  if (node < NodesInRows) {
    locksOfNodes[node] = lock.id;
    lock.saturated = &saturatedAfter[node];
  } else {
    node = NodesInRows;
  }
  lock.node.store(node, std::memory_order_release);
  return node;
}

bool areNumbersLikely(const Lock &to) {
  return isInRows(to.node.load(std::memory_order_relaxed)) || edgesNumbered.load(std::memory_order_relaxed);
}

std::uint32_t findEdge(const Lock &from, const Lock &to) {
  std::uint32_t a = from.node.load(std::memory_order_acquire), b = to.node.load(std::memory_order_acquire);
  if (!a || !b)
    return 0;
  if (!isInRows(a) || !isInRows(b)) {
    if (!edgesNumbered.load(std::memory_order_acquire))
      return 0;
    const EdgeTable *current = currentEdgeTable.load(std::memory_order_acquire);
    if (!current)
      return 0;
    std::size_t place = search(*current, keyOf(from, to));
    return current->keys[place].load(std::memory_order_relaxed) ? current->edges[place].load(std::memory_order_acquire)
                                                                : 0;
  }
  // The rows stay in the cache, where the tiles of a dense graph do not.
  if (!followersOf[a].has(b, std::memory_order_acquire))
    return 0;
  Tile *tile = tiles[a / TileSide][b / TileSide].load(std::memory_order_acquire);
  return tile ? tile->edges[a % TileSide * TileSide + b % TileSide].load(std::memory_order_acquire) : 0;
}

bool hasEdge(const Lock &from, const Lock &to) {
  std::uint32_t a = from.node.load(std::memory_order_acquire), b = to.node.load(std::memory_order_acquire);
  if (!a || !b)
    return false;
  if (isInRows(a) && isInRows(b))
    return followersOf[a].has(b, std::memory_order_acquire);
  const EdgeTable *current = currentEdgeTable.load(std::memory_order_acquire);
  return current && current->keys[search(*current, keyOf(from, to))].load(std::memory_order_relaxed);
}

void prefetchTile(const Lock &from, const Lock &to) {
  std::uint32_t a = from.node.load(std::memory_order_relaxed), b = to.node.load(std::memory_order_relaxed);
  if (!isInRows(a) || !isInRows(b) || !followersOf[a].has(b))
    return;
  if (Tile *tile = tiles[a / TileSide][b / TileSide].load(std::memory_order_relaxed))
    __builtin_prefetch(&tile->edges[a % TileSide * TileSide + b % TileSide]);
}

namespace {

void addToRows(std::uint32_t a, std::uint32_t b) {
  if (followersOf[a].has(b))
    return;
  edgeCount.store(edgeCount.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  followersOf[a].add(b, std::memory_order_release);
  predecessorsOf[b].add(a);
}

} // namespace

void indexEdge(Lock &from, Lock &to, std::uint32_t edge) {
  std::uint32_t a = numberNode(from), b = numberNode(to);
  if (!isInRows(a) || !isInRows(b)) {
    addToTable(from, to, edge);
    return;
  }
  if (edge) {
    std::atomic<Tile *> &tile = tiles[a / TileSide][b / TileSide];
    if (!tile.load(std::memory_order_relaxed))
      tile.store(arenaNew<Tile>(), std::memory_order_release);
    tile.load(std::memory_order_relaxed)
        ->edges[a % TileSide * TileSide + b % TileSide]
        .store(edge, std::memory_order_release);
  }
  addToRows(a, b);
}

bool addUnlessReversed(const Lock &from, const Lock &to) {
  std::uint32_t a = from.node.load(std::memory_order_relaxed), b = to.node.load(std::memory_order_relaxed);
  if (isInRows(a) && isInRows(b)) {
    if (followersOf[b].has(a))
      return true;
    addToRows(a, b);
    return false;
  }
  // Both directions have the same place: one walk finds either.
  EdgeTable &where = roomy();
  std::uint64_t key = keyOf(from, to), reverse = keyOf(to, from);
  bool known = false;
  for (std::size_t i = placeOf(where, key);; ++i) {
    std::atomic<std::uint64_t> &slot = where.keys[i & where.mask];
    std::uint64_t found = slot.load(std::memory_order_relaxed);
    if (found == reverse)
      return true;
    known |= found == key; // the reverse one may come behind it
    if (found)
      continue;
    if (known)
      return false;
    slot.store(key, std::memory_order_release);
    ++used;
    edgeCount.store(edgeCount.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    return false;
  }
}

std::uint32_t edgesIndexed() { return edgeCount.load(std::memory_order_relaxed); }
std::uint32_t nodeEnd() { return nodes.load(std::memory_order_acquire); }
Lock &lockOfNode(std::uint32_t node) { return lockAt(locksOfNodes[node]); }

} // namespace gridlock::rt
