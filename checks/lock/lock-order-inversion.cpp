//===- lock-order-inversion.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cycles of locks, one finding a cycle; and waits for a thread that itself needs
// a lock which the waiter holds: for its end, or for what it gives (a semaphore, a
// latch, a value), where everybody who gives it takes that lock before.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/LockOrder.h"
#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <set>

namespace gridlock::checks {

using namespace solve;

static std::string quoted(const std::string &name) { return "`" + name + "`"; }

/// How messages name the two locks of a pair: two objects of one class by their
/// own names.
struct PairNames {
  PairNames(const Solution &solution, const LockPair &pair)
      : held(pair.heldName.display), acquired(pair.acquiredName.display) {
    if (held != acquired)
      return;
    held = solution.terms.spell(pair.held.lock, pair.function);
    acquired = solution.terms.spell(pair.acquired, pair.function);
  }
  std::string held, acquired;
};

static ThreadTrace pairTrace(const Solution &solution, const LockPair &pair, std::size_t number) {
  TraceBuilder trace(solution, "Thread " + std::to_string(number));
  if (pair.spawn)
    trace.spawnedBy(pair.spawn);
  else
    trace.wayTo(pair.function, /*preferSpawned=*/true);
  PairNames names(solution, pair);
  trace.chain(pair.held.acquiredAt, "takes " + quoted(names.held) + modeText(pair.held.mode));
  trace.holds(names.held);
  trace.chain(pair.step, "takes " + quoted(names.acquired) + modeText(pair.mode) + ", waiting while it holds " +
                             quoted(names.held));
  return trace.build();
}

static void reportCycle(const Solution &solution, const LockCycle &cycle, RuleOutput &output) {
  Finding finding = output.make();
  // The place that sorts first stands for the cycle, so that it stays put.
  auto first = std::min_element(cycle.pairs.begin(), cycle.pairs.end(), [&](const LockPair *a, const LockPair *b) {
    return solution.place(a->step) < solution.place(b->step);
  });
  std::vector<const LockPair *> pairs(first, cycle.pairs.end());
  pairs.insert(pairs.end(), cycle.pairs.begin(), first);
  finding.location = solution.place(pairs.front()->step);
  if (pairs.size() == 2) {
    PairNames names(solution, *pairs[0]);
    finding.message = "locks " + quoted(names.held) + " and " + quoted(names.acquired) +
                      " are taken in both orders: two threads can wait for each other for ever";
  } else {
    finding.message = "a cycle of " + std::to_string(pairs.size()) + " locks: ";
    for (const LockPair *pair : pairs)
      finding.message += quoted(PairNames(solution, *pair).held) + ", then ";
    finding.message += quoted(PairNames(solution, *pairs[0]).held) + "; threads can wait for each other for ever";
  }
  finding.help = "take them in one order everywhere, or all at once (std::scoped_lock), or release the first before "
                 "taking the second";
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    finding.threads.push_back(pairTrace(solution, *pairs[i], i + 1));
    finding.identity.push_back(PairNames(solution, *pairs[i]).held);
    finding.cycle.push_back(
        {pairs[i]->heldName.display, pairs[(i + 1) % pairs.size()]->heldName.display, static_cast<unsigned>(i)});
  }
  llvm::sort(finding.identity);
  finding.confidence = Confidence::High;
  if (cycle.assumedEntry) {
    finding.confidence = Confidence::Medium;
    finding.assumptions.push_back("the functions where the threads enter are called from different threads");
  }
  if (cycle.assumedSameObject)
    finding.assumptions.push_back("both threads use the same objects");
  if (cycle.manyTargets)
    finding.assumptions.push_back("an indirect call has many possible targets");
  // One guess is worth showing; several are a chain of guesses. That any threads
  // run on any objects is one more, for three locks or beside another.
  auto guesses = std::size_t(llvm::count_if(pairs, [](const LockPair *pair) { return pair->manyTargets; }));
  if (pairs.size() > 2 || guesses > 0)
    guesses += std::size_t(cycle.assumedEntry && cycle.assumedSameObject);
  if (guesses)
    finding.confidence = guesses > 1 || pairs.size() > 2 ? Confidence::Low : Confidence::Medium;
  output.add(std::move(finding));
}

/// `join` with a lock held that the awaited thread needs.
static void reportJoins(const Solution &solution, RuleOutput &output) {
  std::set<std::pair<StepId, std::string>> reported;
  for (const JoinWithLock &join : solution.joins)
    for (std::uint32_t index : join.spawns) {
      const Spawn &spawn = solution.spawns[index];
      for (std::size_t i = 0; i < spawn.acquires.size(); ++i)
        for (const Held &held : join.held) {
          LockName mine = solution.name(held.lock, join.function);
          LockName theirs = solution.name(spawn.acquires[i].first, spawn.function);
          bool assumed = false;
          if (mine.generic || theirs.generic || !mayBeSameLock(mine, theirs, assumed) ||
              spawn.traits[i].recursion == model::Recursion::Shared ||
              !reported.insert({solution.innermost(join.step), mine.display}).second)
            continue;
          Finding finding = output.make();
          finding.location = solution.place(join.step);
          finding.message = "waits for a thread while holding " + quoted(mine.display) + ", and that thread needs " +
                            quoted(mine.display) + " before it can end";
          finding.help = "take the thread's handle out under the lock, release the lock, and wait then";
          finding.identity = {mine.display, solution.functionName(spawn.entry)};
          finding.confidence = assumed ? Confidence::Medium : Confidence::High;
          TraceBuilder waiter(solution, "Thread 1");
          waiter.wayTo(join.function, false)
              .chain(held.acquiredAt, "takes " + quoted(mine.display))
              .holds(mine.display)
              .chain(join.step, "waits for the thread that runs " + quoted(solution.functionName(spawn.entry)));
          finding.threads.push_back(waiter.build());
          TraceBuilder awaited(solution, "Thread 2: runs " + quoted(solution.functionName(spawn.entry)));
          awaited.chain(spawn.step, "is started here");
          awaited.chain(spawn.acquires[i].second, "takes " + quoted(mine.display) + ", waiting for thread 1");
          finding.threads.push_back(awaited.build());
          output.add(std::move(finding));
        }
    }
}

/// Where what the thread waits for is given. In a function that others call to give it,
/// only its callers are looked at.
static std::vector<const Notification *> postsOf(const Solution &solution, const LockName &awaited) {
  std::set<StepId> below; // chains that go on in a caller
  for (const Notification &fact : solution.posts)
    for (StepId step = solution.steps[fact.step].inner; step; step = solution.steps[step].inner)
      below.insert(step);
  std::vector<const Notification *> posts;
  for (const Notification &fact : solution.posts)
    if (!below.count(fact.step) && mayBeSameCondition(fact.condition, awaited))
      posts.push_back(&fact);
  return posts;
}

/// Whether only threads that are started, or callers from outside, run the function: what
/// they have taken they have taken beside the others.
static bool isOfThreads(const Solution &solution, link::FunctionId function) {
  return llvm::all_of(solution.contexts[function], [&](const Context &context) {
    const Root &root = solution.roots[context.root];
    return root.spawn || root.isEntryPoint;
  });
}

static bool needsLock(const Solution &solution, const Notification &post, const LockName &lock) {
  auto isIt = [&](const LockName &other) { return mayBeSameCondition(other, lock); };
  return llvm::any_of(post.held, isIt) || callersHold(solution, post.function, lock) ||
         (llvm::any_of(post.taken, isIt) && isOfThreads(solution, post.function));
}

/// Whether some other thread than the one that waits may give it meanwhile.
static bool isOfOtherThread(const Solution &solution, link::FunctionId waiting, link::FunctionId giving) {
  return llvm::any_of(solution.contexts[waiting], [&](const Context &mine) {
    return llvm::any_of(solution.contexts[giving], [&](const Context &theirs) {
      const Root &root = solution.roots[theirs.root];
      return solution.mayShareProcess(mine.root, theirs.root) &&
             (mine.root != theirs.root || root.many || root.isEntryPoint);
    });
  });
}

/// A wait with a lock held for what others give only when they have had the lock.
static void reportAwaited(const Solution &solution, RuleOutput &output) {
  std::set<std::pair<StepId, std::string>> reported;
  for (const BlockedWithLock &fact : solution.awaiting) {
    if (fact.manyTargets || fact.condition.generic)
      continue;
    const std::vector<const Notification *> posts = postsOf(solution, fact.condition);
    const auto other = llvm::find_if(
        posts, [&](const Notification *post) { return isOfOtherThread(solution, fact.function, post->function); });
    if (other == posts.end())
      continue;
    for (std::size_t i = 0; i < fact.held.size(); ++i) {
      const LockName &lock = fact.names[i];
      if (lock.generic || fact.held[i].traits.isForLong() || fact.held[i].mode == model::LockMode::Shared ||
          !llvm::all_of(posts, [&](const Notification *post) { return needsLock(solution, *post, lock); }) ||
          !reported.insert({solution.innermost(fact.step), lock.display}).second)
        continue;
      const std::string awaited = quoted(fact.condition.display);
      Finding finding = output.make();
      finding.location = solution.place(fact.step);
      finding.message = "waits for " + awaited + " while holding " + quoted(lock.display) +
                        ", and the thread that gives it needs " + quoted(lock.display) + " before";
      finding.help = "wait first and take the lock then, or release the lock before the wait";
      finding.identity = {lock.display, fact.condition.display};
      finding.confidence = Confidence::Medium;
      TraceBuilder waiter(solution, "Thread 1");
      waiter.wayTo(fact.function, false)
          .chain(fact.held[i].acquiredAt, "takes " + quoted(lock.display))
          .holds(lock.display)
          .chain(fact.step, "waits for " + awaited);
      finding.threads.push_back(waiter.build());
      TraceBuilder giver(solution, "Thread 2");
      giver.wayTo((*other)->function, true)
          .chain((*other)->step, "gives " + awaited + ", after it has taken " + quoted(lock.display));
      finding.threads.push_back(giver.build());
      output.add(std::move(finding));
      break;
    }
  }
}

/// Locks that are taken against the order that an attribute declares.
static void reportBreaches(const Solution &solution, llvm::ArrayRef<LockCycle> cycles, RuleOutput &output) {
  for (const OrderBreach &breach : findOrderBreaches(solution)) {
    const LockPair &pair = solution.pairs[breach.pair];
    bool isPartOfCycle = llvm::any_of(cycles, [&](const LockCycle &cycle) {
      return llvm::any_of(cycle.pairs, [&](const LockPair *other) {
        return other->heldName.classKey == pair.heldName.classKey &&
               other->acquiredName.classKey == pair.acquiredName.classKey;
      });
    });
    if (isPartOfCycle)
      continue;
    PairNames names(solution, pair);
    Finding finding = output.make();
    finding.location = solution.place(pair.step);
    finding.message = quoted(names.acquired) + " is taken while " + quoted(names.held) +
                      " is held, against the declared order: `" + breach.declaredAt + "`";
    finding.help = "take them in the declared order (ACQUIRED_BEFORE, ACQUIRED_AFTER), or mend the declaration";
    finding.identity = {names.held, names.acquired};
    finding.confidence = Confidence::Medium;
    finding.assumptions.push_back("some other thread keeps to the declared order");
    finding.threads.push_back(pairTrace(solution, pair, 1));
    output.add(std::move(finding));
  }
}

void lockOrderInversion(const RuleInput &input, RuleOutput &output) {
  std::vector<LockCycle> cycles = findLockCycles(input.solution);
  for (const LockCycle &cycle : cycles)
    reportCycle(input.solution, cycle, output);
  reportBreaches(input.solution, cycles, output);
  reportJoins(input.solution, output);
  reportAwaited(input.solution, output);
}

} // namespace gridlock::checks
