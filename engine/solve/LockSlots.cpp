//===- LockSlots.cpp - Which part of which object a lock is -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/LockSlots.h"
#include "engine/solve/State.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace gridlock::solve {

OwningFields::OwningFields(const link::Program &program) {
  Shared.assign(program.fieldCount(), false);
  Made.assign(program.fieldCount(), false);
  for (link::FunctionId id = 1; id < program.functionCount(); ++id) {
    if (!program.function(id).hasBody)
      continue;
    const link::Program::UnitLink &link = program.link(program.function(id).row.unit);
    const ir::Unit &unit = *link.unit;
    auto isOwnValue = [&](const ir::Expr &value) {
      return value.kind == ir::ExprKind::Result || value.kind == ir::ExprKind::NullConst ||
             value.kind == ir::ExprKind::IntConst;
    };
    program.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind != ir::EventKind::Assign)
        return;
      const ir::Expr &place = unit.exprs[event.a];
      if (place.kind != ir::ExprKind::Field)
        return;
      const ir::Expr &value = unit.exprs[event.b];
      if (!isOwnValue(value))
        Shared[link.fields[place.b]] = true;
      else if (value.kind == ir::ExprKind::Result)
        Made[link.fields[place.b]] = true;
    });
  }
}

/// The pointer value at whose object a path of fields and elements starts; 0
/// for a path that starts at a variable.
static TermId startOf(const TermTable &terms, TermId place) {
  while (terms[place].kind == TermKind::Field || terms[place].kind == TermKind::Element)
    place = terms[place].a;
  return terms[place].kind == TermKind::Deref ? terms[place].a : 0;
}

/// A pointer that was loaded from memory, or that something unknown supplied.
static bool isUnknownPointer(const TermTable &terms, TermId pointer) {
  const Term &term = terms[pointer];
  if (term.kind == TermKind::Opaque)
    return OriginKind(term.a) != OriginKind::Fresh && OriginKind(term.a) != OriginKind::Uninitialized;
  return term.kind == TermKind::Initial;
}

link::FieldId metThroughBackPointer(const TermTable &terms, const OwningFields &owning, TermId held, TermId acquired) {
  TermId from = startOf(terms, acquired), other = startOf(terms, held);
  if (!from || terms[from].kind != TermKind::Initial || terms[terms[from].a].kind != TermKind::Field)
    return 0;
  const Term &pointer = terms[terms[from].a];
  auto ownerOf = [&](TermId lock) { // the class that the lock is a part of
    TermId owner = 0;
    for (TermId walk = lock; terms[walk].kind == TermKind::Field || terms[walk].kind == TermKind::Element;
         walk = terms[walk].a)
      if (terms[walk].kind == TermKind::Field)
        owner = terms[walk].b;
    return owner ? terms.program().field(owner).record : link::RecordId(0);
  };
  // The object of the held lock is what this thread was called with, or a variable.
  bool isLoaded = other && terms[other].kind == TermKind::Initial && terms[terms[other].a].kind == TermKind::Field;
  bool heldByItself =
      !other || terms[other].kind == TermKind::Formal || (terms[other].kind == TermKind::Initial && !isLoaded);
  link::RecordId owner = ownerOf(acquired);
  bool isBack = terms.program().field(pointer.b).record != owner && owning.isBackPointer(pointer.b);
  return heldByItself && owner && ownerOf(held) == owner && isBack ? pointer.b : 0;
}

bool areOneHere(TermTable &terms, const State &state, TermId lock, TermId other) {
  auto spelled = [&](TermId id, TermId from, TermId to) {
    return terms.rewrite(
        id, [&](TermId leaf) { return leaf == from ? to : TermId(0); },
        [&](TermId place) { return terms.initial(place); });
  };
  return llvm::any_of(state.facts(), [&](const Fact &known) {
    const Term term = terms[known.term];
    bool equal = term.kind == TermKind::Binary && term.op == ir::Operator::Equal && (known.low == 1 || known.nonZero);
    if (!equal || terms[term.b].kind == TermKind::Integer)
      return false;
    auto becomes = [&](TermId from, TermId to) {
      return terms.mentions(lock, from) && terms.mentions(other, to) && spelled(lock, from, to) == other;
    };
    return becomes(term.a, term.b) || becomes(term.b, term.a);
  });
}

bool mayAlias(const TermTable &terms, TermId lock, TermId other) {
  if (lock == other)
    return true;
  bool unknown = isUnknownPointer(terms, startOf(terms, lock)) || isUnknownPointer(terms, startOf(terms, other));
  if (!unknown)
    return false;
  // The same fields from the end, up to a pointer on one side.
  for (bool matched = false;; matched = true) {
    const Term &a = terms[lock], &b = terms[other];
    if (a.kind == TermKind::Deref || b.kind == TermKind::Deref)
      return matched || (a.kind == TermKind::Deref && b.kind == TermKind::Deref);
    if (a.kind != b.kind || (a.kind != TermKind::Field && a.kind != TermKind::Element))
      return false;
    if (a.kind == TermKind::Field && a.b != b.b)
      return false;
    lock = a.a;
    other = b.a;
  }
}

link::FieldId partOf(const TermTable &terms, const OwningFields &owning, TermId lock, link::RecordId owner) {
  const link::Program &program = terms.program();
  // Up to the object of the owner's type.
  TermId walk = lock;
  while (terms[walk].kind == TermKind::Field && program.field(terms[walk].b).record != owner)
    walk = terms[walk].a;
  if (terms[walk].kind != TermKind::Field)
    return 0;
  walk = terms[walk].a;
  while (terms[walk].kind == TermKind::Element)
    walk = terms[walk].a;
  if (terms[walk].kind == TermKind::Field)
    return terms[walk].b;
  if (terms[walk].kind != TermKind::Deref || terms[terms[walk].a].kind != TermKind::Initial)
    return 0;
  const Term &holder = terms[terms[terms[walk].a].a];
  return holder.kind == TermKind::Field && owning.contains(holder.b) ? holder.b : 0;
}

bool mentionsOrigin(const TermTable &terms, TermId lock, OriginKind origin) {
  const Term &term = terms[lock];
  switch (term.kind) {
  case TermKind::Opaque:
    return OriginKind(term.a) == origin;
  case TermKind::Element:
  case TermKind::Binary:
    return mentionsOrigin(terms, term.a, origin) || (term.b && mentionsOrigin(terms, term.b, origin));
  case TermKind::Field:
  case TermKind::Deref:
  case TermKind::Initial:
  case TermKind::Address:
  case TermKind::Unary:
    return mentionsOrigin(terms, term.a, origin);
  default:
    return false;
  }
}

bool sameShape(const TermTable &terms, TermId lock, TermId other) {
  auto fields = [&](TermId walk) {
    llvm::SmallVector<link::FieldId, 8> path;
    for (;;) {
      const Term &term = terms[walk];
      if (term.kind == TermKind::Field)
        path.push_back(term.b);
      else if (term.kind != TermKind::Element && term.kind != TermKind::Deref && term.kind != TermKind::Initial &&
               term.kind != TermKind::Address)
        return path;
      walk = term.a;
    }
  };
  return fields(lock) == fields(other);
}

} // namespace gridlock::solve
