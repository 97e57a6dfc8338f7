//===- LowerOperator.cpp - Operators, casts, discarded expressions --------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"

using namespace clang;

namespace gridlock::facts {

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

ir::Index FunctionLowering::castValue(const CastExpr *expression) {
  const Expr *inner = expression->getSubExpr();
  const ir::Index type = Names.type(expression->getType());
  switch (expression->getCastKind()) {
  case CK_LValueToRValue: {
    if (const auto *choice = dyn_cast<AbstractConditionalOperator>(inner->IgnoreParens())) {
      // Load in the arms: so the objects' addresses stay at home.
      const ir::Index result = newScalarTemporary(expression->getType(), at(choice));
      conditionalArms(choice, [&](const Expr *arm) {
        const ir::Index chosen = arm->isGLValue() ? loadFrom(place(arm), arm) : value(arm);
        assign(Build.local(result), chosen, at(arm), ir::AssignIsInitialization);
      });
      return Build.load(Build.local(result));
    }
    const ir::Index source = place(inner);
    return loadFrom(source, inner);
  }
  case CK_ArrayToPointerDecay: {
    const Expr *array = inner->IgnoreParens();
    if (const auto *literal = dyn_cast<clang::StringLiteral>(array))
      return Build.stringConstant(literal->getBytes(), type);
    const ir::Index source = place(inner);
    if (Build.unit().exprs[source].kind == ir::ExprKind::Deref &&
        Build.unit().exprs[Build.unit().exprs[source].a].kind == ir::ExprKind::StringConst)
      return Build.unit().exprs[source].a;
    escape(source);
    const ir::Index element = Names.type(expression->getType()->getPointeeType());
    return Build.addressOf(Build.index(source, Build.constant(0), element), type);
  }
  case CK_FunctionToPointerDecay:
    return Build.addressOf(place(inner), type);
  case CK_BuiltinFnToFnPtr:
    return 0;
  case CK_NullToPointer:
  case CK_NullToMemberPointer:
    return Build.null(type);
  case CK_IntegralToPointer: {
    const ir::Index number = value(inner);
    return Build.integer(number) == 0 ? Build.null(type) : number;
  }
  case CK_IntegralToBoolean:
  case CK_PointerToBoolean:
  case CK_FloatingToBoolean:
  case CK_MemberPointerToBoolean: {
    const ir::Index tested = value(inner);
    if (inner->getType()->isBooleanType() || inner->isKnownToHaveBooleanValue())
      return tested;
    const ir::Index zero = inner->getType()->isAnyPointerType() ? Build.null(Names.type(inner->getType()))
                                                                : Build.constant(0, Names.type(inner->getType()));
    return Build.binary(ir::Operator::NotEqual, tested, zero, type);
  }
  case CK_ToVoid:
    effects(inner);
    return 0;
  case CK_IntegralCast:
  case CK_FloatingToIntegral:
  case CK_IntegralToFloating:
  case CK_BooleanToSignedIntegral: {
    const ir::Index number = value(inner);
    // A constant takes its new type's sign, so that `(mode_t)-1` compares equal.
    if (auto known = Build.integer(number);
        known && expression->getType()->isIntegralOrEnumerationType() && !expression->getType()->isDependentType()) {
      const unsigned width = unsigned(Context.getIntWidth(expression->getType()));
      llvm::APSInt cut(llvm::APInt(64, std::uint64_t(*known)).zextOrTrunc(std::min(width, 64u)),
                       expression->getType()->isUnsignedIntegerOrEnumerationType());
      return Build.constant(cut.isSigned() ? cut.getSExtValue() : std::int64_t(cut.getZExtValue()), type);
    }
    return number;
  }
  default:
    // Conversions between pointers, to bases, by functions: the operand's value.
    return inner->isGLValue() ? Build.addressOf(place(inner)) : value(inner);
  }
}

ir::Index FunctionLowering::castPlace(const CastExpr *expression) {
  const Expr *inner = expression->getSubExpr();
  const ir::Index source = place(inner);
  // `reinterpret_cast<T &>` and conversions to derived classes see another type.
  switch (expression->getCastKind()) {
  case CK_LValueBitCast:
  case CK_BaseToDerived:
  case CK_Dynamic:
    if (Build.unit().exprs[source].kind == ir::ExprKind::Deref)
      return Build.deref(Build.unit().exprs[source].a, Names.type(expression->getType()));
    return source;
  default:
    return source;
  }
}

/// `dynamic_cast` of a pointer: the same object, or null.
ir::Index FunctionLowering::dynamicCast(const CXXDynamicCastExpr *expression) {
  const Expr *inner = expression->getSubExpr();
  const ir::Index source = inner->isGLValue() ? Build.addressOf(place(inner)) : value(inner);
  if (expression->getCastKind() != CK_Dynamic || !expression->getType()->isPointerType())
    return source;
  const ir::Index where = at(expression);
  const ir::Index result = newScalarTemporary(expression->getType(), where);
  const BlockNumber yes = newBlock(), no = newBlock(), after = newBlock();
  terminate(ir::TerminatorKind::Branch, {yes, no}, where);
  setBlock(yes);
  assign(Build.local(result), source, where, ir::AssignIsInitialization);
  jump(after);
  setBlock(no);
  assign(Build.local(result), Build.null(Names.type(expression->getType())), where, ir::AssignIsInitialization);
  jump(after);
  setBlock(after);
  return Build.load(Build.local(result));
}

//===----------------------------------------------------------------------===//
// Unary and binary operators
//===----------------------------------------------------------------------===//

static ir::Operator operatorOf(BinaryOperatorKind kind) {
  switch (kind) {
  case BO_EQ:
    return ir::Operator::Equal;
  case BO_NE:
    return ir::Operator::NotEqual;
  case BO_LT:
    return ir::Operator::Less;
  case BO_LE:
    return ir::Operator::LessEqual;
  case BO_GT:
    return ir::Operator::Greater;
  case BO_GE:
    return ir::Operator::GreaterEqual;
  case BO_Add:
  case BO_AddAssign:
    return ir::Operator::Add;
  case BO_Sub:
  case BO_SubAssign:
    return ir::Operator::Subtract;
  case BO_Mul:
  case BO_MulAssign:
    return ir::Operator::Multiply;
  case BO_Div:
  case BO_DivAssign:
    return ir::Operator::Divide;
  case BO_Rem:
  case BO_RemAssign:
    return ir::Operator::Remainder;
  case BO_And:
  case BO_AndAssign:
    return ir::Operator::And;
  case BO_Or:
  case BO_OrAssign:
    return ir::Operator::Or;
  case BO_Xor:
  case BO_XorAssign:
    return ir::Operator::Xor;
  case BO_Shl:
  case BO_ShlAssign:
    return ir::Operator::ShiftLeft;
  case BO_Shr:
  case BO_ShrAssign:
    return ir::Operator::ShiftRight;
  default:
    return ir::Operator::None;
  }
}

/// `operand + offset`: an element's address for pointers, a sum for numbers.
ir::Index FunctionLowering::pointerArithmetic(ir::Index operand, ir::Index offset, QualType type) {
  if (!type->isPointerType())
    return Build.binary(ir::Operator::Add, operand, offset, Names.type(type));
  return Build.addressOf(Build.element(operand, offset, Names.type(type->getPointeeType())), Names.type(type));
}

ir::Index FunctionLowering::unaryValue(const UnaryOperator *expression, bool isUsed) {
  const Expr *inner = expression->getSubExpr();
  const ir::Index type = Names.type(expression->getType());
  switch (expression->getOpcode()) {
  case UO_AddrOf: {
    const auto *name = dyn_cast<DeclRefExpr>(inner->IgnoreParens());
    if (name && expression->getType()->isMemberPointerType()) {
      if (const auto *method = dyn_cast<FunctionDecl>(name->getDecl())) {
        Unit.want(method);
        return Build.functionRef(Names.function(method), type);
      }
      return 0;
    }
    const ir::Index object = place(inner);
    escape(object);
    return Build.addressOf(object, type);
  }
  case UO_PostInc:
  case UO_PostDec:
  case UO_PreInc:
  case UO_PreDec: {
    const ir::Index changed = place(inner);
    const ir::Index step = Build.constant(expression->isIncrementOp() ? 1 : -1);
    ir::Index before = Build.load(changed, type);
    if (isUsed && expression->isPostfix()) {
      const ir::Index kept = newScalarTemporary(expression->getType(), at(expression));
      assign(Build.local(kept), before, at(expression), ir::AssignIsInitialization);
      before = Build.load(Build.local(kept));
    }
    assign(changed, pointerArithmetic(before, step, inner->getType()), at(expression), ir::AssignIsUpdate);
    return expression->isPostfix() ? before : Build.load(changed, type);
  }
  case UO_LNot: {
    const Expr *operand = inner->IgnoreParenImpCasts();
    const auto *binary = dyn_cast<BinaryOperator>(operand);
    if (binary && binary->isLogicalOp())
      return logicalValue(expression);
    return Build.unary(ir::Operator::Not, value(inner), type);
  }
  case UO_Minus:
    return Build.unary(ir::Operator::Negate, value(inner), type);
  case UO_Not:
    return Build.unary(ir::Operator::Complement, value(inner), type);
  case UO_Coawait:
    effects(inner);
    return 0;
  default:
    return value(inner);
  }
}

ir::Index FunctionLowering::binaryValue(const BinaryOperator *expression) {
  const Expr *left = expression->getLHS(), *right = expression->getRHS();
  switch (expression->getOpcode()) {
  case BO_LAnd:
  case BO_LOr:
    return logicalValue(expression);
  case BO_Comma:
    effects(left);
    return value(right);
  case BO_Assign: {
    // In C the result is the value, not the place.
    ir::Index stored = 0;
    simpleAssignment(expression, &stored);
    return stored;
  }
  case BO_PtrMemD:
  case BO_PtrMemI:
    effects(left);
    value(right);
    return 0;
  default:
    break;
  }
  const ir::Index first = value(left);
  const Mark before = mark();
  const ir::Index second = value(right);
  const ir::Index kept = keep(first, before, left->getType());
  const ir::Index type = Names.type(expression->getType());
  if (expression->getOpcode() == BO_Add || expression->getOpcode() == BO_Sub) {
    if (left->getType()->isPointerType() && right->getType()->isIntegralOrEnumerationType()) {
      const ir::Index offset = expression->getOpcode() == BO_Add
                                   ? second
                                   : Build.unary(ir::Operator::Negate, second, Names.type(right->getType()));
      return pointerArithmetic(kept, offset, left->getType());
    }
    if (right->getType()->isPointerType() && left->getType()->isIntegralOrEnumerationType())
      return pointerArithmetic(second, kept, right->getType());
  }
  return Build.binary(operatorOf(expression->getOpcode()), kept, second, type);
}

ir::Index FunctionLowering::simpleAssignment(const BinaryOperator *expression, ir::Index *stored) {
  const Expr *left = expression->getLHS(), *right = expression->getRHS();
  // The right side runs first, as C++17 says and C allows.
  if (isObject(left->getType())) {
    const Expr *source = right->IgnoreParenImpCasts();
    const auto *chained = dyn_cast<BinaryOperator>(source);
    ir::Index copied = 0;
    if (chained && chained->getOpcode() == BO_Assign)
      copied = simpleAssignment(chained);
    else
      copied = source->isGLValue() ? place(source) : temporaryObject(right, 0);
    const Mark before = mark();
    const ir::Index target = place(left);
    copied = Build.deref(keep(Build.addressOf(copied), before, Context.getPointerType(right->getType())));
    emit(ir::EventKind::Read, at(right), copied);
    assign(target, Build.load(copied), at(expression));
    return target;
  }
  const ir::Index computed = value(right);
  const Mark before = mark();
  const ir::Index target = place(left);
  const ir::Index kept = keep(computed, before, right->getType());
  assign(target, kept, at(expression));
  if (stored)
    *stored = isChangedSince(kept, before.log) ? Build.load(target, Names.type(left->getType())) : kept;
  return target;
}

ir::Index FunctionLowering::compoundAssignment(const CompoundAssignOperator *expression) {
  const Expr *left = expression->getLHS(), *right = expression->getRHS();
  const ir::Index operand = value(right);
  const Mark before = mark();
  const ir::Index target = place(left);
  const ir::Index kept = keep(operand, before, right->getType());
  const ir::Index type = Names.type(left->getType());
  const ir::Index old = Build.load(target, type);
  ir::Index result;
  if (left->getType()->isPointerType()) {
    const bool isAdd = expression->getOpcode() == BO_AddAssign;
    result = pointerArithmetic(old, isAdd ? kept : Build.unary(ir::Operator::Negate, kept), left->getType());
  } else {
    result = Build.binary(operatorOf(expression->getOpcode()), old, kept, type);
  }
  assign(target, result, at(expression), ir::AssignIsUpdate);
  return target;
}

//===----------------------------------------------------------------------===//
// Expressions whose result nobody wants
//===----------------------------------------------------------------------===//

void FunctionLowering::effects(const Expr *expression) {
  Nesting nesting(Depth);
  if (nesting.isTooDeep()) {
    HasErrors = true;
    return;
  }
  const bool isWhole = IsDiscarded;
  IsDiscarded = false;
  const Expr *inner = expression->IgnoreParens();
  if (const auto *full = dyn_cast<FullExpr>(inner)) {
    IsDiscarded = isWhole;
    effects(full->getSubExpr());
    IsDiscarded = false;
    return;
  }
  if (const auto *cast = dyn_cast<CastExpr>(inner)) {
    if (cast->getCastKind() == CK_ToVoid) {
      IsDiscarded = isWhole;
      effects(cast->getSubExpr());
      IsDiscarded = false;
      return;
    }
  }
  const auto *assignment = dyn_cast<BinaryOperator>(inner);
  if (assignment && assignment->getOpcode() == BO_Assign) {
    simpleAssignment(assignment);
    return;
  }
  // `Guard{m};` dies at once.
  if (inner->isPRValue() && isObject(inner->getType())) {
    if (const auto *reading = dyn_cast<ImplicitCastExpr>(inner); reading && reading->getCastKind() == CK_LValueToRValue)
      return effects(reading->getSubExpr());
    const Expr *made = inner;
    while (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(made))
      made = bound->getSubExpr()->IgnoreParens();
    if (isWhole && isa<CallExpr>(made)) {
      const ir::Index object =
          newTemporary(inner->getType(), at(inner), isWhole ? unsigned(ir::VariableIsDiscardedTemporary) : 0u);
      call(cast<CallExpr>(made), Build.local(object), ir::CallResultIsDiscarded);
      pushVariable(object, Build.local(object), inner->getType(), at(inner), true);
      return;
    }
    temporaryObject(inner, isWhole ? unsigned(ir::VariableIsDiscardedTemporary) : 0u);
    return;
  }
  if (const auto *call = dyn_cast<CallExpr>(inner)) {
    this->call(call, 0, isWhole ? unsigned(ir::CallResultIsDiscarded) : 0u);
    return;
  }
  if (const auto *materialized = dyn_cast<MaterializeTemporaryExpr>(inner)) {
    IsDiscarded = isWhole;
    effects(materialized->getSubExpr());
    IsDiscarded = false;
    return;
  }
  if (const auto *unary = dyn_cast<UnaryOperator>(inner)) {
    if (unary->isIncrementDecrementOp()) {
      unaryValue(unary, false);
      return;
    }
    if (unary->getOpcode() == UO_Deref || unary->getOpcode() == UO_AddrOf)
      return effects(unary->getSubExpr());
  }
  if (const auto *binary = dyn_cast<BinaryOperator>(inner)) {
    if (binary->getOpcode() == BO_Comma) {
      effects(binary->getLHS());
      return effects(binary->getRHS());
    }
    if (binary->isLogicalOp()) {
      const std::size_t depth = Cleanups.size();
      const BlockNumber after = newBlock();
      branch(binary, {after, depth}, {after, depth});
      return setBlock(after);
    }
  }
  if (const auto *compound = dyn_cast<CompoundAssignOperator>(inner)) {
    compoundAssignment(compound);
    return;
  }
  if (const auto *choice = dyn_cast<AbstractConditionalOperator>(inner))
    return conditionalArms(choice, [&](const Expr *arm) { effects(arm); });
  switch (inner->getStmtClass()) {
  case Stmt::CXXThrowExprClass:
    return throwExpression(cast<CXXThrowExpr>(inner));
  case Stmt::CXXDeleteExprClass:
    return deleteExpression(cast<CXXDeleteExpr>(inner));
  case Stmt::CXXNewExprClass:
    newExpression(cast<CXXNewExpr>(inner));
    return;
  case Stmt::AtomicExprClass:
    atomicExpression(cast<AtomicExpr>(inner));
    return;
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass:
    coroutineResult(cast<CoroutineSuspendExpr>(inner), 0);
    return;
  case Stmt::StmtExprClass:
    return compound(cast<StmtExpr>(inner)->getSubStmt(), nullptr, nullptr, 0);
  case Stmt::CXXDefaultArgExprClass:
    return effects(cast<CXXDefaultArgExpr>(inner)->getExpr());
  case Stmt::CXXDefaultInitExprClass:
    return effects(cast<CXXDefaultInitExpr>(inner)->getExpr());
  case Stmt::CXXRewrittenBinaryOperatorClass:
    return effects(cast<CXXRewrittenBinaryOperator>(inner)->getSemanticForm());
  case Stmt::PseudoObjectExprClass:
    for (const Expr *part : cast<PseudoObjectExpr>(inner)->semantics())
      effects(part);
    return;
  case Stmt::OpaqueValueExprClass:
    bindOpaque(cast<OpaqueValueExpr>(inner));
    return;
  // Operands that are not evaluated.
  case Stmt::UnaryExprOrTypeTraitExprClass:
  case Stmt::CXXNoexceptExprClass:
  case Stmt::CXXTypeidExprClass:
  case Stmt::LambdaExprClass:
  case Stmt::RequiresExprClass:
  case Stmt::BlockExprClass:
    return;
  case Stmt::RecoveryExprClass:
    recovered(cast<RecoveryExpr>(inner));
    return;
  default:
    break;
  }
  for (const Stmt *child : inner->children())
    if (const auto *operand = dyn_cast_or_null<Expr>(child)) {
      if (const auto *reading = dyn_cast<ImplicitCastExpr>(operand);
          reading && reading->getCastKind() == CK_LValueToRValue && !isObject(operand->getType()))
        value(operand);
      else
        effects(operand);
    }
}

} // namespace gridlock::facts
