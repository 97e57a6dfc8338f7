//===- condvar-extra-lock-held.cpp -------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread waits for a condition variable while it keeps another lock than the
// one that the wait gives back. When the thread that would wake it needs that
// lock first, neither goes on: an error. When it is not known who wakes it, or
// whoever does takes that lock elsewhere: a warning.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/LockOrder.h"
#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace gridlock::checks {

using namespace solve;

namespace {

/// What is known about those who wake a condition.
struct Wakers {
  const Notification *needs = nullptr; ///< takes the lock before it wakes
  const Notification *other = nullptr; ///< some other one
};

} // namespace

/// Those that wake the condition; when some of them change what this wait is
/// about, those alone.
static std::vector<const Notification *> wakersOf(const Solution &solution, const BlockedWithLock &blocked) {
  SourceLocation at = solution.location(solution.innermost(blocked.step));
  const WaitFact *wait = nullptr;
  for (const WaitFact &candidate : solution.waits)
    if (solution.location(candidate.step) == at)
      wait = &candidate;
  std::vector<const Notification *> all, relevant;
  for (const Notification &fact : solution.notifications) {
    if (!mayBeSameCondition(fact.condition, blocked.condition))
      continue;
    all.push_back(&fact);
    if (wait && llvm::any_of(fact.changes, [&](const Notification::Changed &changed) {
          return llvm::is_contained(wait->subjects, changed.subject);
        }))
      relevant.push_back(&fact);
  }
  return relevant.empty() ? all : relevant;
}

static Wakers findWakers(const Solution &solution, llvm::ArrayRef<const Notification *> all, const LockName &lock) {
  Wakers wakers;
  for (const Notification *candidate : all) {
    const Notification &fact = *candidate;
    auto isIt = [&](const LockName &other) { return mayBeSameCondition(other, lock); };
    bool needs =
        llvm::any_of(fact.held, isIt) || llvm::any_of(fact.taken, isIt) || callersHold(solution, fact.function, lock);
    const Notification *&slot = needs ? wakers.needs : wakers.other;
    if (!slot)
      slot = &fact;
  }
  return wakers;
}

/// Whether some function that the wakers' threads run takes the lock at all.
static bool wakersMayTake(const Solution &solution, const Notification &waker, const LockName &lock) {
  std::set<std::uint32_t> roots;
  for (const Context &context : solution.contexts[waker.function])
    roots.insert(context.root);
  return llvm::any_of(solution.sections.of(lock.classKey), [&](const CriticalSections::Section &section) {
    return llvm::any_of(solution.contexts[section.first],
                        [&](const Context &context) { return roots.count(context.root) != 0; });
  });
}

static void reportTwice(const Solution &solution, const WaitFact &wait, RuleOutput &output) {
  Finding finding = output.make();
  finding.location = solution.location(wait.step);
  std::string lock = "`" + wait.lock.display + "`";
  finding.message = "the wait gives " + lock + " back once, but it is held twice: nobody can take it meanwhile";
  finding.help = "take the lock once, or move the wait out of the function that is called with it held";
  finding.confidence = wait.heldTwice || wait.lock.exact ? Confidence::High : Confidence::Medium;
  finding.identity = {wait.condition.display, wait.lock.display, solution.functionName(wait.function)};
  TraceBuilder trace(solution, "Waiting thread");
  trace.wayTo(wait.function, false)
      .holds(wait.lock.display)
      .chain(wait.step, "waits for `" + wait.condition.display + "`");
  finding.threads.push_back(trace.build());
  output.add(std::move(finding));
}

static void report(const Solution &solution, const BlockedWithLock &fact, std::size_t which, const Wakers &wakers,
                   RuleOutput &output) {
  Finding finding = output.make();
  finding.location = solution.location(solution.innermost(fact.step));
  const LockName &name = fact.names[which];
  std::string lock = "`" + name.display + "`", condition = "`" + fact.condition.display + "`";
  bool certain = wakers.needs && !wakers.other && !fact.bounded;
  finding.severity = certain ? Severity::Error : Severity::Warning;
  finding.message = "this waits for " + condition + " while " + lock + " stays held" +
                    (wakers.needs ? ", and the thread that wakes it takes that lock first" +
                                        std::string(fact.bounded ? "" : ": neither can go on")
                                  : ": whoever wakes it may need that lock");
  finding.help = "release " + lock + " before the wait, or wait with that lock";
  finding.confidence = fact.manyTargets ? Confidence::Low : Confidence::Medium;
  finding.identity = {fact.condition.display, name.display, solution.functionName(fact.function)};
  TraceBuilder waiter(solution, "Thread 1");
  waiter.wayTo(fact.function, false)
      .chain(fact.held[which].acquiredAt, "takes " + lock)
      .holds(name.display)
      .chain(fact.step, "waits for " + condition + " and keeps " + lock);
  finding.threads.push_back(waiter.build());
  if (const Notification *waker = wakers.needs ? wakers.needs : wakers.other) {
    TraceBuilder notifier(solution, "Thread 2");
    notifier.wayTo(waker->function, true)
        .chain(waker->step, "notifies " + condition + (wakers.needs ? ", after it has taken " + lock : std::string()));
    finding.threads.push_back(notifier.build());
  }
  output.add(std::move(finding));
}

void condvarExtraLockHeld(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  std::set<std::pair<SourceLocation, std::string>> reported;
  for (const BlockedWithLock &fact : solution.blocked) {
    if (fact.what != "condition" || fact.condition.key.empty())
      continue;
    // One lock is enough for a finding: best one that the waker needs.
    std::size_t best = fact.held.size();
    Wakers bestWakers;
    std::vector<const Notification *> all = wakersOf(solution, fact);
    for (std::size_t i = 0; i < fact.held.size(); ++i) {
      if (fact.held[i].traits.isForLong() || fact.held[i].leaked)
        continue;
      Wakers wakers = findWakers(solution, all, fact.names[i]);
      // Someone wakes it who never needs the lock.
      bool harmless = wakers.other && !wakersMayTake(solution, *wakers.other, fact.names[i]);
      if (harmless || (best < fact.held.size() && (!wakers.needs || bestWakers.needs)))
        continue;
      best = i;
      bestWakers = wakers;
    }
    if (best < fact.held.size() &&
        reported.insert({solution.location(solution.innermost(fact.step)), fact.names[best].classKey}).second)
      report(solution, fact, best, bestWakers, output);
  }
  for (const WaitFact &wait : solution.waits)
    if (!wait.bounded && (wait.heldTwice || (wait.nests && callersHold(solution, wait.function, wait.lock))))
      reportTwice(solution, wait, output);
}

} // namespace gridlock::checks
