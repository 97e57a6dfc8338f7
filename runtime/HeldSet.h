//===- HeldSet.h - Sets of locks held together ------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The locks a thread held at an acquisition; sets that come again soon are
/// stored once. An item is a lock number and a mode: `id << 1 | shared`; items are
/// sorted. Sets are immutable and never freed. All functions with the graph
/// locked.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_HELDSET_H
#define GRIDLOCK_RUNTIME_HELDSET_H

#include "runtime/Base.h"

namespace gridlock::rt {

struct HeldSet {
  std::uint32_t count;
  std::uint32_t items[];
};

/// Stores a set. Returns its number, 0 when full.
std::uint32_t storeHeldSet(const std::uint32_t *items, std::uint32_t count);
const HeldSet &heldSet(std::uint32_t index);

/// Whether two threads can hold these sets at the same time: no lock in both,
/// unless both only read.
bool canCoexist(const HeldSet &a, const HeldSet &b);

/// Whether everything that excludes `small` also excludes `big`; the mode of
/// `outer` (a lock number) must be the same in both.
bool isNoStricter(const HeldSet &small, const std::uint32_t *big, std::uint32_t bigCount, std::uint32_t outer);

/// The mode bit of a lock in the set; 0 (exclusive) when it is not there.
std::uint32_t sharedBitOf(const HeldSet &set, std::uint32_t lock);

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_HELDSET_H
