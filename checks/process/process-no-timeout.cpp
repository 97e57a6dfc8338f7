//===- process-no-timeout.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A wait for a child that nothing bounds. A policy on its own; worse where others
// wait as well: under a lock, in a destructor, on the thread of an event loop, or
// after the child was only asked to end.
//
//===----------------------------------------------------------------------===//

#include "checks/pipe/PipeFixes.h"
#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

namespace gridlock::checks {

using namespace solve;

namespace {

/// Why a wait is worse than the policy, worst last.
enum class Reason { None, OutcomeIgnored, EventLoop, Destructor, AfterTerminate, Locked };

struct Case {
  const ChildWait *wait = nullptr;
  Reason reason = Reason::None;
  const Held *lock = nullptr;
};

} // namespace

/// Whether some function on the way to the wait has a property.
static bool onTheWay(const Solution &solution, StepId step, ir::FunctionFlags flag) {
  for (; step; step = solution.steps[step].inner)
    if (solution.program.function(solution.steps[step].function).flags & flag)
      return true;
  return false;
}

static bool onEventLoop(const Solution &solution, const ChildWait &wait) {
  auto isEvent = [&](std::uint32_t spawn) {
    return spawn && (solution.spawns[spawn].what == "event" || solution.spawns[spawn].what == "timer");
  };
  return isEvent(wait.spawn) || llvm::any_of(solution.contexts[wait.function], [&](const Context &context) {
           return isEvent(solution.roots[context.root].spawn);
         });
}

static Case classify(const Solution &solution, const ChildWait &wait) {
  for (const Held &held : wait.held)
    if (!held.traits.isForLong() && !held.leaked && !wait.manyTargets)
      return {&wait, Reason::Locked, &held};
  if (wait.afterTerminate)
    return {&wait, Reason::AfterTerminate};
  if (wait.outcomeIgnored)
    return {&wait, Reason::OutcomeIgnored};
  if (onTheWay(solution, wait.step, ir::FunctionIsDestructor))
    return {&wait, Reason::Destructor};
  return {&wait, onEventLoop(solution, wait) ? Reason::EventLoop : Reason::None};
}

/// A thread that is not the waiter's kills the child that is kept in this field.
static bool hasWatchdog(const Solution &solution, const ChildWait &wait) {
  std::uint64_t holder = wait.child ? childHolder(solution.terms, wait.child) : 0;
  return holder && llvm::any_of(solution.processes.killed, [&](const auto &kill) {
           return kill.first == holder && kill.second != wait.function &&
                  llvm::any_of(solution.contexts[kill.second],
                               [&](const Context &context) { return solution.roots[context.root].spawn != 0; });
         });
}

/// What a handler waits for has ended, unless the handler has just asked it to.
static bool inHandler(const Solution &solution, const ChildWait &wait) {
  const auto &contexts = solution.contexts[wait.function];
  return !contexts.empty() && !wait.afterTerminate &&
         llvm::all_of(contexts, [&](const Context &context) { return solution.roots[context.root].isHandler; });
}

static std::string sentence(const Case &found, const std::string &callee, const std::string &lock) {
  switch (found.reason) {
  case Reason::Locked:
    return "`" + callee + "` waits for a child without a time-out while `" + lock +
           "` is held: a child that hangs stops every other user of the lock";
  case Reason::AfterTerminate:
    return "`" + callee +
           "` waits without a time-out for a child that was only asked to end: one that ignores the "
           "signal is waited for for ever";
  case Reason::Destructor:
    return "a destructor waits for a child without a time-out in `" + callee +
           "`: a child that hangs blocks every scope "
           "that ends";
  case Reason::EventLoop:
    return "`" + callee +
           "` waits for a child without a time-out on the thread of an event loop: the loop stands still "
           "until the child ends";
  case Reason::OutcomeIgnored:
    return "nobody looks at whether the child ended in time: the result of `" + callee + "` is dropped";
  case Reason::None:
    break;
  }
  return "`" + callee + "` waits for a child without a time-out: a child that hangs is waited for for ever";
}

void processNoTimeout(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  SourceCache sources;
  std::map<SourceLocation, Case> worst;
  for (const ChildWait &wait : solution.processes.waits) {
    if (hasWatchdog(solution, wait) || inHandler(solution, wait) || solution.waitsForDoubleFork(wait.step))
      continue;
    Case found = classify(solution, wait);
    auto [entry, isNew] = worst.try_emplace(solution.location(solution.innermost(wait.step)), found);
    if (!isNew && found.reason > entry->second.reason)
      entry->second = found;
  }
  for (const auto &[place, found] : worst) {
    const ChildWait &wait = *found.wait;
    std::string callee = solution.words[wait.callee];
    std::string lock = found.lock ? solution.name(found.lock->lock, wait.function).display : "";
    Finding finding = output.make();
    finding.location = place;
    finding.message = sentence(found, callee, lock);
    finding.help =
        found.reason == Reason::OutcomeIgnored
            ? "test the result; when the time is up, kill the child and wait once more"
            : "wait with a time-out (WNOHANG with a deadline, a pidfd in poll, or the library's timed wait), "
              "then send SIGTERM, then SIGKILL";
    if (found.reason != Reason::OutcomeIgnored)
      if (std::optional<FixIt> fix = boundedWaitFix(sources, place))
        finding.fixIts.push_back(std::move(*fix));
    finding.severity =
        found.reason == Reason::None || found.reason == Reason::OutcomeIgnored ? Severity::Note : Severity::Warning;
    finding.identity = {callee, solution.functionName(solution.steps[solution.innermost(wait.step)].function)};
    TraceBuilder trace(solution, "Thread 1");
    if (wait.spawn)
      trace.spawnedBy(wait.spawn);
    else
      trace.wayTo(wait.function, false);
    if (found.lock)
      trace.chain(found.lock->acquiredAt, "takes `" + lock + "`").holds(lock);
    trace.chain(wait.step, "waits for the child in `" + callee + "`");
    finding.threads.push_back(trace.build());
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
