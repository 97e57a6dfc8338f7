//===- ConstantPointers.cpp - Pointers that never change --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/ConstantPointers.h"

namespace gridlock::solve {

ConstantPointers::ConstantPointers(const link::Program &program) {
  using ir::ExprKind;
  for (link::FunctionId id : program.initializers()) {
    const link::Program::UnitLink &link = program.link(program.function(id).row.unit);
    const std::vector<ir::Expr> &exprs = link.unit->exprs;
    program.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind != ir::EventKind::Assign || !(event.flags & ir::AssignIsInitialization) || !event.b ||
          exprs[event.a].kind != ExprKind::Global || exprs[event.b].kind != ExprKind::AddressOf)
        return;
      if (const ir::Expr &target = exprs[exprs[event.b].a]; target.kind == ExprKind::Global)
        Pointees.try_emplace(link.globals[exprs[event.a].a], link.globals[target.a]);
    });
  }
  if (Pointees.empty())
    return;
  for (link::UnitId id = 0; id < program.unitCount(); ++id) {
    const link::Program::UnitLink &link = program.link(id);
    const std::vector<ir::Expr> &exprs = link.unit->exprs;
    auto forget = [&](ir::Index place) {
      if (exprs[place].kind == ExprKind::Global)
        Pointees.erase(link.globals[exprs[place].a]);
    };
    for (const ir::Expr &expr : exprs)
      if (expr.kind == ExprKind::AddressOf)
        forget(expr.a);
    for (const ir::Event &event : link.unit->events)
      if (event.kind == ir::EventKind::Assign && !(event.flags & ir::AssignIsInitialization))
        forget(event.a);
  }
}

} // namespace gridlock::solve
