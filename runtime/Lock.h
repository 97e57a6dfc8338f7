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

struct NodeBits;

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
  /// Where it is, as long as it lives and is a mutex that is neither recursive nor
  /// orphaned, else zero: one comparison tells the usual way all that it asks, and a
  /// stale cache entry is recognised by it.
  std::atomic<std::uintptr_t> usualAddress;
  std::uint32_t id; ///< its index; never reused
  LockKind kind;
  std::atomic<std::uint8_t> flags;
  bool isRanked;
  std::atomic<bool> isLiving;
  /// Who may be wanted while it is held (see KnownEdges.h); never null.
  const NodeBits *saturated;
  /// Head of the edges that leave this lock.
  std::atomic<std::uint32_t> firstEdge;
  /// Counts the locks that nest, in order of their first edge; 0 before it, and
  /// NodesInRows for all that came too late for rows (see EdgeIndex.h).
  std::atomic<std::uint32_t> node;
  // The cycle search's place for this lock (see Cycles.cpp).
  std::uint32_t component;
  std::uint32_t nextInComponent;
  std::uint32_t initStack; ///< stored stack of the init call, or 0
  std::uint32_t writer;    ///< the segment whose orders into it are written down (see Journal.cpp)
  std::uint32_t label;     ///< what the program said about it, or 0
  union {
    std::uint32_t orphanOwner; ///< with Orphaned: the thread that held it
    std::uint32_t record;      ///< of a condition: index of its extra data
  };
  std::uintptr_t lastAddress; ///< still readable after destruction

  /// Zero once destroyed.
  std::uintptr_t address() const { return isLiving.load(std::memory_order_acquire) ? lastAddress : 0; }
  bool has(Flag flag) const { return flags.load(std::memory_order_relaxed) & flag; }
  void set(Flag flag) {
    flags.fetch_or(flag, std::memory_order_relaxed);
    noteIfUsual();
  }
  void unset(Flag flag) {
    flags.fetch_and(static_cast<std::uint8_t>(~flag), std::memory_order_relaxed);
    noteIfUsual();
  }
  /// After every change of what `usualAddress` speaks of.
  void noteIfUsual() {
    bool isUsual = kind == LockKind::Mutex && !has(Orphaned) && !has(Recursive);
    usualAddress.store(isUsual ? address() : 0, std::memory_order_release);
  }
};
static_assert(sizeof(Lock) == 64);

/// A record that is at no address: what empty places of caches show.
extern Lock noLock;

/// What the program said about a lock.
struct LockLabel {
  const char *name; ///< or null
  std::int32_t rank;
};
const LockLabel &labelOf(const Lock &lock);
void setName(Lock &lock, const char *name);
void setRank(Lock &lock, std::int32_t rank);

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
