//===- lock-same-class-order.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two objects of one class are locked inside each other, and nothing orders
// them. Known callers that always pass the same two objects in one order are
// proof of an order.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/ElementOverlap.h"
#include "engine/solve/LockOrder.h"
#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

namespace gridlock::checks {

using namespace solve;

/// All pairs that meet at one place in the code.
struct Meeting {
  std::vector<const LockPair *> pairs;
};

/// Whether the known objects are always nested in one direction.
static bool hasOneOrder(const Meeting &meeting) {
  std::map<std::string, std::set<std::string>> after;
  for (const LockPair *pair : meeting.pairs) {
    if (!pair->heldName.exact || !pair->acquiredName.exact)
      return false;
    after[pair->heldName.key].insert(pair->acquiredName.key);
  }
  for (auto &[outer, inners] : after)
    for (const std::string &inner : inners)
      if (auto found = after.find(inner); found != after.end() && found->second.count(outer))
        return false;
  return true;
}

/// Whether a join of paths in the function that takes the lock, or a loop of it, has
/// chosen the element: `if (left > right) swap(left, right)`. A loop that may change a
/// variable whose address somebody has does not say in which function it is.
static bool indexIsMerged(const Solution &solution, const LockPair &pair, TermId lock) {
  const TermTable &terms = solution.terms;
  const link::FunctionId taking = solution.steps[solution.innermost(pair.step)].function;
  for (; terms[lock].kind == TermKind::Field || terms[lock].kind == TermKind::Element; lock = terms[lock].a) {
    const Term &index = terms[terms[lock].kind == TermKind::Element ? terms[lock].b : 0];
    if (index.kind == TermKind::Opaque &&
        (OriginKind(index.a) == OriginKind::Merge ||
         (OriginKind(index.a) == OriginKind::Loop && (!index.b || index.b == taking))))
      return true;
  }
  return false;
}

/// Elements of one array that a function nests in both directions: the number of the
/// one who takes them decides which, and so somebody breaks the circle.
static bool dependsOnNumber(const Solution &solution, const LockPair &pair) {
  if (!hasComputedElement(solution.terms, pair.held.lock))
    return false;
  return llvm::any_of(solution.pairs, [&](const LockPair &other) {
    return other.function == pair.function && other.held.lock == pair.acquired && other.acquired == pair.held.lock;
  });
}

static void report(const Solution &solution, const LockPair &pair, RuleOutput &output) {
  Finding finding = output.make();
  finding.location = solution.place(pair.step);
  std::string lock = pair.acquiredName.display;
  finding.message = "two objects' `" + lock +
                    "` are held at once with nothing that orders them: the same call with the "
                    "objects exchanged waits for ever";
  finding.help = "lock both at once (std::scoped_lock(a, b)), or order them by address or by a rank first";
  finding.identity = {lock, solution.functionName(pair.function)};
  finding.confidence = pair.manyTargets || pair.onOpenPointer ? Confidence::Low : Confidence::Medium;
  if (pair.onOpenPointer)
    finding.assumptions.push_back("a pointer that decides whether the second is taken is not null then");
  finding.assumptions.push_back("two threads may call this with the objects exchanged");
  TraceBuilder trace(solution, "Thread 1");
  trace.wayTo(pair.function, true)
      .chain(pair.held.acquiredAt, "takes `" + lock + "` of the first object")
      .holds(lock + " (first)")
      .chain(pair.step, "takes `" + lock + "` of the second object");
  finding.threads.push_back(trace.build());
  output.add(std::move(finding));
}

void lockSameClassOrder(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  std::map<std::pair<SourceLocation, SourceLocation>, Meeting> meetings;
  for (const LockPair &pair : solution.pairs) {
    bool sameClass = pair.heldName.classKey == pair.acquiredName.classKey && !pair.heldName.generic;
    bool bothShared = pair.mode == model::LockMode::Shared && pair.held.mode == model::LockMode::Shared;
    bool recursive = pair.traits.recursion == model::Recursion::Always;
    if (!sameClass || pair.ordered || pair.byTry || bothShared || pair.acquired == pair.held.lock)
      continue;
    // The same object by another way: lock-self-deadlock tells.
    if (solution.metThroughBackPointer(pair.held.lock, pair.acquired))
      continue;
    // Locks that are exact where they meet are two named objects.
    if (pair.heldName.exact && pair.acquiredName.exact && !pair.metAsInputs)
      continue;
    if (pair.lossy || recursive || pair.openMode != OpenMode::None)
      continue;
    // Two objects that play different parts do not change places.
    bool otherParts = pair.heldName.part && pair.acquiredName.part && pair.heldName.part != pair.acquiredName.part;
    if (otherParts || (!pair.metAsInputs && !sameShape(solution.terms, pair.held.lock, pair.acquired)))
      continue;
    // An object that a loop or a join made unknown may be ordered by what the
    // loop walks along.
    if (solution.rootIsMerged(pair.held.lock) || solution.rootIsMerged(pair.acquired))
      continue;
    if (indexIsMerged(solution, pair, pair.held.lock) || indexIsMerged(solution, pair, pair.acquired))
      continue;
    if (dependsOnNumber(solution, pair))
      continue;
    meetings[{solution.place(pair.step), solution.place(pair.held.acquiredAt)}].pairs.push_back(&pair);
  }
  std::set<SourceLocation> reported;
  for (auto &[places, meeting] : meetings)
    if (!hasOneOrder(meeting) && reported.insert(places.first).second)
      report(solution, *meeting.pairs.front(), output);
}

} // namespace gridlock::checks
