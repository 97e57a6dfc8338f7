//===- Condition.cpp - Waiting on a condition with a lock held ------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One signaller that gets by without the waiter's locks is enough to wake it.
// So a wait is reported only when at least one signal was seen that needs a lock
// of the waiter, and none was seen that does not, among those that can run in
// parallel with the wait. Each side keeps a bounded list; when the signals'
// list is full, nothing is reported for the condition any more.
//
//===----------------------------------------------------------------------===//

#include "runtime/Condition.h"
#include "runtime/Arena.h"
#include "runtime/HeldSet.h"
#include "runtime/Misuse.h"
#include "runtime/Report.h"

#include <algorithm>
#include <cstring>

namespace gridlock::rt {

namespace {

constexpr unsigned MostContexts = 16;

struct Event {
  std::uint32_t segment;
  std::uint32_t heldSet;
  std::uint32_t stack;
  std::uint32_t takenStack; ///< waits: where the first lock that stays held was taken
};

struct Events {
  unsigned count;
  bool full;
  Event items[MostContexts];
};

struct ConditionRecord {
  Events waits, signals;
  bool reported;
};

Store<ConditionRecord, 6> records;

ConditionRecord *recordOf(Lock &condition) {
  if (!condition.record)
    condition.record = records.add();
  return condition.record ? &records[condition.record] : nullptr;
}

/// Keeps an event unless one like it is kept. Returns whether it is new.
bool keep(Events &events, const Event &event) {
  for (unsigned i = 0; i < events.count; ++i)
    if (events.items[i].segment == event.segment && events.items[i].heldSet == event.heldSet)
      return false;
  if (events.count == MostContexts) {
    events.full = true;
    return false;
  }
  events.items[events.count++] = event;
  return true;
}

std::uint32_t commonLock(const HeldSet &a, const HeldSet &b) {
  for (std::uint32_t i = 0; i < a.count; ++i)
    for (std::uint32_t k = 0; k < b.count; ++k)
      if (a.items[i] >> 1 == b.items[k] >> 1)
        return a.items[i] >> 1;
  return 0;
}

void report(Lock &condition, const Event &wait, const Event &signal) {
  const Lock &common = lockAt(commonLock(heldSet(wait.heldSet), heldSet(signal.heldSet)));
  Report report(Problem::WaitHoldingLock,
                "error: a thread waits on a condition and keeps a lock that every signaller needs");
  report.out().text("  ");
  report.thread(threadAt(segmentAt(wait.segment).thread)).out().text(" waits on ");
  report.lock(condition).line(" here:");
  report.stack(wait.stack);
  report.out().text("   and keeps ");
  report.lock(common).line(", taken here:");
  report.stack(wait.takenStack);
  report.out().text("  ");
  report.thread(threadAt(segmentAt(signal.segment).thread)).line(" signals with that lock held here:");
  report.stack(signal.stack);
  report.finish("release every other lock before waiting, or signal without that lock");
}

void compare(Lock &condition, ConditionRecord &record) {
  if (record.reported || record.signals.full)
    return;
  for (unsigned w = 0; w < record.waits.count; ++w) {
    const Event &wait = record.waits.items[w];
    const Event *stopped = nullptr;
    bool canBeWoken = false;
    for (unsigned s = 0; s < record.signals.count && !canBeWoken; ++s) {
      const Event &signal = record.signals.items[s];
      if (!mayRunInParallel(wait.segment, signal.segment))
        continue;
      if (canCoexist(heldSet(wait.heldSet), heldSet(signal.heldSet)))
        canBeWoken = true;
      else
        stopped = &signal;
    }
    if (stopped && !canBeWoken) {
      record.reported = true;
      report(condition, wait, *stopped);
      return;
    }
  }
}

void note(ThreadState &thread, Lock &condition, bool isWait, const void *frame) {
  std::uint32_t stack = storeHere(thread, frame), takenStack = 0;
  for (std::uint32_t i = 0; i < thread.heldCount() && isWait && !takenStack; ++i)
    if (!thread.held[i].waitingOnCondition)
      takenStack =
          thread.held[i].stack.storedAs ? thread.held[i].stack.storedAs : storeShallow(thread, thread.held[i].stack);
  std::uint32_t count = collectHeld(thread, nullptr);
  InternalGuard guard(graphLock());
  ConditionRecord *record = recordOf(condition);
  std::uint32_t set = storeHeldSet(thread.scratch, count);
  if (!record || !set)
    return;
  if (keep(isWait ? record->waits : record->signals, {thread.segment, set, stack, takenStack}))
    compare(condition, *record);
}

} // namespace

void noteWait(ThreadState &thread, Lock &condition, const void *frame) {
  std::uint64_t key = chainKey(topChain(thread), condition, LockMode::Exclusive);
  if (thread.chains[chainSlot(key)] == key && thread.chainEpoch == joinEpoch())
    return;
  bool keepsOne = false;
  for (std::uint32_t i = 0; i < thread.heldCount(); ++i)
    keepsOne |= !thread.held[i].waitingOnCondition;
  if (keepsOne)
    note(thread, condition, true, frame);
  thread.chains[chainSlot(key)] = key;
}

GRIDLOCK_NOINLINE void noteSignalSlowly(ThreadState &thread, Lock &condition, const void *frame) {
  if (thread.chainEpoch != joinEpoch()) {
    std::memset(thread.chains, 0, sizeof(thread.chains));
    thread.chainEpoch = joinEpoch();
  }
  std::uint64_t key = chainKey(topChain(thread), condition, LockMode::Shared);
  note(thread, condition, false, frame);
  thread.chains[chainSlot(key)] = key;
}

} // namespace gridlock::rt
