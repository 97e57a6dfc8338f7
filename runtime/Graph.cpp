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
#include "runtime/Journal.h"
#include "runtime/KnownEdges.h"
#include "runtime/Misuse.h"
#include "runtime/NativeMutex.h"
#include "runtime/Options.h"
#include "runtime/Provoke.h"
#include "runtime/TraceWriter.h"

#include <algorithm>
#include <cstring>

namespace gridlock::rt {

namespace {

InternalLock Guard;
Store<Edge> edges;
Store<Context> contexts;

/// A tag is the number of a segment that recorded the edge with no other lock
/// held, or one of these with a number.
constexpr std::uint32_t Saturated = 0x80000000u; ///< since this count of joins
constexpr std::uint32_t FullFor = 0x40000000u;   ///< this segment has recorded enough gated contexts
/// How many gated contexts of one edge a segment records; more are dropped as
/// long as the edge lies on no cycle.
constexpr unsigned MostOfSegment = 3;

/// One acquisition under examination.
struct Acquisition {
  ThreadState *thread; ///< null: it was written down some time ago
  std::uint32_t segment;
  Lock &lock;
  LockMode mode;
  std::uint32_t innerStack;
  const std::uint32_t *items; ///< what is held, sorted
  std::uint32_t count;
  std::uint32_t heldBits = 0, heldSet = 0;
  /// What is certain is so for this count of joins: taken before any is looked at.
  std::uint32_t epoch = joinEpoch();
};

/// What filter 2 knows about an edge.
bool isKnown(std::uint32_t edge, ThreadState &thread) {
  if (!edge)
    return false;
  std::uint32_t tag = edges[edge].tag.load(std::memory_order_relaxed);
  if (tag == (Saturated | (joinEpoch() & ~Saturated)))
    return true;
  if (tag == thread.segment) {
    markKnown(thread, lockAt(edges[edge].from), lockAt(edges[edge].to), Known::Plain);
    return true;
  }
  if (tag == (FullFor | thread.segment) && thread.heldCount() > 1) {
    markKnown(thread, lockAt(edges[edge].from), lockAt(edges[edge].to), Known::Full);
    return true;
  }
  return false;
}

/// How a new context relates to the kept ones.
struct Coverage {
  bool bySameSegment = false;
  unsigned ofSegment = 0; ///< contexts of the same segment, covering or not
  unsigned byRunning = 0; ///< threads not joined, pairwise parallel, at most 2
  std::uint32_t first = 0, second = 0;
};

/// Takes a thread into account that recorded the same, or less strictly.
void addRunning(Coverage &coverage, std::uint32_t segment) {
  if (threadAt(segmentAt(segment).thread).joined.load(std::memory_order_relaxed))
    return;
  if (!coverage.byRunning) {
    coverage.first = segment;
    coverage.byRunning = 1;
  } else if (coverage.byRunning == 1 && mayRunInParallel(coverage.first, segment) && makeWitness(coverage.first) &&
             makeWitness(segment)) {
    coverage.second = segment;
    coverage.byRunning = 2;
  }
}

bool holdsExclusively(const Acquisition &acquisition, std::uint32_t lock) {
  return std::binary_search(acquisition.items, acquisition.items + acquisition.count, lock << 1);
}

bool isLone(const Acquisition &acquisition) { return acquisition.count == 1 && !(acquisition.items[0] & 1); }

/// Takes one kept context into account. Returns false when nothing else counts.
bool addKnown(Coverage &coverage, const Edge &edge, const ContextSummary &known, const Acquisition &acquisition) {
  coverage.ofSegment += known.segment == acquisition.segment;
  if (((known.context & 1) && acquisition.mode == LockMode::Exclusive) || (known.heldBits & ~acquisition.heldBits) != 0)
    return true;
  if (known.context & 2 ? !holdsExclusively(acquisition, edge.from)
                        : !isNoStricter(heldSet(contexts[known.context >> 2].heldSet), acquisition.items,
                                        acquisition.count, edge.from))
    return true;
  if (known.segment == acquisition.segment) {
    coverage.bySameSegment = true;
    return false;
  }
  addRunning(coverage, known.segment);
  return true;
}

ContextSummary summaryOf(std::uint32_t index) {
  const Context &context = contexts[index];
  return {context.segment, context.heldBits, index << 2 | context.isLone << 1 | (context.mode == LockMode::Shared)};
}

/// What the journal holds counts as kept, when it is about an exclusive hold. On a
/// cycle it was recorded, and then only what is still kept counts.
void addWrittenDown(Coverage &coverage, const Edge &edge, const Acquisition &acquisition) {
  if (!acquisition.thread || (edge.flags & Edge::OnCycle) || !holdsExclusively(acquisition, edge.from))
    return;
  std::uint32_t segment = plainWriterOf(lockAt(edge.from), lockAt(edge.to));
  if (segment == acquisition.segment)
    coverage.bySameSegment = true;
  else if (segment)
    addRunning(coverage, segment);
}

Coverage coverageOf(const Edge &edge, const Acquisition &acquisition) {
  // The newest first: threads that began later are likely to be joined later, and
  // each join of a witness makes its edges be asked again.
  Coverage coverage;
  if (edge.contexts <= Edge::Summaries) {
    for (unsigned i = edge.contexts; i-- > 0;)
      if (!addKnown(coverage, edge, edge.summaries[i], acquisition))
        break;
  } else {
    for (std::uint32_t i = edge.firstContext; i; i = contexts[i].next)
      if (!addKnown(coverage, edge, summaryOf(i), acquisition))
        break;
  }
  addWrittenDown(coverage, edge, acquisition);
  return coverage;
}

/// The coverage with one more context, the acquisition's own.
void addToCoverage(Coverage &coverage, std::uint32_t segment) {
  ++coverage.ofSegment;
  addRunning(coverage, segment);
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
  unsigned place = edge.contexts; // among the summaries
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
    for (place = 0; place < Edge::Summaries && edge.summaries[place].context >> 2 != index;)
      ++place;
  }
  Context &context = contexts[index];
  context.segment = acquisition.segment;
  context.heldSet = acquisition.heldSet;
  context.heldBits = acquisition.heldBits;
  context.outerStack = outerStack;
  context.innerStack = acquisition.innerStack;
  context.mode = acquisition.mode;
  context.isLone = isLone(acquisition);
  if (place < Edge::Summaries)
    edge.summaries[place] = summaryOf(index);
  return index;
}

/// What was enough is not any more: the edge lies on a cycle.
void clearTag(Edge &edge) {
  edge.tag.store(0, std::memory_order_relaxed);
  unmarkSaturated(lockAt(edge.from), lockAt(edge.to));
  cycleChanges.fetch_add(1, std::memory_order_relaxed);
}

/// The edges of a component lie on cycles now: what was saturated before is
/// asked again.
void clearTags(std::uint32_t component) {
  for (std::uint32_t lock = firstMember(component); lock; lock = lockAt(lock).nextInComponent)
    for (std::uint32_t i = lockAt(lock).firstEdge.load(std::memory_order_relaxed); i; i = edges[i].nextOut)
      if (lockAt(edges[i].to).component == component)
        clearTag(edges[i]);
}

void markKnown(const Acquisition &acquisition, const Lock &from, Known kind) {
  if (acquisition.thread)
    markKnown(*acquisition.thread, from, acquisition.lock, kind);
}

/// Lets filter 2 answer the next time.
void tagEdge(Edge &edge, const Acquisition &acquisition, const Coverage &coverage) {
  if (acquisition.mode == LockMode::Shared)
    return;
  const Lock &from = lockAt(edge.from);
  bool onOpenCycle = (edge.flags & Edge::OnCycle) && !(edge.flags & Edge::Reported);
  bool ungated = isLone(acquisition);
  if (ungated && coverage.byRunning == 2 && !onOpenCycle) {
    edge.tag.store(Saturated | (acquisition.epoch & ~Saturated), std::memory_order_relaxed);
    markSaturated(from, acquisition.lock, coverage.first, coverage.second);
  } else if (ungated) {
    edge.tag.store(acquisition.segment, std::memory_order_relaxed);
    markKnown(acquisition, from, Known::Plain);
  } else if (coverage.ofSegment >= MostOfSegment && !onOpenCycle) {
    if (edge.tag.load(std::memory_order_relaxed) != acquisition.segment)
      edge.tag.store(FullFor | acquisition.segment, std::memory_order_relaxed);
    markKnown(acquisition, from, Known::Full);
  }
}

/// A new edge may close a cycle: marks what lies on it now.
void placeEdge(Edge &edge) {
  Lock &from = lockAt(edge.from), &to = lockAt(edge.to);
  placeInOrder(from, to);
  if (isOnCycle(from, to))
    edge.flags |= Edge::OnCycle;
  if (!hasEdge(to, from))
    return;
  if (!findEdge(to, from))
    replayEdge(to, from);
  if (std::uint32_t reverse = findEdge(to, from)) {
    edge.flags |= Edge::OnCycle;
    edges[reverse].flags |= Edge::OnCycle;
    clearTag(edges[reverse]);
  }
}

std::uint32_t addEdge(Lock &from, Lock &to) {
  std::uint32_t index = edges.add();
  if (!index)
    return 0;
  Edge &edge = edges[index];
  edge.from = from.id;
  edge.to = to.id;
  edge.nextOut = from.firstEdge.load(std::memory_order_relaxed);
  from.firstEdge.store(index, std::memory_order_release);
  indexEdge(from, to, index);
  placeEdge(edge);
  return index;
}

/// One held lock and the wanted one, with the graph locked.
void noteEdge(Acquisition &acquisition, Lock &outer, std::uint32_t outerStack) {
  std::uint32_t index = findEdge(outer, acquisition.lock);
  if (!index)
    index = addEdge(outer, acquisition.lock);
  if (!index)
    return;
  Edge &edge = edges[index];
  if (!(edge.flags & Edge::OnCycle) && isOnCycle(outer, acquisition.lock))
    edge.flags |= Edge::OnCycle;
  bool onOpenCycle = (edge.flags & Edge::OnCycle) && !(edge.flags & Edge::Reported);
  Coverage coverage = coverageOf(edge, acquisition);
  bool enough = coverage.byRunning == 2 || (coverage.ofSegment >= MostOfSegment && acquisition.count > 1);
  if (!coverage.bySameSegment && (!enough || onOpenCycle)) {
    std::uint32_t context = keepContext(edge, acquisition, outerStack);
    if (context && acquisition.thread)
      traceEdge(edge, contexts[context]);
    if (context && (edge.flags & Edge::OnCycle))
      searchCycle(index, context);
    if (context)
      addToCoverage(coverage, acquisition.segment);
  } else if (!coverage.bySameSegment && coverage.byRunning < 2) {
    edge.flags |= Edge::Overflow;
  }
  tagEdge(edge, acquisition, coverage);
}

} // namespace

bool placeInOrder(Lock &from, Lock &to) {
  numberNode(from);
  numberNode(to);
  std::uint32_t merged = orderEdge(from, to);
  if (!merged)
    return false;
  clearTags(merged);
  replayComponent(merged);
  return true;
}

InternalLock &graphLock() { return Guard; }
const Edge &edgeAt(std::uint32_t index) { return edges[index]; }
Edge &mutableEdge(std::uint32_t index) { return edges[index]; }
const Context &contextAt(std::uint32_t index) { return contexts[index]; }
std::uint32_t edgeEnd() { return edges.end(); }

bool isLock(const Lock &lock) {
  if (!lock.address() || lock.has(Lock::NotALock))
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
  for (std::uint32_t i = 0; i < thread.heldCount(); ++i) {
    const HeldLock &entry = thread.held[i];
    if (!entry.isWhole() || entry.waitingOnCondition || entry.lock == except || entry.lock->has(Lock::NotALock))
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
  for (HeldLock *entry = thread.newest, *end = thread.noneHeld; entry != end; --entry)
    if (entry->isWhole() && !entry->waitingOnCondition &&
        (entry->lock->has(Lock::NotALock) || isOwnedByAnother(thread, *entry)))
      removeHeld(thread, *entry);
}

/// Whether a held lock takes part in the order of the wanted one.
bool counts(const HeldLock &outer, const Lock &wanted) {
  return !outer.waitingOnCondition && outer.lock != &wanted && outer.lock->address() != 0;
}

} // namespace

namespace {

/// Whether the bits know what the tags of the only edge could tell.
bool saysBitsAll(const ThreadState &thread, const Lock &lock) {
  return thread.known && thread.heldCount() == 1 && isInRows(lock.node.load(std::memory_order_relaxed)) &&
         thread.held[0].isWhole() && isInRows(thread.held[0].lock->node.load(std::memory_order_relaxed));
}

/// Filter 2 for all held locks. The tags speak of exclusive modes only.
bool isKnownByTags(ThreadState &thread, const Lock &lock, LockMode mode) {
  if (mode == LockMode::Shared || thread.chainEpoch != joinEpoch() || lock.isRanked || saysBitsAll(thread, lock))
    return false;
  // What only the journal holds ends the question at once.
  const HeldLock &newest = thread.held[thread.heldCount() - 1];
  if (newest.isWhole() && newest.lock != &lock && !(areNumbersLikely(lock) && findEdge(*newest.lock, lock)))
    return false;
  for (std::uint32_t i = 0; i + 1 < thread.heldCount(); ++i)
    if (thread.held[i].isWhole())
      prefetchTile(*thread.held[i].lock, lock);
  for (std::uint32_t i = 0; i + 1 < thread.heldCount(); ++i)
    if (std::uint32_t edge = thread.held[i].isWhole() ? findEdge(*thread.held[i].lock, lock) : 0)
      __builtin_prefetch(&edges[edge]);
  for (std::uint32_t i = thread.heldCount(); i-- > 0;) {
    const HeldLock &outer = thread.held[i];
    if (counts(outer, lock) && (outer.mode == LockMode::Shared || !isKnown(findEdge(*outer.lock, lock), thread)))
      return false;
  }
  if (++thread.tagAnswers == AnswersBeforeRows)
    giveRows(thread);
  return true;
}

/// Whether recording this edge tells nothing new, by the bits.
bool isEdgeKnown(const ThreadState &thread, const HeldLock &outer, const Lock &lock, LockMode mode) {
  std::uint32_t from = outer.lock->node.load(std::memory_order_relaxed), to = lock.node.load(std::memory_order_relaxed);
  return mode == LockMode::Exclusive && outer.mode == LockMode::Exclusive && isInRows(from) && isInRows(to) &&
         isKnownByBits(thread, from, to);
}

std::uint32_t bitsOf(const std::uint32_t *items, std::uint32_t count) {
  std::uint32_t bits = 0;
  for (std::uint32_t i = 0; i < count; ++i)
    bits |= 1u << (((items[i] >> 1) * 0x9E3779B1u) >> 27);
  return bits;
}

/// Filter 3: everything under the graph's lock.
void record(ThreadState &thread, Lock &lock, LockMode mode, const void *frame) {
  // What is known of the edge comes while the stacks are made.
  if (const HeldLock &newest = thread.held[thread.heldCount() - 1]; newest.isWhole() && areNumbersLikely(lock))
    if (std::uint32_t edge = findEdge(*newest.lock, lock))
      __builtin_prefetch(&edges[edge], 1);
  // Stacks first: storing them may take the loader's lock.
  ShallowStack shallow;
  startShallowStack(shallow, frame);
  DeepStack room;
  auto [now, innerStack] = storeDeep(thread, shallow, room);
  for (HeldLock *held = thread.held, *end = thread.newest + 1; held != end; ++held)
    if (!held->stack.storedAs && held->isWhole())
      storeEarlier(thread, held->stack, *now, innerStack);
  thread.wantedLock = lock.id;
  thread.wantedStack = innerStack;
  InternalGuard guard(Guard);
  if (mode == LockMode::Exclusive && writeDown(thread, lock, innerStack))
    return;
  std::uint32_t count = collectHeld(thread, &lock);
  Acquisition acquisition{&thread, thread.segment, lock, mode, innerStack, thread.scratch, count};
  acquisition.heldBits = bitsOf(thread.scratch, count);
  for (std::uint32_t i = 0; i < thread.heldCount(); ++i)
    if (counts(thread.held[i], lock) && !isEdgeKnown(thread, thread.held[i], lock, mode))
      noteEdge(acquisition, *thread.held[i].lock, thread.held[i].stack.storedAs);
}

} // namespace

void recordWrittenDown(const JournalEntry &entry) {
  static std::uint32_t *items = nullptr;
  static std::uint32_t room = 0;
  if (entry.count > room) {
    room = std::max(entry.count * 2, 64u);
    items = arenaNew<std::uint32_t>(room);
  }
  for (std::uint32_t i = 0; i < entry.count; ++i)
    items[i] = entry.items[i].lock << 1;
  std::sort(items, items + entry.count);
  Acquisition acquisition{nullptr,          entry.segment, lockAt(entry.lock), LockMode::Exclusive,
                          entry.innerStack, items,         entry.count};
  acquisition.heldBits = bitsOf(items, entry.count);
  for (std::uint32_t i = 0; i < entry.count; ++i)
    noteEdge(acquisition, lockAt(entry.items[i].lock), entry.items[i].stack);
}

GRIDLOCK_NOINLINE void noteOrderSlowly(ThreadState &thread, Lock &lock, LockMode mode, const void *frame) {
  if (thread.ignored)
    return;
  std::uint64_t key = chainKey(topChain(thread), lock, mode);
  bool isNewInTable = !isInRows(lock.node.load(std::memory_order_relaxed)) && !isNewestInTable(thread, lock);
  if (thread.unknownKey == key)
    thread.unknownKey = 0; // asked on the way here
  else if (mode == LockMode::Exclusive && !isNewInTable && isOrderKnownByMemory(thread, lock, key))
    return;
  if (GRIDLOCK_UNLIKELY(provoking)) {
    record(thread, lock, mode, frame);
    pauseAtPlannedPlace(thread, lock, mode, frame);
    return; // and remember nothing: each acquisition is to come here
  }
  if (isNewInTable || !isKnownByTags(thread, lock, mode)) {
    std::uint32_t epoch = joinEpoch();
    if (thread.chainEpoch != epoch) {
      std::memset(thread.chains, 0, sizeof(thread.chains));
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
  if (!thread.heldCount() || thread.newest->isWhole()) {
    thread.chains[chainSlot(key)] = key;
    // In a graph that grows, a list that comes for the first time may never come again.
    if (mode == LockMode::Exclusive && !isNewInTable && !(thread.heldCount() == 1 && areEdgesKnown(thread, lock)))
      rememberChain(thread, key);
  }
}

} // namespace gridlock::rt
