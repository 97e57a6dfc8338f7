//===- lock-self-deadlock.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One thread takes a lock that it already holds. Two names of one lock are known to
// be that on the path, or because one of them leads through an object that was told
// whom it belongs to: a listener that asks the model that called it.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include <set>

namespace gridlock::checks {

using namespace solve;

static std::string describe(const Reacquisition &fact) {
  bool heldShared = fact.held.mode == model::LockMode::Shared, wantsShared = fact.mode == model::LockMode::Shared;
  std::string name = "`" + fact.name.display + "`";
  if (heldShared && wantsShared)
    return name + " is taken for reading by a thread that holds it for reading: a waiting writer blocks both";
  if (heldShared)
    return name + " is taken by a thread that holds it for reading: it waits for itself";
  if (wantsShared)
    return name + " is taken for reading by the thread that holds it: it waits for itself";
  return name + " is taken by the thread that already holds it: it waits for itself";
}

/// The way to the first acquisition, and on to the second.
static ThreadTrace traceOf(const Solution &solution, link::FunctionId function, const Held &held, StepId again,
                           model::LockMode mode, const std::string &name) {
  TraceBuilder trace(solution, "Thread 1");
  trace.wayTo(function, false)
      .chain(held.acquiredAt, "takes `" + name + "`" + modeText(held.mode))
      .holds(name)
      .chain(again, "takes `" + name + "`" + modeText(mode) + " again");
  return trace.build();
}

/// The pair is of one lock, as far as names tell.
static bool meetsItself(const Solution &solution, const LockPair &pair) {
  bool bothShared = pair.mode == model::LockMode::Shared && pair.held.mode == model::LockMode::Shared;
  bool waits = !pair.byTry && !bothShared && pair.traits.recursion != model::Recursion::Always;
  bool isSure = !pair.lossy && !pair.manyTargets && !pair.ordered && pair.openMode == OpenMode::None;
  return waits && isSure && pair.heldName.classKey == pair.acquiredName.classKey && !pair.heldName.generic &&
         !solution.mayBeRecursive(pair.acquiredName, pair.acquired) && !solution.rootIsMerged(pair.held.lock) &&
         solution.metThroughBackPointer(pair.held.lock, pair.acquired);
}

static void reportBackPointers(const Solution &solution, RuleOutput &output) {
  std::set<SourceLocation> reported;
  for (const LockPair &pair : solution.pairs) {
    if (!meetsItself(solution, pair) || !reported.insert(solution.place(pair.step)).second)
      continue;
    Finding finding = output.make();
    finding.location = solution.place(pair.step);
    std::string name = pair.acquiredName.display;
    const link::FieldInfo &pointer =
        solution.program.field(solution.metThroughBackPointer(pair.held.lock, pair.acquired));
    finding.message = "`" + name + "` is held, and taken again by way of `" +
                      std::string(solution.program.record(pointer.record).displayName) +
                      "::" + std::string(pointer.name) + "`: when that is the same object, the thread waits for itself";
    finding.help = "release it before the call, or call a variant that expects it to be held";
    finding.identity = {name, solution.functionName(pair.function)};
    finding.confidence = Confidence::Medium;
    finding.assumptions.push_back("the two objects are one, or another thread takes their locks the other way round");
    finding.threads.push_back(traceOf(solution, pair.function, pair.held, pair.step, pair.mode, name));
    output.add(std::move(finding));
  }
}

void lockSelfDeadlock(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  reportBackPointers(solution, output);
  for (const Reacquisition &fact : solution.reacquisitions) {
    if (solution.mayBeRecursive(fact.name, fact.lock))
      continue;
    Finding finding = output.make();
    finding.location = solution.place(fact.step);
    finding.message = describe(fact);
    finding.help = "call a variant that expects the lock to be held, or release it before the call";
    finding.identity = {fact.name.display, solution.functionName(fact.function)};
    finding.confidence = fact.manyTargets ? Confidence::Low : Confidence::High;
    if (fact.openMode == OpenMode::FlagWord) {
      finding.confidence = Confidence::Low;
      finding.assumptions.push_back("the flags of the object are such that the lock is taken again");
    }
    if (fact.manyTargets)
      finding.assumptions.push_back("an indirect call has many possible targets");
    finding.threads.push_back(traceOf(solution, fact.function, fact.held, fact.step, fact.mode, fact.name.display));
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
