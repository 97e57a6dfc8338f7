//===- Graph.cpp - The lock-order graph -----------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three filters stand before the graph's lock, from cheap to exact.
//
//   1. The thread's chain cache: this thread, in this segment, wanted this lock
//      with exactly these locks held before. One load. Exact, because it is
//      emptied when the segment ends and when any thread was joined.
//   2. The edge's tag, read without a lock: this segment recorded the edge with
//      no other lock held; or the edge is saturated.
//   3. Under the lock, the contexts.
//
// When may a context be dropped? A context tells something new unless whatever
// could deadlock with it could also deadlock with one that is kept. A kept
// context of the same segment with no stricter held set is always enough. One
// of another thread is not: the partner may be that very thread. Two of threads
// that may run in parallel are enough as long as neither was joined: a future
// partner differs from one of them and runs in parallel to it. After a join the
// partner may come after both, so everything is asked again (filter 1 and the
// saturation tag both carry the count of joins). And two are enough only for
// partners of the future; when the edge already lies on a cycle its partners
// may be past, so then each segment is recorded until the cycle is reported.
//
//===----------------------------------------------------------------------===//

#include "runtime/Graph.h"
#include "runtime/Arena.h"
#include "runtime/HeldSet.h"
#include "runtime/Misuse.h"
#include "runtime/NativeMutex.h"
#include "runtime/Options.h"
#include "runtime/TraceWriter.h"

#include <algorithm>

namespace gridlock::rt {

namespace {

InternalLock Guard;
Store<Edge> edges;
Store<Context> contexts;

struct Slot {
  std::atomic<std::uint64_t> key; ///< from << 32 | to
  std::uint32_t edge;
  std::atomic<std::uint32_t> tag;
};
/// A tag is the number of a segment that recorded the edge with no other lock
/// held, or one of these with a number.
constexpr std::uint32_t Saturated = 0x80000000u; ///< since this count of joins
constexpr std::uint32_t FullFor = 0x40000000u;   ///< this segment has recorded enough gated contexts
/// How many gated contexts of one edge a segment records; more are dropped as
/// long as the edge lies on no cycle.
constexpr unsigned MostOfSegment = 3;

struct Table {
  std::size_t mask;
  Slot slots[];
};
std::atomic<Table *> table{nullptr};
std::size_t used = 0;

/// One bit for each edge among the first locks: whether it exists. Small enough
/// to stay in the cache, where the table of a big graph does not.
constexpr std::uint32_t InMatrix = 4096;
std::atomic<std::uint64_t> matrix[InMatrix * (InMatrix / 64)];

bool isInMatrix(std::uint32_t from, std::uint32_t to) { return from < InMatrix && to < InMatrix; }

std::atomic<std::uint64_t> &matrixWord(std::uint32_t from, std::uint32_t to) {
  return matrix[from * (InMatrix / 64) + to / 64];
}

/// False: certainly no such edge.
bool mayHaveEdge(std::uint32_t from, std::uint32_t to) {
  return !isInMatrix(from, to) || (matrixWord(from, to).load(std::memory_order_acquire) >> (to % 64) & 1);
}

std::uint64_t keyOf(std::uint32_t from, std::uint32_t to) { return std::uint64_t(from) << 32 | to; }

Slot *findSlot(std::uint32_t from, std::uint32_t to) {
  if (!mayHaveEdge(from, to))
    return nullptr;
  Table *current = table.load(std::memory_order_acquire);
  if (!current)
    return nullptr;
  std::uint64_t key = keyOf(from, to);
  for (std::uint64_t i = mix(key, 3);; ++i) {
    Slot &slot = current->slots[i & current->mask];
    std::uint64_t found = slot.key.load(std::memory_order_acquire);
    if (found == key)
      return &slot;
    if (!found)
      return nullptr;
  }
}

Slot &placeSlot(Table &where, std::uint64_t key, std::uint32_t edge, std::uint32_t tag) {
  for (std::uint64_t i = mix(key, 3);; ++i) {
    Slot &slot = where.slots[i & where.mask];
    if (slot.key.load(std::memory_order_relaxed))
      continue;
    slot.edge = edge;
    slot.tag.store(tag, std::memory_order_relaxed);
    slot.key.store(key, std::memory_order_release);
    return slot;
  }
}

Slot &addSlot(std::uint32_t from, std::uint32_t to, std::uint32_t edge) {
  Table *current = table.load(std::memory_order_relaxed);
  if (!current || used * 10 >= current->mask * 7) {
    std::size_t size = current ? (current->mask + 1) * 2 : 1024;
    Table *bigger = static_cast<Table *>(mapPages(sizeof(Table) + size * sizeof(Slot)));
    bigger->mask = size - 1;
    for (std::size_t i = 0; current && i <= current->mask; ++i)
      if (std::uint64_t key = current->slots[i].key.load(std::memory_order_relaxed))
        placeSlot(*bigger, key, current->slots[i].edge, current->slots[i].tag.load(std::memory_order_relaxed));
    table.store(bigger, std::memory_order_release); // the old one stays mapped for its readers
    current = bigger;
  }
  ++used;
  if (isInMatrix(from, to))
    matrixWord(from, to).fetch_or(std::uint64_t(1) << (to % 64), std::memory_order_release);
  return placeSlot(*current, keyOf(from, to), edge, 0);
}

/// One acquisition under examination.
struct Acquisition {
  Acquisition(ThreadState &thread, Lock &lock, LockMode mode) : thread(thread), lock(lock), mode(mode) {}
  ThreadState &thread;
  Lock &lock;
  LockMode mode;
  std::uint32_t count = 0;
  const std::uint32_t *items = nullptr; ///< sorted, in the thread's scratch memory
  DeepStack now;
  std::uint32_t heldSet = 0, innerStack = 0, heldBits = 0;
};

/// What filter 2 knows about an edge.
bool isKnown(const Slot *slot, const ThreadState &thread) {
  if (!slot)
    return false;
  std::uint32_t tag = slot->tag.load(std::memory_order_relaxed);
  return tag == thread.segment || tag == (Saturated | (joinEpoch() & ~Saturated)) ||
         (tag == (FullFor | thread.segment) && thread.heldCount > 1);
}

void prefetchSlot(std::uint32_t from, std::uint32_t to) {
  if (!mayHaveEdge(from, to))
    return;
  if (Table *current = table.load(std::memory_order_acquire))
    __builtin_prefetch(&current->slots[mix(keyOf(from, to), 3) & current->mask]);
}

/// How a new context relates to the kept ones.
struct Coverage {
  bool bySameSegment = false;
  unsigned ofSegment = 0; ///< contexts of the same segment, covering or not
  unsigned byRunning = 0; ///< threads not joined, pairwise parallel, at most 2
  std::uint32_t first = 0;
};

Coverage coverageOf(const Edge &edge, const Acquisition &acquisition) {
  Coverage coverage;
  for (std::uint32_t i = edge.firstContext; i; i = contexts[i].next) {
    const Context &known = contexts[i];
    coverage.ofSegment += known.segment == acquisition.thread.segment;
    if (known.mode == LockMode::Shared && acquisition.mode == LockMode::Exclusive)
      continue;
    if ((known.heldBits & ~acquisition.heldBits) != 0 ||
        !isNoStricter(heldSet(known.heldSet), acquisition.items, acquisition.count, edge.from))
      continue;
    if (known.segment == acquisition.thread.segment) {
      coverage.bySameSegment = true;
      return coverage;
    }
    if (threadAt(segmentAt(known.segment).thread).joined.load(std::memory_order_relaxed))
      continue;
    if (!coverage.byRunning) {
      coverage.first = known.segment;
      coverage.byRunning = 1;
    } else if (coverage.byRunning == 1 && mayRunInParallel(coverage.first, known.segment)) {
      coverage.byRunning = 2;
    }
  }
  return coverage;
}

/// The coverage with one more context, the acquisition's own.
void addToCoverage(Coverage &coverage, std::uint32_t segment) {
  ++coverage.ofSegment;
  if (coverage.byRunning == 0) {
    coverage.first = segment;
    coverage.byRunning = 1;
  } else if (coverage.byRunning == 1 && mayRunInParallel(coverage.first, segment)) {
    coverage.byRunning = 2;
  }
}

/// The kept context that is worth least, when the list is full: one of a joined
/// thread, else the one with most locks held, unless the new one has more.
std::uint32_t leastUseful(Edge &edge, const Acquisition &acquisition) {
  std::uint32_t worst = 0, worstCount = acquisition.count;
  for (std::uint32_t i = edge.firstContext; i; i = contexts[i].next) {
    if (threadAt(segmentAt(contexts[i].segment).thread).joined.load(std::memory_order_relaxed))
      return i;
    std::uint32_t count = heldSet(contexts[i].heldSet).count;
    if (count > worstCount) {
      worst = i;
      worstCount = count;
    }
  }
  edge.flags |= Edge::Overflow;
  return worst;
}

/// Keeps the context; returns its number, 0 when it was dropped.
std::uint32_t keepContext(Edge &edge, Acquisition &acquisition, std::uint32_t outerStack) {
  std::uint32_t index = 0;
  if (!acquisition.heldSet)
    acquisition.heldSet = storeHeldSet(acquisition.items, acquisition.count);
  if (!acquisition.heldSet)
    return 0;
  if (edge.contexts < options.history) {
    index = contexts.add();
    if (!index)
      return 0;
    contexts[index].next = edge.firstContext;
    edge.firstContext = index;
    ++edge.contexts;
  } else {
    index = leastUseful(edge, acquisition);
    if (!index)
      return 0;
  }
  Context &context = contexts[index];
  context.segment = acquisition.thread.segment;
  context.heldSet = acquisition.heldSet;
  context.heldBits = acquisition.heldBits;
  context.outerStack = outerStack;
  context.innerStack = acquisition.innerStack;
  context.mode = acquisition.mode;
  return index;
}

/// The edges of a component lie on cycles now: what was saturated before is
/// asked again.
void clearTags(std::uint32_t component) {
  for (std::uint32_t lock = firstMember(component); lock; lock = lockAt(lock).nextInComponent)
    for (std::uint32_t i = lockAt(lock).firstEdge.load(std::memory_order_relaxed); i; i = edges[i].nextOut)
      if (lockAt(edges[i].to).component == component)
        if (Slot *slot = findSlot(lock, edges[i].to))
          slot->tag.store(0, std::memory_order_relaxed);
}

/// Lets filter 2 answer the next time.
void tagEdge(Slot &slot, const Edge &edge, const Acquisition &acquisition, const Coverage &coverage) {
  if (acquisition.mode == LockMode::Shared)
    return;
  bool onOpenCycle = (edge.flags & Edge::OnCycle) && !(edge.flags & Edge::Reported);
  bool ungated = acquisition.count == 1 && !(acquisition.items[0] & 1);
  if (ungated && coverage.byRunning == 2 && !onOpenCycle)
    slot.tag.store(Saturated | (joinEpoch() & ~Saturated), std::memory_order_relaxed);
  else if (ungated)
    slot.tag.store(acquisition.thread.segment, std::memory_order_relaxed);
  else if (coverage.ofSegment >= MostOfSegment && !onOpenCycle &&
           slot.tag.load(std::memory_order_relaxed) != acquisition.thread.segment)
    slot.tag.store(FullFor | acquisition.thread.segment, std::memory_order_relaxed);
}

/// A new edge may close a cycle: marks what lies on it now.
void placeEdge(std::uint32_t index) {
  Edge &edge = edges[index];
  if (std::uint32_t merged = orderEdge(edge))
    clearTags(merged);
  if (isOnCycle(edge))
    edge.flags |= Edge::OnCycle;
  if (Slot *reverse = findSlot(edge.to, edge.from)) {
    edge.flags |= Edge::OnCycle;
    edges[reverse->edge].flags |= Edge::OnCycle;
    reverse->tag.store(0, std::memory_order_relaxed);
  }
}

Edge *addEdge(std::uint32_t from, std::uint32_t to, Slot *&slot, std::uint32_t &index) {
  index = edges.add();
  if (!index)
    return nullptr;
  Edge &edge = edges[index];
  edge.from = from;
  edge.to = to;
  Lock &source = lockAt(from), &target = lockAt(to);
  edge.nextOut = source.firstEdge.load(std::memory_order_relaxed);
  edge.nextIn = target.firstIncoming;
  target.firstIncoming = index;
  source.firstEdge.store(index, std::memory_order_release);
  slot = &addSlot(from, to, index);
  return &edge;
}

/// One held lock and the wanted one, with the graph locked.
void noteEdge(Acquisition &acquisition, const HeldLock &outer) {
  std::uint32_t from = outer.lock->id, to = acquisition.lock.id, index = 0;
  Slot *slot = findSlot(from, to);
  if (slot) {
    index = slot->edge;
  } else {
    if (!addEdge(from, to, slot, index))
      return;
    placeEdge(index);
  }
  Edge &edge = edges[index];
  if (!(edge.flags & Edge::OnCycle) && isOnCycle(edge))
    edge.flags |= Edge::OnCycle;
  bool onOpenCycle = (edge.flags & Edge::OnCycle) && !(edge.flags & Edge::Reported);
  Coverage coverage = coverageOf(edge, acquisition);
  bool enough = coverage.byRunning == 2 || (coverage.ofSegment >= MostOfSegment && acquisition.count > 1);
  if (!coverage.bySameSegment && (!enough || onOpenCycle)) {
    std::uint32_t context = keepContext(edge, acquisition, outer.stack.storedAs);
    if (context)
      traceEdge(edge, contexts[context]);
    if (context && (edge.flags & Edge::OnCycle))
      searchCycle(index, context);
    if (context)
      addToCoverage(coverage, acquisition.thread.segment);
  } else if (!coverage.bySameSegment && coverage.byRunning < 2) {
    edge.flags |= Edge::Overflow;
  }
  tagEdge(*slot, edge, acquisition, coverage);
}

} // namespace

InternalLock &graphLock() { return Guard; }
const Edge &edgeAt(std::uint32_t index) { return edges[index]; }
Edge &mutableEdge(std::uint32_t index) { return edges[index]; }
const Context &contextAt(std::uint32_t index) { return contexts[index]; }
std::uint32_t edgeEnd() { return edges.end(); }

std::uint32_t findEdge(std::uint32_t from, std::uint32_t to) {
  Slot *slot = findSlot(from, to);
  return slot ? slot->edge : 0;
}

bool isLock(const Lock &lock) {
  if (!lock.address.load(std::memory_order_relaxed) || lock.has(Lock::NotALock))
    return false;
  return lock.kind != LockKind::Semaphore || lock.has(Lock::Trusted);
}

bool canMeet(const Context &a, const Context &b) {
  return canCoexist(heldSet(a.heldSet), heldSet(b.heldSet)) && mayRunInParallel(a.segment, b.segment);
}

bool isStopped(const Context &first, const Context &second, std::uint32_t lock) {
  return first.mode == LockMode::Exclusive || !sharedBitOf(heldSet(second.heldSet), lock);
}

std::uint32_t collectHeld(ThreadState &thread, const Lock *except) {
  std::uint32_t count = 0, *items = thread.scratch;
  for (std::uint32_t i = 0; i < thread.heldCount; ++i) {
    const HeldLock &entry = thread.held[i];
    if (!entry.address || entry.waitingOnCondition || entry.lock == except || entry.lock->has(Lock::NotALock))
      continue;
    items[count++] = entry.lock->id << 1 | static_cast<unsigned>(entry.mode);
  }
  std::sort(items, items + count);
  return count;
}

namespace {

/// Takes out what is not held any more: semaphores that turned out to signal,
/// and mutexes whose owner field names somebody else.
void resynchronise(ThreadState &thread) {
  for (std::uint32_t i = thread.heldCount; i-- > 0;) {
    HeldLock &entry = thread.held[i];
    if (entry.address && !entry.waitingOnCondition &&
        (entry.lock->has(Lock::NotALock) || isOwnedByAnother(thread, entry)))
      removeHeld(thread, entry);
  }
}

/// Whether a held lock takes part in the order of the wanted one.
bool counts(const HeldLock &outer, const Lock &wanted) {
  return !outer.waitingOnCondition && outer.lock != &wanted && outer.lock->address.load(std::memory_order_relaxed) != 0;
}

} // namespace

namespace {

/// Filter 2 for all held locks. The tags speak of exclusive modes only.
bool isKnownByTags(const ThreadState &thread, const Lock &lock, LockMode mode) {
  if (mode == LockMode::Shared || thread.chainEpoch != joinEpoch() || lock.isRanked)
    return false;
  for (std::uint32_t i = 0; i < thread.heldCount; ++i)
    if (thread.held[i].address)
      prefetchSlot(thread.held[i].lock->id, lock.id);
  for (std::uint32_t i = 0; i < thread.heldCount; ++i) {
    const HeldLock &outer = thread.held[i];
    if (counts(outer, lock) && (outer.mode == LockMode::Shared || !isKnown(findSlot(outer.lock->id, lock.id), thread)))
      return false;
  }
  return true;
}

/// Filter 3: everything under the graph's lock.
void record(ThreadState &thread, Lock &lock, LockMode mode, const void *frame) {
  Acquisition acquisition(thread, lock, mode);
  acquisition.count = collectHeld(thread, &lock);
  acquisition.items = thread.scratch;
  for (std::uint32_t i = 0; i < acquisition.count; ++i)
    acquisition.heldBits |= 1u << (((acquisition.items[i] >> 1) * 0x9E3779B1u) >> 27);
  // Stacks first: storing them may take the loader's lock.
  ShallowStack shallow;
  takeShallowStack(shallow, frame, thread.stackLow, thread.stackHigh);
  deepen(thread, shallow, acquisition.now);
  acquisition.innerStack = storeCurrent(thread, acquisition.now);
  for (std::uint32_t i = 0; i < thread.heldCount; ++i)
    if (thread.held[i].address)
      storeEarlier(thread, thread.held[i].stack, acquisition.now, acquisition.innerStack);
  InternalGuard guard(Guard);
  for (std::uint32_t i = 0; i < thread.heldCount; ++i)
    if (counts(thread.held[i], lock))
      noteEdge(acquisition, thread.held[i]);
}

} // namespace

GRIDLOCK_NOINLINE void noteOrderSlowly(ThreadState &thread, Lock &lock, LockMode mode, const void *frame) {
  if (thread.ignored)
    return;
  std::uint64_t key = chainKey(topChain(thread), lock, mode);
  if (!isKnownByTags(thread, lock, mode)) {
    std::uint32_t epoch = joinEpoch();
    if (thread.chainEpoch != epoch) {
      std::fill(thread.chains, thread.chains + ChainCacheEntries, 0);
      thread.chainEpoch = epoch;
    }
    resynchronise(thread);
    if (lock.isRanked)
      checkRanks(thread, lock, frame);
    key = chainKey(topChain(thread), lock, mode);
    record(thread, lock, mode, frame);
  }
  // Not in a signal handler that interrupted the making of an entry: the key
  // speaks of the entry that was there before.
  if (!thread.heldCount || thread.held[thread.heldCount - 1].address)
    thread.chains[chainSlot(key)] = key;
}

} // namespace gridlock::rt
