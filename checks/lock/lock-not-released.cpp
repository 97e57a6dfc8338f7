//===- lock-not-released.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A path leaves a function with a lock held that other paths release. A function
// may mean to return with a lock held; then its callers release it, or its
// result says so: success with the lock, failure without.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::checks {

using namespace solve;

static bool looksLikeFailure(const TermTable &terms, TermId result) {
  return result && terms[result].kind == TermKind::Integer && terms[result].number <= 0;
}

/// Every path without the lock reports failure and this one does not: the
/// function hands the lock to its caller on success. Success is its main path: who
/// releases the lock further down, or at the one way out, does not mean that.
static bool handsOverOnSuccess(const Solution &solution, const Leak &leak) {
  const TermTable &terms = solution.terms;
  if (leak.byException || !leak.result || leak.otherResults.empty() || leak.releasedLater)
    return false;
  bool isZero = terms.isInteger(leak.result, 0);
  bool othersAreOne = llvm::all_of(leak.otherResults, [&](TermId result) { return terms.isInteger(result, 1); });
  if (isZero && (leak.returnsTruth || (othersAreOne && leak.oneWayOut)))
    return false;
  bool othersFail = llvm::all_of(leak.otherResults, [&](TermId result) {
    bool negative = result && terms[result].kind == TermKind::Integer && terms[result].number < 0;
    bool null = result && terms.isInteger(result, 0) && !isZero;
    return negative || null;
  });
  // 0 for success, and whatever the failed step said for all else.
  othersFail |= leak.othersAreNonZero && isZero;
  bool thisSucceeds = !looksLikeFailure(terms, leak.result) || isZero;
  bool differs = llvm::none_of(leak.otherResults, [&](TermId result) { return result == leak.result; });
  return othersFail && thisSucceeds && differs;
}

void lockNotReleased(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  for (const Leak &leak : solution.leaks) {
    if (solution.heldOnPurpose.count(leak.function) || (leak.keptBy && !solution.heldOnPurpose.count(leak.keptBy)))
      continue;
    if (!solution.hasCallers[leak.function] && handsOverOnSuccess(solution, leak))
      continue;
    Finding finding = output.make();
    finding.location = solution.location(leak.held.acquiredAt);
    finding.message = "`" + leak.name.display + "` is not released on " +
                      (leak.byException ? "the path where an exception leaves `" : "a path that leaves `") +
                      solution.functionName(leak.function) + "`; other paths release it";
    finding.help = leak.byException ? "hold it with a guard (std::lock_guard), which releases it on every way out"
                                    : "release it before leaving, or hold it with a guard";
    finding.identity = {leak.name.display, solution.functionName(leak.function)};
    finding.confidence = leak.held.traits.recursion == model::Recursion::Always ? Confidence::Medium : Confidence::High;
    TraceBuilder trace(solution, "Thread 1");
    trace.chain(leak.held.acquiredAt, "takes `" + leak.name.display + "`").holds(leak.name.display);
    if (leak.byException && leak.thrownAt)
      trace.chain(leak.thrownAt, "an exception leaves the function here, with `" + leak.name.display + "` held");
    else
      trace.at(leak.function, leak.exitLocation, "leaves the function with `" + leak.name.display + "` held");
    finding.threads.push_back(trace.build());
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
