//===- LockPages.h - Locks that lie close together --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A map from the addresses of a page to the numbers of locks there, of one byte a
/// lock: for the programs with very many locks, which keep them in arrays and pools,
/// it stays in the cache where a table of all locks does not. A page is cut into
/// cells as big as a mutex, so that no two mutexes share one. The locks of a page have
/// blocks of numbers in a row, and a cell says which of them it is.
///
/// A page gets cells when it has several locks. What has no cell, because the page
/// has too few locks, or the cell another, smaller lock, or the page no numbers left,
/// is in the table of all locks (Lock.cpp). The record says whether an answer is true.
///
/// Looking is lock-free; the rest is done with the table of locks locked.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_LOCKPAGES_H
#define GRIDLOCK_RUNTIME_LOCKPAGES_H

#include "runtime/Base.h"

namespace gridlock::rt {

struct LockPage {
  static constexpr unsigned Bytes = 4096, CellBytes = 40;
  static constexpr unsigned Cells = (Bytes + CellBytes - 1) / CellBytes;
  static constexpr unsigned Blocks = 8, MostNumbers = 1u << (Blocks - 1);

  /// The first number of each block; the second block is as big as the first, and each
  /// one after it twice as big as the one before.
  std::atomic<std::uint32_t> firstIds[Blocks];
  std::atomic<std::uint8_t> cells[Cells]; ///< one more than the place in the blocks; 0: nobody
  std::uint8_t used;                      ///< places given away

  static unsigned cellOf(std::uintptr_t address) { return static_cast<unsigned>(address % Bytes) / CellBytes; }
  static unsigned blockOf(unsigned place) { return place ? 32 - static_cast<unsigned>(__builtin_clz(place)) : 0; }
  static unsigned firstPlaceOf(unsigned block) { return block ? 1u << (block - 1) : 0; }
  static unsigned sizeOf(unsigned block) { return block ? 1u << (block - 1) : 1; }

  /// The number of the lock in a cell; 0 when there is none.
  std::uint32_t idIn(unsigned cell) const {
    unsigned place = cells[cell].load(std::memory_order_acquire);
    if (!place--)
      return 0;
    unsigned block = blockOf(place);
    return firstIds[block].load(std::memory_order_relaxed) + place - firstPlaceOf(block);
  }
};
static_assert(LockPage::Cells < 256 && LockPage::MostNumbers < 256);

/// The cells of the page around an address; null when it has none.
const LockPage *lockPageAt(std::uintptr_t address);
inline std::uint32_t idInPages(std::uintptr_t address) {
  const LockPage *page = lockPageAt(address);
  return page ? page->idIn(LockPage::cellOf(address)) : 0;
}

/// As `lockPageAt`, for one more lock.
LockPage *lockPageForOneMore(std::uintptr_t address);
/// How many numbers in a row the page needs before it can give one more away: 0 when it
/// has one.
unsigned neededBlockOf(const LockPage &page);
void addBlock(LockPage &page, std::uint32_t firstId);
inline bool hasNumbersLeft(const LockPage &page) { return page.used < LockPage::MostNumbers; }
/// Gives the next number to a cell when the record is ready: first `nextIdOf`.
std::uint32_t nextIdOf(const LockPage &page);
inline void giveNextId(LockPage &page, unsigned cell) {
  page.cells[cell].store(static_cast<std::uint8_t>(++page.used), std::memory_order_release);
}
/// The cell is nobody's.
inline void emptyCell(LockPage &page, unsigned cell) { page.cells[cell].store(0, std::memory_order_release); }

/// Calls `each(id)` for every cell with its start in [begin, end), or beside it.
void forEachIdInPages(std::uintptr_t begin, std::uintptr_t end, void (*each)(std::uint32_t id, void *context),
                      void *context);

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_LOCKPAGES_H
