//===- LowerStatement.cpp - Statements become blocks ----------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace gridlock::facts {

/// Whether a jump from outside may enter the statement.
static bool holdsLabel(const Stmt *statement) {
  llvm::SmallVector<const Stmt *, 32> work{statement};
  while (!work.empty()) {
    const Stmt *current = work.pop_back_val();
    if (!current || (isa<Expr>(current) && !isa<StmtExpr>(current)))
      continue;
    if (isa<LabelStmt, SwitchCase>(current))
      return true;
    for (const Stmt *child : current->children())
      work.push_back(child);
  }
  return false;
}

void FunctionLowering::statement(const Stmt *statement) {
  if (!statement)
    return;
  Nesting nesting(Depth);
  if (nesting.isTooDeep())
    return;
  if (isDead()) {
    if (!holdsLabel(statement))
      return;
    // A jump may come in: what follows its label counts as reached.
    Blocks[Current].predecessors = 1;
  }
  if (const auto *expression = dyn_cast<Expr>(statement))
    return fullExpression(expression);
  switch (statement->getStmtClass()) {
  case Stmt::CompoundStmtClass:
    return compound(cast<CompoundStmt>(statement), nullptr, nullptr, 0);
  case Stmt::DeclStmtClass:
    return declarations(cast<DeclStmt>(statement));
  case Stmt::IfStmtClass:
    return ifStatement(cast<IfStmt>(statement));
  case Stmt::WhileStmtClass:
    return whileStatement(cast<WhileStmt>(statement));
  case Stmt::DoStmtClass:
    return doStatement(cast<DoStmt>(statement));
  case Stmt::ForStmtClass:
    return forStatement(cast<ForStmt>(statement));
  case Stmt::CXXForRangeStmtClass:
    return rangeStatement(cast<CXXForRangeStmt>(statement));
  case Stmt::SwitchStmtClass:
    return switchStatement(cast<SwitchStmt>(statement));
  case Stmt::CaseStmtClass:
  case Stmt::DefaultStmtClass:
    return caseStatement(cast<SwitchCase>(statement));
  case Stmt::BreakStmtClass:
    return breakOrContinue(true, at(statement->getBeginLoc()));
  case Stmt::ContinueStmtClass:
    return breakOrContinue(false, at(statement->getBeginLoc()));
  case Stmt::ReturnStmtClass:
    return returnStatement(cast<ReturnStmt>(statement));
  case Stmt::GotoStmtClass:
    return gotoLabel(cast<GotoStmt>(statement)->getLabel(), at(statement->getBeginLoc()));
  case Stmt::IndirectGotoStmtClass:
    return indirectGoto(cast<IndirectGotoStmt>(statement));
  case Stmt::LabelStmtClass:
    return labelStatement(cast<LabelStmt>(statement));
  case Stmt::AttributedStmtClass:
    return this->statement(cast<AttributedStmt>(statement)->getSubStmt());
  case Stmt::CXXTryStmtClass:
    return tryStatement(cast<CXXTryStmt>(statement));
  case Stmt::NullStmtClass:
  case Stmt::GCCAsmStmtClass:
  case Stmt::MSAsmStmtClass:
    return;
  case Stmt::CoroutineBodyStmtClass: {
    const auto *body = cast<CoroutineBodyStmt>(statement);
    const std::size_t depth = Cleanups.size();
    Build.unit().functions[Function].flags |= ir::FunctionIsCoroutine;
    this->statement(body->getPromiseDeclStmt());
    this->statement(body->getBody());
    return leaveScope(depth, at(statement->getEndLoc()));
  }
  case Stmt::CoreturnStmtClass: {
    const auto *coreturn = cast<CoreturnStmt>(statement);
    if (const Expr *promise = coreturn->getPromiseCall())
      fullExpression(promise);
    else if (coreturn->getOperand())
      fullExpression(coreturn->getOperand());
    return returnFrom(at(coreturn->getBeginLoc()));
  }
  case Stmt::CapturedStmtClass:
    return this->statement(cast<CapturedStmt>(statement)->getCapturedStmt());
  default:
    break;
  }
  if (const auto *directive = dyn_cast<OMPExecutableDirective>(statement)) {
    return this->directive(directive);
  }
  for (const Stmt *child : statement->children())
    this->statement(child);
}

/// \param resultOf when set, the last statement of `({ ... })`: its value goes
///   to `result`, or the object that it makes to `destination`.
void FunctionLowering::compound(const CompoundStmt *statement, const Expr *resultOf, ir::Index *result,
                                ir::Index destination) {
  const std::size_t depth = Cleanups.size();
  for (const Stmt *child : statement->body()) {
    if (resultOf && child == resultOf) {
      const std::size_t inner = Cleanups.size();
      if (destination) {
        construct(resultOf, destination);
      } else if (isObject(resultOf->getType()) || resultOf->getType()->isVoidType()) {
        effects(resultOf);
      } else {
        const ir::Index computed = value(resultOf);
        // The variables of the block end before the value is used.
        const ir::Index kept = newScalarTemporary(resultOf->getType(), at(resultOf));
        assign(Build.local(kept), computed, at(resultOf), ir::AssignIsInitialization);
        *result = Build.load(Build.local(kept));
      }
      endFullExpression(inner, at(resultOf));
      continue;
    }
    this->statement(child);
  }
  leaveScope(depth, at(statement->getRBracLoc()));
}

void FunctionLowering::fullExpression(const Expr *expression) {
  const std::size_t depth = Cleanups.size();
  IsDiscarded = true;
  effects(expression);
  IsDiscarded = false;
  endFullExpression(depth, at(expression->getEndLoc()));
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

void FunctionLowering::declarations(const DeclStmt *statement) {
  for (const Decl *declaration : statement->decls()) {
    if (const auto *record = dyn_cast<RecordDecl>(declaration)) {
      Unit.wantMembers(record);
      continue;
    }
    const auto *variable = dyn_cast<VarDecl>(declaration);
    if (!variable)
      continue;
    if (variable->isInvalidDecl())
      HasErrors = true;
    if (variable->isStaticLocal() || (variable->hasGlobalStorage() && !variable->hasExternalStorage()))
      staticLocal(variable);
    else if (!variable->hasExternalStorage())
      localVariable(variable);
  }
}

/// Whether the declaration's name stands in parentheses of its own, as in
/// `std::unique_lock<std::mutex> (m);`, and something around it has that name.
static bool hidesAnother(const VarDecl *variable) {
  if (!variable->getIdentifier() || !variable->getTypeSourceInfo())
    return false;
  if (variable->getInit() && variable->getInitStyle() == VarDecl::CInit &&
      !isa<CXXConstructExpr>(variable->getInit()->IgnoreUnlessSpelledInSource()))
    return false;
  if (variable->getTypeSourceInfo()->getTypeLoc().getAs<ParenTypeLoc>().isNull())
    return false;
  const DeclarationName name = variable->getDeclName();
  auto isVariable = [](const NamedDecl *found) { return isa<VarDecl, FieldDecl, IndirectFieldDecl>(found); };
  for (const DeclContext *scope = variable->getDeclContext(); scope; scope = scope->getParent()) {
    if (const auto *record = dyn_cast<CXXRecordDecl>(scope); record && record->hasDefinition()) {
      bool isFound = false;
      auto search = [&](const CXXRecordDecl *level) {
        isFound |= llvm::any_of(level->lookup(name), isVariable);
        return true;
      };
      search(record);
      record->forallBases(search);
      if (isFound)
        return true;
      continue;
    }
    if (const auto *function = dyn_cast<FunctionDecl>(scope)) {
      for (const ParmVarDecl *parameter : function->parameters())
        if (parameter->getDeclName() == name)
          return true;
      for (const Decl *local : function->decls())
        if (const auto *other = dyn_cast<VarDecl>(local); other && other != variable && other->getDeclName() == name)
          return true;
      continue;
    }
    if (llvm::any_of(const_cast<DeclContext *>(scope)->lookup(name), isVariable))
      return true;
  }
  return false;
}

void FunctionLowering::localVariable(const VarDecl *variable) {
  const ir::Index row = variableRow(variable);
  const ir::Index where = at(variable->getLocation());
  const QualType type = variable->getType();
  if (variable->getTLSKind() != VarDecl::TLS_None)
    Build.unit().variables[row].flags |= ir::VariableIsThreadLocal;
  if (hidesAnother(variable))
    Build.unit().variables[row].flags |= ir::VariableHidesAnother;
  emit(ir::EventKind::Begin, where, row);
  const std::size_t depth = Cleanups.size();
  if (const Expr *initializer = variable->getInit()) {
    const bool wasExtending = IsExtending;
    IsExtending = true;
    initialize(Build.local(row), initializer, type, ir::AssignIsInitialization);
    IsExtending = wasExtending;
    endFullExpression(depth, at(initializer->getEndLoc()));
  }
  pushVariable(row, Build.local(row), type, where);
  if (const auto *cleanup = variable->getAttr<CleanupAttr>()) {
    escape(Build.local(row));
    Cleanups.back().function = cleanup->getFunctionDecl();
  }
  // `auto [a, b] = pair;` may bind names to variables that `get` fills.
  if (const auto *decomposition = dyn_cast<DecompositionDecl>(variable))
    for (const BindingDecl *binding : decomposition->bindings())
      if (const VarDecl *holder = binding->getHoldingVar())
        localVariable(holder);
}

void FunctionLowering::staticLocal(const VarDecl *variable) {
  const Expr *initializer = variable->getInit();
  if (!initializer)
    return;
  if (!Context.getLangOpts().CPlusPlus || variable->hasConstantInitialization())
    return Unit.wantConstant(variable);
  const ir::Index global = Names.global(variable);
  const ir::Index where = at(variable->getLocation());
  // Only the first to come here runs the initialiser.
  const BlockNumber first = newBlock(), after = newBlock();
  terminate(ir::TerminatorKind::Branch, {first, after}, where);
  setBlock(first);
  emit(ir::EventKind::OnceBegin, where, global);
  const std::size_t depth = Cleanups.size();
  initialize(Build.global(global), initializer, variable->getType(), ir::AssignIsInitialization);
  endFullExpression(depth, where);
  emit(ir::EventKind::OnceEnd, where, global);
  jump(after, where);
  setBlock(after);
}

//===----------------------------------------------------------------------===//
// Branches and loops
//===----------------------------------------------------------------------===//

void FunctionLowering::ifStatement(const IfStmt *statement) {
  const std::size_t depth = Cleanups.size();
  this->statement(statement->getInit());
  if (statement->getConditionVariable())
    localVariable(statement->getConditionVariable());
  if (statement->isConsteval()) {
    const Stmt *taken = statement->isNegatedConsteval() ? statement->getThen() : statement->getElse();
    this->statement(taken);
    return leaveScope(depth, at(statement->getEndLoc()));
  }
  if (statement->isConstexpr()) {
    if (std::optional<const Stmt *> taken = statement->getNondiscardedCase(Context)) {
      this->statement(*taken);
      return leaveScope(depth, at(statement->getEndLoc()));
    }
  }
  const BlockNumber thenBlock = newBlock(), elseBlock = newBlock(), after = newBlock();
  branch(statement->getCond(), {thenBlock, Cleanups.size()}, {elseBlock, Cleanups.size()});
  setBlock(thenBlock);
  const std::size_t inner = Cleanups.size();
  this->statement(statement->getThen());
  leaveScope(inner, at(statement->getThen()->getEndLoc()));
  jump(after);
  setBlock(elseBlock);
  if (const Stmt *otherwise = statement->getElse()) {
    this->statement(otherwise);
    leaveScope(inner, at(otherwise->getEndLoc()));
  }
  jump(after);
  setBlock(after);
  leaveScope(depth, at(statement->getEndLoc()));
}

void FunctionLowering::whileStatement(const WhileStmt *statement) {
  const std::size_t depth = Cleanups.size();
  const BlockNumber head = newBlock(), body = newBlock(), exit = newBlock();
  jump(head);
  setBlock(head);
  // A variable in the condition is made and destroyed in every round.
  if (statement->getConditionVariable())
    localVariable(statement->getConditionVariable());
  branch(statement->getCond(), {body, Cleanups.size()}, {exit, depth});
  setBlock(body);
  JumpScope scope;
  scope.breakBlock = exit;
  scope.continueBlock = head;
  scope.depth = depth;
  Jumps.push_back(scope);
  this->statement(statement->getBody());
  Jumps.pop_back();
  leaveScope(depth, at(statement->getEndLoc()));
  jump(head);
  setBlock(exit);
}

void FunctionLowering::doStatement(const DoStmt *statement) {
  const std::size_t depth = Cleanups.size();
  const BlockNumber body = newBlock(), condition = newBlock(), exit = newBlock();
  jump(body);
  setBlock(body);
  JumpScope scope;
  scope.breakBlock = exit;
  scope.continueBlock = condition;
  scope.depth = depth;
  Jumps.push_back(scope);
  this->statement(statement->getBody());
  Jumps.pop_back();
  leaveScope(depth, at(statement->getEndLoc()));
  jump(condition);
  setBlock(condition);
  branch(statement->getCond(), {body, depth}, {exit, depth});
  setBlock(exit);
}

void FunctionLowering::forStatement(const ForStmt *statement) {
  const std::size_t outer = Cleanups.size();
  this->statement(statement->getInit());
  const std::size_t depth = Cleanups.size();
  const BlockNumber head = newBlock(), body = newBlock(), step = newBlock(), exit = newBlock();
  jump(head);
  setBlock(head);
  if (statement->getConditionVariable())
    localVariable(statement->getConditionVariable());
  if (statement->getCond())
    branch(statement->getCond(), {body, Cleanups.size()}, {exit, depth});
  else
    jump(body);
  setBlock(body);
  JumpScope scope;
  scope.breakBlock = exit;
  scope.continueBlock = step;
  scope.depth = depth;
  Jumps.push_back(scope);
  this->statement(statement->getBody());
  Jumps.pop_back();
  leaveScope(depth, at(statement->getEndLoc()));
  jump(step);
  setBlock(step);
  if (statement->getInc())
    fullExpression(statement->getInc());
  jump(head);
  setBlock(exit);
  leaveScope(outer, at(statement->getEndLoc()));
}

void FunctionLowering::rangeStatement(const CXXForRangeStmt *statement) {
  const std::size_t outer = Cleanups.size();
  this->statement(statement->getInit());
  this->statement(statement->getRangeStmt());
  this->statement(statement->getBeginStmt());
  this->statement(statement->getEndStmt());
  const std::size_t depth = Cleanups.size();
  const BlockNumber head = newBlock(), body = newBlock(), step = newBlock(), exit = newBlock();
  jump(head);
  setBlock(head);
  if (statement->getCond())
    branch(statement->getCond(), {body, depth}, {exit, depth});
  else
    terminate(ir::TerminatorKind::Branch, {body, exit}, at(statement->getForLoc()));
  setBlock(body);
  this->statement(statement->getLoopVarStmt());
  JumpScope scope;
  scope.breakBlock = exit;
  scope.continueBlock = step;
  scope.depth = depth;
  Jumps.push_back(scope);
  this->statement(statement->getBody());
  Jumps.pop_back();
  leaveScope(depth, at(statement->getEndLoc()));
  jump(step);
  setBlock(step);
  if (statement->getInc())
    fullExpression(statement->getInc());
  jump(head);
  setBlock(exit);
  leaveScope(outer, at(statement->getEndLoc()));
}

} // namespace gridlock::facts
