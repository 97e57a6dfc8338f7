//===- Arena.h - Memory that is never given back ----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Zeroed memory straight from the kernel, and a growing array with stable
/// addresses on top of it. Nothing is freed: other threads, the watchdog and
/// the report writer may look at any record at any time, without a lock.
/// `arenaAllocate` may be called from any thread that is marked busy.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_ARENA_H
#define GRIDLOCK_RUNTIME_ARENA_H

#include "runtime/Base.h"

namespace gridlock::rt {

/// Zeroed, aligned to 16 bytes, from 64 bytes on to 64. Ends the process with a message when the
/// kernel has no memory left.
void *arenaAllocate(std::size_t bytes);

/// A mapping of its own, for tables that are replaced when they grow.
void *mapPages(std::size_t bytes);
/// As `mapPages`, for what will be used in few places only.
void *mapSparsePages(std::size_t bytes);
void unmapPages(void *address, std::size_t bytes);

/// For the fork handlers.
InternalLock &arenaLock();

template <typename T> T *arenaNew(std::size_t count = 1) { return static_cast<T *>(arenaAllocate(sizeof(T) * count)); }

/// An array that grows by chunks; elements keep their addresses. One writer at
/// a time (the caller's lock); any number of readers of published indices.
/// Index 0 is never handed out and means "none".
template <typename T, unsigned ChunkBits = 12> class Store {
public:
  /// Reserves the next element. Returns 0 when the store is full.
  std::uint32_t add() { return addRow(1); }
  /// Reserves several in a row. Returns the first, 0 when the store is full.
  std::uint32_t addRow(std::uint32_t count) {
    std::uint32_t index = end(), last = index + count - 1;
    if (last >> ChunkBits >= MaxChunks)
      return 0;
    for (std::uint32_t chunk = index >> ChunkBits; chunk <= last >> ChunkBits; ++chunk)
      if (!Chunks[chunk].load(std::memory_order_relaxed))
        Chunks[chunk].store(arenaNew<T>(std::size_t(1) << ChunkBits), std::memory_order_release);
    Count.store(last + 1, std::memory_order_release);
    return index;
  }
  T &operator[](std::uint32_t index) const {
    return Chunks[index >> ChunkBits].load(std::memory_order_acquire)[index & ((1u << ChunkBits) - 1)];
  }
  /// One past the last index handed out.
  std::uint32_t end() const {
    std::uint32_t count = Count.load(std::memory_order_acquire);
    return count ? count : 1;
  }

private:
  static constexpr unsigned MaxChunks = 1u << 14;
  std::atomic<T *> Chunks[MaxChunks] = {};
  std::atomic<std::uint32_t> Count{0};
};

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_ARENA_H
