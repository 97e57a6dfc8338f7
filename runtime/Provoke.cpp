//===- Provoke.cpp - Steering into a predicted deadlock -------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every nested acquisition comes here first. It looks whether it closes a cycle
// with the paused threads: the wanted lock is held by a paused one, which wants
// a lock that another one holds, and so on back to a lock of ours. Instances are
// compared, not places, and a paused thread does not change what it holds, so a
// closed cycle is a deadlock and no guess. (After "active testing": Joshi, Park,
// Sen, Naik, "A randomized dynamic program analysis technique for detecting real
// deadlocks", PLDI 2009.)
//
// Only at planned places does a thread pause. A place pauses at most 20 times
// and a process 2 seconds, whatever the plan: what does not work soon, does not
// work by waiting longer. Nothing pauses while only one thread lives, nor in a
// signal handler (the run time passes those through).
//
//===----------------------------------------------------------------------===//

#include "runtime/Provoke.h"
#include "runtime/Misuse.h"
#include "runtime/Options.h"
#include "runtime/Report.h"
#include "runtime/Writer.h"

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gridlock::rt {

bool provoking = false;

namespace {

constexpr unsigned MostPlaces = 256, MostFrames = 4, MostPaused = 64;
constexpr unsigned MostPausesOfPlace = 20;
constexpr std::uint64_t MostNanoseconds = 2000000000u;

struct PlannedFrame {
  char module[64];
  std::uint64_t offset;
};
struct Place {
  PlannedFrame frames[MostFrames];
  unsigned count;
  unsigned pauses;
};
struct Paused {
  ThreadState *thread; ///< null: a free entry
  Lock *wanted;
  LockMode mode;
  std::uint32_t stack;
};

InternalLock Guard;
Place places[MostPlaces];
unsigned placeCount = 0;
Paused paused[MostPaused];
std::uint64_t spent = 0;
std::atomic<std::uint32_t> never{0}; ///< what pauses wait on

std::uint64_t now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1000000000u + static_cast<std::uint64_t>(time.tv_nsec);
}

/// One word `MODULE+0xOFFSET`; returns where it ends, null when it is none.
const char *readFrame(const char *at, const char *end, PlannedFrame &frame) {
  const char *stop = at;
  while (stop < end && *stop != ' ' && *stop != '\n')
    ++stop;
  const char *plus = stop;
  while (plus > at && *plus != '+')
    --plus;
  if (plus == at || static_cast<std::size_t>(plus - at) >= sizeof(frame.module) || stop - plus < 4)
    return nullptr;
  std::memcpy(frame.module, at, static_cast<std::size_t>(plus - at));
  frame.module[plus - at] = 0;
  frame.offset = 0;
  for (const char *digit = plus + 3; digit < stop; ++digit) {
    unsigned value = *digit >= 'a' ? static_cast<unsigned>(*digit - 'a' + 10) : static_cast<unsigned>(*digit - '0');
    if (value > 15)
      return nullptr;
    frame.offset = frame.offset << 4 | value;
  }
  return stop;
}

Place *findPlace(const DeepStack &stack) {
  Site sites[MostFrames];
  unsigned known = 0;
  for (unsigned p = 0; p < placeCount; ++p) {
    Place &place = places[p];
    bool same = place.count <= stack.count;
    for (unsigned i = 0; same && i < place.count; ++i) {
      if (i == known)
        sites[known++] = siteOf(stack.frames[i]);
      const Module *module = moduleAt(sites[i].module);
      same =
          sites[i].offset == place.frames[i].offset && module && std::strcmp(module->name, place.frames[i].module) == 0;
    }
    if (same)
      return &place;
  }
  return nullptr;
}

const HeldLock *holds(const ThreadState &thread, const Lock *lock, LockMode wanted) {
  for (std::uint32_t i = 0; i < thread.heldCount(); ++i) {
    const HeldLock &held = thread.held[i];
    if (held.isWhole() && held.lock == lock && !held.waitingOnCondition &&
        !(wanted == LockMode::Shared && held.mode == LockMode::Shared))
      return &held;
  }
  return nullptr;
}

/// Follows the waits from `wanted` to a lock that `thread` holds. Returns the
/// number of paused threads on the way, 0 when it does not close.
unsigned closesAt(const ThreadState &thread, const Lock *wanted, LockMode mode, const Paused **way) {
  for (unsigned count = 0; count < MostPaused;) {
    const Paused *holder = nullptr;
    for (const Paused &candidate : paused)
      if (candidate.thread && candidate.thread != &thread && holds(*candidate.thread, wanted, mode))
        holder = &candidate;
    if (!holder)
      return 0;
    for (unsigned i = 0; i < count; ++i)
      if (way[i] == holder)
        return 0; // a cycle without us, which they found themselves
    way[count++] = holder;
    wanted = holder->wanted;
    mode = holder->mode;
    if (holds(thread, wanted, mode))
      return count;
  }
  return 0;
}

std::uint32_t takenAt(ThreadState &reporter, const HeldLock &held) {
  return held.stack.storedAs ? held.stack.storedAs : storeShallow(reporter, held.stack);
}

/// What one thread of the cycle has and wants.
struct Side {
  const ThreadState *thread;
  const Lock *has, *wants;
  std::uint32_t taken, wanted;
};

void reportClosed(ThreadState &thread, Lock &lock, LockMode mode, const void *frame, const Paused *const *way,
                  unsigned count) {
  Side sides[MostPaused + 1];
  sides[0] = {&thread, way[count - 1]->wanted, &lock, 0, storeHere(thread, frame)};
  if (const HeldLock *held = holds(thread, way[count - 1]->wanted, way[count - 1]->mode))
    sides[0].taken = takenAt(thread, *held);
  const Lock *wanted = &lock;
  LockMode wantedMode = mode;
  for (unsigned i = 0; i < count; ++i) {
    sides[i + 1] = {way[i]->thread, wanted, way[i]->wanted, 0, way[i]->stack};
    if (const HeldLock *held = holds(*way[i]->thread, wanted, wantedMode))
      sides[i + 1].taken = takenAt(thread, *held);
    wanted = way[i]->wanted;
    wantedMode = way[i]->mode;
  }
  Report report(Problem::Deadlock, "error: deadlock, provoked: these threads wait for each other and will never go on");
  for (unsigned i = 0; i <= count; ++i) {
    report.out().text("  ");
    report.thread(*sides[i].thread->record).out().text(" took ");
    report.lock(*sides[i].has).line(" here:");
    report.stack(sides[i].taken);
    report.out().text("   and wanted ");
    report.lock(*sides[i].wants).line(" here, still holding it:");
    report.stack(sides[i].wanted);
  }
  report.finish("take these locks in one order everywhere, or together: std::scoped_lock(a, b), or gridlock::acquire");
}

void endProcess() {
  if (options.provokeEnd == 2) { // for a debugger to attach
    while (true)
      pause();
  }
  if (options.provokeEnd == 1)
    abort();
  _exit(options.exitCode ? options.exitCode : 66);
}

void sleepFor(std::uint64_t nanoseconds) {
  timespec limit = {static_cast<time_t>(nanoseconds / 1000000000u), static_cast<long>(nanoseconds % 1000000000u)};
  syscall(SYS_futex, &never, FUTEX_WAIT_PRIVATE, 0, &limit, nullptr, 0);
}

bool othersLive(const ThreadState &thread) {
  for (std::uint32_t i = 1; i < threadEnd(); ++i) {
    const ThreadState *state = threadAt(i).state.load(std::memory_order_acquire);
    if (state && state != &thread)
      return true;
  }
  return false;
}

} // namespace

void readProvokePlan() {
  if (!options.provoke[0])
    return;
  int file = open(options.provoke, O_RDONLY | O_CLOEXEC);
  off_t bytes = file >= 0 ? lseek(file, 0, SEEK_END) : -1;
  void *text = bytes > 0 ? mmap(nullptr, static_cast<std::size_t>(bytes), PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
  if (file >= 0)
    close(file);
  if (text == MAP_FAILED) {
    Writer message;
    message.text("gridlock: warning: cannot read the plan '").text(options.provoke).text("'\n");
    message.flushTo(2);
    return;
  }
  const char *at = static_cast<const char *>(text), *end = at + bytes;
  while (at < end && placeCount < MostPlaces) {
    Place &place = places[placeCount];
    place.count = 0;
    while (at && at < end && *at != '\n' && place.count < MostFrames) {
      at = readFrame(at, end, place.frames[place.count]);
      if (!at)
        break;
      ++place.count;
      while (at < end && *at == ' ')
        ++at;
    }
    if (!at)
      break;
    while (at < end && *at != '\n')
      ++at;
    ++at;
    placeCount += place.count != 0;
  }
  munmap(text, static_cast<std::size_t>(bytes));
  provoking = placeCount != 0;
}

void pauseAtPlannedPlace(ThreadState &thread, Lock &lock, LockMode mode, const void *frame) {
  if (lock.kind == LockKind::Once || lock.kind == LockKind::StaticInit || holds(thread, &lock, LockMode::Exclusive))
    return;
  ShallowStack shallow;
  DeepStack deep;
  takeShallowStack(shallow, frame, thread.stackLow, thread.stackHigh);
  deepen(thread, shallow, deep);
  std::uint32_t stack = storeCurrent(thread, deep);
  Paused *mine = nullptr;
  {
    InternalGuard guard(Guard);
    const Paused *way[MostPaused];
    if (unsigned count = closesAt(thread, &lock, mode, way)) {
      reportClosed(thread, lock, mode, frame, way, count);
      endProcess();
    }
    Place *place = findPlace(deep);
    if (!place || place->pauses >= MostPausesOfPlace || spent >= MostNanoseconds || !othersLive(thread))
      return;
    for (Paused &entry : paused)
      if (!entry.thread && !mine)
        mine = &entry;
    if (!mine)
      return;
    ++place->pauses;
    *mine = {&thread, &lock, mode, stack};
  }
  std::uint64_t start = now();
  sleepFor(static_cast<std::uint64_t>(options.provokeMs) * 1000000u);
  InternalGuard guard(Guard);
  mine->thread = nullptr;
  spent += now() - start;
}

void provokeForked() {
  Guard.reset();
  for (Paused &entry : paused)
    entry.thread = nullptr;
}

} // namespace gridlock::rt
