//===- Thread.h - What each thread is doing ---------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Two things a thread. A small record that stays for ever, for reports and for
/// the order of threads; and a working state, only written by the thread itself
/// and handed on when it ends. The thread-local part is one pointer and one
/// flag in the initial-exec model, with no destructor.
///
/// A thread's life is cut into segments at each create and join. Segments and
/// the two kinds of arrows between them (created, joined) say what can never
/// run at the same time, and so never deadlock.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_THREAD_H
#define GRIDLOCK_RUNTIME_THREAD_H

#include "runtime/Lock.h"
#include "runtime/Stack.h"

#include <pthread.h>

namespace gridlock::rt {

struct ThreadState;
struct KnownEdges;
struct ChainMemory;

/// Locks that a thread ever took: open addressing by lock id, 0 is empty. What
/// somebody who waits for the thread's end must not hold.
struct TouchedLocks {
  struct Entry {
    std::uint32_t lock;
    LockMode mode;
    std::uintptr_t site; ///< return address of the first acquisition seen
  };
  std::uint32_t mask, count;
  TouchedLocks *nextFree;
  Entry entries[];
};

struct ThreadRecord {
  std::uint32_t index;    ///< T1 is the main thread
  std::uint32_t systemId; ///< gettid
  pthread_t handle;
  std::uint32_t createdBy;   ///< record of the creator, 0 for the main thread
  std::uint32_t createStack; ///< stored stack of the create call
  void *(*start)(void *);    ///< until the thread begins
  void *argument;
  std::size_t stackBytes;
  std::uint32_t lastSegment;
  std::uint32_t joinedInto; ///< the joiner's segment after the join
  std::atomic<bool> joined, ended, detached;
  /// Some edge needs no further context because this thread and another one saw it
  /// and run: its join makes that uncertain.
  std::atomic<bool> isWitness;
  std::atomic<ThreadState *> state; ///< null before the start and after the end
  /// Who waits in join for this thread; copied into its state, where it costs
  /// nothing to look at.
  std::atomic<ThreadState *> joiner;
  std::atomic<TouchedLocks *> touched; ///< null until the first, and after the join
  struct WitnessedPart *witnessed;     ///< see KnownEdges.h
  char name[16];
};

struct Segment {
  std::uint32_t thread;   ///< record
  std::uint32_t previous; ///< segment before it: of this thread, or the creator's
  std::uint32_t joined;   ///< last segment of a joined thread, or 0
  std::uint32_t position; ///< counts the segments of the thread
};

/// One lock held by a thread, in order of acquisition.
struct alignas(64) HeldLock {
  std::uintptr_t address;
  Lock *lock;
  /// Key of the held list up to and including this entry; 0 while nobody asked (see
  /// `chainOf`).
  std::uint64_t chain;
  // Eight bytes that are written by one store, the last one, and looked at together.
  std::uint32_t count; ///< acquisitions; zero while the entry is not whole
  LockMode mode;
  bool waitingOnCondition; ///< given up for the time of a condition wait
  bool attempted;          ///< taken by try or with a time-out
  bool handedOver;         ///< taken again at the end of a condition wait, after a signal
  ShallowStack stack;

  bool isWhole() const { return count != 0; }
  /// Taken once, exclusively, to wait for it, and not given up meanwhile.
  bool isSimplyHeld() const {
    std::uint64_t all;
    __builtin_memcpy(&all, &count, sizeof(all));
    return all == 1;
  }
};
static_assert(offsetof(HeldLock, stack) == offsetof(HeldLock, count) + 8);
static_assert(static_cast<int>(LockMode::Exclusive) == 0 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

/// Why a thread does not go on. Written by the thread before it blocks.
enum class WaitKind : std::uint8_t { None, Lock, Condition, Join, Semaphore, Futex, Child };

struct Waiting {
  std::atomic<WaitKind> kind;
  std::atomic<bool> timed;
  std::atomic<LockMode> mode;
  std::atomic<std::uint32_t> target; ///< lock id, or record of the joined thread
  std::atomic<std::uint32_t> serial; ///< counts the waits
  std::uint32_t looks;               ///< of the watchdog, at this wait
  ShallowStack stack;
};

constexpr unsigned LockCacheBits = 10;
constexpr unsigned LockCacheEntries = 1u << LockCacheBits;
constexpr unsigned ChainCacheBits = 11;
constexpr unsigned ChainCacheEntries = 1u << ChainCacheBits;

struct ThreadState {
  // What gridlock/detail/view.h shows to inlined locks comes first.

  /// Set while the run time works in this thread: a signal handler that comes
  /// in between passes through.
  std::uint32_t busy;
  /// Never the usual way: somebody who holds locks waits in join for this thread, or
  /// what glibc writes into mutexes is not known. Looked at together with `busy`.
  std::atomic<std::uint32_t> isUnusual;
  /// The newest lock held; `held - 1` when there is none.
  HeldLock *newest;
  /// `held - 1`, whose address is nobody's.
  HeldLock *noneHeld;
  /// `held` when orders of two locks are looked for in the shared bits first, else null.
  HeldLock *bitsFor;
  /// The last entry that there is room for.
  HeldLock *lastHeld;
  std::uint32_t systemId;
  /// Value of `joinEpoch()` for which `chains` is valid.
  std::uint32_t chainEpoch;
  const std::atomic<std::uint32_t> *joinCountAt;
  std::uintptr_t stackLow, stackHigh;

  /// By a hash of the address; `noLock` where there is none. The record knows its
  /// address itself.
  Lock *lockCache[LockCacheEntries];
  std::uint64_t chains[ChainCacheEntries];

  // From here on only the run time looks.

  HeldLock *held;
  std::uint32_t heldCapacity;
  std::uint32_t heldCount() const { return static_cast<std::uint32_t>(newest + 1 - held); }
  /// The same for another thread's state, which may change meanwhile.
  std::uint32_t heldCountSeen() const { return heldCount() <= heldCapacity ? heldCount() : 0; }

  /// Some thread that holds locks waits in join for this one.
  std::atomic<ThreadState *> joiner;

  std::uint32_t systemIdBeforeFork; ///< in a forked child: what its locks still name as owner
  std::uint32_t segment;
  std::uint32_t *scratch; ///< room for heldCapacity numbers
  /// Edges that this thread need not record again; null until it pays (see
  /// KnownEdges.h).
  KnownEdges *known;
  ChainMemory *chainMemory;
  std::uint32_t chainsAdded; ///< while there is no memory for more
  /// What the memory of known orders was just asked for, in vain.
  std::uint64_t unknownKey;
  /// The lock wanted last whose order was recorded, and where.
  std::uint32_t wantedLock, wantedStack;
  std::uint32_t tagAnswers; ///< orders that only the tags of their edges answered
  /// Depth of gridlock_ignore_begin: orders are not recorded.
  std::uint32_t ignored;
  /// Calls that passed through untracked (from signal handlers).
  std::uint32_t untracked;
  ThreadRecord *record;
  /// What pthread_once shall run in this thread (see InterposeOnce.cpp).
  void (*onceRoutine)();
  /// Rounds of key destructors seen.
  unsigned destructorRounds;
  /// Where inlined locks keep the address of this state, and what was there before
  /// and shall be at its end.
  struct View {
    void **slot;
    void *before;
  } views[4];
  Waiting waiting;
  ThreadState *nextFree;

  std::uint32_t unwoundAdded;
  UnwindMemory unwound[UnwindMemories];
  StoredMemory stored[StoredMemories];
};

extern __thread ThreadState *self __attribute__((tls_model("initial-exec")));
/// The same, but never null: a state in which everything is unusual where there is none.
extern __thread ThreadState *selfOrNobody __attribute__((tls_model("initial-exec")));
/// The thread is before or after its tracked life.
extern __thread bool selfEnded __attribute__((tls_model("initial-exec")));
extern __thread bool selfAttaching __attribute__((tls_model("initial-exec")));

/// Starts the run time if needed and gives this thread a state. Null when the
/// thread must not be tracked now. Finds the real functions first in any case.
ThreadState *attach();

/// The state of this thread, marked busy; null: pass through. Every successful
/// `enter` is paired with `leave`.
GRIDLOCK_INLINE ThreadState *enter() {
  ThreadState *thread = self;
  if (GRIDLOCK_UNLIKELY(!thread)) {
    thread = attach();
    if (!thread)
      return nullptr;
  }
  if (GRIDLOCK_UNLIKELY(thread->busy)) {
    ++thread->untracked;
    return nullptr;
  }
  thread->busy = 1;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  return thread;
}

/// As `enter`, but without the mark: for the few instructions of the usual way,
/// which a signal handler may interrupt. Null when the thread is not attached, busy
/// or unusual.
GRIDLOCK_INLINE ThreadState *enterLightly() {
  ThreadState *thread = selfOrNobody;
  std::uint64_t busyOrUnusual;
  __builtin_memcpy(&busyOrUnusual, &thread->busy, sizeof(busyOrUnusual));
  return GRIDLOCK_LIKELY(!busyOrUnusual) ? thread : nullptr;
}

GRIDLOCK_INLINE void leave(ThreadState *thread) {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  thread->busy = 0;
}

/// Shows the state through `slot` until the thread's tracked life ends.
bool addView(ThreadState &thread, void **slot);

// Records and segments.

/// A record for a thread that `creator` is about to start (null: unknown
/// origin), with its first segment. Cuts the creator's segment.
ThreadRecord *newThread(ThreadState *creator, std::uint32_t createStack);
/// Gives the calling thread a state for its record.
ThreadState *startThread(ThreadRecord &record, std::uintptr_t stackLow, std::uintptr_t stackHigh);
/// The calling thread will not be tracked any more; its state is handed on.
void endThread(ThreadState &thread);
/// `joiner` holds locks and is about to wait for the end of `thread`.
void showJoiner(ThreadState &thread, ThreadState &joiner);
/// `joiner` has waited for the end of `joined`.
void joinThread(ThreadState &joiner, ThreadRecord &joined);
/// The record of a thread that was not joined yet; null when unknown.
ThreadRecord *threadByHandle(pthread_t handle);
void forgetHandle(ThreadRecord &record);
ThreadRecord &threadAt(std::uint32_t index);
std::uint32_t threadEnd();
const Segment &segmentAt(std::uint32_t index);

extern std::atomic<std::uint32_t> joinCount;
/// Counts the joins of witnesses so far: what was certain about "seen by two running
/// threads" is asked again after each.
GRIDLOCK_INLINE std::uint32_t joinEpoch() { return joinCount.load(std::memory_order_relaxed); }

/// Makes a witness of the segment's thread. False when it was joined already.
bool makeWitness(std::uint32_t segment);

/// Whether two segments may run at the same time. With the graph locked.
bool mayRunInParallel(std::uint32_t a, std::uint32_t b);

/// In the child of a fork: only the calling thread goes on. Everything that
/// other threads did happened in another process.
void forkedThreads(ThreadState &survivor);

/// The host's first thread creation: from now on threads exist.
extern std::atomic<bool> multithreaded;

// Held locks.

/// Appends an entry. `frame` is the interposed function's own frame.
GRIDLOCK_INLINE HeldLock &pushHeld(ThreadState &thread, Lock &lock, std::uintptr_t address, LockMode mode,
                                   const void *frame);
void growHeld(ThreadState &thread);
/// The entry of a lock, or null. Newest first.
GRIDLOCK_INLINE HeldLock *findHeld(ThreadState &thread, std::uintptr_t address) {
  for (HeldLock *entry = thread.newest; entry != thread.noneHeld; --entry)
    if (entry->address == address && entry->isWhole())
      return entry;
  return nullptr;
}
/// Removes an entry that is not the newest, and makes the keys above it anew.
void removeHeld(ThreadState &thread, HeldLock &entry);
void touchSlowly(ThreadState &thread, Lock &lock, LockMode mode, std::uintptr_t site);
/// Notes that this thread used a lock (for joins; nobody joins the main thread). On a
/// lock-cache miss only.
GRIDLOCK_INLINE void touch(ThreadState &thread, Lock &lock, LockMode mode, std::uintptr_t site) {
  if (thread.record->index != 1)
    touchSlowly(thread, lock, mode, site);
}

/// One multiplication: this is on the way of every acquisition.
GRIDLOCK_INLINE std::uint64_t chainKey(std::uint64_t chain, std::uint32_t lock, LockMode mode) {
  std::uint64_t step = std::uint64_t(lock) << 1 | static_cast<unsigned>(mode);
  return ((chain << 32 | chain >> 32) ^ step) * 0x9E3779B97F4A7C15u;
}
/// The key of a list of one lock. Nobody looks for it, so it need not be mixed.
GRIDLOCK_INLINE std::uint64_t firstChain(const Lock &lock, LockMode mode) {
  return lock.id | static_cast<std::uint64_t>(mode) << 31;
}
GRIDLOCK_INLINE std::uint64_t chainKey(std::uint64_t chain, const Lock &lock, LockMode mode) {
  return chainKey(chain, lock.id, mode);
}

/// Where a key lies in the cache: the upper bits depend on all others.
GRIDLOCK_INLINE std::size_t chainSlot(std::uint64_t key) { return key >> (64 - ChainCacheBits); }

GRIDLOCK_NOINLINE std::uint64_t makeChain(const ThreadState &thread, HeldLock &entry);
/// The key of the held list up to this entry.
GRIDLOCK_INLINE std::uint64_t chainOf(const ThreadState &thread, HeldLock &entry) {
  return GRIDLOCK_LIKELY(entry.chain != 0) ? entry.chain : makeChain(thread, entry);
}
GRIDLOCK_INLINE std::uint64_t topChain(const ThreadState &thread) {
  return thread.newest != thread.noneHeld ? chainOf(thread, *thread.newest) : 0;
}

// The two below are safe against a signal handler at any point, without the
// busy mark, which costs more than all the rest: an entry belongs to the list
// before it is filled, and has a count of zero while it is not whole. The handler's
// own entries lie above it.

/// The last step of making an entry.
GRIDLOCK_INLINE void markWhole(HeldLock &entry, LockMode mode) {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  std::uint64_t countAndMode = 1 | static_cast<std::uint64_t>(mode) << 32;
  __builtin_memcpy(&entry.count, &countAndMode, sizeof(countAndMode));
}

/// With room for one more, and the key that the list will have.
GRIDLOCK_INLINE HeldLock &pushHeldWithKey(ThreadState &thread, Lock &lock, std::uintptr_t address, LockMode mode,
                                          std::uint64_t key, const void *frame) {
  HeldLock &entry = *++thread.newest;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  entry.address = address;
  entry.lock = &lock;
  entry.chain = key;
  takeShallowStack(entry.stack, frame, thread.stackLow, thread.stackHigh);
  markWhole(entry, mode);
  return entry;
}

GRIDLOCK_INLINE HeldLock &pushHeld(ThreadState &thread, Lock &lock, std::uintptr_t address, LockMode mode,
                                   const void *frame) {
  if (GRIDLOCK_UNLIKELY(thread.newest == thread.lastHeld))
    growHeld(thread);
  std::uint64_t key =
      thread.newest == thread.noneHeld ? firstChain(lock, mode) : chainKey(chainOf(thread, *thread.newest), lock, mode);
  return pushHeldWithKey(thread, lock, address, mode, key, frame);
}

/// Drops the newest entry.
GRIDLOCK_INLINE void dropNewest(ThreadState &thread) {
  thread.newest->count = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  --thread.newest;
}

GRIDLOCK_INLINE void popHeld(ThreadState &thread, HeldLock &entry) {
  if (GRIDLOCK_LIKELY(&entry == thread.newest))
    dropNewest(thread);
  else
    removeHeld(thread, entry);
}

GRIDLOCK_INLINE std::size_t lockCacheSlot(std::uintptr_t address) {
  return static_cast<std::uint32_t>(static_cast<std::uint32_t>(address) * 0x9E3779B1u) >> (32 - LockCacheBits);
}

/// Finds the lock at an address through the thread's cache.
GRIDLOCK_INLINE Lock *cachedLock(ThreadState &thread, std::uintptr_t address, LockKind kind) {
  Lock *lock = thread.lockCache[lockCacheSlot(address)];
  if (GRIDLOCK_LIKELY(lock->address() == address && lock->kind == kind))
    return lock;
  return nullptr;
}
GRIDLOCK_INLINE void cacheLock(ThreadState &thread, std::uintptr_t address, Lock &lock) {
  thread.lockCache[lockCacheSlot(address)] = &lock;
}

/// The record of the lock at an address, made when it is new. Null when the
/// run time is out of records.
GRIDLOCK_INLINE Lock *lookUp(ThreadState &thread, std::uintptr_t address, LockKind kind, std::uint8_t flags,
                             LockMode mode, std::uintptr_t site) {
  if (Lock *lock = cachedLock(thread, address, kind); GRIDLOCK_LIKELY(lock != nullptr))
    return lock;
  Lock *lock = findOrMakeLock(address, kind, flags);
  if (!lock)
    return nullptr;
  cacheLock(thread, address, *lock);
  touch(thread, *lock, mode, site);
  return lock;
}

/// The same for a thread that does not wait for the lock until it gets it: nobody who
/// waits for the thread's end is in its way. Not put into the cache, so that the first
/// real wait is noted.
GRIDLOCK_INLINE Lock *lookUpUntouched(ThreadState &thread, std::uintptr_t address, LockKind kind, std::uint8_t flags) {
  if (Lock *lock = cachedLock(thread, address, kind); GRIDLOCK_LIKELY(lock != nullptr))
    return lock;
  return findOrMakeLock(address, kind, flags);
}

/// Publishes what the thread is about to wait for; nothing is published while
/// the thread runs. Only made when the thread is likely to block.
class WaitScope {
public:
  WaitScope(ThreadState &thread, WaitKind kind, std::uint32_t target, LockMode mode, bool timed, const void *frame);
  ~WaitScope() { State.waiting.kind.store(WaitKind::None, std::memory_order_release); }
  WaitScope(const WaitScope &) = delete;
  WaitScope &operator=(const WaitScope &) = delete;

private:
  ThreadState &State;
};

InternalLock &threadLock();

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_THREAD_H
