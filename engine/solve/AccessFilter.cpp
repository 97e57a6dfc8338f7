//===- AccessFilter.cpp - Which state is worth watching ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/AccessFilter.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

bool AccessFilter::isAtomicType(const link::Program &program, link::UnitId unitId, ir::Index row) {
  const ir::Unit &unit = program.unit(unitId);
  const ir::Type *type = &unit.types[row];
  while (type->kind == ir::TypeKind::Array)
    type = &unit.types[type->element];
  const model::TypeModel *model = program.typeModel(unitId, row);
  return (type->flags & ir::TypeIsAtomic) || (model && model->atomic);
}

bool AccessFilter::synchronizes(const link::Program &program, link::UnitId unit, ir::Index type) {
  if (isAtomicType(program, unit, type))
    return true;
  const model::TypeModel *model = program.typeModel(unit, type);
  return model && (model->lock != model::LockKind::None || model->conditionVariable || model->joinsOnDestruction ||
                   model->terminatesWhenJoinable);
}

/// Whether the program starts threads or takes locks at all.
static bool findThreads(const link::Program &program) {
  for (link::FunctionId id = 1; id < program.functionCount(); ++id)
    if (const model::FunctionModel *model = program.function(id).model)
      if (model->effect(model::EffectKind::Spawns) || model->effect(model::EffectKind::Acquire))
        return true;
  // Containers make threads and locks in place, with no call of a constructor.
  for (link::RecordId id = 1; id < program.recordCount(); ++id)
    if (const model::TypeModel *model = program.record(id).model)
      if (model->lock != model::LockKind::None || model->joinsOnDestruction || model->terminatesWhenJoinable)
        return true;
  for (link::UnitId unit = 0; unit < program.unitCount(); ++unit)
    if (program.unit(unit).attributes.size() > 1)
      return true;
  return false;
}

static bool findRegions(const link::Program &program) {
  auto isRegion = [](const ir::Event &event) { return event.kind == ir::EventKind::ParallelBegin; };
  for (link::UnitId unit = 0; unit < program.unitCount(); ++unit)
    if (llvm::any_of(program.unit(unit).events, isRegion))
      return true;
  return false;
}

AccessFilter::AccessFilter(const link::Program &program, bool enabled)
    : Program(program), UsesRegions(findRegions(program)), UsesThreads(UsesRegions || findThreads(program)),
      AnyThreads(enabled && UsesThreads) {
  Fields.assign(program.fieldCount(), false);
  Globals.assign(program.globalCount(), false);
  Constants.assign(program.fieldCount(), false);
  if (!AnyThreads)
    return;
  for (link::UnitId unit = 0; unit < program.unitCount(); ++unit)
    scanUnit(unit);
  for (link::FieldId id = 1; id < program.fieldCount(); ++id) {
    const link::RowRef &row = program.field(id).row;
    if (!Fields[id] || !row.row)
      continue;
    const ir::Field &field = program.unit(row.unit).fields[row.row];
    bool isCapture = program.record(program.field(id).record).flags & ir::RecordIsLambda;
    if (isCapture || (program.unit(row.unit).types[field.type].flags & ir::TypeIsConst))
      Fields[id] = false;
  }
  for (link::GlobalId id = 1; id < program.globalCount(); ++id)
    if (program.global(id).flags & (ir::GlobalIsThreadLocal | ir::GlobalIsConst))
      Globals[id] = false;
}

void AccessFilter::markChanged(const link::Program::UnitLink &link, ir::Index place) {
  for (;;) {
    const ir::Expr &expr = link.unit->exprs[place];
    if (expr.kind == ir::ExprKind::Index) {
      place = expr.a;
      continue;
    }
    if (expr.kind == ir::ExprKind::Field)
      Fields[link.fields[expr.b]] = true;
    else if (expr.kind == ir::ExprKind::Global)
      Globals[link.globals[expr.a]] = true;
    return;
  }
}

void AccessFilter::markParts(link::RecordId record) {
  if (!record || (Program.record(record).flags & (ir::RecordIsInSystemHeader | ir::RecordIsLambda)))
    return;
  for (link::RecordId base : Program.record(record).bases)
    markParts(base);
  for (link::FieldId field : Program.record(record).fields) {
    const link::RowRef &row = Program.field(field).row;
    if (Fields[field])
      continue;
    Fields[field] = true;
    markParts(Program.recordOfType(row.unit, Program.unit(row.unit).fields[row.row].type));
  }
}

void AccessFilter::markWritten(const link::Program::UnitLink &link, const ir::Call &call) {
  const model::FunctionModel *model = Program.function(link.functions[call.callee]).model;
  if (!model)
    return;
  const ir::Unit &unit = *link.unit;
  for (const model::Effect &effect : model->effects)
    for (const model::Operand::Step &step : effect.place.steps)
      if (effect.kind == model::EffectKind::Writes && step.kind == model::OperandKind::Argument &&
          std::uint64_t(step.number) < call.arguments.count) {
        const ir::Expr &argument = unit.exprs[unit.lists[call.arguments.first + step.number]];
        const ir::Index type = argument.kind == ir::ExprKind::AddressOf ? unit.exprs[argument.a].type : 0;
        if (type && unit.types[type].kind == ir::TypeKind::Record)
          markParts(link.records[unit.types[type].record]);
      }
}

AccessFilter::Stored *AccessFilter::storedIn(const link::Program::UnitLink &link, ir::Index place) {
  const ir::Expr &expr = link.unit->exprs[place];
  Stored *stored = expr.kind == ir::ExprKind::Field    ? &InFields[link.fields[expr.b]]
                   : expr.kind == ir::ExprKind::Global ? &InGlobals[link.globals[expr.a]]
                                                       : nullptr;
  if (stored)
    stored->isPointer |= link.unit->types[expr.type].kind == ir::TypeKind::Pointer;
  return stored;
}

const AccessFilter::Stored *AccessFilter::stored(const TermTable &terms, TermId place) const {
  const Term &term = terms[place];
  if (term.kind == TermKind::Global)
    if (auto found = InGlobals.find(term.a); found != InGlobals.end())
      return &found->second;
  if (term.kind == TermKind::Field && Program.field(term.b).record)
    if (auto found = InFields.find(term.b); found != InFields.end())
      return &found->second;
  return nullptr;
}

static void addStored(AccessFilter::Stored &stored, const ir::Event &event, const ir::Expr &value) {
  const bool isNull = value.kind == ir::ExprKind::NullConst;
  if (event.flags & ir::AssignIsUpdate)
    stored.others = true;
  else if (!event.b || (!isNull && value.kind != ir::ExprKind::IntConst))
    stored.computed = true;
  else if (const std::int64_t number = isNull ? 0 : value.value; !llvm::is_contained(stored.constants, number))
    stored.constants.push_back(number);
}

void AccessFilter::scanUnit(link::UnitId id) {
  const link::Program::UnitLink &link = Program.link(id);
  const ir::Unit &unit = *link.unit;
  // Whoever has the address may write; what is const is sorted out later.
  for (const ir::Expr &expr : unit.exprs)
    if (expr.kind == ir::ExprKind::AddressOf) {
      markChanged(link, expr.a);
      if (Stored *stored = storedIn(link, expr.a))
        stored->others = true;
    }
  for (const ir::Event &event : unit.events)
    if (event.kind == ir::EventKind::Assign && unit.exprs[event.a].kind == ir::ExprKind::Field && event.b &&
        (unit.exprs[event.b].kind == ir::ExprKind::IntConst || (event.flags & ir::AssignIsUpdate)))
      Constants[link.fields[unit.exprs[event.a].b]] = true;
  for (const ir::Event &event : unit.events)
    if (event.kind == ir::EventKind::Call)
      markWritten(link, unit.calls[event.a]);
  for (const ir::Event &event : unit.events)
    if (event.kind == ir::EventKind::Assign && (event.flags & ir::AssignIsInitialization)) {
      if (Stored *stored = unit.exprs[event.a].kind == ir::ExprKind::Global ? storedIn(link, event.a) : nullptr)
        stored->initial = event.b && unit.exprs[event.b].kind == ir::ExprKind::IntConst ? unit.exprs[event.b].value : 0;
    } else if (event.kind == ir::EventKind::Assign) {
      markChanged(link, event.a);
      if (const ir::Index type = unit.exprs[event.a].type; unit.types[type].kind == ir::TypeKind::Record)
        markParts(link.records[unit.types[type].record]);
      if (Stored *stored = storedIn(link, event.a))
        addStored(*stored, event, unit.exprs[event.b]);
    }
}

bool AccessFilter::watches(link::UnitId unitId, ir::Index place) const {
  const link::Program::UnitLink &link = Program.link(unitId);
  const ir::Unit &unit = *link.unit;
  for (unsigned depth = 0; depth < 12; ++depth) {
    const ir::Expr &expr = unit.exprs[place];
    switch (expr.kind) {
    case ir::ExprKind::Index:
      place = expr.a;
      continue;
    case ir::ExprKind::Field:
      // The whole may be changed where the part is not, and the other way round.
      if (Fields[link.fields[expr.b]])
        return true;
      place = expr.a;
      if (unit.exprs[place].kind == ir::ExprKind::Deref || unit.exprs[place].kind == ir::ExprKind::Local)
        return false;
      continue;
    case ir::ExprKind::Global:
      return Globals[link.globals[expr.a]];
    case ir::ExprKind::Local: {
      const ir::Variable &variable = unit.variables[expr.a];
      return (variable.flags & ir::VariableAddressTaken) &&
             !(variable.flags & (ir::VariableIsThreadLocal | ir::VariableIsConst));
    }
    case ir::ExprKind::Deref:
      return !(unit.types[expr.type].flags & ir::TypeIsConst);
    default:
      return false;
    }
  }
  return false;
}

} // namespace gridlock::solve
