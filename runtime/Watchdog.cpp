//===- Watchdog.cpp - Deadlocks that happen -------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each thread publishes what it waits for, with a serial number. A wait that is
// the same in two looks has lasted a whole period. Among such waits only, who
// waits for whom is read from the held lists. These are read while their owners
// could change them, but an owner that is itself in a lasting wait does not; and
// a cycle consists of lasting waits only, whose serial numbers are compared once
// more at the end. So a reported cycle was really there.
//
// Waits with a time-out end by themselves and are never part of a cycle.
//
//===----------------------------------------------------------------------===//

#include "runtime/Watchdog.h"
#include "runtime/Arena.h"
#include "runtime/Options.h"
#include "runtime/PipeCheck.h"
#include "runtime/Real.h"
#include "runtime/Report.h"
#include "runtime/SlowCall.h"
#include "runtime/Start.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gridlock::rt {

namespace {

__thread bool isHelper __attribute__((tls_model("initial-exec"))) = false;

constexpr unsigned MostWaiters = 4096;
/// Looks that every thread must stay blocked for before all are called stuck.
constexpr unsigned LooksForAll = 3;

struct Waiter {
  ThreadState *state;
  std::uint32_t record;
  std::uint32_t serial;
  bool lasting;
  std::uint8_t color; ///< of the search: 0 new, 1 on the path, 2 done
  std::uint32_t next; ///< on the path: index of the waiter it waits for
};

/// What one look found. Two of them, used in turn.
struct Look {
  unsigned count;
  unsigned tracked; ///< threads alive
  Waiter waiters[MostWaiters];
};

Look looks[2];
ThreadState helperState; // memory of stored stacks for this thread
unsigned looksAllBlocked = 0;
std::uint64_t lastReported = 0;

Waiter *find(Look &look, const ThreadState *state) {
  for (unsigned i = 0; i < look.count; ++i)
    if (look.waiters[i].state == state)
      return &look.waiters[i];
  return nullptr;
}

bool isStillWaiting(const Waiter &waiter) {
  return waiter.state->waiting.kind.load(std::memory_order_acquire) != WaitKind::None &&
         waiter.state->waiting.serial.load(std::memory_order_relaxed) == waiter.serial &&
         threadAt(waiter.record).state.load(std::memory_order_relaxed) == waiter.state;
}

void takeLook(Look &now, Look &before) {
  now.count = now.tracked = 0;
  for (std::uint32_t i = 1; i < threadEnd(); ++i) {
    ThreadState *state = threadAt(i).state.load(std::memory_order_acquire);
    if (!state)
      continue;
    ++now.tracked;
    if (now.count == MostWaiters || state->waiting.kind.load(std::memory_order_acquire) == WaitKind::None)
      continue;
    Waiter &waiter = now.waiters[now.count++];
    waiter = {state, i, state->waiting.serial.load(std::memory_order_relaxed), false, 0, 0};
    Waiter *earlier = find(before, state);
    waiter.lasting = earlier && earlier->serial == waiter.serial && earlier->record == i &&
                     !state->waiting.timed.load(std::memory_order_relaxed);
  }
}

/// Calls `each` for every thread that `waiter` waits for; stops when it says so.
template <typename Function> bool forEachHolder(const Waiter &waiter, Function each) {
  const Waiting &waiting = waiter.state->waiting;
  WaitKind kind = waiting.kind.load(std::memory_order_relaxed);
  std::uint32_t target = waiting.target.load(std::memory_order_relaxed);
  if (kind == WaitKind::Join) {
    ThreadState *joined = target ? threadAt(target).state.load(std::memory_order_acquire) : nullptr;
    return joined && each(joined);
  }
  if ((kind != WaitKind::Lock && kind != WaitKind::Semaphore) || !target)
    return false;
  bool wantsShared = waiting.mode.load(std::memory_order_relaxed) == LockMode::Shared;
  for (std::uint32_t i = 1; i < threadEnd(); ++i) {
    ThreadState *holder = threadAt(i).state.load(std::memory_order_acquire);
    if (!holder)
      continue;
    const HeldLock *held = holder->held;
    for (std::uint32_t k = 0; k < holder->heldCountSeen(); ++k)
      if (held[k].isWhole() && held[k].lock->id == target && !held[k].waitingOnCondition &&
          !(wantsShared && held[k].mode == LockMode::Shared) && each(holder))
        return true;
  }
  return false;
}

/// Depth-first over lasting waits. Returns a waiter on a cycle, or null.
Waiter *searchFrom(Look &look, Waiter &waiter) {
  waiter.color = 1;
  Waiter *found = nullptr;
  forEachHolder(waiter, [&](ThreadState *holder) {
    Waiter *next = find(look, holder);
    if (!next || !next->lasting || next->color == 2)
      return false;
    waiter.next = static_cast<std::uint32_t>(next - look.waiters);
    found = next->color == 1 ? next : searchFrom(look, *next);
    return found != nullptr;
  });
  if (!found)
    waiter.color = 2;
  return found;
}

std::uint32_t storedOf(const ShallowStack &stack) {
  return stack.storedAs ? stack.storedAs : storeShallow(helperState, stack);
}

/// A stack of each thread, made before the report takes its lock.
struct Described {
  std::uint32_t waitStack = 0;
  std::uint32_t heldStack = 0; ///< where it took what the one before it waits for
};

void describeWait(Report &report, const Waiter &waiter) {
  const Waiting &waiting = waiter.state->waiting;
  std::uint32_t target = waiting.target.load(std::memory_order_relaxed);
  report.out().text("  ");
  report.thread(threadAt(waiter.record));
  switch (waiting.kind.load(std::memory_order_relaxed)) {
  case WaitKind::Lock:
  case WaitKind::Semaphore:
    report.out().text(" waits for ");
    if (target)
      report.lock(lockAt(target));
    break;
  case WaitKind::Condition:
    report.out().text(" waits on ");
    report.lock(lockAt(target));
    break;
  case WaitKind::Join:
    report.out().text(" waits for the end of ");
    if (target)
      report.thread(threadAt(target));
    break;
  case WaitKind::Futex:
    report.out().text(" waits on a bare futex, a lock or signal that is not known,");
    break;
  default:
    report.out().text(" waits");
  }
  report.line(" here:");
}

std::uint32_t heldStackFor(const ThreadState &holder, std::uint32_t lock) {
  for (std::uint32_t k = 0; k < holder.heldCountSeen(); ++k)
    if (holder.held[k].isWhole() && holder.held[k].lock->id == lock)
      return storedOf(holder.held[k].stack);
  return 0;
}

void reportCycleOfWaits(Look &look, Waiter &start) {
  std::uint64_t signature = 0;
  Waiter *path[64];
  unsigned count = 0;
  Waiter *waiter = &start;
  do {
    path[count++] = waiter;
    signature += mix(waiter->record, waiter->serial);
    waiter = &look.waiters[waiter->next];
  } while (waiter != &start && count < 64);
  for (unsigned i = 0; i < count; ++i)
    if (!isStillWaiting(*path[i]))
      return;
  if (signature == lastReported)
    return;
  lastReported = signature;
  Described described[64];
  for (unsigned i = 0; i < count; ++i) {
    const Waiting &waiting = path[i]->state->waiting;
    described[i].waitStack = storedOf(waiting.stack);
    if (waiting.kind.load(std::memory_order_relaxed) != WaitKind::Join)
      described[(i + 1) % count].heldStack =
          heldStackFor(*path[(i + 1) % count]->state, waiting.target.load(std::memory_order_relaxed));
  }
  Report report(Problem::Deadlock, "error: deadlock: these threads wait for each other and will never go on");
  for (unsigned i = 0; i < count; ++i) {
    describeWait(report, *path[i]);
    report.stack(described[i].waitStack);
    if (described[i].heldStack) {
      const Waiter &before = *path[(i + count - 1) % count];
      report.out().text("   and holds ");
      report.lock(lockAt(before.state->waiting.target.load(std::memory_order_relaxed))).line(", taken here:");
      report.stack(described[i].heldStack);
    }
  }
  report.finish("take the locks in one order everywhere, and wait for nothing while holding a lock");
}

/// Threads of the process as the kernel counts them.
unsigned countTasks() {
  int directory = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0)
    return 0;
  unsigned count = 0;
  alignas(8) char buffer[4096];
  long bytes;
  while ((bytes = syscall(SYS_getdents64, directory, buffer, sizeof(buffer))) > 0)
    for (long at = 0; at < bytes;) {
      // struct linux_dirent64: the length at 16, the name at 19.
      unsigned short length;
      std::memcpy(&length, buffer + at + 16, sizeof(length));
      count += buffer[at + 19] != '.';
      at += length;
    }
  close(directory);
  return count;
}

/// Every thread blocked for ever, without a cycle that we can see: conditions
/// that nobody is left to signal. A semaphore may be posted by a signal handler,
/// and a thread that we do not track may do anything: then nothing is said.
void checkAllBlocked(Look &look) {
  bool all = look.count == look.tracked && look.count > 1;
  bool onCondition = false;
  for (unsigned i = 0; i < look.count && all; ++i) {
    WaitKind kind = look.waiters[i].state->waiting.kind.load(std::memory_order_relaxed);
    all = look.waiters[i].lasting && (kind == WaitKind::Lock || kind == WaitKind::Condition || kind == WaitKind::Join);
    onCondition |= kind == WaitKind::Condition;
    // A condition in shared memory may be signalled by another process.
    if (all && kind == WaitKind::Condition)
      all = !lockAt(look.waiters[i].state->waiting.target.load(std::memory_order_relaxed)).has(Lock::ProcessShared);
  }
  looksAllBlocked = all && onCondition ? looksAllBlocked + 1 : 0;
  if (looksAllBlocked != LooksForAll || countTasks() != look.tracked + 1)
    return;
  std::uint32_t stacks[16];
  unsigned shown = look.count < 16 ? look.count : 16;
  for (unsigned i = 0; i < shown; ++i)
    stacks[i] = storedOf(look.waiters[i].state->waiting.stack);
  Report report(Problem::AllThreadsBlocked, "error: every thread is blocked and no thread is left to wake another");
  for (unsigned i = 0; i < shown; ++i) {
    describeWait(report, look.waiters[i]);
    report.stack(stacks[i]);
  }
  if (shown < look.count)
    report.out().text("  and ").number(look.count - shown).text(" more threads\n");
  report.finish("make sure that the thread that signals does not need a lock that a waiter keeps");
}

bool toldUnknown = false;

/// Somebody waits for a thread that sits in a wait that nothing explains. It may
/// be a deadlock; what can be said is where the two wait.
void noteUnknownWait(Look &look) {
  for (unsigned i = 0; i < look.count && !toldUnknown; ++i) {
    Waiter &waiter = look.waiters[i];
    if (!waiter.lasting)
      continue;
    forEachHolder(waiter, [&](ThreadState *holder) {
      Waiter *next = find(look, holder);
      if (!next || !next->lasting || next->state->waiting.kind.load(std::memory_order_relaxed) != WaitKind::Futex ||
          ++next->state->waiting.looks < LooksForAll || !isStillWaiting(waiter) || !isStillWaiting(*next))
        return false;
      toldUnknown = true;
      Writer note;
      note.text("gridlock: note: thread T").number(waiter.record).text(" waits for thread T").number(next->record);
      note.text(", which has been blocked on a bare futex for a while; what that waits for is not known, so a deadlock "
                "there is not seen\n");
      note.flushTo(reportDescriptor());
      return true;
    });
  }
}

/// A child wait that lasts, with the child blocked on a pipe of ours.
struct PipeWait {
  std::uint32_t record, serial;
  unsigned looks; ///< that found the pipe unchanged
  PipeLook found;
};
constexpr unsigned MostPipeWaits = 64;
/// Looks that must find nothing moved: a reader may be slow.
constexpr unsigned LooksForPipe = 3;
PipeWait pipeWaits[MostPipeWaits];

void reportPipe(const Waiter &waiter, const PipeLook &found) {
  std::uint32_t stack = storedOf(waiter.state->waiting.stack);
  Report report(Problem::PipeDeadlock, "error: a process waits for a child that waits until its output is read");
  report.out().text("  ");
  report.thread(threadAt(waiter.record)).line(" waits for the child here:");
  report.stack(stack);
  report.out().text("   child ").number(static_cast<std::uint64_t>(found.child)).text(" is blocked writing");
  if (found.wanted)
    report.out().text(" ").number(found.wanted).text(" bytes");
  report.out().text(" to a pipe whose reading end is our descriptor ");
  report.out().number(static_cast<std::uint64_t>(found.descriptor)).text("; ");
  report.out().number(static_cast<std::uint64_t>(found.queued)).text(" bytes lie in it unread\n");
  report.finish("read the child's output to its end before waiting, or use gridlock::communicate");
}

void checkPipe(const Waiter &waiter) {
  std::uint32_t target = waiter.state->waiting.target.load(std::memory_order_relaxed);
  PipeWait &wait = pipeWaits[waiter.record % MostPipeWaits];
  PipeLook found = lookAtChildren(static_cast<pid_t>(target));
  bool isSame = found.child && wait.record == waiter.record && wait.serial == waiter.serial &&
                wait.found.child == found.child && wait.found.inode == found.inode && wait.found.queued == found.queued;
  unsigned looks = isSame ? wait.looks + 1 : 1;
  wait = {waiter.record, waiter.serial, looks, found};
  if (found.child && looks == LooksForPipe && isStillWaiting(waiter))
    reportPipe(waiter, found);
}

void *watch(void *) {
  isHelper = true;
  unsigned turn = 0;
  int sinceSlowLook = 0;
  while (true) {
    // Slow calls are looked for at their own pace, between the other looks.
    for (int rest = options.watchdogMs; rest > 0;) {
      int step = options.slowMs ? std::min(rest, options.slowMs - sinceSlowLook) : rest;
      timespec period = {step / 1000, (step % 1000) * 1000000L};
      nanosleep(&period, nullptr);
      rest -= step;
      sinceSlowLook += step;
      if (options.slowMs && sinceSlowLook >= options.slowMs) {
        sinceSlowLook = 0;
        lookForSlowCalls();
      }
    }
    Look &now = looks[turn & 1], &before = looks[(turn + 1) & 1];
    ++turn;
    takeLook(now, before);
    for (unsigned i = 0; i < now.count; ++i)
      if (now.waiters[i].lasting && now.waiters[i].color == 0)
        if (Waiter *cycle = searchFrom(now, now.waiters[i]))
          reportCycleOfWaits(now, *cycle);
    checkAllBlocked(now);
    noteUnknownWait(now);
    for (unsigned i = 0; i < now.count; ++i)
      if (now.waiters[i].lasting &&
          now.waiters[i].state->waiting.kind.load(std::memory_order_relaxed) == WaitKind::Child)
        checkPipe(now.waiters[i]);
    searchBigGraph();
  }
  return nullptr;
}

} // namespace

bool isHelperThread() { return isHelper; }

void startWatchdog() {
  if (options.watchdogMs == 0)
    return;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  pthread_t helper;
  if (real.pthread_create(&helper, &attributes, watch, nullptr) == 0)
    real.pthread_setname_np(helper, "gridlock");
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void watchdogForked() {
  multithreaded.store(false);
  looks[0].count = looks[1].count = 0;
  looksAllBlocked = 0;
}

} // namespace gridlock::rt
