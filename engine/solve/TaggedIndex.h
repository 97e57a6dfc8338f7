//===- TaggedIndex.h - Finds rows by what is in them ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An index over rows that are kept elsewhere, once each: terms, lists, surroundings.
/// A slot holds a part of the row's hash beside its number, so that a look-up mostly
/// waits for memory twice, for the slot and for the row that it is; a table of nodes
/// waits four times, and these tables outgrow the processor's caches.
///
/// Rows are numbered from one and never taken out. For one thread.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_TAGGEDINDEX_H
#define GRIDLOCK_ENGINE_SOLVE_TAGGEDINDEX_H

#include <cstdint>
#include <vector>

namespace gridlock::solve {

class TaggedIndex {
public:
  /// The row with that hash of which `isIt(row)` holds; 0: none. Expected constant time.
  template <class Test> std::uint32_t find(std::uint64_t hash, Test isIt) const {
    const std::uint32_t tag = tagOf(hash);
    const std::size_t mask = Slots.size() - 1;
    for (std::size_t at = tag & mask; Slots[at].row; at = (at + 1) & mask)
      if (Slots[at].tag == tag && isIt(Slots[at].row))
        return Slots[at].row;
    return 0;
  }

  /// Adds a row that `find` does not find.
  void add(std::uint64_t hash, std::uint32_t row) {
    if (++Count * 4 > Slots.size() * 3)
      grow();
    put({tagOf(hash), row});
  }

private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t row = 0; ///< 0: empty
  };

  static std::uint32_t tagOf(std::uint64_t hash) { return std::uint32_t(hash ^ (hash >> 32)); }

  void put(Slot slot) {
    const std::size_t mask = Slots.size() - 1;
    std::size_t at = slot.tag & mask;
    while (Slots[at].row)
      at = (at + 1) & mask;
    Slots[at] = slot;
  }

  void grow() {
    std::vector<Slot> old(Slots.size() * 2);
    old.swap(Slots);
    for (const Slot &slot : old)
      if (slot.row)
        put(slot);
  }

  std::vector<Slot> Slots{std::vector<Slot>(64)}; ///< open addressing; a power of two
  std::size_t Count = 0;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_TAGGEDINDEX_H
