//===- Lock.cpp - The locks of the program --------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An open-addressing table from address to record. Readers take no lock: a slot
// goes from empty to (address, record) once, the record may later be replaced
// by the one of the next life. When the table fills, a bigger one is built
// aside and published; a reader that still looks at the old one may miss a new
// key, and then comes here under the lock, where the current table decides.
//
// std::mutex and static initialisers have no init and no destroy call. So the
// memory's end is the lock's end: free() asks here. To make that cost next to
// nothing, a bitmap over hashed pages says which pages ever held a lock.
//
//===----------------------------------------------------------------------===//

#include "runtime/Lock.h"
#include "runtime/Arena.h"

namespace gridlock::rt {

namespace {

struct Slot {
  std::atomic<std::uintptr_t> address;
  std::atomic<std::uint32_t> lock;
};

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

std::size_t slotOf(std::uintptr_t address) { return static_cast<std::size_t>(mix(address, 1)); }

std::size_t pageOf(std::uintptr_t page) { return static_cast<std::size_t>(mix(page, 2)) & (PageBits - 1); }

bool pageMarked(std::uintptr_t page) {
  std::size_t bit = pageOf(page);
  return pages[bit / 8].load(std::memory_order_relaxed) >> (bit % 8) & 1;
}

Slot *search(const Table &where, std::uintptr_t address) {
  for (std::size_t i = slotOf(address);; ++i) {
    Slot &slot = where.slots[i & where.mask];
    std::uintptr_t key = slot.address.load(std::memory_order_acquire);
    if (key == address)
      return &slot;
    if (!key)
      return nullptr;
  }
}

void insert(const Table &where, std::uintptr_t address, std::uint32_t lock) {
  for (std::size_t i = slotOf(address);; ++i) {
    Slot &slot = where.slots[i & where.mask];
    if (slot.address.load(std::memory_order_relaxed))
      continue;
    slot.lock.store(lock, std::memory_order_relaxed);
    slot.address.store(address, std::memory_order_release);
    return;
  }
}

Table *newTable(std::size_t slots) {
  Table *result = arenaNew<Table>();
  result->mask = slots - 1;
  result->slots = static_cast<Slot *>(mapPages(slots * sizeof(Slot)));
  return result;
}

/// Makes room for one more key. Keys without a living lock are left behind.
Table &roomy() {
  Table *current = table.load(std::memory_order_relaxed);
  if (!current) {
    current = newTable(FirstSlots);
    table.store(current, std::memory_order_release);
  }
  if (used * 2 < current->mask)
    return *current;
  std::size_t living = 0;
  for (std::size_t i = 0; i <= current->mask; ++i)
    living += current->slots[i].lock.load(std::memory_order_relaxed) != 0;
  // The old slots stay mapped: a reader may be in them.
  Table *bigger = newTable(living * 4 > current->mask ? (current->mask + 1) * 2 : current->mask + 1);
  for (std::size_t i = 0; i <= current->mask; ++i)
    if (std::uint32_t lock = current->slots[i].lock.load(std::memory_order_relaxed))
      insert(*bigger, current->slots[i].address.load(std::memory_order_relaxed), lock);
  used = living;
  table.store(bigger, std::memory_order_release);
  return *bigger;
}

Lock *makeLocked(std::uintptr_t address, LockKind kind, std::uint8_t flags) {
  std::uint32_t id = locks.add();
  if (!id)
    return nullptr;
  Lock &lock = locks[id];
  lock.id = id;
  lock.kind = kind;
  lock.flags.store(flags, std::memory_order_relaxed);
  lock.lastAddress = address;
  lock.address.store(address, std::memory_order_release);
  std::size_t bit = pageOf(address >> 12);
  pages[bit / 8].fetch_or(static_cast<std::uint8_t>(1u << (bit % 8)), std::memory_order_relaxed);
  Table &where = roomy();
  if (Slot *slot = search(where, address)) {
    slot->lock.store(id, std::memory_order_release);
  } else {
    insert(where, address, id);
    ++used;
  }
  return &lock;
}

void retireLocked(Lock &lock) {
  std::uintptr_t address = lock.address.exchange(0, std::memory_order_release);
  Table *current = table.load(std::memory_order_relaxed);
  if (!address || !current)
    return;
  Slot *slot = search(*current, address);
  if (slot && slot->lock.load(std::memory_order_relaxed) == lock.id)
    slot->lock.store(0, std::memory_order_release);
}

} // namespace

InternalLock &lockTableLock() { return Guard; }

std::uint32_t findLockId(std::uintptr_t address) {
  Table *current = table.load(std::memory_order_acquire);
  if (!current)
    return 0;
  Slot *slot = search(*current, address);
  return slot ? slot->lock.load(std::memory_order_acquire) : 0;
}

Lock *findLock(std::uintptr_t address) {
  std::uint32_t id = findLockId(address);
  return id ? &locks[id] : nullptr;
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
  Table *current = table.load(std::memory_order_relaxed);
  if (!current)
    return;
  // A lock is aligned like an int at least. Small blocks: ask for each possible
  // address; big ones: walk the table.
  if (bytes / 4 <= current->mask) {
    for (std::uintptr_t at = (address + 3) & ~std::uintptr_t(3); at < address + bytes; at += 4)
      if (pageMarked(at >> 12))
        if (Slot *slot = search(*current, at))
          if (std::uint32_t id = slot->lock.load(std::memory_order_relaxed))
            retireLocked(locks[id]);
    return;
  }
  for (std::size_t i = 0; i <= current->mask; ++i) {
    std::uintptr_t key = current->slots[i].address.load(std::memory_order_relaxed);
    std::uint32_t id = current->slots[i].lock.load(std::memory_order_relaxed);
    if (id && key >= address && key < address + bytes)
      retireLocked(locks[id]);
  }
}

Lock &lockAt(std::uint32_t id) { return locks[id]; }

std::uint32_t lockEnd() { return locks.end(); }

} // namespace gridlock::rt
