//===- Lock.h - The locks of the program ------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One record for each life of a lock: between its init (or first use) and its
/// destruction. A second lock at the same address is another record with
/// another number, so that edges of the dead one never apply to it. Records are
/// never freed. Finding a record is lock-free; making and retiring one takes
/// the table's lock.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_LOCK_H
#define GRIDLOCK_RUNTIME_LOCK_H

#include "runtime/Base.h"

namespace gridlock::rt {

enum class LockKind : std::uint8_t { Mutex, ReadWrite, Spin, Semaphore, Once, StaticInit, Condition, Custom };

enum class LockMode : std::uint8_t { Exclusive, Shared };

/// One line of the processor's cache.
struct alignas(64) Lock {
  enum Flag : std::uint8_t {
    Recursive = 1,       ///< may be taken again by its owner
    NotALock = 2,        ///< a semaphore that turned out to signal
    Trusted = 4,         ///< a semaphore that was posted by the thread that waited
    Orphaned = 8,        ///< held at a fork by a thread that the child does not have
    Robust = 16,         ///< its owner may die
    ReportedOnce = 32,   ///< a misuse of this lock was reported
    WriterFirst = 64,    ///< a read-write lock whose waiting writer stops readers
    ProcessShared = 128, ///< other processes may use it
  };
  /// Zero once destroyed: what a stale cache entry is recognised by.
  std::atomic<std::uintptr_t> address;
  std::uint32_t id; ///< its index; never reused
  LockKind kind;
  std::atomic<std::uint8_t> flags;
  bool isRanked;
  /// Head of the edges that leave this lock.
  std::atomic<std::uint32_t> firstEdge;
  /// Counts the locks that nest, in order of their first edge; 0 before it (see
  /// EdgeIndex.h).
  std::atomic<std::uint32_t> node;
  // The cycle search's place for this lock (see Cycles.cpp).
  std::uint32_t component;
  std::uint32_t nextInComponent;
  std::uint32_t initStack; ///< stored stack of the init call, or 0
  std::uint32_t writer;    ///< the segment whose orders into it are written down (see Journal.cpp)
  std::int32_t rank;       ///< given by the program, with isRanked
  union {
    std::uint32_t orphanOwner; ///< with Orphaned: the thread that held it
    std::uint32_t record;      ///< of a condition: index of its extra data
  };
  const char *name;           ///< given by the program, or null
  std::uintptr_t lastAddress; ///< still readable after destruction

  /// A mutex that is neither recursive nor orphaned.
  bool isUsualMutex() const {
    std::uint16_t kindAndFlags;
    __builtin_memcpy(&kindAndFlags, &kind, sizeof(kindAndFlags));
    return !(kindAndFlags & (0xFF | (Orphaned | Recursive) << 8));
  }
  bool has(Flag flag) const { return flags.load(std::memory_order_relaxed) & flag; }
  void set(Flag flag) { flags.fetch_or(flag, std::memory_order_relaxed); }
  void unset(Flag flag) { flags.fetch_and(static_cast<std::uint8_t>(~flag), std::memory_order_relaxed); }
};
static_assert(sizeof(Lock) == 64 && offsetof(Lock, flags) == offsetof(Lock, kind) + 1);
static_assert(static_cast<int>(LockKind::Mutex) == 0 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

/// The record of the lock at an address; null when there is none.
Lock *findLock(std::uintptr_t address);
/// The number of the lock that is most likely there, without a look at its record: 0
/// when there is none. The record says whether it is true.
std::uint32_t guessLock(std::uintptr_t address);
/// Finds or makes the record. `flags` are for a new one.
Lock *findOrMakeLock(std::uintptr_t address, LockKind kind, std::uint8_t flags);
/// A new life begins at this address: an earlier record there is retired.
Lock *makeLock(std::uintptr_t address, LockKind kind, std::uint8_t flags);
void retireLock(Lock &lock);
/// Retires every lock inside [address, address + bytes). Cheap when the pages
/// hold none.
void retireLocksIn(std::uintptr_t address, std::size_t bytes);
/// Whether any page of the range may hold a lock. Lock-free.
bool mayHoldLocks(std::uintptr_t address, std::size_t bytes);

Lock &lockAt(std::uint32_t id);
std::uint32_t lockEnd();

InternalLock &lockTableLock();

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_LOCK_H
