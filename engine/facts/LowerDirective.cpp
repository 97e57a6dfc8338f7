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
#include "llvm/ADT/SmallPtrSet.h"

namespace gridlock::facts {

using namespace clang;

/// Variables of which each thread has one.
static llvm::SmallPtrSet<const VarDecl *, 8> privateVariables(const OMPExecutableDirective &directive) {
  llvm::SmallPtrSet<const VarDecl *, 8> result;
  auto addAll = [&](auto range) {
    for (const Stmt *child : range)
      if (const auto *reference = dyn_cast_or_null<DeclRefExpr>(child))
        if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl()))
          result.insert(variable);
  };
  for (const OMPClause *clause : directive.clauses())
    switch (clause->getClauseKind()) {
    case llvm::omp::OMPC_private:
    case llvm::omp::OMPC_firstprivate:
    case llvm::omp::OMPC_lastprivate:
    case llvm::omp::OMPC_reduction:
    case llvm::omp::OMPC_in_reduction:
    case llvm::omp::OMPC_task_reduction:
    case llvm::omp::OMPC_linear:
      addAll(clause->children());
      break;
    default:
      break;
    }
  if (const auto *loop = dyn_cast<OMPLoopDirective>(&directive))
    addAll(loop->counters());
  return result;
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

void FunctionLowering::directive(const OMPExecutableDirective *directive) {
  if (!directive->hasAssociatedStmt())
    return;
  const ir::Index begin = at(directive->getBeginLoc()), end = at(directive->getEndLoc());
  const OpenMPDirectiveKind kind = directive->getDirectiveKind();
  const bool parallel = startsThreads(kind);
  if (parallel) {
    const auto own = privateVariables(*directive);
    for (const CapturedStmt::Capture &capture : directive->getInnermostCapturedStmt()->captures())
      if (capture.capturesVariable() && !own.count(capture.getCapturedVar()))
        if (const auto found = VariableRows.find(capture.getCapturedVar()); found != VariableRows.end())
          Build.unit().variables[found->second].flags |= ir::VariableAddressTaken;
    emit(ir::EventKind::ParallelBegin, begin, 0);
  }
  const llvm::StringRef lock = lockOf(kind);
  if (!lock.empty())
    directiveCall((lock + "::begin").str(), begin);
  statement(directive->getRawStmt());
  if (!lock.empty())
    directiveCall((lock + "::end").str(), end);
  if (parallel)
    emit(ir::EventKind::ParallelEnd, end, 0);
}

} // namespace gridlock::facts
