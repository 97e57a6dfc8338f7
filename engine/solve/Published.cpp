//===- Published.cpp - Objects put where others find them -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a function has made is its own, until it puts the address where other
// threads look: a global, a member, a container. From then on the path's accesses to
// the object are marked, and the place is remembered. Another thread whose access
// leads through that place may have the object. A round of a loop makes an object of
// its own, so what was put somewhere is forgotten at the end of the round.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Published.h"
#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Places that are remembered of one object.
static constexpr unsigned holderLimit = 4;

/// Whether others may look into a place by now.
static bool isOpenToOthers(const link::Program &program, const TermTable &terms, const State &state, TermId place) {
  const Term &object = terms[terms.objectOf(place)];
  if (object.kind == TermKind::Global)
    return !(program.global(object.a).flags & (ir::GlobalIsThreadLocal | ir::GlobalIsConst));
  if (object.kind == TermKind::Local || object.kind == TermKind::Heap)
    return llvm::is_contained(state.handedOut, terms.objectOf(place));
  // Of what an argument leads to it is not known which object it is.
  return object.kind == TermKind::Deref && terms[terms.root(place)].kind == TermKind::Global;
}

void FunctionExecutor::publish(State &state, TermId place, TermId value) {
  if (!Shared.filter.anyThreads() || terms()[value].kind != TermKind::Address || !terms().isPlace(place))
    return;
  const TermId object = terms().objectOf(terms()[value].a);
  if (terms()[object].kind != TermKind::Heap || terms().objectOf(place) == object ||
      !isOpenToOthers(Program, terms(), state, place))
    return;
  if (!llvm::is_contained(state.published, object))
    state.published.push_back(object);
  auto &holders = Shared.solution.publishedIn[object];
  if (holders.size() < holderLimit && !llvm::is_contained(holders, place))
    holders.push_back(place);
}

bool FunctionExecutor::isPublished(const State &state, TermId place) const {
  return !state.published.empty() && llvm::is_contained(state.published, terms().objectOf(place));
}

/// Whether two places are one but for the numbers of elements.
static bool areOneHolder(const TermTable &terms, TermId a, TermId b) {
  while (a != b) {
    const Term &x = terms[a], &y = terms[b];
    const bool isPath = x.kind == TermKind::Field || x.kind == TermKind::Element || x.kind == TermKind::Deref ||
                        x.kind == TermKind::Initial || x.kind == TermKind::Address;
    if (x.kind != y.kind || !isPath || (x.kind == TermKind::Field && x.b != y.b))
      return false;
    a = x.a;
    b = y.a;
  }
  return true;
}

bool findsPublished(const Solution &solution, const Access &own, const Access &other) {
  const TermTable &terms = solution.terms;
  if (!(own.flags & AccessIsPublished) || own.spawn)
    return false;
  const auto holders = solution.publishedIn.find(terms.objectOf(own.subject));
  if (holders == solution.publishedIn.end())
    return false;
  return llvm::any_of(terms.steps(other.subject), [&](TermId step) {
    if (terms[step].kind != TermKind::Deref)
      return false;
    const Term &pointer = terms[terms[step].a];
    const TermId from = pointer.kind == TermKind::Initial  ? pointer.a
                        : pointer.kind == TermKind::Opaque ? solution.loadedFrom.lookup(pointer.number)
                                                           : 0;
    return from && llvm::any_of(holders->second, [&](TermId holder) { return areOneHolder(terms, from, holder); });
  });
}

} // namespace gridlock::solve
