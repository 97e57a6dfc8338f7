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

#include <algorithm>

namespace gridlock::rt {

NodeBits followersOf[NodesInRows], predecessorsOf[NodesInRows];

namespace {

constexpr std::uint32_t TileSide = 8;
struct Tile {
  std::atomic<std::uint32_t> edges[TileSide * TileSide];
};
std::atomic<Tile *> tiles[NodesInRows / TileSide][NodesInRows / TileSide];

std::uint32_t nodes = 1;
std::uint32_t locksOfNodes[NodesInRows];

struct Slot {
  std::atomic<std::uint64_t> key; ///< from << 32 | to, lock ids
  std::uint32_t edge;
};
struct Table {
  unsigned shift; ///< of the hash: what remains is the place
  std::size_t mask;
  Slot slots[];
};
std::atomic<Table *> table{nullptr};
std::size_t used = 0;

std::uint64_t keyOf(const Lock &from, const Lock &to) { return std::uint64_t(from.id) << 32 | to.id; }

std::size_t placeOf(const Table &where, std::uint64_t key) {
  std::uint32_t a = static_cast<std::uint32_t>(key >> 32), b = static_cast<std::uint32_t>(key);
  return mix(std::uint64_t(std::min(a, b)) << 32 | std::max(a, b), 3) >> where.shift;
}

void place(Table &where, std::uint64_t key, std::uint32_t edge) {
  std::size_t i = placeOf(where, key);
  while (where.slots[i & where.mask].key.load(std::memory_order_relaxed))
    ++i;
  where.slots[i & where.mask].edge = edge;
  where.slots[i & where.mask].key.store(key, std::memory_order_release);
}

Table &roomy() {
  Table *current = table.load(std::memory_order_relaxed);
  if (current && used * 10 < current->mask * 6)
    return *current;
  std::size_t size = current ? (current->mask + 1) * 2 : 1024;
  Table *bigger = static_cast<Table *>(mapPages(sizeof(Table) + size * sizeof(Slot)));
  bigger->mask = size - 1;
  bigger->shift = 64 - static_cast<unsigned>(__builtin_ctzll(size));
  for (std::size_t i = 0; current && i <= current->mask; ++i)
    if (std::uint64_t key = current->slots[i].key.load(std::memory_order_relaxed))
      place(*bigger, key, current->slots[i].edge);
  table.store(bigger, std::memory_order_release); // the old one stays mapped for its readers
  return *bigger;
}

std::uint32_t findInTable(const Lock &from, const Lock &to) {
  Table *current = table.load(std::memory_order_acquire);
  if (!current)
    return 0;
  std::uint64_t key = keyOf(from, to);
  for (std::size_t i = placeOf(*current, key);; ++i) {
    Slot &slot = current->slots[i & current->mask];
    std::uint64_t found = slot.key.load(std::memory_order_acquire);
    if (found == key)
      return slot.edge;
    if (!found)
      return 0;
  }
}

void numberNode(Lock &lock) {
  if (lock.node.load(std::memory_order_relaxed))
    return;
  if (nodes < NodesInRows)
    locksOfNodes[nodes] = lock.id;
  lock.node.store(nodes++, std::memory_order_release);
}

} // namespace

std::uint32_t findEdge(const Lock &from, const Lock &to) {
  std::uint32_t a = from.node.load(std::memory_order_acquire), b = to.node.load(std::memory_order_acquire);
  if (!a || !b)
    return 0;
  if (!isInRows(a) || !isInRows(b))
    return findInTable(from, to);
  // The rows stay in the cache, where the tiles of a dense graph do not.
  if (!followersOf[a].has(b, std::memory_order_acquire))
    return 0;
  Tile *tile = tiles[a / TileSide][b / TileSide].load(std::memory_order_acquire);
  return tile ? tile->edges[a % TileSide * TileSide + b % TileSide].load(std::memory_order_acquire) : 0;
}

void prefetchEdge(const Lock &from, const Lock &to) {
  std::uint32_t a = from.node.load(std::memory_order_relaxed), b = to.node.load(std::memory_order_relaxed);
  if (!a || !b)
    return;
  if (isInRows(a) && isInRows(b)) {
    if (!followersOf[a].has(b))
      return;
    if (Tile *tile = tiles[a / TileSide][b / TileSide].load(std::memory_order_relaxed))
      __builtin_prefetch(&tile->edges[a % TileSide * TileSide + b % TileSide]);
  } else if (Table *current = table.load(std::memory_order_acquire)) {
    __builtin_prefetch(&current->slots[placeOf(*current, keyOf(from, to)) & current->mask]);
  }
}

void indexEdge(Lock &from, Lock &to, std::uint32_t edge) {
  numberNode(from);
  numberNode(to);
  std::uint32_t a = from.node.load(std::memory_order_relaxed), b = to.node.load(std::memory_order_relaxed);
  if (!isInRows(a) || !isInRows(b)) {
    place(roomy(), keyOf(from, to), edge);
    ++used;
    return;
  }
  std::atomic<Tile *> &tile = tiles[a / TileSide][b / TileSide];
  if (!tile.load(std::memory_order_relaxed))
    tile.store(arenaNew<Tile>(), std::memory_order_release);
  tile.load(std::memory_order_relaxed)
      ->edges[a % TileSide * TileSide + b % TileSide]
      .store(edge, std::memory_order_release);
  followersOf[a].add(b, std::memory_order_release);
  predecessorsOf[b].add(a);
}

std::uint32_t nodeEnd() { return nodes; }
Lock &lockOfNode(std::uint32_t node) { return lockAt(locksOfNodes[node]); }

} // namespace gridlock::rt
