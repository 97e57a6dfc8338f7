//===- SiblingPointers.cpp - Pointers to another part of one object -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A condition variable's class keeps a pointer to the mutex that it belongs to, and
// what a method locks through it is a member of whoever owns both. A summary knows
// no more than "the mutex of the object", so the owner has to tell.
//
// Each store to a field is one of: the address of a sibling, `p->f = &p->s`; null; a
// parameter of a function that has the object as another one, which leaves it to
// that function's calls; or anything else, and the field is given up. The calls that
// pass a member and another one of the same object agree, or it is given up. What
// is passed an object that lies somewhere else, as the links of lists are, changes.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/SiblingPointers.h"
#include "engine/summary/Parameters.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace gridlock::solve {

namespace {

using ir::ExprKind;

/// A function that stores a parameter in a field of another one.
struct Setter {
  unsigned object = 0, value = 0; ///< positions of arguments
  link::FieldId field = 0;
};

class SiblingFinder {
public:
  using Fields = llvm::DenseMap<std::pair<link::FieldId, link::FieldId>, link::FieldId>;

  SiblingFinder(const link::Program &program, Fields &pointees) : Program(program), Pointees(pointees) {}

  void run() {
    forEachBody([&](const ir::Event &event) { noteStore(event); });
    if (Pointees.empty() && Setters.empty())
      return;
    for (link::UnitId id = 0; id < Program.unitCount(); ++id)
      giveUpAddressed(Program.link(id));
    if (!Setters.empty())
      forEachBody([&](const ir::Event &event) { noteCall(event); });
    llvm::SmallVector<std::pair<link::FieldId, link::FieldId>> lost;
    for (const auto &[key, pointee] : Pointees)
      if (!pointee || GivenUp.contains(key.second))
        lost.push_back(key);
    for (const auto &key : lost)
      Pointees.erase(key);
  }

private:
  template <typename Visit> void forEachBody(Visit visit) {
    for (Function = 1; Function < Program.functionCount(); ++Function) {
      if (!Program.function(Function).hasBody)
        continue;
      Link = &Program.link(Program.function(Function).row.unit);
      Program.forEachEvent(Function, visit);
    }
  }

  const ir::Expr &expr(ir::Index id) const { return Link->unit->exprs[id]; }
  const ir::Expr *fieldAt(ir::Index value) const {
    const ir::Expr &address = expr(value);
    return address.kind == ExprKind::AddressOf && expr(address.a).kind == ExprKind::Field ? &expr(address.a) : nullptr;
  }

  bool areSame(ir::Index a, ir::Index b) const {
    const ir::Expr &x = expr(a), &y = expr(b);
    if (a == b)
      return true;
    if (x.kind != y.kind)
      return false;
    switch (x.kind) {
    case ExprKind::Load:
    case ExprKind::AddressOf:
    case ExprKind::Deref:
      return areSame(x.a, y.a);
    case ExprKind::Field:
      return x.b == y.b && areSame(x.a, y.a);
    case ExprKind::Local:
    case ExprKind::Global:
      return x.a == y.a;
    default:
      return false;
    }
  }

  /// The position of the argument whose value it is.
  std::optional<unsigned> argumentOf(ir::Index value) const {
    const ir::Expr &load = expr(value);
    if (load.kind == ExprKind::AddressOf && expr(load.a).kind == ExprKind::Deref)
      return argumentOf(expr(load.a).a); // of a reference
    if (load.kind != ExprKind::Load || expr(load.a).kind != ExprKind::Local)
      return std::nullopt;
    const ir::Unit &unit = *Link->unit;
    const ir::Variable &variable = unit.variables[expr(load.a).a];
    if (variable.kind == ir::VariableKind::This)
      return 0;
    if (variable.kind != ir::VariableKind::Parameter)
      return std::nullopt;
    return variable.position + unsigned(ir::takesObject(unit, unit.functions[Program.function(Function).row.row]));
  }

  void agree(link::FieldId member, link::FieldId pointer, link::FieldId pointee) {
    auto [known, isNew] = Pointees.try_emplace({member, pointer}, pointee);
    if (!isNew && known->second != pointee)
      known->second = 0;
  }

  void noteStore(const ir::Event &event) {
    if (event.kind != ir::EventKind::Assign || expr(event.a).kind != ExprKind::Field)
      return;
    const ir::Expr &place = expr(event.a);
    const ir::TypeKind type = Link->unit->types[place.type].kind;
    if (type != ir::TypeKind::Pointer && type != ir::TypeKind::Reference)
      return;
    const link::FieldId pointer = Link->fields[place.b];
    const ir::Expr &value = expr(event.b);
    if (value.kind == ExprKind::NullConst || (value.kind == ExprKind::IntConst && !value.value))
      return;
    if (const ir::Expr *target = fieldAt(event.b); target && areSame(target->a, place.a)) {
      agree(0, pointer, Link->fields[target->b]);
      return;
    }
    const auto given = argumentOf(event.b);
    const auto object = expr(place.a).kind == ExprKind::Deref ? argumentOf(expr(place.a).a) : std::nullopt;
    if (given && object)
      Setters[Function].push_back({*object, *given, pointer});
    else
      GivenUp.insert(pointer);
  }

  /// Who has the address of the field may store anything in it.
  void giveUpAddressed(const link::Program::UnitLink &link) {
    for (const ir::Expr &one : link.unit->exprs)
      if (one.kind == ExprKind::AddressOf && link.unit->exprs[one.a].kind == ExprKind::Field)
        GivenUp.insert(link.fields[link.unit->exprs[one.a].b]);
  }

  /// A variable of its own, or one that is being constructed: no member of the others.
  bool isNewObject(ir::Index object, const ir::Call &call) const {
    const ir::Expr &address = expr(object);
    const bool isVariable = address.kind == ExprKind::AddressOf &&
                            (expr(address.a).kind == ExprKind::Local || expr(address.a).kind == ExprKind::Global);
    return isVariable || (Program.function(Link->functions[call.callee]).flags & ir::FunctionIsConstructor);
  }

  void noteCall(const ir::Event &event) {
    if (event.kind != ir::EventKind::Call)
      return;
    const ir::Call &call = Link->unit->calls[event.a];
    const auto setters = Setters.find(Link->functions[call.callee]);
    if (!call.callee || setters == Setters.end())
      return;
    for (const Setter &setter : setters->second) {
      if (setter.object >= call.arguments.count || setter.value >= call.arguments.count)
        continue;
      const ir::Index object = Link->unit->lists[call.arguments.first + setter.object];
      const ir::Index value = Link->unit->lists[call.arguments.first + setter.value];
      if (const ir::Expr *member = fieldAt(object)) {
        const ir::Expr *target = fieldAt(value);
        const bool isSibling = target && areSame(target->a, member->a);
        agree(Link->fields[member->b], setter.field, isSibling ? Link->fields[target->b] : 0);
      } else if (!isNewObject(object, call)) {
        GivenUp.insert(setter.field);
      }
    }
  }

  const link::Program &Program;
  Fields &Pointees;
  llvm::DenseMap<link::FunctionId, llvm::SmallVector<Setter, 1>> Setters;
  llvm::DenseSet<link::FieldId> GivenUp;
  link::FunctionId Function = 0;
  const link::Program::UnitLink *Link = nullptr;
};

} // namespace

SiblingPointers::SiblingPointers(const link::Program &program) { SiblingFinder(program, Pointees).run(); }

} // namespace gridlock::solve
