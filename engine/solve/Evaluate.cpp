//===- Evaluate.cpp - Expressions and the store -----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "engine/summary/Parameters.h"

namespace gridlock::solve {

TermId FunctionExecutor::value(State &state, ir::Index expr) {
  const ir::Expr &e = Unit.exprs[expr];
  switch (e.kind) {
  case ir::ExprKind::IntConst:
    return terms().integer(e.value);
  case ir::ExprKind::NullConst:
    return terms().integer(0);
  case ir::ExprKind::StringConst:
    return terms().string(Unit.strings[e.a]);
  case ir::ExprKind::FunctionRef:
    return terms().function(Link.functions[e.a]);
  case ir::ExprKind::Load:
    return load(state, place(state, e.a));
  case ir::ExprKind::AddressOf:
    return terms().address(place(state, e.a));
  case ir::ExprKind::Result: {
    TermId slot = terms().opaque(OriginKind::CallResult, site(8, e.a));
    TermId result = state.stored(slot);
    return result ? result : slot;
  }
  case ir::ExprKind::Unary:
    return terms().unary(e.op, value(state, e.a));
  case ir::ExprKind::Binary:
    return terms().binary(e.op, value(state, e.a), value(state, e.b));
  case ir::ExprKind::Unknown:
  case ir::ExprKind::SizeOf:
    return terms().opaque(OriginKind::Unknown, site(9, expr));
  default:
    return terms().address(place(state, expr));
  }
}

TermId FunctionExecutor::place(State &state, ir::Index expr) {
  const ir::Expr &e = Unit.exprs[expr];
  switch (e.kind) {
  case ir::ExprKind::Local: {
    const ir::Variable &variable = Unit.variables[e.a];
    bool isObject = Unit.types[variable.type].kind == ir::TypeKind::Record;
    if (variable.kind == ir::VariableKind::Parameter && isObject) {
      // A class object passed by value: the argument is its address.
      bool isMethod = ir::takesObject(Unit, Body);
      return terms().deref(terms().formal(variable.position + unsigned(isMethod)));
    }
    if (variable.kind == ir::VariableKind::ReturnSlot && isObject)
      return terms().deref(terms().formal(returnPosition));
    return terms().local(Function, e.a);
  }
  case ir::ExprKind::Global:
    return terms().global(Link.globals[e.a]);
  case ir::ExprKind::Field:
    return terms().field(place(state, e.a), Link.fields[e.b]);
  case ir::ExprKind::Index: {
    TermId index = value(state, e.b);
    return terms().element(place(state, e.a), index);
  }
  case ir::ExprKind::Deref:
    return terms().deref(value(state, e.a));
  default:
    return terms().deref(value(state, expr));
  }
}

/// When the object at `at`, or one around it, was assigned as a whole: the
/// place it was copied from; else 0.
TermId FunctionExecutor::wholeObject(State &state, TermId at) {
  if (TermId stored = state.stored(at))
    return terms()[stored].kind == TermKind::Initial ? terms()[stored].a : 0;
  const Term term = terms()[at];
  if (term.kind == TermKind::Field) {
    if (TermId base = wholeObject(state, term.a))
      return terms().field(base, term.b);
  } else if (term.kind == TermKind::Element) {
    if (TermId base = wholeObject(state, term.a))
      return terms().element(base, term.b);
  }
  return 0;
}

/// Equal but for the numbers of elements, of which one is not known.
static bool isAlike(const TermTable &terms, TermId a, TermId b) {
  while (a != b) {
    const Term &x = terms[a], &y = terms[b];
    if (x.kind != y.kind || (x.kind != TermKind::Field && x.kind != TermKind::Element))
      return false;
    if (x.kind == TermKind::Field && x.b != y.b)
      return false;
    if (x.kind == TermKind::Element && x.b != y.b && !(x.b && terms[x.b].weak) && !(y.b && terms[y.b].weak))
      return false;
    a = x.a;
    b = y.a;
  }
  return true;
}

/// The object or child that a loop put into all elements of an array, or into
/// the same field of all; 0 when it put in none, or different ones. A number
/// says nothing about the other elements: it may have changed since.
TermId FunctionExecutor::loadAlike(const State &state, TermId at) const {
  const Term &term = terms()[at];
  if ((term.kind != TermKind::Field && term.kind != TermKind::Element) || !term.weak)
    return 0;
  TermId found = 0;
  for (auto [place, value] : state.entries()) {
    if (terms()[place].kind != term.kind || !isAlike(terms(), at, place))
      continue;
    TermKind kind = terms()[value].kind;
    if ((found && found != value) || (kind != TermKind::Address && kind != TermKind::Opaque))
      return 0;
    found = value;
  }
  return found;
}

/// What an unknown closure has captured by reference: which closure it is does
/// not matter, the variable is in the lambda's text. A closure that a caller may
/// still tell stays as it is.
TermId FunctionExecutor::captureOfUnknown(TermId at) {
  const Term &term = terms()[at];
  if (term.kind != TermKind::Field || terms()[term.a].kind != TermKind::Deref ||
      terms()[terms()[term.a].a].kind == TermKind::Formal)
    return 0;
  if (Shared.subjects.capturesThis(term.b))
    return terms().opaque(OriginKind::CapturedThis, term.b);
  auto [function, variable] = Shared.subjects.capturedVariable(term.b);
  return function ? terms().address(terms().local(function, variable)) : 0;
}

TermId FunctionExecutor::load(State &state, TermId at) {
  if (TermId stored = state.stored(at))
    return stored;
  const Term term = terms()[at];
  if (term.kind == TermKind::Field || term.kind == TermKind::Element)
    if (TermId source = wholeObject(state, at); source && source != at)
      return terms().initial(source);
  // An element whose index is not known may be any that was stored.
  if (term.kind == TermKind::Element)
    if (TermId any = state.stored(terms().element(term.a, 0)))
      return any;
  if (TermId end = endStoredAt(state, at))
    return end;
  if (TermId alike = loadAlike(state, at))
    return alike;
  if (TermId captured = captureOfUnknown(at))
    return captured;
  if (term.kind == TermKind::Local)
    return terms().opaque(OriginKind::Uninitialized, (std::int64_t(term.a) << 40) | term.b);
  if (link::GlobalId pointee = term.kind == TermKind::Global ? Shared.pointers.pointee(term.a) : 0)
    return terms().address(terms().global(pointee));
  if (TermId sibling = siblingOf(at))
    return terms().address(sibling);
  return terms().initial(at);
}

/// The part of the same object to which a pointer in it leads for good; 0: none.
TermId FunctionExecutor::siblingOf(TermId at) {
  const Term pointer = terms()[at];
  if (pointer.kind != TermKind::Field || Shared.siblings.empty())
    return 0;
  if (link::FieldId beside = Shared.siblings.pointee(0, pointer.b))
    return terms().field(pointer.a, beside);
  const Term member = terms()[pointer.a];
  const link::FieldId owners = member.kind == TermKind::Field ? Shared.siblings.pointee(member.b, pointer.b) : 0;
  return owners ? terms().field(member.a, owners) : 0;
}

void FunctionExecutor::copyObject(State &state, TermId to, TermId from) {
  if (to == from)
    return;
  llvm::SmallVector<std::pair<TermId, TermId>, 8> copied;
  for (auto [place, value] : state.entries()) {
    // Every entry below `from` moves to the same path below `to`.
    llvm::SmallVector<TermId, 6> path;
    TermId walk = place;
    while (walk != from && (terms()[walk].kind == TermKind::Field || terms()[walk].kind == TermKind::Element)) {
      path.push_back(walk);
      walk = terms()[walk].a;
    }
    if (walk != from || place == from)
      continue;
    TermId target = to;
    for (TermId part : llvm::reverse(path)) {
      const Term selector = terms()[part];
      target =
          selector.kind == TermKind::Field ? terms().field(target, selector.b) : terms().element(target, selector.b);
    }
    copied.push_back({target, value});
  }
  TermId whole = load(state, from);
  state.forget(terms(), to);
  state.store(to, whole);
  for (auto [place, value] : copied) {
    publish(state, place, value);
    state.store(place, value);
  }
}

/// What the object owned is owned by the other one now.
void FunctionExecutor::moveObject(State &state, TermId to, TermId from) {
  copyObject(state, to, from);
  if (to == from)
    return;
  llvm::SmallVector<TermId, 4> emptied;
  for (auto [place, value] : state.entries())
    if (terms()[place].kind == TermKind::Field && terms()[place].a == from && !Program.field(terms()[place].b).record)
      emptied.push_back(place);
  for (TermId place : emptied)
    state.store(place, terms().integer(0));
}

void FunctionExecutor::assign(State &state, ir::Index placeExpr, ir::Index valueExpr, std::uint8_t flags) {
  TermId to = place(state, placeExpr);
  const ir::Expr &source = Unit.exprs[valueExpr];
  bool isObject = Unit.types[Unit.exprs[placeExpr].type].kind == ir::TypeKind::Record;
  if (isObject && source.kind == ir::ExprKind::Load) {
    copyObject(state, to, place(state, source.a));
    noteMemberWrite(state, to);
    if (!(flags & ir::AssignIsInitialization))
      noteChange(state, to, CurrentLocation);
    return;
  }
  TermId what = value(state, valueExpr);
  if (!terms()[to].weak)
    state.forget(terms(), to);
  storeValue(state, to, what);
  noteMemberWrite(state, to);
  if (flags & ir::AssignIsCapture)
    noteCapture(state, to, what, CurrentLocation);
  if (!(flags & ir::AssignIsInitialization))
    noteChange(state, to, CurrentLocation);
}

const ir::Type *FunctionExecutor::typeOf(TermId id, link::UnitId &unit) const {
  const Term &term = terms()[id];
  auto rowType = [&](link::UnitId u, ir::Index type) {
    unit = u;
    return &Program.unit(u).types[type];
  };
  switch (term.kind) {
  case TermKind::Local: {
    link::UnitId u = Program.function(term.a).row.unit;
    return rowType(u, Program.unit(u).variables[term.b].type);
  }
  case TermKind::Global: {
    const link::RowRef &row = Program.global(term.a).row;
    return rowType(row.unit, Program.unit(row.unit).globals[row.row].type);
  }
  case TermKind::Field: {
    const link::RowRef &row = Program.field(term.b).row;
    return row.row ? rowType(row.unit, Program.unit(row.unit).fields[row.row].type) : nullptr;
  }
  case TermKind::Element: {
    const ir::Type *type = typeOf(term.a, unit);
    return type && type->kind == ir::TypeKind::Array ? &Program.unit(unit).types[type->element] : type;
  }
  case TermKind::Deref: {
    const Term &pointer = terms()[term.a];
    const ir::Type *type = nullptr;
    if (pointer.kind == TermKind::Initial) {
      type = typeOf(pointer.a, unit);
    } else if (pointer.kind == TermKind::Formal) {
      for (std::uint32_t i = 0; i < Body.variables.count; ++i) {
        const ir::Variable &variable = Unit.variables[Unit.lists[Body.variables.first + i]];
        bool isMethod = ir::takesObject(Unit, Body);
        if ((variable.kind == ir::VariableKind::This && pointer.a == 0) ||
            (variable.kind == ir::VariableKind::Parameter && variable.position + unsigned(isMethod) == pointer.a))
          type = rowType(UnitNumber, variable.type);
      }
      if (type && type->kind == ir::TypeKind::Record)
        return type; // a class object passed by value
    }
    if (!type || (type->kind != ir::TypeKind::Pointer && type->kind != ir::TypeKind::Reference))
      return nullptr;
    return &Program.unit(unit).types[type->element];
  }
  default:
    return nullptr;
  }
}

link::RecordId FunctionExecutor::recordOf(TermId id) const {
  link::UnitId unit = 0;
  const ir::Type *type = typeOf(id, unit);
  if (!type)
    return 0;
  while (type->kind == ir::TypeKind::Reference || type->kind == ir::TypeKind::Array)
    type = &Program.unit(unit).types[type->element];
  return type->kind == ir::TypeKind::Record ? Program.link(unit).records[type->record] : 0;
}

} // namespace gridlock::solve
