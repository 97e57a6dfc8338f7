//===- condvar-lost-wakeup.cpp -----------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The state that a thread waits for is changed, and the thread woken, by a
// thread that never holds the waiting thread's lock in between: the change may
// fall between the test and the wait, and the wake-up is lost.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/LockOrder.h"
#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace gridlock::checks {

using namespace solve;

static bool contains(const std::vector<LockName> &locks, const LockName &lock) {
  bool assumed = false;
  return llvm::any_of(locks, [&](const LockName &other) {
    bool mayBeAny = other.generic || other.throughPointer || lock.throughPointer;
    return mayBeAny || mayBeSameLock(other, lock, assumed);
  });
}

static void report(const Solution &solution, const Notification &fact, const Notification::Changed &changed,
                   const WaitFact &wait, RuleOutput &output) {
  Finding finding = output.make();
  finding.location = solution.location(solution.innermost(fact.step));
  std::string state = "`" + solution.subjects->name(changed.subject) + "`", lock = "`" + wait.lock.display + "`",
              condition = "`" + wait.condition.display + "`";
  finding.message = state + " is changed without " + lock + ", which the thread that waits for it holds between its " +
                    "test and its wait: this wake-up of " + condition + " can be lost";
  finding.help = "change " + state + " while " + lock + " is held, then notify; an atomic variable alone does not help";
  finding.confidence = wait.condition.exact && wait.lock.exact ? Confidence::High : Confidence::Medium;
  finding.identity = {wait.condition.display, state, solution.functionName(fact.function)};
  TraceBuilder notifier(solution, "Thread 1");
  notifier.wayTo(fact.function, true)
      .chain(changed.at, "changes " + state)
      .chain(fact.step, "notifies " + condition + " without ever holding " + lock);
  finding.threads.push_back(notifier.build());
  TraceBuilder waiter(solution, "Thread 2");
  waiter.wayTo(wait.function, true)
      .holds(wait.lock.display)
      .at(wait.function, wait.location, "tests " + state + ", then waits for " + condition);
  finding.threads.push_back(waiter.build());
  output.add(std::move(finding));
}

void condvarLostWakeup(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  std::set<std::pair<SourceLocation, std::uint64_t>> reported;
  for (const Notification &fact : solution.notifications)
    for (const Notification::Changed &changed : fact.changes) {
      // With a time-out the waiting thread goes on, a little late.
      const WaitFact *waiter = nullptr;
      bool guarded = false;
      for (const WaitFact &wait : solution.waits) {
        if (wait.bounded || wait.lock.generic || !mayBeSameCondition(wait.condition, fact.condition) ||
            !llvm::is_contained(wait.subjects, changed.subject))
          continue;
        bool holds = contains(changed.guards, wait.lock) || contains(fact.held, wait.lock) ||
                     callersHold(solution, fact.function, wait.lock);
        guarded |= holds;
        if (!holds && !waiter)
          waiter = &wait;
      }
      if (waiter && !guarded &&
          reported.insert({solution.location(solution.innermost(changed.at)), changed.subject}).second)
        report(solution, fact, changed, *waiter, output);
    }
}

} // namespace gridlock::checks
