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

namespace gridlock::rt {

SaturatedRow saturated[NodesInRows];
std::atomic<std::uint32_t> cycleChanges{1};

namespace {

constexpr unsigned FirstChainBits = ChainCacheBits + 2, MostChainBits = 19;
/// All threads together: what their bigger caches may take.
constexpr std::size_t MostChainBytes = 64u << 20;
std::atomic<std::size_t> chainBytes{0};

std::uint64_t saltOf(const ThreadState &thread) {
  return (std::uint64_t(thread.segment) << 32 | thread.chainEpoch) * 0xE7037ED1A0B428DBu;
}

ChainMemory *newChainMemory(unsigned bits) {
  std::size_t bytes = sizeof(ChainMemory) + (std::size_t(8) << bits);
  if (chainBytes.fetch_add(bytes, std::memory_order_relaxed) > MostChainBytes) {
    chainBytes.fetch_sub(bytes, std::memory_order_relaxed);
    return nullptr;
  }
  auto *memory = static_cast<ChainMemory *>(mapPages(bytes));
  static_assert(ChainMemory::Ways == 8);
  memory->shift = 64 - bits + 3;
  memory->bits = bits;
  memory->most = 1u << bits;
  return memory;
}

/// Into the first free place, else where chance says.
void placeChain(ChainMemory &memory, std::uint64_t key, std::uint64_t salted) {
  std::uint64_t *bucket = memory.bucketOf(key);
  for (unsigned i = 0; i < ChainMemory::Ways; ++i)
    if (!bucket[i]) {
      bucket[i] = salted;
      return;
    }
  bucket[memory.added % ChainMemory::Ways] = salted;
}

void growChainMemory(ThreadState &thread) {
  ChainMemory *old = thread.chainMemory;
  unsigned bits = old ? old->bits + 2 : FirstChainBits;
  ChainMemory *bigger = bits <= MostChainBits ? newChainMemory(bits) : nullptr;
  if (!bigger) {
    if (old)
      old->most = ~0u; // as big as it gets
    return;
  }
  std::uint64_t salt = saltOf(thread);
  for (std::size_t i = 0; old && i < std::size_t(1) << old->bits; ++i)
    if (old->keys[i])
      placeChain(*bigger, old->keys[i] ^ salt, old->keys[i]);
  thread.chainMemory = bigger;
  if (old) {
    std::size_t bytes = sizeof(ChainMemory) + (std::size_t(8) << old->bits);
    unmapPages(old, bytes);
    chainBytes.fetch_sub(bytes, std::memory_order_relaxed);
  }
}

bool isChainRemembered(const ThreadState &thread, std::uint64_t key) {
  const ChainMemory *memory = thread.chainMemory;
  if (!memory)
    return false;
  std::uint64_t salted = key ^ saltOf(thread);
  const std::uint64_t *bucket = memory->bucketOf(key);
  unsigned found = 0;
  for (unsigned i = 0; i < ChainMemory::Ways; ++i)
    found |= bucket[i] == salted;
  return found;
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

void markSaturated(const Lock &from, const Lock &to) {
  if (!inRows(from, to))
    return;
  SaturatedRow &row = saturated[from.node.load(std::memory_order_relaxed)];
  std::uint32_t epoch = joinEpoch();
  if (row.epoch.load(std::memory_order_relaxed) != epoch) {
    row.epoch.store(0, std::memory_order_release);
    for (std::atomic<std::uint64_t> &word : row.bits.words)
      word.store(0, std::memory_order_relaxed);
    row.epoch.store(epoch, std::memory_order_release);
  }
  row.bits.add(to.node.load(std::memory_order_relaxed));
}

void unmarkSaturated(const Lock &from, const Lock &to) {
  if (!inRows(from, to))
    return;
  std::uint32_t node = to.node.load(std::memory_order_relaxed);
  std::atomic<std::uint64_t> &word = saturated[from.node.load(std::memory_order_relaxed)].bits.words[node / 64];
  word.store(word.load(std::memory_order_relaxed) & ~(std::uint64_t(1) << (node % 64)), std::memory_order_relaxed);
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
    placeChain(*memory, key, key ^ saltOf(thread));
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
  if (isSaturated(from, to))
    return true;
  const KnownRow *row = thread.known ? thread.known->rows[from] : nullptr;
  if (!row || row->segment != thread.segment || to / 64 >= row->words)
    return false;
  std::uint64_t plain = row->bits[to / 64 * 2], full = row->bits[to / 64 * 2 + 1];
  bool fullCounts = thread.heldCount > 1 && row->cycles == cycleChanges.load(std::memory_order_relaxed);
  return (plain | (fullCounts ? full : 0)) >> (to % 64) & 1;
}

namespace {

bool areEdgesKnown(const ThreadState &thread, const Lock &to) {
  std::uint32_t wanted = to.node.load(std::memory_order_relaxed);
  if (!isInRows(wanted))
    return false;
  for (std::uint32_t i = thread.heldCount; i-- > 0;) {
    const HeldLock &outer = thread.held[i];
    if (!outer.address || outer.waitingOnCondition || outer.lock == &to)
      continue;
    std::uint32_t from = outer.lock->node.load(std::memory_order_relaxed);
    if (outer.mode == LockMode::Shared || !isInRows(from) || !isKnownByBits(thread, from, wanted))
      return false;
  }
  return true;
}

} // namespace

bool isOrderKnownByMemory(const ThreadState &thread, const Lock &to) {
  if (to.isRanked || provoking || thread.chainEpoch != joinEpoch())
    return false;
  std::uint64_t key = chainKey(topChain(thread), to, LockMode::Exclusive);
  if (thread.chainMemory)
    __builtin_prefetch(thread.chainMemory->bucketOf(key));
  if (thread.heldCount == 1)
    return areEdgesKnown(thread, to) || isChainRemembered(thread, key);
  return isChainRemembered(thread, key) || areEdgesKnown(thread, to);
}

} // namespace gridlock::rt
