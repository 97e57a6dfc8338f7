//===- LowerDirective.cpp - OpenMP directives -------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A parallel region stays where it is, between two events: all that happens
// there happens on several threads at once. Variables of the function that the
// region shares count as captured by reference. Directives that let one thread
// at a time in are calls of functions that models/openmp.yaml describes as locks.
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"
#include "clang/AST/OpenMPClause.h"
#include "clang/AST/StmtOpenMP.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::facts {

using namespace clang;

namespace {

/// A variable of which each thread has one.
struct PrivateVariable {
  const VarDecl *variable;
  bool startsAsOuter = false; ///< with the value that it has outside
  bool isHandedBack = false;  ///< and its last value, or the sum of all, goes there
};

} // namespace

static llvm::SmallVector<PrivateVariable, 4> privateVariables(const OMPExecutableDirective &directive) {
  llvm::SmallVector<PrivateVariable, 4> result;
  auto addAll = [&](auto range, bool startsAsOuter, bool isHandedBack) {
    for (const Stmt *child : range)
      if (const auto *reference = dyn_cast_or_null<DeclRefExpr>(child))
        if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl())) {
          variable = variable->getCanonicalDecl();
          if (llvm::none_of(result, [&](const PrivateVariable &known) { return known.variable == variable; }))
            result.push_back({variable, startsAsOuter, isHandedBack});
        }
  };
  for (const OMPClause *clause : directive.clauses())
    switch (clause->getClauseKind()) {
    case llvm::omp::OMPC_private:
      addAll(clause->children(), false, false);
      break;
    case llvm::omp::OMPC_firstprivate:
      addAll(clause->children(), true, false);
      break;
    case llvm::omp::OMPC_lastprivate:
    case llvm::omp::OMPC_reduction:
    case llvm::omp::OMPC_in_reduction:
    case llvm::omp::OMPC_task_reduction:
    case llvm::omp::OMPC_linear:
      addAll(clause->children(), false, true);
      break;
    default:
      break;
    }
  if (const auto *loop = dyn_cast<OMPLoopDirective>(&directive))
    addAll(loop->counters(), false, false);
  return result;
}

/// Directives at whose end all threads of the region wait for each other.
static bool endsWithBarrier(const OMPExecutableDirective &directive) {
  switch (directive.getDirectiveKind()) {
  case llvm::omp::OMPD_for:
  case llvm::omp::OMPD_for_simd:
  case llvm::omp::OMPD_single:
  case llvm::omp::OMPD_sections:
    return !directive.hasClausesOfKind<OMPNowaitClause>();
  default:
    return false;
  }
}

static bool startsThreads(OpenMPDirectiveKind kind) {
  return isOpenMPParallelDirective(kind) || isOpenMPTaskLoopDirective(kind);
}

/// The lock that a directive stands for; empty: none.
static llvm::StringRef lockOf(OpenMPDirectiveKind kind) {
  switch (kind) {
  case llvm::omp::OMPD_critical:
    return "omp_critical";
  case llvm::omp::OMPD_atomic:
    return "omp_atomic";
  case llvm::omp::OMPD_single:
  case llvm::omp::OMPD_master:
  case llvm::omp::OMPD_masked:
  case llvm::omp::OMPD_ordered:
    return "omp_single";
  default:
    return {};
  }
}

void FunctionLowering::directiveCall(llvm::StringRef function, ir::Index location) {
  CallSite site;
  site.function = Names.builtinFunction(function);
  site.type = Context.VoidTy;
  site.location = location;
  emitCall(site);
}

/// All threads of the region are here: what stands behind it runs beside nothing
/// that stands before it.
void FunctionLowering::barrier(ir::Index location) {
  if (!ParallelDepth)
    return;
  emit(ir::EventKind::ParallelEnd, location, 0);
  emit(ir::EventKind::ParallelBegin, location, 0);
}

void FunctionLowering::directive(const OMPExecutableDirective *directive) {
  const ir::Index begin = at(directive->getBeginLoc()), end = at(directive->getEndLoc());
  const OpenMPDirectiveKind kind = directive->getDirectiveKind();
  if (kind == llvm::omp::OMPD_barrier)
    barrier(begin);
  if (!directive->hasAssociatedStmt())
    return;
  const bool parallel = startsThreads(kind);
  const auto own = privateVariables(*directive);
  if (parallel) {
    for (const CapturedStmt::Capture &capture : directive->getInnermostCapturedStmt()->captures())
      if (capture.capturesVariable() && llvm::none_of(own, [&](const PrivateVariable &one) {
            return one.variable == capture.getCapturedVar()->getCanonicalDecl();
          }))
        if (const auto found = VariableRows.find(capture.getCapturedVar()); found != VariableRows.end())
          Build.unit().variables[found->second].flags |= ir::VariableAddressTaken;
    emit(ir::EventKind::ParallelBegin, begin, 0);
    ++ParallelDepth;
  }
  llvm::SmallVector<std::pair<const PrivateVariable *, ir::Index>, 4> outer;
  for (const PrivateVariable &one : own)
    if (const auto found = VariableRows.find(one.variable); found != VariableRows.end()) {
      const ir::Index row =
          newVariable(ir::VariableKind::Local, one.variable->getName(), one.variable->getType(), begin);
      emit(ir::EventKind::Begin, begin, row);
      if (one.startsAsOuter)
        emit(ir::EventKind::Assign, begin, Build.local(row), Build.load(Build.local(found->second)),
             ir::AssignIsInitialization);
      outer.push_back({&one, std::exchange(VariableRows[one.variable], row)});
    }
  const llvm::StringRef lock = lockOf(kind);
  if (!lock.empty())
    directiveCall((lock + "::begin").str(), begin);
  statement(directive->getRawStmt());
  if (!lock.empty())
    directiveCall((lock + "::end").str(), end);
  for (auto [one, row] : llvm::reverse(outer))
    emit(ir::EventKind::End, end, std::exchange(VariableRows[one->variable], row));
  if (parallel) {
    --ParallelDepth;
    emit(ir::EventKind::ParallelEnd, end, 0);
    for (auto [one, row] : outer)
      if (one->isHandedBack)
        emit(ir::EventKind::Assign, end, Build.local(row), 0);
  } else if (endsWithBarrier(*directive)) {
    barrier(end);
  }
}

} // namespace gridlock::facts
