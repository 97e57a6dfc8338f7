//===- Thread.cpp - What each thread is doing -----------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which segments may run in parallel is asked only when a cycle was found, so
// the question is answered by search and the answer costs nothing to prepare.
// Segments form a graph whose arrows go from lower to higher numbers (a segment
// is made after what it follows). "a before b" is a backward search from b that
// never goes below a, and that is done as soon as it meets a later segment of
// a's own thread.
//
//===----------------------------------------------------------------------===//

#include "runtime/Thread.h"
#include "runtime/Arena.h"
#include "runtime/KnownEdges.h"
#include "runtime/Start.h"
#include "runtime/TraceWriter.h"

#include <cstring>
#include <sys/syscall.h>
#include <unistd.h>

namespace gridlock::rt {

namespace {
/// Whose lock functions all go the slow way. Only its first word is looked at.
union Nobody {
  std::uint64_t busyOrUnusual;
  ThreadState state;
  constexpr Nobody() : busyOrUnusual(1) {}
};
constinit Nobody nobody;
} // namespace

__thread ThreadState *self = nullptr;
__thread ThreadState *selfOrNobody = &nobody.state;
__thread bool selfEnded = false;
__thread bool selfAttaching = false;

std::atomic<bool> multithreaded{false};
std::atomic<std::uint32_t> joinCount{1};

namespace {

Store<ThreadRecord, 8> threads;
Store<Segment> segments;
InternalLock Guard;
ThreadState *freeStates = nullptr;
/// Segments before this one belong to the process that forked us.
std::uint32_t firstSegmentOfProcess = 0;
/// Records below are joined or detached-and-ended: searches start here.
std::uint32_t firstUnjoined = 1;

std::uint32_t addSegment(std::uint32_t thread, std::uint32_t previous, std::uint32_t joined, std::uint32_t position) {
  std::uint32_t index = segments.add();
  if (index)
    segments[index] = {thread, previous, joined, position};
  return index;
}

/// Ends the thread's segment and begins the next. With the lock held.
void cutSegment(ThreadState &thread, std::uint32_t joined) {
  std::uint32_t next = addSegment(thread.record->index, thread.segment, joined, segments[thread.segment].position + 1);
  if (!next)
    return; // full: stay in the old segment, which orders less than is true
  thread.segment = next;
  thread.record->lastSegment = next;
  // What was checked in the old segment must be checked again in the new one.
  thread.chainEpoch = 0;
}

constexpr std::uint32_t FirstTouchedMask = 15;
TouchedLocks *freeTouched = nullptr; // of the first size only

TouchedLocks *newTouched(std::uint32_t mask) {
  std::size_t bytes = sizeof(TouchedLocks) + sizeof(TouchedLocks::Entry) * (mask + 1);
  TouchedLocks *result = nullptr;
  if (mask == FirstTouchedMask) {
    InternalGuard guard(Guard);
    result = freeTouched;
    if (result)
      freeTouched = result->nextFree;
  }
  if (result)
    std::memset(static_cast<void *>(result), 0, bytes);
  else
    result = static_cast<TouchedLocks *>(arenaAllocate(bytes));
  result->mask = mask;
  return result;
}

void placeTouched(TouchedLocks &set, const TouchedLocks::Entry &entry) {
  for (std::uint32_t k = entry.lock;; ++k) {
    TouchedLocks::Entry &place = set.entries[k & set.mask];
    if (place.lock == entry.lock) {
      if (entry.mode == LockMode::Exclusive)
        place.mode = LockMode::Exclusive;
      return;
    }
    if (!place.lock) {
      place = entry;
      ++set.count;
      return;
    }
  }
}

/// With the lock held. A set that was outgrown is left alone: a joiner may be
/// reading it.
void recycleTouched(ThreadRecord &record) {
  TouchedLocks *touched = record.touched.exchange(nullptr);
  if (!touched || touched->mask != FirstTouchedMask)
    return;
  touched->nextFree = freeTouched;
  freeTouched = touched;
}

} // namespace

InternalLock &threadLock() { return Guard; }

ThreadRecord &threadAt(std::uint32_t index) { return threads[index]; }
std::uint32_t threadEnd() { return threads.end(); }
const Segment &segmentAt(std::uint32_t index) { return segments[index]; }

ThreadRecord *newThread(ThreadState *creator, std::uint32_t createStack) {
  InternalGuard guard(Guard);
  std::uint32_t index = threads.add();
  if (!index)
    return nullptr;
  ThreadRecord &record = threads[index];
  record.index = index;
  record.createStack = createStack;
  std::uint32_t previous = 0;
  if (creator) {
    record.createdBy = creator->record->index;
    previous = creator->segment;
    cutSegment(*creator, 0);
  }
  record.lastSegment = addSegment(index, previous, 0, 0);
  return record.lastSegment ? &record : nullptr;
}

ThreadState *startThread(ThreadRecord &record, std::uintptr_t stackLow, std::uintptr_t stackHigh) {
  ThreadState *state;
  {
    InternalGuard guard(Guard);
    state = freeStates;
    if (state)
      freeStates = state->nextFree;
  }
  if (state) {
    HeldLock *noneHeld = state->noneHeld;
    std::uint32_t capacity = state->heldCapacity, *scratch = state->scratch;
    KnownEdges *known = state->known;
    ChainMemory *chainMemory = state->chainMemory;
    std::uint32_t serial = state->waiting.serial.load(std::memory_order_relaxed);
    std::memset(static_cast<void *>(state), 0, offsetof(ThreadState, unwound));
    state->noneHeld = noneHeld;
    state->scratch = scratch;
    state->known = known; // both name the segment that they are true for
    state->chainMemory = chainMemory;
    state->heldCapacity = capacity;
    state->waiting.serial.store(serial, std::memory_order_relaxed);
  } else {
    state = static_cast<ThreadState *>(mapPages((sizeof(ThreadState) + 4095) & ~std::size_t(4095)));
    state->heldCapacity = 32;
    state->noneHeld = arenaNew<HeldLock>(state->heldCapacity + 1);
    state->scratch = arenaNew<std::uint32_t>(state->heldCapacity);
  }
  state->newest = state->noneHeld;
  state->held = state->noneHeld + 1;
  state->lastHeld = state->noneHeld + state->heldCapacity;
  std::fill(state->lockCache, state->lockCache + LockCacheEntries, &noLock);
  state->joinCountAt = &joinCount;
  state->isUnusual.store(!mutexWordsKnown, std::memory_order_relaxed);
  state->systemId = static_cast<std::uint32_t>(syscall(SYS_gettid));
  state->segment = record.lastSegment;
  state->stackLow = stackLow;
  state->stackHigh = stackHigh;
  state->record = &record;
  record.systemId = state->systemId;
  record.handle = pthread_self();
  // A joiner writes the record's field first and then looks for the state; so
  // one of the two sees the other.
  record.state.store(state, std::memory_order_seq_cst);
  if (ThreadState *joiner = record.joiner.load(std::memory_order_seq_cst))
    showJoiner(*state, *joiner);
  self = state;
  selfOrNobody = state;
  return state;
}

void showJoiner(ThreadState &thread, ThreadState &joiner) {
  thread.joiner.store(&joiner, std::memory_order_release);
  thread.isUnusual.store(1, std::memory_order_release);
}

bool addView(ThreadState &thread, void **slot) {
  for (ThreadState::View &view : thread.views) {
    if (view.slot == slot)
      return true;
    if (!view.slot) {
      view = {slot, *slot};
      *slot = &thread;
      return true;
    }
  }
  return false;
}

void endThread(ThreadState &thread) {
  for (const ThreadState::View &view : thread.views)
    if (view.slot)
      *view.slot = view.before;
  self = nullptr;
  selfOrNobody = &nobody.state;
  selfEnded = true;
  thread.waiting.kind.store(WaitKind::None, std::memory_order_relaxed);
  while (thread.newest != thread.noneHeld)
    dropNewest(thread);
  thread.record->state.store(nullptr, std::memory_order_release);
  thread.record->ended.store(true, std::memory_order_release);
  InternalGuard guard(Guard);
  thread.nextFree = freeStates;
  freeStates = &thread;
  if (thread.record->detached.load(std::memory_order_acquire))
    recycleTouched(*thread.record);
}

void joinThread(ThreadState &joiner, ThreadRecord &joined) {
  {
    InternalGuard guard(Guard);
    joined.joined.store(true, std::memory_order_seq_cst);
    recycleTouched(joined);
    cutSegment(joiner, joined.lastSegment);
    joined.joinedInto = joiner.segment;
  }
  if (!joined.isWitness.load(std::memory_order_seq_cst))
    return;
  // Who sees the new count sees the bits without what this thread witnessed.
  forgetSaturatedBy(joined);
  joinCount.fetch_add(1, std::memory_order_release);
}

// Its own store and the joiner's come before each one's look at the other's, so one
// of the two sees the other.
bool makeWitness(std::uint32_t segment) {
  ThreadRecord &record = threads[segments[segment].thread];
  if (!record.isWitness.load(std::memory_order_relaxed))
    record.isWitness.store(true, std::memory_order_seq_cst);
  return !record.joined.load(std::memory_order_seq_cst);
}

ThreadRecord *threadByHandle(pthread_t handle) {
  InternalGuard guard(Guard);
  auto isGone = [](const ThreadRecord &record) {
    return record.joined.load(std::memory_order_relaxed) ||
           (record.detached.load(std::memory_order_relaxed) && record.ended.load(std::memory_order_relaxed));
  };
  while (firstUnjoined < threads.end() && isGone(threads[firstUnjoined]))
    ++firstUnjoined;
  for (std::uint32_t i = threads.end(); i-- > firstUnjoined;)
    if (threads[i].handle == handle && !isGone(threads[i]))
      return &threads[i];
  return nullptr;
}

namespace {

/// The backward search. With the graph locked, which guards its memory.
bool searchBackwards(std::uint32_t a, std::uint32_t b) {
  constexpr std::uint32_t MostApart = 1u << 20;
  constexpr unsigned MostSteps = 1u << 16;
  // A set of the segments in [a, b] that were met, one bit each.
  static std::uint64_t *met = nullptr;
  static std::uint32_t *work = nullptr;
  if (!met) {
    met = static_cast<std::uint64_t *>(mapPages(MostApart / 8));
    work = static_cast<std::uint32_t *>(mapPages(MostSteps * 2 * sizeof(std::uint32_t)));
  }
  // Too far to search: say "before", so that nothing uncertain is reported.
  if (b - a >= MostApart)
    return true;
  std::memset(met, 0, ((b - a) / 64 + 1) * 8);
  const Segment target = segments[a];
  std::uint32_t count = 0;
  auto add = [&](std::uint32_t segment) {
    if (segment < a || segment == 0)
      return;
    std::uint32_t bit = segment - a;
    if (met[bit / 64] >> (bit % 64) & 1)
      return;
    met[bit / 64] |= std::uint64_t(1) << (bit % 64);
    work[count++] = segment;
  };
  add(b);
  for (unsigned steps = 0; count; ++steps) {
    if (steps == MostSteps)
      return true;
    const Segment &segment = segments[work[--count]];
    if (segment.thread == target.thread)
      return true; // numbers grow along a thread: this one is a or later
    add(segment.previous);
    add(segment.joined);
  }
  return false;
}

/// Whether segment `a` ends before segment `b` starts; they belong to different
/// threads. What a thread did leaves it only by making a thread or by being
/// joined; most threads make none, so the search is rarely needed for them.
bool isBefore(std::uint32_t a, std::uint32_t b) {
  const ThreadRecord &thread = threads[segments[a].thread];
  if (thread.lastSegment == a) {
    if (!thread.joined.load(std::memory_order_acquire))
      return false;
    std::uint32_t into = thread.joinedInto;
    if (into == b)
      return true;
    if (segments[into].thread == segments[b].thread)
      return into < b;
    return into < b && searchBackwards(into, b);
  }
  return a < b && searchBackwards(a, b);
}

} // namespace

bool mayRunInParallel(std::uint32_t a, std::uint32_t b) {
  if (a == b || segments[a].thread == segments[b].thread)
    return false;
  if (a < firstSegmentOfProcess || b < firstSegmentOfProcess)
    return false;
  return a < b ? !isBefore(a, b) : !isBefore(b, a);
}

void forkedThreads(ThreadState &survivor) {
  survivor.systemIdBeforeFork = survivor.systemId;
  survivor.systemId = static_cast<std::uint32_t>(syscall(SYS_gettid));
  survivor.record->systemId = survivor.systemId;
  for (std::uint32_t i = 1; i < threads.end(); ++i) {
    ThreadRecord &record = threads[i];
    ThreadState *state = record.state.load(std::memory_order_relaxed);
    if (!state || state == &survivor)
      continue;
    for (std::uint32_t k = 0; k < state->heldCountSeen(); ++k) {
      HeldLock &entry = state->held[k];
      if (entry.waitingOnCondition || !entry.isWhole())
        continue;
      entry.lock->orphanOwner = i;
      entry.lock->set(Lock::Orphaned);
    }
    record.ended.store(true, std::memory_order_relaxed);
    record.state.store(nullptr, std::memory_order_relaxed);
  }
  firstSegmentOfProcess = segments.end();
  cutSegment(survivor, 0);
  // What the parent's threads were witnesses of says nothing about ours.
  forgetAllSaturated();
  joinCount.fetch_add(1, std::memory_order_release);
  survivor.joiner.store(nullptr, std::memory_order_relaxed);
  survivor.isUnusual.store(!mutexWordsKnown, std::memory_order_relaxed);
}

WaitScope::WaitScope(ThreadState &thread, WaitKind kind, std::uint32_t target, LockMode mode, bool timed,
                     const void *frame)
    : State(thread) {
  Waiting &waiting = thread.waiting;
  countWait(kind != WaitKind::Futex);
  takeShallowStack(waiting.stack, frame, thread.stackLow, thread.stackHigh);
  if (waiting.stack.count < 3 && !thread.busy) {
    thread.busy = 1;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    DeepStack deep;
    deepen(thread, waiting.stack, deep);
    waiting.stack.storedAs = storeCurrent(thread, deep);
    leave(&thread);
  }
  waiting.timed.store(timed, std::memory_order_relaxed);
  waiting.mode.store(mode, std::memory_order_relaxed);
  waiting.target.store(target, std::memory_order_relaxed);
  waiting.looks = 0;
  waiting.serial.fetch_add(1, std::memory_order_relaxed);
  waiting.kind.store(kind, std::memory_order_release);
}

void growHeld(ThreadState &thread) {
  std::uint32_t capacity = thread.heldCapacity * 2;
  std::uint32_t count = thread.heldCount();
  HeldLock *bigger = arenaNew<HeldLock>(capacity + 1);
  std::memcpy(static_cast<void *>(bigger + 1), thread.held, sizeof(HeldLock) * count);
  thread.noneHeld = bigger;
  thread.held = bigger + 1;
  thread.newest = bigger + count;
  thread.lastHeld = bigger + capacity;
  thread.bitsFor = nullptr;
  thread.scratch = arenaNew<std::uint32_t>(capacity);
  thread.heldCapacity = capacity;
}

std::uint64_t makeChain(const ThreadState &thread, HeldLock &entry) {
  std::uint64_t chain = 0;
  for (HeldLock *at = thread.held; at <= &entry; ++at) {
    // A signal handler may be asking, with an entry that it interrupted the making of.
    const Lock &lock = at->isWhole() ? *at->lock : noLock;
    chain = at == thread.held ? firstChain(lock, at->mode) : chainKey(chain, lock, at->mode);
    if (at->isWhole())
      at->chain = chain;
  }
  return chain;
}

void removeHeld(ThreadState &thread, HeldLock &entry) {
  std::uint32_t index = static_cast<std::uint32_t>(&entry - thread.held);
  std::uint32_t count = thread.heldCount() - 1;
  for (std::uint32_t i = index; i < count; ++i) {
    thread.held[i] = thread.held[i + 1];
    thread.held[i].chain = 0;
  }
  thread.held[count].count = 0;
  --thread.newest;
}

void touchSlowly(ThreadState &thread, Lock &lock, LockMode mode, std::uintptr_t site) {
  // A huge set helps nobody.
  TouchedLocks *touched = thread.record->touched.load(std::memory_order_relaxed);
  if (touched && touched->count > 4096)
    return;
  if (!touched || touched->count * 2 >= touched->mask) {
    TouchedLocks *bigger = newTouched(touched ? touched->mask * 2 + 1 : FirstTouchedMask);
    for (std::uint32_t i = 0; touched && i <= touched->mask; ++i)
      if (touched->entries[i].lock)
        placeTouched(*bigger, touched->entries[i]);
    touched = bigger;
    thread.record->touched.store(touched, std::memory_order_release);
  }
  placeTouched(*touched, {lock.id, mode, site});
}

} // namespace gridlock::rt
