//===- HeldSet.cpp - Sets of locks held together --------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/HeldSet.h"
#include "runtime/Arena.h"

#include <algorithm>
#include <cstring>

namespace gridlock::rt {

namespace {

Store<HeldSet *> sets;
/// The sets stored last, by their hash. Forgetting one costs its memory again,
/// where remembering all costs a walk through memory at each new one.
struct Recent {
  std::uint32_t hash, index;
};
constexpr unsigned RecentBits = 13;
Recent recent[1u << RecentBits];

/// Memory for sets: callers hold the graph's lock, so the arena's is saved.
void *allocate(std::size_t bytes) {
  static char *next = nullptr;
  static std::size_t left = 0;
  if (bytes > left) {
    left = std::max<std::size_t>(bytes, 32 * 1024);
    next = static_cast<char *>(arenaAllocate(left));
  }
  void *result = next;
  next += bytes;
  left -= bytes;
  return result;
}

std::uint64_t hashOf(const std::uint32_t *items, std::uint32_t count) {
  std::uint64_t hash = count;
  for (std::uint32_t i = 0; i < count; ++i)
    hash = mix(hash, items[i]);
  return hash;
}

} // namespace

std::uint32_t storeHeldSet(const std::uint32_t *items, std::uint32_t count) {
  std::uint64_t hash = hashOf(items, count);
  Recent &place = recent[hash >> (64 - RecentBits)];
  if (place.index && place.hash == static_cast<std::uint32_t>(hash)) {
    const HeldSet &known = *sets[place.index];
    if (known.count == count && std::memcmp(known.items, items, count * sizeof(*items)) == 0)
      return place.index;
  }
  std::uint32_t index = sets.add();
  if (!index)
    return 0;
  HeldSet *set = static_cast<HeldSet *>(allocate(sizeof(HeldSet) + count * sizeof(*items)));
  set->count = count;
  std::memcpy(set->items, items, count * sizeof(*items));
  sets[index] = set;
  place = {static_cast<std::uint32_t>(hash), index};
  return index;
}

const HeldSet &heldSet(std::uint32_t index) { return *sets[index]; }

bool canCoexist(const HeldSet &a, const HeldSet &b) {
  std::uint32_t i = 0, k = 0;
  while (i < a.count && k < b.count) {
    std::uint32_t left = a.items[i] >> 1, right = b.items[k] >> 1;
    if (left == right && !(a.items[i] & b.items[k] & 1))
      return false;
    i += left <= right;
    k += right <= left;
  }
  return true;
}

bool isNoStricter(const HeldSet &small, const std::uint32_t *big, std::uint32_t bigCount, std::uint32_t outer) {
  std::uint32_t k = 0;
  for (std::uint32_t i = 0; i < small.count; ++i) {
    std::uint32_t lock = small.items[i] >> 1;
    while (k < bigCount && big[k] >> 1 < lock)
      ++k;
    if (k == bigCount || big[k] >> 1 != lock)
      return false;
    bool smallShared = small.items[i] & 1, bigShared = big[k] & 1;
    if (lock == outer ? smallShared != bigShared : !smallShared && bigShared)
      return false;
  }
  return true;
}

std::uint32_t sharedBitOf(const HeldSet &set, std::uint32_t lock) {
  const std::uint32_t *end = set.items + set.count;
  const std::uint32_t *found = std::lower_bound(set.items, end, lock << 1);
  return found != end && *found >> 1 == lock ? *found & 1 : 0;
}

} // namespace gridlock::rt
