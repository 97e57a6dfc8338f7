//===- Report.cpp - What the run time tells the user ----------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/Report.h"
#include "runtime/Arena.h"
#include "runtime/Demangle.h"
#include "runtime/HeldSet.h"
#include "runtime/Options.h"
#include "runtime/TraceWriter.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace gridlock::rt {

namespace {

constexpr std::size_t BufferBytes = 64 * 1024;
constexpr std::size_t MostSignatures = 4096;
/// How many frames of a stack tell two reports apart.
constexpr unsigned SignatureFrames = 4;

InternalLock Guard;
char buffer[BufferBytes];
Writer writer(buffer, BufferBytes);
std::uint64_t signatures[MostSignatures];
std::size_t signatureCount = 0;
std::atomic<unsigned> reports{0};
int descriptor = 2;
const char *suppressions = nullptr;
std::size_t suppressionBytes = 0;
/// The stacks of the report under construction.
constexpr unsigned MostParts = 64;
ReportPart parts[MostParts];
unsigned partCount = 0;
std::uint32_t partBegin = 0, lastThread = 0, lastLock = 0;
bool actorNamed = false;
ReportCallback callback = nullptr;
void *callbackArgument = nullptr;

bool rememberSignature(std::uint64_t signature) {
  for (std::size_t i = 0; i < signatureCount; ++i)
    if (signatures[i] == signature)
      return false;
  if (signatureCount == MostSignatures)
    return false;
  signatures[signatureCount++] = signature;
  return true;
}

const char *kindWord(const Lock &lock) {
  switch (lock.kind) {
  case LockKind::Mutex:
    return lock.has(Lock::Recursive) ? "recursive mutex" : "mutex";
  case LockKind::ReadWrite:
    return "read-write lock";
  case LockKind::Spin:
    return "spin lock";
  case LockKind::Semaphore:
    return "semaphore";
  case LockKind::Once:
    return "once flag";
  case LockKind::StaticInit:
    return "initialisation of static variable";
  case LockKind::Condition:
    return "condition variable";
  case LockKind::Custom:
    return "lock";
  }
  return "lock";
}

/// Whether a suppression pattern (`*` stands for anything, and one is implied
/// at both ends) occurs in a text.
bool matches(const char *pattern, const char *patternEnd, const char *text) {
  if (pattern == patternEnd)
    return true;
  if (*pattern == '*')
    return matches(pattern + 1, patternEnd, text) || (*text && matches(pattern, patternEnd, text + 1));
  for (; *text; ++text) {
    const char *p = pattern, *t = text;
    while (p != patternEnd && *p != '*' && *t == *p)
      ++p, ++t;
    if (p == patternEnd || (*p == '*' && matches(p, patternEnd, t)))
      return true;
  }
  return false;
}

/// Lines are `kind:pattern`; `deadlock` is accepted for every kind, as in
/// ThreadSanitizer's files.
bool isSuppressed(Problem problem, const char *function, const char *module) {
  const char *at = suppressions, *end = suppressions + suppressionBytes;
  while (at && at < end) {
    const char *lineEnd = static_cast<const char *>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    if (!lineEnd)
      lineEnd = end;
    const char *colon = static_cast<const char *>(std::memchr(at, ':', static_cast<std::size_t>(lineEnd - at)));
    if (colon && *at != '#') {
      std::size_t bytes = static_cast<std::size_t>(colon - at);
      auto is = [&](const char *word) { return std::strlen(word) == bytes && std::memcmp(word, at, bytes) == 0; };
      const char *last = lineEnd;
      while (last > colon + 1 && (last[-1] == ' ' || last[-1] == '\r'))
        --last;
      if (last > colon + 1 && (is("deadlock") || is(problemName(problem))) &&
          ((function && matches(colon + 1, last, function)) || matches(colon + 1, last, module)))
        return true;
    }
    at = lineEnd + 1;
  }
  return false;
}

} // namespace

namespace {
/// Whether the rest of a stack is only how the C library starts a thread.
bool isThreadStart(const StoredStack &stack, unsigned from) {
  for (unsigned i = from; i < stack.count; ++i) {
    const Module *module = moduleAt(stack.frames[i].module);
    if (!module || std::strncmp(module->name, "libc.so", 7) != 0)
      return false;
  }
  return true;
}
} // namespace

const char *problemName(Problem problem) {
  switch (problem) {
  case Problem::LockOrderInversion:
    return "lock-order-inversion";
  case Problem::SelfLock:
    return "self-lock";
  case Problem::UnlockNotOwner:
    return "unlock-by-non-owner";
  case Problem::UnlockNotLocked:
    return "unlock-of-unlocked";
  case Problem::DestroyHeld:
    return "destroy-while-held";
  case Problem::ThreadExitHolding:
    return "thread-exit-holding-lock";
  case Problem::ForkedLock:
    return "lock-held-across-fork";
  case Problem::WaitHoldingLock:
    return "wait-holding-lock";
  case Problem::WaitWithoutLock:
    return "wait-without-lock";
  case Problem::JoinHoldingLock:
    return "join-holding-lock";
  case Problem::JoinSelf:
    return "join-self";
  case Problem::Deadlock:
    return "deadlock";
  case Problem::AllThreadsBlocked:
    return "all-threads-blocked";
  case Problem::PipeDeadlock:
    return "pipe-deadlock";
  case Problem::RankViolation:
    return "lock-rank-violation";
  case Problem::SlowCall:
    return "blocking-call-holding-lock";
  }
  return "unknown";
}

InternalLock &reportLock() { return Guard; }

Report::Report(Problem problem, const char *headline)
    : Text(writer), Kind(problem), Signature(static_cast<std::uint64_t>(problem) + 1) {
  Guard.lock();
  Text.clear();
  Text.text("==").number(static_cast<std::uint64_t>(getpid())).text("== gridlock: ").text(headline);
  Text.text(" [").text(problemName(problem)).text("]\n");
  partCount = lastThread = lastLock = 0;
  actorNamed = false;
  partBegin = static_cast<std::uint32_t>(Text.size());
}

Report &Report::line(const char *text) {
  Text.text(text).character('\n');
  return *this;
}

Report &Report::lock(const Lock &lock) {
  lastLock = lock.id;
  Text.text(kindWord(lock)).character(' ');
  std::uintptr_t address = lock.lastAddress;
  Site site = siteOf(address);
  if (const char *name = labelOf(lock).name) {
    Text.text("`").text(name).text("` (").hexadecimal(address).text(")");
    return *this;
  }
  if (site.module) {
    if (Symbol symbol = symbolOf(site, false); symbol.name) {
      Text.character('`');
      writeDemangled(Text, symbol.name);
      if (symbol.offset)
        Text.character('+').number(symbol.offset);
      Text.text("` (").hexadecimal(address).character(')');
      return *this;
    }
  }
  Text.text("L").number(lock.id).text(" (").hexadecimal(address);
  for (std::uint32_t i = 1; i < threadEnd(); ++i) {
    ThreadState *state = threadAt(i).state.load(std::memory_order_acquire);
    if (state && address >= state->stackLow && address < state->stackHigh) {
      Text.text(", on the stack of T").number(i);
      break;
    }
  }
  Text.character(')');
  return *this;
}

Report &Report::thread(const ThreadRecord &record) {
  // The first one named is who acts.
  if (!actorNamed)
    lastThread = record.index;
  actorNamed = true;
  Text.text("thread T").number(record.index);
  if (record.name[0])
    Text.text(" `").text(record.name).character('`');
  else if (record.index == 1)
    Text.text(" (main)");
  if (record.systemId)
    Text.text(" (tid ").number(record.systemId).character(')');
  return *this;
}

Report &Report::stack(std::uint32_t stored) {
  if (partCount < MostParts)
    parts[partCount++] = {partBegin, static_cast<std::uint32_t>(Text.size()), stored, lastThread, lastLock};
  writeFrames(stored);
  partBegin = static_cast<std::uint32_t>(Text.size());
  actorNamed = false;
  return *this;
}

void Report::writeFrames(std::uint32_t stored) {
  if (!stored) {
    line("    (no stack was recorded)");
    return;
  }
  const StoredStack &stack = storedStack(stored);
  for (unsigned i = 0; i < stack.count; ++i) {
    const Site &site = stack.frames[i];
    if (i && isThreadStart(stack, i))
      break;
    if (i < SignatureFrames)
      Signature = mix(Signature, mix(site.module, site.offset));
    const Module *module = moduleAt(site.module);
    Text.text("    #").number(i).character(' ');
    Symbol symbol = {nullptr, 0};
    if (module) {
      // A return address: the call is the instruction before it.
      symbol = symbolOf({site.module, site.offset - 1}, true);
      if (symbol.name)
        writeDemangled(Text, symbol.name);
      else
        Text.text("??");
      Text.text(" (").text(module->name).character('+').hexadecimal(site.offset - 1).character(')');
      Suppressed |= isSuppressed(Kind, symbol.name, module->name);
    } else {
      Text.hexadecimal(site.offset);
    }
    if (i >= stack.inexactFrame && i == stack.inexactFrame)
      Text.text("  (line of a later call)");
    Text.character('\n');
  }
}

bool Report::finish(const char *help) {
  Text.text("  help: ").text(help).text("\n\n");
  bool told = !Suppressed && rememberSignature(Signature);
  if (told) {
    reports.fetch_add(1);
    traceReport(Kind, Text.data(), Text.size(), parts, partCount);
    if (callback)
      callback(problemName(Kind), Text.data(), Text.size(), callbackArgument);
    Text.flushTo(descriptor);
    if (options.haltOnError) {
      if (options.abortOnError)
        abort();
      _exit(options.exitCode ? options.exitCode : 66);
    }
  }
  Guard.unlock();
  return told;
}

bool rememberReport(std::uint64_t key) {
  InternalGuard guard(Guard);
  return rememberSignature(key);
}

void setReportCallback(ReportCallback newCallback, void *argument) {
  InternalGuard guard(Guard);
  callback = newCallback;
  callbackArgument = argument;
}

unsigned reportCount() { return reports.load(std::memory_order_relaxed); }
int reportDescriptor() { return descriptor; }

void openReports() {
  if (options.logPath[0]) {
    char storage[sizeof(options.logPath) + 32];
    Writer path(storage, sizeof(storage));
    path.text(options.logPath).character('.').number(static_cast<std::uint64_t>(getpid())).character(0);
    int opened = open(path.data(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (opened >= 0)
      descriptor = opened;
  }
  if (options.suppressions[0] && !suppressions) {
    int file = open(options.suppressions, O_RDONLY | O_CLOEXEC);
    off_t bytes = file >= 0 ? lseek(file, 0, SEEK_END) : -1;
    void *text = bytes > 0 ? mmap(nullptr, static_cast<std::size_t>(bytes), PROT_READ, MAP_PRIVATE, file, 0) : nullptr;
    if (file >= 0)
      close(file);
    if (text && text != MAP_FAILED) {
      suppressions = static_cast<const char *>(text);
      suppressionBytes = static_cast<std::size_t>(bytes);
    } else if (bytes != 0) {
      Writer message;
      message.text("gridlock: warning: cannot read the suppressions file '").text(options.suppressions).text("'\n");
      message.flushTo(descriptor);
    }
  }
}

namespace {

/// The lock wanted or held, with "for reading" where it matters.
void writeMode(Report &report, const Lock &lock, bool shared) {
  report.lock(lock);
  if (lock.kind == LockKind::ReadWrite)
    report.out().text(shared ? " for reading" : " for writing");
}

} // namespace

void reportCycle(const CycleStep *steps, unsigned count) {
  // The same cycle is found from each of its edges: start at the smallest lock.
  unsigned start = 0;
  bool overflow = false;
  for (unsigned i = 0; i < count; ++i) {
    if (edgeAt(steps[i].edge).from < edgeAt(steps[start].edge).from)
      start = i;
    overflow |= edgeAt(steps[i].edge).flags & Edge::Overflow;
  }
  Report report(Problem::LockOrderInversion, "error: locks are taken in opposite orders, the threads can deadlock");
  for (unsigned i = 0; i < count; ++i) {
    const CycleStep &step = steps[(start + i) % count];
    const Edge &edge = edgeAt(step.edge);
    const Context &context = contextAt(step.context);
    const Lock &outer = lockAt(edge.from), &inner = lockAt(edge.to);
    report.out().text("  ");
    report.thread(threadAt(segmentAt(context.segment).thread)).out().text(" took ");
    writeMode(report, outer, sharedBitOf(heldSet(context.heldSet), edge.from));
    report.out().text(" here:\n");
    report.stack(context.outerStack);
    report.out().text("   and wanted ");
    writeMode(report, inner, context.mode == LockMode::Shared);
    report.out().text(" here, still holding it:\n");
    report.stack(context.innerStack);
  }
  for (unsigned i = 0; i < count; ++i) {
    const Lock &lock = lockAt(edgeAt(steps[(start + i) % count].edge).from);
    if (!lock.initStack)
      continue;
    report.out().text("  ");
    report.lock(lock).out().text(" was made here:\n");
    report.stack(lock.initStack);
  }
  if (overflow)
    report.line("  note: some of these locks were taken under more combinations than are kept (option `history`)");
  report.finish("take these locks in one order everywhere, or together: std::scoped_lock(a, b), or gridlock::acquire");
}

} // namespace gridlock::rt
