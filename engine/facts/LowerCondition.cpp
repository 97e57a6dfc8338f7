//===- LowerCondition.cpp - Conditions become branches --------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"

using namespace clang;

namespace gridlock::facts {

/// As the depth of a target: no temporary is destroyed on the way there.
static constexpr std::size_t keepAll = ~std::size_t(0);

/// Drops what does not change whether a condition holds.
static const Expr *stripCondition(const Expr *expression) {
  while (true) {
    const Expr *before = expression;
    expression = expression->IgnoreParens();
    if (const auto *full = dyn_cast<FullExpr>(expression)) {
      expression = full->getSubExpr();
    } else if (const auto *cast = dyn_cast<CastExpr>(expression)) {
      switch (cast->getCastKind()) {
      case CK_IntegralToBoolean:
      case CK_PointerToBoolean:
      case CK_MemberPointerToBoolean:
      case CK_NoOp:
        expression = cast->getSubExpr();
        break;
      case CK_IntegralCast:
        // Widening a comparison's result.
        if (cast->getSubExpr()->getType()->isBooleanType() || cast->getSubExpr()->isKnownToHaveBooleanValue())
          expression = cast->getSubExpr();
        break;
      default:
        break;
      }
    } else if (const auto *call = dyn_cast<CallExpr>(expression)) {
      const unsigned builtin = call->getBuiltinCallee();
      if ((builtin == Builtin::BI__builtin_expect || builtin == Builtin::BI__builtin_expect_with_probability) &&
          call->getNumArgs() != 0)
        expression = call->getArg(0)->IgnoreParens();
      // The argument was made a `long`; that changes nothing.
      if (expression != call)
        if (const auto *widened = dyn_cast<ImplicitCastExpr>(expression);
            widened && widened->getCastKind() == CK_IntegralCast)
          expression = widened->getSubExpr();
    } else if (const auto *substitution = dyn_cast<SubstNonTypeTemplateParmExpr>(expression)) {
      expression = substitution->getReplacement();
    }
    if (expression == before)
      return expression;
  }
}

/// Whether exactly one edge leaves the condition when it has this outcome. Then
/// the temporaries that exist on that edge are known.
static bool hasSingleEdge(const Expr *expression, bool outcome) {
  expression = stripCondition(expression);
  if (const auto *unary = dyn_cast<UnaryOperator>(expression); unary && unary->getOpcode() == UO_LNot)
    return hasSingleEdge(unary->getSubExpr(), !outcome);
  if (const auto *binary = dyn_cast<BinaryOperator>(expression)) {
    if (binary->getOpcode() == BO_Comma)
      return hasSingleEdge(binary->getRHS(), outcome);
    if (binary->isLogicalOp())
      return outcome == (binary->getOpcode() == BO_LAnd) && hasSingleEdge(binary->getLHS(), outcome) &&
             hasSingleEdge(binary->getRHS(), outcome);
  }
  return !isa<AbstractConditionalOperator>(expression);
}

void FunctionLowering::edge(Target target, ir::Index location) {
  runCleanups(target.depth, location);
  jump(target.block, location);
}

void FunctionLowering::branch(const Expr *condition, Target whenTrue, Target whenFalse) {
  Nesting nesting(Depth);
  const std::size_t depth = Cleanups.size();
  // The caller goes on with the temporaries that exist then.
  const bool isKept = whenTrue.depth == keepAll || whenFalse.depth == keepAll;
  condition = stripCondition(condition);
  if (nesting.isTooDeep()) {
    terminate(ir::TerminatorKind::Branch, {whenTrue.block, whenFalse.block}, at(condition));
    return;
  }
  if (const auto *unary = dyn_cast<UnaryOperator>(condition); unary && unary->getOpcode() == UO_LNot)
    return branch(unary->getSubExpr(), whenFalse, whenTrue);
  if (const auto *binary = dyn_cast<BinaryOperator>(condition)) {
    if (binary->isLogicalOp()) {
      const bool isAnd = binary->getOpcode() == BO_LAnd;
      const BlockNumber middle = newBlock();
      // Temporaries of the left side live on while the right side runs, unless
      // several edges lead there that do not agree on them.
      const Target next{middle, hasSingleEdge(binary->getLHS(), isAnd) ? keepAll : depth};
      branch(binary->getLHS(), isAnd ? next : whenTrue, isAnd ? whenFalse : next);
      setBlock(middle);
      branch(binary->getRHS(), whenTrue, whenFalse);
      if (!isKept)
        Cleanups.resize(depth);
      return;
    }
    if (binary->getOpcode() == BO_Comma) {
      effects(binary->getLHS());
      branch(binary->getRHS(), whenTrue, whenFalse);
      if (!isKept)
        Cleanups.resize(depth);
      return;
    }
  }
  if (const auto *choice = dyn_cast<ConditionalOperator>(condition)) {
    const BlockNumber yes = newBlock(), no = newBlock();
    branch(choice->getCond(), {yes, depth}, {no, depth});
    setBlock(yes);
    branch(choice->getTrueExpr(), whenTrue, whenFalse);
    setBlock(no);
    branch(choice->getFalseExpr(), whenTrue, whenFalse);
    return;
  }
  branchLeaf(condition, whenTrue, whenFalse);
}

void FunctionLowering::branchLeaf(const Expr *condition, Target whenTrue, Target whenFalse) {
  const std::size_t depth = Cleanups.size();
  ir::Index tested = value(condition);
  const ir::Index where = at(condition);
  const bool isKept = whenTrue.depth == keepAll || whenFalse.depth == keepAll;
  whenTrue.depth = std::min(whenTrue.depth, Cleanups.size());
  whenFalse.depth = std::min(whenFalse.depth, Cleanups.size());
  if (auto number = Build.integer(tested)) {
    edge(*number ? whenTrue : whenFalse, where);
  } else {
    const bool splitsTrue = Cleanups.size() != whenTrue.depth, splitsFalse = Cleanups.size() != whenFalse.depth;
    const BlockNumber yes = splitsTrue ? newBlock() : whenTrue.block;
    const BlockNumber no = splitsFalse ? newBlock() : whenFalse.block;
    terminate(ir::TerminatorKind::Branch, {yes, no}, where, tested);
    if (splitsTrue) {
      setBlock(yes);
      edge(whenTrue, where);
    }
    if (splitsFalse) {
      setBlock(no);
      edge(whenFalse, where);
    }
  }
  if (!isKept)
    Cleanups.resize(depth);
}

/// `a && b`, `a || b` where a value is wanted.
ir::Index FunctionLowering::logicalValue(const Expr *expression) {
  const std::size_t depth = Cleanups.size();
  const ir::Index where = at(expression);
  const ir::Index result = newScalarTemporary(expression->getType(), where);
  const BlockNumber yes = newBlock(), no = newBlock(), after = newBlock();
  branch(expression, {yes, depth}, {no, depth});
  const ir::Index type = Names.type(expression->getType());
  setBlock(yes);
  assign(Build.local(result), Build.constant(1, type), where, ir::AssignIsInitialization);
  jump(after);
  setBlock(no);
  assign(Build.local(result), Build.constant(0, type), where, ir::AssignIsInitialization);
  jump(after);
  setBlock(after);
  return Build.load(Build.local(result));
}

/// Runs `arm` for both arms of `?:`, each in a block of its own.
void FunctionLowering::conditionalArms(const AbstractConditionalOperator *expression,
                                       llvm::function_ref<void(const Expr *)> arm) {
  const BlockNumber yes = newBlock(), no = newBlock(), after = newBlock();
  if (const auto *binary = dyn_cast<BinaryConditionalOperator>(expression))
    bindOpaque(binary->getOpaqueValue());
  const std::size_t depth = Cleanups.size();
  branch(expression->getCond(), {yes, depth}, {no, depth});
  const bool wasExtending = IsExtending;
  IsExtending = false;
  for (auto [block, operand] : {std::pair(yes, expression->getTrueExpr()), std::pair(no, expression->getFalseExpr())}) {
    setBlock(block);
    // A constant condition leaves one arm that nobody reaches.
    if (isDead())
      continue;
    arm(operand);
    endFullExpression(depth, at(operand));
    jump(after);
  }
  IsExtending = wasExtending;
  setBlock(after);
}

} // namespace gridlock::facts
