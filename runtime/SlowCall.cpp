//===- SlowCall.cpp - Blocking calls with a lock held ---------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// /proc/self/task/TID/syscall names the call that a thread blocks in, with its
// arguments, stack pointer and program counter. When the line is the same in two
// looks and so is the newest lock held, the thread has not moved (or has come
// back to the very same place, which is as bad). So nothing needs to be
// interposed and every kind of blocking call is seen. Waits that the run time
// knows (for locks, joins, conditions) are not meant: they have their own
// reports.
//
//===----------------------------------------------------------------------===//

#include "runtime/SlowCall.h"
#include "runtime/Options.h"
#include "runtime/Report.h"

#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gridlock::rt {

namespace {

constexpr unsigned MostThreads = 256, LineBytes = 256;

struct Seen {
  std::uint32_t record;
  std::uintptr_t address; ///< of the newest lock held; 0: nothing to report
  std::uintptr_t site;
  bool reported;
  char line[LineBytes];
};
Seen seen[MostThreads];
ThreadState lookerState; // memory of stored stacks for the helper thread

/// False when the thread runs, or the kernel does not say.
bool readCall(std::uint32_t systemId, char *line) {
  char storage[64];
  Writer path(storage, sizeof(storage));
  path.text("/proc/self/task/").number(systemId).text("/syscall").character(0);
  int file = open(path.data(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return false;
  ssize_t bytes = read(file, line, LineBytes - 1);
  close(file);
  if (bytes <= 0)
    return false;
  line[bytes] = 0;
  return line[0] >= '0' && line[0] <= '9';
}

const char *callName(const char *line) {
  struct Known {
    long number;
    const char *name;
  };
  static const Known known[] = {
#if defined(__x86_64__)
      {SYS_poll, "poll"},
      {SYS_select, "select"},
      {SYS_nanosleep, "nanosleep"},
      {SYS_epoll_wait, "epoll_wait"},
      {SYS_pause, "pause"},
      {SYS_accept, "accept"},
#endif
      {SYS_read, "read"},
      {SYS_write, "write"},
      {SYS_clock_nanosleep, "clock_nanosleep"},
      {SYS_recvfrom, "recvfrom"},
      {SYS_recvmsg, "recvmsg"},
      {SYS_sendto, "sendto"},
      {SYS_connect, "connect"},
      {SYS_accept4, "accept4"},
      {SYS_wait4, "wait4"},
      {SYS_ppoll, "ppoll"},
      {SYS_fsync, "fsync"},
      {SYS_fdatasync, "fdatasync"},
      {SYS_openat, "openat"},
      {SYS_flock, "flock"},
      {SYS_fcntl, "fcntl"},
      {SYS_epoll_pwait, "epoll_pwait"},
      {SYS_pselect6, "pselect"},
      {SYS_waitid, "waitid"}};
  long number = std::strtol(line, nullptr, 10);
  for (const Known &entry : known)
    if (entry.number == number)
      return entry.name;
  return nullptr;
}

void report(const ThreadRecord &record, const HeldLock &held, const char *line) {
  std::uint32_t taken = held.stack.storedAs ? held.stack.storedAs : storeShallow(lookerState, held.stack);
  Report report(Problem::SlowCall, "warning: a thread blocks in a call while it holds a lock");
  report.out().text("  ");
  report.thread(record).out().text(" has been in ");
  if (const char *name = callName(line))
    report.out().text(name);
  else
    report.out().text("system call ").number(static_cast<std::uint64_t>(std::strtol(line, nullptr, 10)));
  report.out().text(" for more than ").number(static_cast<std::uint64_t>(options.slowMs)).text(" ms and holds ");
  report.lock(*held.lock).line(", taken here:");
  report.stack(taken);
  report.finish("do what may block before taking the lock or after releasing it");
}

void lookAt(const ThreadRecord &record, const ThreadState &state, Seen &entry) {
  std::uint32_t count = state.heldCountSeen();
  HeldLock newest = {};
  if (count)
    newest = state.held[count - 1];
  bool holds = newest.isWhole() && !newest.waitingOnCondition &&
               state.waiting.kind.load(std::memory_order_acquire) == WaitKind::None;
  char line[LineBytes];
  if (!holds || !readCall(record.systemId, line)) {
    entry.address = 0;
    return;
  }
  bool same = entry.record == record.index && entry.address == newest.address && entry.site == newest.stack.frames[0] &&
              std::strcmp(entry.line, line) == 0;
  if (!same) {
    entry.record = record.index;
    entry.address = newest.address;
    entry.site = newest.stack.frames[0];
    entry.reported = false;
    std::memcpy(entry.line, line, sizeof(line));
    return;
  }
  // A futex that no interposed function waits on: not ours to judge.
  if (entry.reported || std::strtol(line, nullptr, 10) == SYS_futex)
    return;
  entry.reported = true;
  report(record, newest, line);
}

} // namespace

void lookForSlowCalls() {
  if (!options.slowMs)
    return;
  unsigned place = 0;
  for (std::uint32_t i = 1; i < threadEnd() && place < MostThreads; ++i)
    if (ThreadState *state = threadAt(i).state.load(std::memory_order_acquire))
      lookAt(threadAt(i), *state, seen[place++]);
}

} // namespace gridlock::rt
