//===- LockPages.cpp - Locks that lie close together ----------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pages are an open-addressing table that only grows, like that of all locks: a
// bigger one is built aside and published, and the old one stays for its readers.
//
//===----------------------------------------------------------------------===//

#include "runtime/LockPages.h"
#include "runtime/Arena.h"

namespace gridlock::rt {

namespace {

/// A page below this count of locks has no cells.
constexpr std::uintptr_t FewLocks = 4;

struct Entry {
  std::atomic<std::uintptr_t> page; ///< its number; 0: free
  std::atomic<std::uintptr_t> what; ///< the count of locks so far, or the address of the cells
};

struct Pages {
  unsigned shift; ///< of the hash: what remains is the place
  std::size_t mask;
  Entry *entries;
};

constexpr unsigned FirstBits = 8;
std::atomic<Pages *> pages{nullptr};
std::size_t used = 0;

/// The entry of a page, or the free one where it belongs.
Entry &search(const Pages &where, std::uintptr_t page) {
  for (std::size_t i = page * 0x9E3779B97F4A7C15u >> where.shift;; ++i) {
    Entry &entry = where.entries[i & where.mask];
    std::uintptr_t found = entry.page.load(std::memory_order_acquire);
    if (found == page || !found)
      return entry;
  }
}

void place(const Pages &where, std::uintptr_t page, std::uintptr_t what) {
  Entry &entry = search(where, page);
  entry.what.store(what, std::memory_order_relaxed);
  entry.page.store(page, std::memory_order_release);
}

Pages &roomy() {
  Pages *current = pages.load(std::memory_order_relaxed);
  if (current && used * 2 < current->mask)
    return *current;
  unsigned bits = current ? 64 - current->shift + 1 : FirstBits;
  Pages *bigger = arenaNew<Pages>();
  bigger->shift = 64 - bits;
  bigger->mask = (std::size_t(1) << bits) - 1;
  bigger->entries = static_cast<Entry *>(mapPages((bigger->mask + 1) * sizeof(Entry)));
  for (std::size_t i = 0; current && i <= current->mask; ++i)
    if (std::uintptr_t page = current->entries[i].page.load(std::memory_order_relaxed))
      place(*bigger, page, current->entries[i].what.load(std::memory_order_relaxed));
  pages.store(bigger, std::memory_order_release);
  return *bigger;
}

const LockPage *cellsOf(const Entry &entry) {
  std::uintptr_t what = entry.what.load(std::memory_order_acquire);
  return what > FewLocks ? reinterpret_cast<const LockPage *>(what) : nullptr;
}

} // namespace

const LockPage *lockPageAt(std::uintptr_t address) {
  const Pages *current = pages.load(std::memory_order_acquire);
  if (GRIDLOCK_UNLIKELY(!current))
    return nullptr;
  const Entry &entry = search(*current, address / LockPage::Bytes);
  return entry.page.load(std::memory_order_relaxed) ? cellsOf(entry) : nullptr;
}

LockPage *lockPageForOneMore(std::uintptr_t address) {
  std::uintptr_t page = address / LockPage::Bytes;
  Pages &where = roomy();
  Entry &entry = search(where, page);
  if (!entry.page.load(std::memory_order_relaxed)) {
    place(where, page, 1);
    ++used;
    return nullptr;
  }
  std::uintptr_t what = entry.what.load(std::memory_order_relaxed);
  if (what < FewLocks) {
    entry.what.store(what + 1, std::memory_order_relaxed);
    return nullptr;
  }
  if (what == FewLocks) {
    what = reinterpret_cast<std::uintptr_t>(arenaNew<LockPage>());
    entry.what.store(what, std::memory_order_release);
  }
  return reinterpret_cast<LockPage *>(what);
}

unsigned neededBlockOf(const LockPage &page) {
  unsigned block = LockPage::blockOf(page.used);
  return page.used == LockPage::firstPlaceOf(block) ? LockPage::sizeOf(block) : 0;
}

void addBlock(LockPage &page, std::uint32_t firstId) {
  page.firstIds[LockPage::blockOf(page.used)].store(firstId, std::memory_order_relaxed);
}

std::uint32_t nextIdOf(const LockPage &page) {
  unsigned block = LockPage::blockOf(page.used);
  return page.firstIds[block].load(std::memory_order_relaxed) + page.used - LockPage::firstPlaceOf(block);
}

void forEachIdInPages(std::uintptr_t begin, std::uintptr_t end, void (*each)(std::uint32_t id, void *context),
                      void *context) {
  const Pages *current = pages.load(std::memory_order_relaxed);
  if (!current || begin >= end)
    return;
  auto inPage = [&](const LockPage &page, std::uintptr_t number) {
    std::uintptr_t start = number * LockPage::Bytes, last = end - 1;
    unsigned cell = begin > start ? LockPage::cellOf(begin) : 0;
    unsigned lastCell = last - start < LockPage::Bytes ? LockPage::cellOf(last) : LockPage::Cells - 1;
    for (; cell <= lastCell; ++cell)
      if (std::uint32_t id = page.idIn(cell))
        each(id, context);
  };
  std::uintptr_t first = begin / LockPage::Bytes, last = (end - 1) / LockPage::Bytes;
  if (last - first > current->mask) {
    for (std::size_t i = 0; i <= current->mask; ++i)
      if (std::uintptr_t page = current->entries[i].page.load(std::memory_order_relaxed); page >= first && page <= last)
        if (const LockPage *cells = cellsOf(current->entries[i]))
          inPage(*cells, page);
    return;
  }
  for (std::uintptr_t page = first; page <= last; ++page)
    if (const LockPage *cells = lockPageAt(page * LockPage::Bytes))
      inPage(*cells, page);
}

} // namespace gridlock::rt
