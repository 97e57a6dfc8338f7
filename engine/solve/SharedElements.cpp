//===- SharedElements.cpp - Elements of one array, two threads --*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/SharedElements.h"
#include "engine/solve/ElementOverlap.h"

namespace gridlock::solve {

bool SharedElements::isInArray(TermId place) const {
  const Term &object = S.terms[S.terms.objectOf(place)];
  auto isArray = [](const ir::Unit &unit, ir::Index type) { return unit.types[type].kind == ir::TypeKind::Array; };
  if (object.kind == TermKind::Global) {
    const link::RowRef &row = S.program.global(object.a).row;
    const ir::Unit &unit = S.program.unit(row.unit);
    return isArray(unit, unit.globals[row.row].type);
  }
  if (object.kind != TermKind::Local)
    return hasComputedElement(S.terms, place);
  const ir::Unit &unit = S.program.unit(S.program.function(object.a).row.unit);
  return isArray(unit, unit.variables[object.b].type);
}

TermId SharedElements::arrayOfRows(TermId place) const {
  TermId array = 0;
  for (TermId object = S.terms.objectOf(place);
       S.terms[object].kind == TermKind::Deref && S.terms[S.terms[object].a].kind == TermKind::Initial;
       object = S.terms.objectOf(S.terms[S.terms[object].a].a)) {
    const TermId row = S.terms[S.terms[object].a].a;
    if (S.terms[row].kind != TermKind::Element)
      break;
    array = S.terms.objectOf(row);
  }
  return array;
}

bool SharedElements::isKnown(const Access &access) const {
  for (TermId place = access.subject;
       S.terms[place].kind == TermKind::Field || S.terms[place].kind == TermKind::Element; place = S.terms[place].a)
    if (S.terms[place].kind == TermKind::Element && !S.terms[place].b)
      return false;
  return true;
}

RoundsMeet SharedElements::compareRounds(const AccessRun &x, const AccessRun &y) {
  const Access &a = S.accesses[x.access], &b = S.accesses[y.access];
  if (((a.flags | b.flags) & (AccessIsSelected | AccessIsBounded)) || !isOfRegion(a) || !isOfRegion(b) ||
      !hasComputedElement(S.terms, a.subject) || !hasComputedElement(S.terms, b.subject))
    return RoundsMeet::Unknown;
  const TwoThreads threads{a.spawn, b.spawn, a.function == b.function};
  auto [known, isNew] = Compared.try_emplace({a.subject, b.subject, a.spawn, b.spawn}, RoundsMeet::Unknown);
  if (isNew)
    known->second = solve::compareRounds(S.terms, S.loopRanges, a.subject, b.subject, threads);
  return known->second;
}

} // namespace gridlock::solve
