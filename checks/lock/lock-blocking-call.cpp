//===- lock-blocking-call.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call that may block for long while a lock is held. A lock that exists to
// serialise that very read or write is meant to be held over it.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/LockOrder.h"
#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

namespace gridlock::checks {

using namespace solve;

static std::string_view describe(std::string_view what) {
  static const std::map<std::string_view, std::string_view> texts = {
      {"sleep", "sleeps"},
      {"socket", "waits for the network"},
      {"pipe", "waits for a pipe"},
      {"descriptor", "waits for a pipe, socket or terminal"},
      {"file-lock", "waits for a file lock"},
      {"child", "waits for a child process"},
      {"dns", "waits for a name server"},
      {"thread", "waits for a thread"},
      {"future", "waits for a task"},
      {"event", "waits for an event"},
      {"terminal", "waits for the terminal"},
      {"condition", "waits for a condition variable that does not release it"},
  };
  auto found = texts.find(what);
  return found == texts.end() ? "may block for long" : found->second;
}

/// A descriptor that may block: a socket, pipe or terminal that nothing made
/// non-blocking.
static bool mayBlock(const Solution &solution, TermId descriptor) {
  std::uint32_t kinds = solution.descriptorKinds(descriptor);
  bool slow = kinds & (Solution::SocketDescriptor | Solution::PipeDescriptor | Solution::TerminalDescriptor);
  return slow && !(kinds & Solution::NonBlocking);
}

/// A program that makes sockets non-blocking somewhere may have made this one
/// so, unless it is known where this one comes from.
static bool mayBeNonBlocking(const Solution &solution, TermId descriptor) {
  std::uint32_t kinds = solution.descriptorKinds(descriptor);
  return (kinds & Solution::NonBlocking) || (!(kinds & Solution::Blocking) && solution.setsNonBlocking);
}

static bool holdsGil(const BlockedWithLock &fact) {
  return llvm::any_of(fact.held, [](const Held &held) { return held.traits.kind == model::LockKind::Gil; });
}

/// Locks whose every section does input or output on one descriptor.
static bool serialises(const Solution &solution, const LockName &lock, TermId descriptor) {
  return descriptor && solution.sectionsAllUse(lock.classKey, descriptor);
}

static void report(const Solution &solution, RuleOutput &output, link::FunctionId function, const Held &held,
                   const std::string &lock, StepId step, const std::string &what, bool isDoubtful) {
  Finding finding = output.make();
  finding.location = solution.place(step);
  finding.message = std::string("this ") + std::string(describe(what)) + " while `" + lock +
                    "` is held: every other user of the lock waits as long";
  finding.help = "copy what is needed, release the lock, and block then; or use a call with a short time-out";
  finding.identity = {lock, solution.functionName(function), what};
  finding.confidence = isDoubtful ? Confidence::Low : Confidence::Medium;
  TraceBuilder trace(solution, "Thread 1");
  trace.wayTo(function, false)
      .chain(held.acquiredAt, "takes `" + lock + "`")
      .holds(lock)
      .chain(step, std::string(describe(what)) + " while it holds `" + lock + "`");
  finding.threads.push_back(trace.build());
  output.add(std::move(finding));
}

/// Nobody waits for a reader of this lock: read-copy-update in user space only
/// puts off when memory is reclaimed.
static bool onlyDelaysReclaiming(const Held &held) {
  return held.mode == model::LockMode::Shared && held.traits.prefersReaders &&
         held.traits.recursion == model::Recursion::Shared;
}

/// Whether the function runs only before the first thread is started, in a
/// program that has any, so that nobody waits for its locks.
static bool runsBeforeThreads(const Solution &solution, link::FunctionId function) {
  const std::vector<Context> &contexts = solution.contexts[function];
  return !contexts.empty() && llvm::none_of(contexts, [](const Context &context) { return context.parallel; });
}

void lockBlockingCall(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  const bool hasThreads = llvm::any_of(solution.roots, [](const Root &root) { return root.spawn && !root.isHandler; });
  // Reads and writes of one section: who mends one looks at all.
  std::set<std::pair<SourceLocation, std::string>> transfers;
  std::set<SourceLocation> reported;
  for (const BlockedWithLock &fact : solution.blocked) {
    // A descriptor that comes from Python may be anything.
    bool maySleep = mayBlock(solution, fact.descriptor) ||
                    (holdsGil(fact) && !solution.descriptorKinds(fact.descriptor) && !solution.setsNonBlocking);
    if (fact.what == "file" || (fact.what == "descriptor" && !maySleep))
      continue;
    if (fact.what == "child" && solution.waitsForDoubleFork(fact.step))
      continue;
    if (fact.what == "socket" && fact.descriptor && mayBeNonBlocking(solution, fact.descriptor))
      continue;
    for (std::size_t i = 0; i < fact.held.size(); ++i) {
      if (fact.held[i].traits.isForLong() || onlyDelaysReclaiming(fact.held[i]))
        continue;
      if (fact.what != "file-lock" && serialises(solution, fact.names[i], fact.descriptor))
        continue;
      if ((hasThreads && runsBeforeThreads(solution, fact.function)) ||
          (fact.what == "descriptor" &&
           !transfers.insert({solution.place(fact.held[i].acquiredAt), fact.names[i].key}).second))
        break;
      if (reported.insert(solution.place(fact.step)).second)
        report(solution, output, fact.function, fact.held[i], fact.names[i].display, fact.step, fact.what,
               fact.manyTargets || fact.tearsDown || fact.what == "condition");
      break;
    }
  }
  for (const JoinWithLock &join : solution.joins) {
    // A thread that needs the lock is a deadlock: another rule reports it.
    if (onlyDelaysReclaiming(join.held.front()))
      continue;
    LockName mine = solution.name(join.held.front().lock, join.function);
    bool deadlocks = llvm::any_of(join.spawns, [&](std::uint32_t index) {
      const Spawn &spawn = solution.spawns[index];
      return llvm::any_of(spawn.acquires, [&](const auto &acquire) {
        bool assumed = false;
        return mayBeSameLock(mine, solution.name(acquire.first, spawn.function), assumed);
      });
    });
    if (!deadlocks && reported.insert(solution.place(join.step)).second)
      report(solution, output, join.function, join.held.front(), mine.display, join.step, "thread", join.tearsDown);
  }
}

} // namespace gridlock::checks
