//===- LowerJump.cpp - Switches, jumps, exceptions ------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"

using namespace clang;

namespace gridlock::facts {

/// GNU case ranges are written out up to this width.
static constexpr std::int64_t maximumRange = 256;

void FunctionLowering::switchStatement(const SwitchStmt *statement) {
  const std::size_t outer = Cleanups.size();
  this->statement(statement->getInit());
  if (statement->getConditionVariable())
    localVariable(statement->getConditionVariable());
  const std::size_t depth = Cleanups.size();
  ir::Index selector = value(statement->getCond());
  if (Cleanups.size() != depth) {
    // The value outlives the temporaries of the condition.
    const ir::Index kept = newScalarTemporary(statement->getCond()->getType(), at(statement->getCond()));
    assign(Build.local(kept), selector, at(statement->getCond()), ir::AssignIsInitialization);
    selector = Build.load(Build.local(kept));
    endFullExpression(depth, at(statement->getCond()));
  }
  const BlockNumber head = Current;
  const BlockNumber exit = newBlock();
  setBlock(newBlock());
  JumpScope scope;
  scope.isSwitch = true;
  scope.breakBlock = exit;
  scope.depth = depth;
  Jumps.push_back(scope);
  this->statement(statement->getBody());
  scope = Jumps.back();
  Jumps.pop_back();
  leaveScope(depth, at(statement->getEndLoc()));
  jump(exit);
  const bool wasDead = head != 0 && Blocks[head].predecessors == 0;
  setBlock(head);
  llvm::SmallVector<BlockNumber, 8> successors;
  for (const auto &[number, block] : scope.cases) {
    Blocks[head].cases.push_back(number);
    successors.push_back(block);
  }
  successors.push_back(scope.defaultBlock ? scope.defaultBlock : exit);
  if (wasDead)
    Blocks[head].predecessors = 1;
  terminate(ir::TerminatorKind::Switch, successors, at(statement->getCond()), selector);
  setBlock(exit);
  leaveScope(outer, at(statement->getEndLoc()));
}

void FunctionLowering::caseStatement(const SwitchCase *statement) {
  JumpScope *scope = nullptr;
  for (auto candidate = Jumps.rbegin(); candidate != Jumps.rend() && !scope; ++candidate)
    if (candidate->isSwitch)
      scope = &*candidate;
  const BlockNumber block = newBlock();
  jump(block);
  setBlock(block);
  Blocks[block].predecessors = std::max(1u, Blocks[block].predecessors);
  // `case 1: case 2: case 3:` nests; a loop keeps the stack flat.
  const Stmt *inner = statement;
  while (const auto *label = dyn_cast_or_null<SwitchCase>(inner)) {
    inner = label->getSubStmt();
    if (!scope)
      continue;
    const auto *number = dyn_cast<CaseStmt>(label);
    if (!number) {
      scope->defaultBlock = block;
      continue;
    }
    auto evaluate = [&](const Expr *expression) -> std::optional<std::int64_t> {
      if (!expression || expression->isValueDependent())
        return std::nullopt;
      Expr::EvalResult result;
      if (!expression->EvaluateAsInt(result, Context))
        return std::nullopt;
      return result.Val.getInt().getExtValue();
    };
    const auto low = evaluate(number->getLHS());
    if (!low) {
      HasErrors = true;
      continue;
    }
    const std::int64_t high = number->getRHS() ? evaluate(number->getRHS()).value_or(*low) : *low;
    for (std::int64_t i = *low; i <= high && i - *low < maximumRange; ++i)
      scope->cases.emplace_back(Build.constant(i, Names.type(number->getLHS()->getType())), block);
  }
  this->statement(inner);
}

void FunctionLowering::breakOrContinue(bool isBreak, ir::Index location) {
  for (auto scope = Jumps.rbegin(); scope != Jumps.rend(); ++scope) {
    if (!isBreak && scope->isSwitch)
      continue;
    const BlockNumber target = isBreak ? scope->breakBlock : scope->continueBlock;
    runCleanups(scope->depth, location);
    return jump(target, location);
  }
}

void FunctionLowering::gotoLabel(const LabelDecl *label, ir::Index location) {
  Gotos.push_back({Current, label, Cleanups, location});
  setBlock(newBlock());
}

void FunctionLowering::indirectGoto(const IndirectGotoStmt *statement) {
  value(statement->getTarget());
  Blocks[Current].location = at(statement->getBeginLoc());
  IndirectGotos.push_back(Current);
  setBlock(newBlock());
}

void FunctionLowering::labelStatement(const LabelStmt *statement) {
  const BlockNumber block = newBlock();
  jump(block);
  setBlock(block);
  // A `goto` further down may lead here.
  Blocks[block].predecessors = std::max(1u, Blocks[block].predecessors);
  Labels[statement->getDecl()] = {block, Cleanups};
  LabelOrder.push_back(statement->getDecl());
  this->statement(statement->getSubStmt());
}

void FunctionLowering::returnStatement(const ReturnStmt *statement) {
  const ir::Index where = at(statement->getBeginLoc());
  const std::size_t depth = Cleanups.size();
  if (const Expr *result = statement->getRetValue()) {
    if (ReturnSlot && !result->getType()->isVoidType()) {
      const QualType type = Declaration->getReturnType();
      initialize(Build.local(ReturnSlot), result, type, ir::AssignIsReturn);
    } else {
      effects(result);
    }
  }
  endFullExpression(depth, where);
  returnFrom(where);
}

//===----------------------------------------------------------------------===//
// Exceptions
//===----------------------------------------------------------------------===//

/// \param constructor set when the handlers are a constructor's: they catch what
///   its initialisers throw, and throw it again when they end.
void FunctionLowering::tryStatement(const CXXTryStmt *statement, const CXXConstructorDecl *constructor) {
  const std::size_t depth = Cleanups.size();
  const BlockNumber dispatch = newBlock(), after = newBlock();
  pushTry(dispatch);
  if (constructor)
    constructorPrologue(constructor);
  this->statement(statement->getTryBlock());
  leaveScope(depth, at(statement->getTryBlock()->getEndLoc()));
  jump(after);

  llvm::SmallVector<BlockNumber, 4> successors;
  bool hasCatchAll = false;
  const bool isReached = Blocks[dispatch].predecessors != 0;
  for (unsigned i = 0; i != statement->getNumHandlers(); ++i) {
    const CXXCatchStmt *handler = statement->getHandler(i);
    const BlockNumber block = newBlock();
    successors.push_back(block);
    hasCatchAll |= !handler->getExceptionDecl();
    if (!isReached)
      continue;
    setBlock(block);
    Blocks[block].predecessors = 1;
    if (const VarDecl *variable = handler->getExceptionDecl()) {
      const ir::Index row = variableRow(variable);
      const ir::Index where = at(variable->getLocation());
      emit(ir::EventKind::Begin, where, row);
      if (!isObject(variable->getType()))
        assign(Build.local(row), 0, where, ir::AssignIsInitialization);
      pushVariable(row, Build.local(row), variable->getType(), where);
    }
    this->statement(handler->getHandlerBlock());
    leaveScope(depth, at(handler->getEndLoc()));
    if (constructor)
      terminate(ir::TerminatorKind::Throw, {}, at(handler->getEndLoc()));
    else
      jump(after);
  }
  const ir::Index where = at(statement->getBeginLoc());
  if (!hasCatchAll) {
    BlockNumber further = landing(depth);
    if (!further) {
      further = newBlock();
      setBlock(further);
      Blocks[further].predecessors = 1;
      terminate(ir::TerminatorKind::Resume, {}, where);
    }
    successors.push_back(further);
  }
  setBlock(dispatch);
  terminate(ir::TerminatorKind::Catch, successors, where);
  setBlock(after);
}

void FunctionLowering::throwExpression(const CXXThrowExpr *expression) {
  const ir::Index where = at(expression->getThrowLoc());
  if (const Expr *operand = expression->getSubExpr()) {
    if (isObject(operand->getType())) {
      // The exception object lives until some handler ends; nobody here
      // destroys it.
      const ir::Index object = newTemporary(operand->getType(), where);
      construct(operand, Build.local(object));
    } else {
      effects(operand);
    }
  }
  if (const BlockNumber target = landing(Cleanups.size())) {
    ++Blocks[target].predecessors;
    return terminate(ir::TerminatorKind::Throw, target, where);
  }
  terminate(ir::TerminatorKind::Throw, {}, where);
}

} // namespace gridlock::facts
