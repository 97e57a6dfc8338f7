//===- Lock.cpp - The locks of the program --------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Locks that lie close together are found by their page (LockPages.h). For the others
// there is an open-addressing table of the numbers of records, each with six bits of
// its address's hash: four bytes a lock, as a program with very many locks looks each
// up in memory, not in the cache. The record itself says which address it
// is about, and zero when its lock is gone. Readers take no lock: a slot goes
// from empty to a record once, which may later be replaced by the one of the
// next life. When the table fills, a bigger one is built aside and published; a
// reader that still looks at the old one may miss a new lock, and then comes
// here under the lock, where the current table decides.
//
// std::mutex and static initialisers have no init and no destroy call. So the
// memory's end is the lock's end: free() asks here. To make that cost next to
// nothing, a bitmap over hashed pages says which pages ever held a lock.
//
//===----------------------------------------------------------------------===//

#include "runtime/Lock.h"
#include "runtime/Arena.h"
#include "runtime/KnownEdges.h"
#include "runtime/LockPages.h"

namespace gridlock::rt {

namespace {

using Slot = std::atomic<std::uint32_t>;
constexpr unsigned IdBits = 26;
constexpr std::uint32_t IdMask = (1u << IdBits) - 1;

struct Table {
  std::size_t mask;
  Slot *slots;
};

constexpr std::size_t FirstSlots = 4096;
constexpr std::size_t PageBits = 1u << 20;

std::atomic<Table *> table{nullptr};
std::size_t used = 0;
InternalLock Guard;
Store<Lock> locks;
std::atomic<std::uint8_t> pages[PageBits / 8];

std::uint64_t hashOf(std::uintptr_t address) { return mix(address, 1); }

/// The bits of the hash that a slot keeps; the place is made of the lowest.
std::uint32_t tagOf(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32) & ~IdMask; }

std::size_t pageOf(std::uintptr_t page) { return static_cast<std::size_t>(mix(page, 2)) & (PageBits - 1); }

bool pageMarked(std::uintptr_t page) {
  std::size_t bit = pageOf(page);
  return pages[bit / 8].load(std::memory_order_relaxed) >> (bit % 8) & 1;
}

/// The first slot at the address's place, or behind it, whose record `fits`; null
/// when there is none.
template <typename Fits> Slot *searchWhere(const Table &where, std::uintptr_t address, Fits fits) {
  std::uint64_t hash = hashOf(address);
  std::uint32_t tag = tagOf(hash);
  for (std::uint64_t i = hash;; ++i) {
    Slot &slot = where.slots[i & where.mask];
    std::uint32_t value = slot.load(std::memory_order_acquire);
    if (!value)
      return nullptr;
    if ((value & ~IdMask) == tag && fits(locks[value & IdMask]))
      return &slot;
  }
}

/// The slot of the living lock at the address.
Slot *search(const Table &where, std::uintptr_t address) {
  return searchWhere(where, address, [=](const Lock &lock) { return lock.address() == address; });
}

void insert(const Table &where, const Lock &lock) {
  std::uint64_t hash = hashOf(lock.lastAddress);
  std::uint64_t i = hash;
  while (where.slots[i & where.mask].load(std::memory_order_relaxed))
    ++i;
  where.slots[i & where.mask].store(tagOf(hash) | lock.id, std::memory_order_release);
}

Table *newTable(std::size_t slots) {
  Table *result = arenaNew<Table>();
  result->mask = slots - 1;
  result->slots = static_cast<Slot *>(mapPages(slots * sizeof(Slot)));
  return result;
}

/// Calls `each` with every living lock.
template <typename Each> void forEachLiving(const Table &where, Each each) {
  constexpr std::size_t Ahead = 16; // records lie anywhere in memory
  for (std::size_t i = 0; i <= where.mask; ++i) {
    if (std::uint32_t coming = where.slots[(i + Ahead) & where.mask].load(std::memory_order_relaxed))
      __builtin_prefetch(&locks[coming & IdMask]);
    if (std::uint32_t value = where.slots[i].load(std::memory_order_relaxed))
      if (Lock &lock = locks[value & IdMask]; lock.address())
        each(lock);
  }
}

/// Makes room for one more lock. Those that are gone are left behind.
Table &roomy() {
  Table *current = table.load(std::memory_order_relaxed);
  if (!current) {
    current = newTable(FirstSlots);
    table.store(current, std::memory_order_release);
  }
  if (used * 2 < current->mask)
    return *current;
  std::size_t living = 0;
  forEachLiving(*current, [&](const Lock &) { ++living; });
  // The old slots stay mapped: a reader may be in them.
  Table *bigger = newTable(living * 4 > current->mask ? (current->mask + 1) * 2 : current->mask + 1);
  forEachLiving(*current, [&](const Lock &lock) { insert(*bigger, lock); });
  used = living;
  table.store(bigger, std::memory_order_release);
  return *bigger;
}

/// The living lock at the address, if it has a cell.
Lock *findInPages(std::uintptr_t address) {
  std::uint32_t id = idInPages(address);
  return id && locks[id].address() == address ? &locks[id] : nullptr;
}

Lock *findInTable(std::uintptr_t address) {
  Table *current = table.load(std::memory_order_acquire);
  Slot *slot = current ? search(*current, address) : nullptr;
  return slot ? &locks[slot->load(std::memory_order_acquire) & IdMask] : nullptr;
}

/// The page that has a cell and a number for one more lock at the address; else null.
LockPage *pageFor(std::uintptr_t address) {
  LockPage *page = lockPageForOneMore(address);
  if (!page)
    return nullptr;
  unsigned cell = LockPage::cellOf(address);
  if (std::uint32_t id = page->idIn(cell)) {
    if (locks[id].address())
      return nullptr;
    emptyCell(*page, cell);
  }
  if (!hasNumbersLeft(*page))
    return nullptr;
  if (unsigned needed = neededBlockOf(*page)) {
    std::uint32_t first = locks.addRow(needed);
    if (!first)
      return nullptr;
    addBlock(*page, first);
  }
  return page;
}

void putIntoTable(const Lock &lock) {
  Table &where = roomy();
  std::uintptr_t address = lock.lastAddress;
  auto livedHere = [=](const Lock &earlier) { return earlier.lastAddress == address; };
  if (Slot *slot = searchWhere(where, address, livedHere)) {
    slot->store(tagOf(hashOf(address)) | lock.id, std::memory_order_release);
  } else {
    insert(where, lock);
    ++used;
  }
}

Lock *makeLocked(std::uintptr_t address, LockKind kind, std::uint8_t flags) {
  LockPage *page = pageFor(address);
  std::uint32_t id = page ? nextIdOf(*page) : locks.add();
  if (!id)
    return nullptr;
  Lock &lock = locks[id];
  lock.id = id;
  lock.kind = kind;
  lock.flags.store(flags, std::memory_order_relaxed);
  lock.saturated = &noneSaturated;
  lock.lastAddress = address;
  lock.isLiving.store(true, std::memory_order_release);
  lock.noteIfUsual();
  std::size_t bit = pageOf(address >> 12);
  pages[bit / 8].fetch_or(static_cast<std::uint8_t>(1u << (bit % 8)), std::memory_order_relaxed);
  if (page)
    giveNextId(*page, LockPage::cellOf(address));
  else
    putIntoTable(lock);
  return &lock;
}

void retireLocked(Lock &lock) {
  lock.usualAddress.store(0, std::memory_order_relaxed);
  lock.isLiving.store(false, std::memory_order_release);
}

Store<LockLabel, 8> labels;

/// With the table locked. Null when there is no room.
LockLabel *ownLabel(Lock &lock) {
  if (!lock.label)
    lock.label = labels.add();
  return lock.label ? &labels[lock.label] : nullptr;
}

} // namespace

Lock noLock = {};

InternalLock &lockTableLock() { return Guard; }

const LockLabel &labelOf(const Lock &lock) {
  static const LockLabel none = {};
  return lock.label ? labels[lock.label] : none;
}

void setName(Lock &lock, const char *name) {
  InternalGuard guard(Guard);
  if (LockLabel *label = ownLabel(lock))
    label->name = name;
}

void setRank(Lock &lock, std::int32_t rank) {
  {
    InternalGuard guard(Guard);
    if (LockLabel *label = ownLabel(lock)) {
      label->rank = rank;
      lock.isRanked = true;
    }
  }
  forgetSaturatedInto(lock);
}

std::uint32_t guessLock(std::uintptr_t address) {
  if (std::uint32_t id = idInPages(address))
    return id;
  Table *current = table.load(std::memory_order_acquire);
  if (!current)
    return 0;
  Slot *slot = searchWhere(*current, address, [](const Lock &) { return true; });
  return slot ? slot->load(std::memory_order_acquire) & IdMask : 0;
}

Lock *findLock(std::uintptr_t address) {
  Lock *lock = findInPages(address);
  return lock ? lock : findInTable(address);
}

Lock *findOrMakeLock(std::uintptr_t address, LockKind kind, std::uint8_t flags) {
  if (Lock *lock = findLock(address); lock && lock->kind == kind)
    return lock;
  InternalGuard guard(Guard);
  if (Lock *lock = findLock(address)) {
    if (lock->kind == kind)
      return lock;
    // Named or ranked before its first use: now we learn what it is.
    if (lock->kind == LockKind::Custom && !lock->node.load(std::memory_order_relaxed)) {
      lock->kind = kind;
      lock->set(static_cast<Lock::Flag>(flags));
      return lock;
    }
    retireLocked(*lock);
  }
  return makeLocked(address, kind, flags);
}

Lock *makeLock(std::uintptr_t address, LockKind kind, std::uint8_t flags) {
  InternalGuard guard(Guard);
  if (Lock *lock = findLock(address))
    retireLocked(*lock);
  return makeLocked(address, kind, flags);
}

void retireLock(Lock &lock) {
  InternalGuard guard(Guard);
  retireLocked(lock);
}

bool mayHoldLocks(std::uintptr_t address, std::size_t bytes) {
  std::uintptr_t last = (address + bytes - 1) >> 12;
  for (std::uintptr_t page = address >> 12; page <= last; ++page)
    if (GRIDLOCK_UNLIKELY(pageMarked(page)))
      return true;
  return false;
}

void retireLocksIn(std::uintptr_t address, std::size_t bytes) {
  InternalGuard guard(Guard);
  struct Range {
    std::uintptr_t begin, end;
    bool has(const Lock &lock) const { return lock.address() >= begin && lock.address() < end; }
  } range = {address, address + bytes};
  auto retireIfInside = [](std::uint32_t id, void *context) {
    if (static_cast<Range *>(context)->has(locks[id]))
      retireLocked(locks[id]);
  };
  forEachIdInPages(range.begin, range.end, retireIfInside, &range);
  Table *current = table.load(std::memory_order_relaxed);
  if (!current)
    return;
  // A lock is aligned like an int at least. Small blocks: ask for each possible
  // address; big ones: walk the table.
  if (bytes / 4 <= current->mask) {
    for (std::uintptr_t at = (address + 3) & ~std::uintptr_t(3); at < address + bytes; at += 4)
      if (pageMarked(at >> 12))
        if (Slot *slot = search(*current, at))
          retireLocked(locks[slot->load(std::memory_order_relaxed) & IdMask]);
    return;
  }
  forEachLiving(*current, [&](Lock &lock) {
    if (range.has(lock))
      retireLocked(lock);
  });
}

Lock &lockAt(std::uint32_t id) { return locks[id]; }

std::uint32_t lockEnd() { return locks.end(); }

} // namespace gridlock::rt
