//===- KnownEdges.cpp - Edges that need no second look --------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/KnownEdges.h"
#include "runtime/Arena.h"
#include "runtime/Provoke.h"

#include <algorithm>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace gridlock::rt {

NodeBits saturatedAfter[NodesInRows];
const NodeBits noneSaturated = {};
std::atomic<std::uint32_t> cycleChanges{1};

namespace {

constexpr unsigned FirstChainBits = ChainCacheBits + 1, MostChainBits = 19;
/// All threads together: what their bigger caches may take.
constexpr std::size_t MostChainBytes = 64u << 20;
std::atomic<std::size_t> chainBytes{0};

std::uint32_t saltOf(const ThreadState &thread) {
  return static_cast<std::uint32_t>(mix(thread.segment, thread.chainEpoch));
}

/// A tag keeps all bits of the key that the smallest memory's places do not, as far
/// as a bigger one needs them: it finds its new place without the key.
constexpr unsigned TagShift = 24;
static_assert(64 - TagShift - 32 <= FirstChainBits - 4);

std::uint32_t tagOf(std::uint64_t key, std::uint32_t salt) {
  return static_cast<std::uint32_t>(key >> TagShift) ^ salt;
}

std::size_t chainMemoryBytes(unsigned bits) { return sizeof(ChainMemory) + (std::size_t(4) << bits); }

ChainMemory *newChainMemory(unsigned bits) {
  std::size_t bytes = chainMemoryBytes(bits);
  if (chainBytes.fetch_add(bytes, std::memory_order_relaxed) > MostChainBytes) {
    chainBytes.fetch_sub(bytes, std::memory_order_relaxed);
    return nullptr;
  }
  auto *memory = static_cast<ChainMemory *>(mapPages(bytes));
  memory->shift = 64 - bits + 4;
  memory->bits = bits;
  memory->most = 1u << bits;
  return memory;
}

/// The places of a bucket that hold `tag`, a bit each.
unsigned placesOf(const std::uint32_t *bucket, std::uint32_t tag) {
  static_assert(ChainMemory::Ways == 16);
#if defined(__SSE2__)
  const auto *four = reinterpret_cast<const __m128i *>(bucket);
  __m128i tags = _mm_set1_epi32(static_cast<int>(tag));
  __m128i low = _mm_packs_epi32(_mm_cmpeq_epi32(four[0], tags), _mm_cmpeq_epi32(four[1], tags));
  __m128i high = _mm_packs_epi32(_mm_cmpeq_epi32(four[2], tags), _mm_cmpeq_epi32(four[3], tags));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
#else
  unsigned places = 0;
  for (unsigned i = 0; i < ChainMemory::Ways; ++i)
    places |= unsigned(bucket[i] == tag) << i;
  return places;
#endif
}

/// Into the first free place, else where chance says.
void placeTag(ChainMemory &memory, std::uint32_t *bucket, std::uint32_t tag) {
  unsigned free = placesOf(bucket, 0);
  bucket[free ? static_cast<unsigned>(__builtin_ctz(free)) : memory.added % ChainMemory::Ways] = tag;
}

void growChainMemory(ThreadState &thread) {
  giveRows(thread);
  ChainMemory *old = thread.chainMemory;
  unsigned bits = old ? old->bits + 2 : FirstChainBits;
  ChainMemory *bigger = bits <= MostChainBits ? newChainMemory(bits) : nullptr;
  if (!bigger) {
    if (old)
      old->most = ~0u; // as big as it gets
    return;
  }
  std::uint32_t salt = saltOf(thread);
  for (std::size_t i = 0; old && i < std::size_t(1) << old->bits; ++i)
    if (std::uint32_t tag = old->tags[i]) {
      std::uint64_t lower = std::uint64_t(tag ^ salt) << TagShift;
      std::uint64_t upper = std::uint64_t(i / ChainMemory::Ways) << old->shift;
      std::uint64_t overlap = (std::uint64_t(1) << (TagShift + 32)) - 1;
      placeTag(*bigger, bigger->bucketOf((upper & ~overlap) | lower), tag);
    }
  thread.chainMemory = bigger;
  if (old) {
    std::size_t bytes = chainMemoryBytes(old->bits);
    unmapPages(old, bytes);
    chainBytes.fetch_sub(bytes, std::memory_order_relaxed);
  }
}

GRIDLOCK_INLINE bool isChainRemembered(const ThreadState &thread, std::uint64_t key) {
  const ChainMemory *memory = thread.chainMemory;
  if (!memory)
    return false;
  std::uint32_t tag = tagOf(key, saltOf(thread));
  return tag && placesOf(memory->bucketOf(key), tag);
}

bool inRows(const Lock &from, const Lock &to) {
  return isInRows(from.node.load(std::memory_order_relaxed)) && isInRows(to.node.load(std::memory_order_relaxed));
}

/// Makes the row fit the segment and the node.
KnownRow &rowFor(ThreadState &thread, std::uint32_t from, std::uint32_t to) {
  KnownRow *&row = thread.known->rows[from];
  if (!row || to / 64 >= row->words) {
    std::uint32_t words = row ? row->words : 2;
    while (words <= std::max(to, nodeEnd() - 1) / 64)
      words *= 2;
    auto *bigger = static_cast<KnownRow *>(arenaAllocate(sizeof(KnownRow) + std::size_t(words) * 16));
    if (row) {
      std::memcpy(static_cast<void *>(bigger), row, sizeof(KnownRow) + std::size_t(row->words) * 16);
    }
    bigger->words = words;
    row = bigger;
  }
  std::uint32_t cycles = cycleChanges.load(std::memory_order_relaxed);
  if (row->segment != thread.segment) {
    std::memset(row->bits, 0, std::size_t(row->words) * 16);
    row->segment = thread.segment;
    row->cycles = cycles;
  }
  if (row->cycles != cycles) {
    for (std::uint32_t i = 0; i < row->words; ++i)
      row->bits[i * 2 + 1] = 0;
    row->cycles = cycles;
  }
  return *row;
}

} // namespace

namespace {

WitnessedPart *freeParts = nullptr;

void addWitnessed(std::uint32_t segment, std::uint32_t edge) {
  ThreadRecord &record = threadAt(segmentAt(segment).thread);
  WitnessedPart *part = record.witnessed;
  if (!part || part->count == WitnessedPart::Most) {
    part = freeParts;
    if (part)
      freeParts = part->next;
    else
      part = arenaNew<WitnessedPart>();
    part->next = record.witnessed;
    part->count = 0;
    record.witnessed = part;
  }
  part->edges[part->count++] = edge;
}

void clearSaturated(std::uint32_t from, std::uint32_t to) {
  std::atomic<std::uint64_t> &word = saturatedAfter[from].words[to / 64];
  word.store(word.load(std::memory_order_relaxed) & ~(std::uint64_t(1) << (to % 64)), std::memory_order_relaxed);
}

} // namespace

void markSaturated(const Lock &from, const Lock &to, std::uint32_t segment, std::uint32_t other) {
  if (!inRows(from, to) || to.isRanked || isSaturated(from, to))
    return;
  std::uint32_t a = from.node.load(std::memory_order_relaxed), b = to.node.load(std::memory_order_relaxed);
  saturatedAfter[a].add(b);
  addWitnessed(segment, a << 16 | b);
  addWitnessed(other, a << 16 | b);
}

void unmarkSaturated(const Lock &from, const Lock &to) {
  if (inRows(from, to))
    clearSaturated(from.node.load(std::memory_order_relaxed), to.node.load(std::memory_order_relaxed));
}

void forgetSaturatedBy(ThreadRecord &joined) {
  InternalGuard guard(graphLock());
  while (WitnessedPart *part = joined.witnessed) {
    for (std::uint32_t i = 0; i < part->count; ++i)
      clearSaturated(part->edges[i] >> 16, part->edges[i] & 0xFFFF);
    joined.witnessed = part->next;
    part->next = freeParts;
    freeParts = part;
  }
}

void forgetAllSaturated() {
  for (std::uint32_t from = 1; from < std::min(nodeEnd(), NodesInRows); ++from)
    for (std::atomic<std::uint64_t> &word : saturatedAfter[from].words)
      word.store(0, std::memory_order_relaxed);
}

void forgetSaturatedInto(const Lock &to) {
  InternalGuard guard(graphLock());
  std::uint32_t node = to.node.load(std::memory_order_relaxed);
  if (isInRows(node))
    for (std::uint32_t from = 1; from < std::min(nodeEnd(), NodesInRows); ++from)
      clearSaturated(from, node);
}

void rememberChain(ThreadState &thread, std::uint64_t key) {
  ChainMemory *memory = thread.chainMemory;
  if (!memory || ++memory->added == memory->most) {
    if (!memory && ++thread.chainsAdded < ChainCacheEntries * 2)
      return;
    growChainMemory(thread);
    memory = thread.chainMemory;
  }
  if (memory)
    placeTag(*memory, memory->bucketOf(key), tagOf(key, saltOf(thread)));
}

void giveRows(ThreadState &thread) {
  if (!thread.known)
    thread.known = arenaNew<KnownEdges>();
}

void markKnown(ThreadState &thread, const Lock &from, const Lock &to, Known kind) {
  if (!thread.known || !inRows(from, to))
    return;
  std::uint32_t node = to.node.load(std::memory_order_relaxed);
  KnownRow &row = rowFor(thread, from.node.load(std::memory_order_relaxed), node);
  row.bits[node / 64 * 2 + (kind == Known::Full)] |= std::uint64_t(1) << (node % 64);
}

bool isKnownByBits(const ThreadState &thread, std::uint32_t from, std::uint32_t to) {
  if (saturatedAfter[from].has(to))
    return true;
  const KnownRow *row = thread.known ? thread.known->rows[from] : nullptr;
  if (!row || row->segment != thread.segment || to / 64 >= row->words)
    return false;
  std::uint64_t plain = row->bits[to / 64 * 2], full = row->bits[to / 64 * 2 + 1];
  bool fullCounts = thread.heldCount() > 1 && row->cycles == cycleChanges.load(std::memory_order_relaxed);
  return (plain | (fullCounts ? full : 0)) >> (to % 64) & 1;
}

bool areEdgesKnown(const ThreadState &thread, const Lock &to) {
  std::uint32_t wanted = to.node.load(std::memory_order_relaxed);
  if (!isInRows(wanted))
    return false;
  for (std::uint32_t i = thread.heldCount(); i-- > 0;) {
    const HeldLock &outer = thread.held[i];
    if (!outer.isWhole() || outer.waitingOnCondition || outer.lock == &to)
      continue;
    std::uint32_t from = outer.lock->node.load(std::memory_order_relaxed);
    if (outer.mode == LockMode::Shared || !isInRows(from) || !isKnownByBits(thread, from, wanted))
      return false;
  }
  return true;
}

void prefetchOrders(const ThreadState &thread, std::uint32_t lock) {
  if (!thread.heldCount())
    return;
  // The rows of a smaller graph stay in the cache.
  if (nodeEnd() <= NodesInRows) {
    if (thread.chainMemory)
      prefetchToWrite(thread.chainMemory->bucketOf(chainKey(topChain(thread), lock, LockMode::Exclusive)));
    return;
  }
  if (const EdgeTable *edges = edgeTable())
    for (const HeldLock *held = thread.newest; held != thread.noneHeld; --held)
      if (held->isWhole())
        prefetchToWrite(edges->placeOf(held->lock->id, lock));
}

bool isNewestInTable(const ThreadState &thread, const Lock &to) {
  return thread.newest->isWhole() && hasEdge(*thread.newest->lock, to);
}

bool isOrderKnownByMemory(const ThreadState &thread, const Lock &to, std::uint64_t key) {
  if (to.isRanked || provoking || thread.chainEpoch != joinEpoch())
    return false;
  // A new edge is in no list that was recorded, and its place in the table is needed anyway.
  if (!isInRows(to.node.load(std::memory_order_relaxed)))
    return isNewestInTable(thread, to) && isChainRemembered(thread, key);
  if (thread.heldCount() == 1)
    return areEdgesKnown(thread, to) || isChainRemembered(thread, key);
  return isChainRemembered(thread, key) || areEdgesKnown(thread, to);
}

} // namespace gridlock::rt
