//===- lock-destroyed-in-use.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A lock is destroyed, or initialised again, while it is held, or while a thread
// that takes it may still run.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"

namespace gridlock::checks {

using namespace solve;

static void reportHeld(const Solution &solution, const DestroyedLock &fact, RuleOutput &output) {
  Finding finding = output.make();
  finding.location = solution.place(fact.step);
  std::string name = "`" + fact.name.display + "`";
  finding.message =
      name + (fact.initializedAgain ? " is initialised again while it is held" : " is destroyed while it is held");
  finding.help = fact.initializedAgain ? "initialise a lock once, before any thread uses it"
                                       : "release it, and make sure that no thread uses it, before it is destroyed";
  finding.identity = {fact.name.display, solution.functionName(fact.function)};
  finding.confidence = Confidence::High;
  TraceBuilder trace(solution, "Thread 1");
  trace.chain(fact.held.acquiredAt, "takes " + name)
      .holds(fact.name.display)
      .chain(fact.step, fact.initializedAgain ? "initialises " + name : "destroys " + name);
  finding.threads.push_back(trace.build());
  output.add(std::move(finding));
}

static void reportThread(const Solution &solution, const DestroyedLock &fact, RuleOutput &output) {
  const Spawn &spawn = solution.spawns[fact.spawn];
  Finding finding = output.make();
  finding.location = solution.place(fact.step);
  std::string name = "`" + fact.name.display + "`", entry = "`" + solution.functionName(spawn.entry) + "`";
  finding.message = name + " dies here while the thread that runs " + entry + " may still take it";
  finding.help = "join the thread before the lock is destroyed, or let the lock live as long as the thread";
  finding.identity = {fact.name.display, solution.functionName(fact.function)};
  finding.confidence = Confidence::High;
  TraceBuilder owner(solution, "Thread 1");
  owner.chain(spawn.step, "starts the thread that runs " + entry).chain(fact.step, "the life of " + name + " ends");
  finding.threads.push_back(owner.build());
  TraceBuilder user(solution, "Thread 2: runs " + entry);
  user.chain(fact.takenAt, "takes " + name);
  finding.threads.push_back(user.build());
  output.add(std::move(finding));
}

void lockDestroyedInUse(const RuleInput &input, RuleOutput &output) {
  for (const DestroyedLock &fact : input.solution.destroyed)
    if (fact.spawn)
      reportThread(input.solution, fact, output);
    else
      reportHeld(input.solution, fact, output);
}

} // namespace gridlock::checks
