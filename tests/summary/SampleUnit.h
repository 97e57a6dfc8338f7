//===- SampleUnit.h - A small unit with a row in every table ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `struct Account { int balance; };  int total;
///  int f(Account *account) { if (account) total = g(account->balance); return total; }`
/// in the form of Ir.h, for tests that need some unit.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_TESTS_SUMMARY_SAMPLEUNIT_H
#define GRIDLOCK_TESTS_SUMMARY_SAMPLEUNIT_H

#include "engine/summary/Ir.h"

namespace gridlock::ir {

inline Index addString(Unit &unit, std::string text) {
  unit.strings.push_back(std::move(text));
  return unit.strings.size() - 1;
}

inline List addList(Unit &unit, std::vector<Index> elements) {
  List list{Index(unit.lists.size()), std::uint32_t(elements.size())};
  unit.lists.insert(unit.lists.end(), elements.begin(), elements.end());
  return list;
}

template <class Row> Index addRow(std::vector<Row> &rows, Row row) {
  rows.push_back(row);
  return rows.size() - 1;
}

/// Shorthands for the rows that tests write often.
inline Index addExpr(Unit &unit, ExprKind kind, Index a = 0, Index b = 0) {
  Expr expr;
  expr.kind = kind;
  expr.a = a;
  expr.b = b;
  return addRow(unit.exprs, expr);
}

inline Unit sampleUnit() {
  Unit unit;
  unit.mainFile = addRow(unit.files, {addString(unit, "/project/account.cpp"), FileIsMain, 0x1234567890abcdef});
  Index place = addRow(unit.locations, {unit.mainFile, 3, 5, 0});

  Index intType = addRow(unit.types, {TypeKind::Integer, 0, 0, addString(unit, "int"), 0, 0});
  Index recordType = addRow(unit.types, {TypeKind::Record, 0, 0, addString(unit, "Account"), 1, 0});
  Index pointerType = addRow(unit.types, {TypeKind::Pointer, 0, 0, addString(unit, "Account *"), 0, recordType});

  Attribute guardedBy;
  guardedBy.kind = AttributeKind::GuardedBy;
  guardedBy.arguments = addList(unit, {addExpr(unit, ExprKind::Local)});
  Index attribute = addRow(unit.attributes, guardedBy);

  Field balance;
  balance.record = 1;
  balance.name = addString(unit, "balance");
  balance.type = intType;
  balance.attributes = addList(unit, {attribute});
  Index field = addRow(unit.fields, balance);
  Record account;
  account.usr = addString(unit, "c:@S@Account");
  account.qualifiedName = account.displayName = unit.types[recordType].name;
  account.location = place;
  account.fields = addList(unit, {field});
  addRow(unit.records, account);

  Global total;
  total.usr = addString(unit, "c:@total");
  total.qualifiedName = addString(unit, "total");
  total.type = intType;
  total.flags = GlobalIsDefinition;
  Index global = addRow(unit.globals, total);

  Index parameter = addRow(unit.variables, {VariableKind::Parameter, 0, 0, addString(unit, "account"), pointerType, 0});
  Index slot = addRow(unit.variables, {VariableKind::ReturnSlot, 0, 0, 0, intType, 0});

  Function g;
  g.usr = addString(unit, "c:@F@g#I#");
  g.qualifiedName = g.displayName = addString(unit, "g");
  Index callee = addRow(unit.functions, g);

  Index pointer = addExpr(unit, ExprKind::Load, addExpr(unit, ExprKind::Local, parameter));
  Index object = addExpr(unit, ExprKind::Deref, pointer);
  Index argument = addExpr(unit, ExprKind::Load, addExpr(unit, ExprKind::Field, object, field));
  Index totalPlace = addExpr(unit, ExprKind::Global, global);
  Index slotPlace = addExpr(unit, ExprKind::Local, slot);
  Call call;
  call.callee = callee;
  call.arguments = addList(unit, {argument});
  call.location = place;
  Index callRow = addRow(unit.calls, call);
  Index result = addExpr(unit, ExprKind::Result, callRow);
  Index totalValue = addExpr(unit, ExprKind::Load, totalPlace);

  Index firstEvent = addRow(unit.events, {EventKind::Call, 0, 0, place, callRow, 0});
  addRow(unit.events, {EventKind::Assign, 0, 0, place, totalPlace, result});
  Index lastEvent = addRow(unit.events, {EventKind::Assign, AssignIsReturn, 0, place, slotPlace, totalValue});

  Block entry, body, end;
  entry.terminator = TerminatorKind::Branch;
  entry.value = pointer;
  entry.successors = addList(unit, {2, 3});
  body.firstEvent = firstEvent;
  body.eventCount = 2;
  body.terminator = TerminatorKind::Goto;
  body.successors = addList(unit, {3});
  end.firstEvent = lastEvent;
  end.eventCount = 1;
  end.terminator = TerminatorKind::Return;
  addRow(unit.blocks, entry);
  addRow(unit.blocks, body);
  addRow(unit.blocks, end);

  Function f;
  f.usr = addString(unit, "c:@F@f#*$@S@Account#");
  f.qualifiedName = f.displayName = addString(unit, "f");
  f.location = place;
  f.returnType = intType;
  f.parameterTypes = addList(unit, {pointerType});
  f.variables = addList(unit, {parameter, slot});
  f.returnSlot = slot;
  f.blocks = addList(unit, {1, 2, 3});
  f.bodyHash = 42;
  addRow(unit.functions, f);
  return unit;
}

} // namespace gridlock::ir

#endif // GRIDLOCK_TESTS_SUMMARY_SAMPLEUNIT_H
