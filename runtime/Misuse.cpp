//===- Misuse.cpp - Wrong use of one lock ---------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/Misuse.h"
#include "runtime/NativeMutex.h"
#include "runtime/Report.h"

namespace gridlock::rt {

std::uint32_t storeHere(ThreadState &thread, const void *frame) {
  ShallowStack shallow;
  DeepStack deep;
  takeShallowStack(shallow, frame, thread.stackLow, thread.stackHigh);
  deepen(thread, shallow, deep);
  return storeCurrent(thread, deep);
}

ThreadRecord *threadBySystemId(std::uint32_t systemId) {
  for (std::uint32_t i = threadEnd(); i-- > 1;)
    if (threadAt(i).systemId == systemId && threadAt(i).state.load(std::memory_order_acquire))
      return &threadAt(i);
  return nullptr;
}

namespace {

/// Where a held lock was taken, seen from the thread itself.
std::uint32_t storeTaken(ThreadState &thread, HeldLock &held, const void *frame) {
  ShallowStack shallow;
  DeepStack deep;
  takeShallowStack(shallow, frame, thread.stackLow, thread.stackHigh);
  deepen(thread, shallow, deep);
  return storeEarlier(thread, held.stack, deep, storeCurrent(thread, deep));
}

/// Where another thread took a lock: what it recorded. The entry is copied
/// first, as its thread may go on.
std::uint32_t storeTakenElsewhere(ThreadState &thread, const ThreadRecord &owner, const Lock &lock) {
  ThreadState *state = owner.state.load(std::memory_order_acquire);
  if (!state)
    return 0;
  for (std::uint32_t i = state->heldCountSeen(); i-- > 0;) {
    HeldLock held = state->held[i];
    if (held.isWhole() && held.lock == &lock)
      return held.stack.storedAs ? held.stack.storedAs : storeShallow(thread, held.stack);
  }
  return 0;
}

} // namespace

void reportSelfLock(ThreadState &thread, Lock &lock, HeldLock *held, const void *frame) {
  std::uint32_t here = storeHere(thread, frame);
  std::uint32_t taken = held ? storeTaken(thread, *held, frame) : 0;
  Report report(Problem::SelfLock, "error: a thread waits for a lock that it holds itself");
  report.out().text("  ");
  report.thread(*thread.record).out().text(" wants ");
  report.lock(lock).line(" here:");
  report.stack(here);
  if (taken)
    report.line("   and took it here:").stack(taken);
  report.finish("split the function into one that locks and one that expects the lock held");
}

void reportBadUnlock(ThreadState &thread, Lock &lock, std::uint32_t owner, const void *frame) {
  std::uint32_t here = storeHere(thread, frame);
  ThreadRecord *holder = owner ? threadBySystemId(owner) : nullptr;
  std::uint32_t taken = holder ? storeTakenElsewhere(thread, *holder, lock) : 0;
  Report report(owner ? Problem::UnlockNotOwner : Problem::UnlockNotLocked,
                owner ? "error: a thread unlocks a lock that another thread holds"
                      : "error: a thread unlocks a lock that is not locked");
  report.out().text("  ");
  report.thread(*thread.record).out().text(" unlocks ");
  report.lock(lock).line(" here:");
  report.stack(here);
  if (holder) {
    report.out().text("   held by ");
    report.thread(*holder).line(taken ? ", which took it here:" : "");
    if (taken)
      report.stack(taken);
  }
  report.finish(owner ? "only the thread that locked may unlock; to hand work on, use a semaphore or a condition"
                      : "pair every unlock with one lock; a guard object does it on every path");
}

void reportDestroyHeld(ThreadState &thread, Lock &lock, std::uint32_t owner, const void *frame) {
  std::uint32_t here = storeHere(thread, frame);
  HeldLock *own = findHeld(thread, lock.lastAddress);
  std::uint32_t taken = own ? storeTaken(thread, *own, frame) : 0;
  ThreadRecord *holder = own ? thread.record : owner ? threadBySystemId(owner) : nullptr;
  if (holder && !own)
    taken = storeTakenElsewhere(thread, *holder, lock);
  Report report(Problem::DestroyHeld, "error: a lock is destroyed while it is held");
  report.out().text("  ");
  report.thread(*thread.record).out().text(" destroys ");
  report.lock(lock).line(" here:");
  report.stack(here);
  if (holder && taken) {
    report.out().text("   held by ");
    report.thread(*holder).line(", which took it here:");
    report.stack(taken);
  }
  report.finish("end or join the users of the lock first, then destroy it");
}

void reportForkedLock(ThreadState &thread, Lock &lock, const void *frame) {
  std::uint32_t here = storeHere(thread, frame);
  lock.unset(Lock::Orphaned);
  Report report(Problem::ForkedLock, "error: a forked child waits for a lock whose holder exists only in the parent");
  report.out().text("  ");
  report.thread(*thread.record).out().text(" wants ");
  report.lock(lock).line(" here:");
  report.stack(here);
  report.out().text("   at the fork it was held by ");
  report.thread(threadAt(lock.orphanOwner)).line("");
  report.finish("after fork in a program with threads call only async-signal-safe functions until exec; or use "
                "posix_spawn; or take the lock in a pthread_atfork handler");
}

void reportWaitWithoutLock(ThreadState &thread, Lock &condition, Lock &mutex, const void *frame) {
  std::uint32_t here = storeHere(thread, frame);
  Report report(Problem::WaitWithoutLock, "error: a thread waits on a condition with a mutex that it does not hold");
  report.out().text("  ");
  report.thread(*thread.record).out().text(" waits on ");
  report.lock(condition).out().text(" with ");
  report.lock(mutex).line(" here:");
  report.stack(here);
  report.finish("lock the mutex, test the predicate, and wait, in this order");
}

void checkThreadExit(ThreadState &thread) {
  for (std::uint32_t i = 0; i < thread.heldCount(); ++i) {
    HeldLock &held = thread.held[i];
    if (!held.isWhole() || !isLock(*held.lock))
      continue;
    // The owner field knows whether somebody else has unlocked it since.
    if (held.lock->kind == LockKind::Mutex && mutexFieldsKnown) {
      std::uint32_t owner = nativeOwner(reinterpret_cast<const pthread_mutex_t *>(held.address));
      if (owner != thread.systemId && (!owner || owner != thread.systemIdBeforeFork))
        continue;
    }
    // A robust mutex is told of its owner's death, that is what it is for.
    if (held.lock->has(Lock::Robust) || held.lock->kind == LockKind::Semaphore)
      continue;
    std::uint32_t taken = held.stack.storedAs ? held.stack.storedAs : storeShallow(thread, held.stack);
    Report report(Problem::ThreadExitHolding, "error: a thread ends while it holds a lock");
    report.out().text("  ");
    report.thread(*thread.record).out().text(" took ");
    report.lock(*held.lock).line(" here:");
    report.stack(taken);
    report.finish("unlock on every path out of the thread; a guard object does it, also when the thread is cancelled");
  }
}

namespace {

void reportJoin(ThreadRecord &joiner, std::uint32_t joinStack, ThreadRecord &joined, std::uint32_t lockStack,
                const Lock &lock, bool certain) {
  Report report(Problem::JoinHoldingLock,
                certain ? "error: a thread waits for the end of a thread that needs a lock it holds"
                        : "warning: a thread waits for the end of a thread that takes a lock it holds");
  report.out().text("  ");
  report.thread(joiner).out().text(" holds ");
  report.lock(lock).out().text(" and waits for the end of ");
  report.thread(joined).line(" here:");
  report.stack(joinStack);
  report.out().text("   ");
  report.thread(joined).line(certain ? " wants the lock here:"
                                     : " took the lock here, and can be at this place again:");
  report.stack(lockStack);
  report.finish("release the lock before the join");
}

} // namespace

/// Whether the thread waits for the lock now.
static bool waitsFor(const ThreadRecord &record, const Lock &lock) {
  const ThreadState *state = record.state.load(std::memory_order_acquire);
  return state && state->waiting.kind.load(std::memory_order_acquire) == WaitKind::Lock &&
         state->waiting.target.load(std::memory_order_relaxed) == lock.id;
}

// What is asked is whether the joined thread ever took a lock that is held, not when. If
// the lock came back to us at the end of a condition wait, it is passed to and fro, and
// the thread has most likely done with it; if it has not, it waits for it by now or will
// say so when it does (checkJoiner).
void checkJoin(ThreadState &thread, ThreadRecord &joined, const void *frame) {
  TouchedLocks *touched = joined.touched.load(std::memory_order_acquire);
  if (!touched)
    return;
  for (std::uint32_t i = 0; i < thread.heldCount(); ++i) {
    HeldLock &held = thread.held[i];
    if (!held.isWhole() || held.waitingOnCondition || !isLock(*held.lock) ||
        (held.handedOver && !waitsFor(joined, *held.lock)))
      continue;
    for (std::uint32_t k = held.lock->id, tries = 0; tries <= touched->mask; ++k, ++tries) {
      TouchedLocks::Entry entry = touched->entries[k & touched->mask];
      if (!entry.lock)
        break;
      if (entry.lock != held.lock->id)
        continue;
      if (entry.mode == LockMode::Shared && held.mode == LockMode::Shared)
        break;
      ShallowStack site = {};
      site.frames[0] = entry.site;
      site.count = 1;
      reportJoin(*thread.record, storeHere(thread, frame), joined, storeShallow(thread, site), *held.lock, false);
      return;
    }
  }
}

void checkJoiner(ThreadState &thread, Lock &lock, LockMode mode, const void *frame) {
  ThreadState *joiner = thread.joiner.load(std::memory_order_acquire);
  if (!joiner || joiner->waiting.kind.load(std::memory_order_acquire) != WaitKind::Join ||
      joiner->waiting.target.load(std::memory_order_relaxed) != thread.record->index)
    return;
  for (std::uint32_t i = 0; i < joiner->heldCountSeen(); ++i) {
    const HeldLock &held = joiner->held[i];
    if (!held.isWhole() || held.lock != &lock || (mode == LockMode::Shared && held.mode == LockMode::Shared))
      continue;
    reportJoin(*joiner->record, storeShallow(thread, joiner->waiting.stack), *thread.record, storeHere(thread, frame),
               lock, true);
    return;
  }
}

void checkRanks(ThreadState &thread, Lock &lock, const void *frame) {
  for (std::uint32_t i = 0; i < thread.heldCount(); ++i) {
    HeldLock &held = thread.held[i];
    if (!held.isWhole() || !held.lock->isRanked || held.waitingOnCondition || held.lock == &lock ||
        labelOf(*held.lock).rank < labelOf(lock).rank)
      continue;
    std::uint32_t here = storeHere(thread, frame), takenStack = storeTaken(thread, held, frame);
    Report report(Problem::RankViolation, "error: a lock is taken against the order of ranks");
    report.out().text("  ");
    report.thread(*thread.record).out().text(" wants ");
    report.lock(lock).out().text(" of rank ").signedNumber(labelOf(lock).rank).text(" here:\n");
    report.stack(here);
    report.out().text("   and holds ");
    report.lock(*held.lock).out().text(" of rank ").signedNumber(labelOf(*held.lock).rank).text(", taken here:\n");
    report.stack(takenStack);
    report.finish("take locks in ascending order of rank; give locks that nest different ranks");
    return;
  }
}

} // namespace gridlock::rt
