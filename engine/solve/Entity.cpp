//===- Entity.cpp - A declared field or global --------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Entity.h"

namespace gridlock::solve {

static Entity ofField(link::FieldId field) { return field ? (1ull << 32) | field : 0; }
static Entity ofGlobal(link::GlobalId global) { return (2ull << 32) | global; }

link::FieldId fieldOf(Entity entity) { return entity >> 32 == 1 ? link::FieldId(entity) : 0; }
link::GlobalId globalOf(Entity entity) { return entity >> 32 == 2 ? link::GlobalId(entity) : 0; }

Entity entityOf(const link::Program::UnitLink &link, ir::Index place) {
  const ir::Expr *e = &link.unit->exprs[place];
  while (e->kind == ir::ExprKind::Index)
    e = &link.unit->exprs[e->a];
  if (e->kind == ir::ExprKind::Field)
    return ofField(link.fields[e->b]);
  return e->kind == ir::ExprKind::Global ? ofGlobal(link.globals[e->a]) : 0;
}

Entity entityAt(const link::Program::UnitLink &link, ir::Index value) {
  const ir::Expr &e = link.unit->exprs[value];
  return e.kind == ir::ExprKind::AddressOf ? entityOf(link, e.a) : 0;
}

Entity entityOf(const TermTable &terms, TermId place) {
  const Term &term = terms[terms.declared(place)];
  if (term.kind == TermKind::Field)
    return ofField(term.b);
  return term.kind == TermKind::Global ? ofGlobal(term.a) : 0;
}

} // namespace gridlock::solve
