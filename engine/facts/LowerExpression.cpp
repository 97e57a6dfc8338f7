//===- LowerExpression.cpp - Expressions become values and places ---------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"

using namespace clang;

namespace gridlock::facts {

//===----------------------------------------------------------------------===//
// Values that must not change
//===----------------------------------------------------------------------===//

/// Whether an effect since `log` may have changed what `value` loads.
bool FunctionLowering::isChangedSince(ir::Index value, std::size_t log) const {
  if (log == EffectLog.size() || value == 0)
    return false;
  const ir::Unit &unit = Build.unit();
  llvm::SmallVector<ir::Index, 8> work{value};
  while (!work.empty()) {
    const ir::Expr &expression = unit.exprs[work.pop_back_val()];
    switch (expression.kind) {
    case ir::ExprKind::Load: {
      const ir::Expr &source = unit.exprs[expression.a];
      work.push_back(expression.a);
      if (unit.types[source.type].kind == ir::TypeKind::Reference)
        break;
      const bool isPrivate =
          source.kind == ir::ExprKind::Local && !(unit.variables[source.a].flags & ir::VariableAddressTaken);
      for (std::size_t i = log; i != EffectLog.size(); ++i) {
        if (EffectLog[i] == expression.a)
          return true;
        // Writes to other locals change nothing that is loaded from elsewhere.
        const bool isLocal = unit.exprs[EffectLog[i]].kind == ir::ExprKind::Local;
        if (!isPrivate && !isLocal)
          return true;
      }
      break;
    }
    case ir::ExprKind::Binary:
    case ir::ExprKind::Index:
      work.push_back(expression.a);
      work.push_back(expression.b);
      break;
    case ir::ExprKind::AddressOf:
    case ir::ExprKind::Unary:
    case ir::ExprKind::Field:
    case ir::ExprKind::Deref:
      work.push_back(expression.a);
      break;
    default:
      break;
    }
  }
  return false;
}

/// `value` as it was at `mark`: itself, or a copy that is made there.
ir::Index FunctionLowering::keep(ir::Index value, const Mark &mark, QualType type) {
  if (!isChangedSince(value, mark.log))
    return value;
  std::vector<ir::Event> &events = Blocks[mark.block].events;
  const std::size_t position = std::min(mark.event, events.size());
  const ir::Index where = position ? events[position - 1].location : 0;
  const ir::Index copy = newScalarTemporary(type, where);
  ir::Event event;
  event.kind = ir::EventKind::Assign;
  event.flags = ir::AssignIsInitialization;
  event.a = Build.local(copy);
  event.b = value;
  event.location = where;
  events.insert(events.begin() + std::ptrdiff_t(position), event);
  return Build.load(Build.local(copy));
}

ir::Index FunctionLowering::loadFrom(ir::Index place, const Expr *expression) {
  if (place)
    emit(ir::EventKind::Read, at(expression), place);
  return Build.load(place, Names.type(expression->getType()));
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

const Expr *FunctionLowering::resultOfBlock(const StmtExpr *block) {
  const CompoundStmt *body = block->getSubStmt();
  return body->body_empty() ? nullptr : dyn_cast<Expr>(body->body_back());
}

/// Integers that are known without running anything.
ir::Index FunctionLowering::constantOf(const Expr *expression, bool &isConstant) {
  isConstant = true;
  const ir::Index type = Names.type(expression->getType());
  auto number = [&](const llvm::APSInt &value) {
    return Build.constant(value.isSigned() ? value.getSExtValue() : std::int64_t(value.getZExtValue()), type);
  };
  auto fits = [](const llvm::APSInt &value) { return value.getSignificantBits() <= 64; };
  if (expression->isValueDependent()) {
    isConstant = false;
    return 0;
  }
  if (const auto *literal = dyn_cast<IntegerLiteral>(expression)) {
    if (literal->getValue().getActiveBits() <= 64)
      return Build.constant(std::int64_t(literal->getValue().getZExtValue()), type);
  } else if (const auto *character = dyn_cast<CharacterLiteral>(expression)) {
    return Build.constant(character->getValue(), type);
  } else if (const auto *boolean = dyn_cast<CXXBoolLiteralExpr>(expression)) {
    return Build.constant(boolean->getValue(), type);
  } else if (isa<CXXNullPtrLiteralExpr, GNUNullExpr>(expression)) {
    return Build.null(type);
  } else if (const auto *floating = dyn_cast<FloatingLiteral>(expression)) {
    llvm::APSInt whole(64, false);
    bool isExact = false;
    llvm::APFloat value = floating->getValue();
    if (value.convertToInteger(whole, llvm::APFloat::rmTowardZero, &isExact) == llvm::APFloat::opOK && isExact)
      return Build.constant(whole.getSExtValue(), type);
    return 0;
  } else if (isa<UnaryExprOrTypeTraitExpr, OffsetOfExpr, TypeTraitExpr, ArrayTypeTraitExpr, ExpressionTraitExpr,
                 CXXNoexceptExpr, SizeOfPackExpr, ConceptSpecializationExpr, RequiresExpr>(expression)) {
    Expr::EvalResult result;
    if (expression->EvaluateAsInt(result, Context) && fits(result.Val.getInt()))
      return number(result.Val.getInt());
    return Build.sizeOf(type);
  } else if (const auto *constant = dyn_cast<ConstantExpr>(expression)) {
    if (constant->hasAPValueResult()) {
      const APValue result = constant->getAPValueResult();
      if (result.isInt() && fits(result.getInt()))
        return number(result.getInt());
    }
  } else if (const auto *reference = dyn_cast<DeclRefExpr>(expression)) {
    if (const auto *enumerator = dyn_cast<EnumConstantDecl>(reference->getDecl()))
      return number(enumerator->getInitVal());
  } else if (const auto *member = dyn_cast<MemberExpr>(expression)) {
    if (const auto *enumerator = dyn_cast<EnumConstantDecl>(member->getMemberDecl())) {
      effects(member->getBase());
      return number(enumerator->getInitVal());
    }
  } else if (const auto *cast = dyn_cast<ImplicitCastExpr>(expression)) {
    // `const int limit = 5;` stands for 5.
    const Expr *inner = cast->getSubExpr()->IgnoreParens();
    const VarDecl *variable = nullptr;
    if (const auto *name = dyn_cast<DeclRefExpr>(inner))
      variable = dyn_cast<VarDecl>(name->getDecl());
    if (cast->getCastKind() == CK_LValueToRValue && variable && expression->getType()->isIntegralOrEnumerationType() &&
        !variable->getType()->isReferenceType() && !variable->getType()->isDependentType() &&
        !isa<ParmVarDecl>(variable) && variable->mightBeUsableInConstantExpressions(Context)) {
      const VarDecl *definition = nullptr;
      if (variable->getAnyInitializer(definition) && definition && !definition->getInit()->isValueDependent())
        if (const APValue *result = definition->evaluateValue())
          if (result->isInt() && fits(result->getInt()))
            return number(result->getInt());
    }
  }
  isConstant = false;
  return 0;
}

/// Lists in broken code have no type; only what is in them is lowered.
bool FunctionLowering::isUntyped(const Expr *expression) {
  if (!expression->getType().isNull())
    return false;
  HasErrors = true;
  effects(expression);
  return true;
}

ir::Index FunctionLowering::value(const Expr *expression) {
  Nesting nesting(Depth);
  if (nesting.isTooDeep()) {
    HasErrors = true;
    return 0;
  }
  if (isUntyped(expression))
    return 0;
  bool isConstant = false;
  const ir::Index constant = constantOf(expression, isConstant);
  return isConstant ? constant : valueOf(expression);
}

ir::Index FunctionLowering::valueOf(const Expr *expression) {
  if (expression->isGLValue() && !isa<RecoveryExpr>(expression)) {
    // C's functions, and code that did not compile.
    return Build.addressOf(place(expression));
  }
  if (expression->getType()->isVoidType()) {
    IsDiscarded = false;
    effects(expression);
    return 0;
  }
  if (isObject(expression->getType()))
    return Build.addressOf(temporaryObject(expression, 0));
  switch (expression->getStmtClass()) {
  case Stmt::ParenExprClass:
    return value(cast<ParenExpr>(expression)->getSubExpr());
  case Stmt::ConstantExprClass:
  case Stmt::ExprWithCleanupsClass:
    return value(cast<FullExpr>(expression)->getSubExpr());
  case Stmt::SubstNonTypeTemplateParmExprClass:
    return value(cast<SubstNonTypeTemplateParmExpr>(expression)->getReplacement());
  case Stmt::CXXDefaultArgExprClass:
    return defaultArgument(cast<CXXDefaultArgExpr>(expression), [&](const Expr *inner) { return value(inner); });
  case Stmt::CXXDefaultInitExprClass:
    return value(cast<CXXDefaultInitExpr>(expression)->getExpr());
  case Stmt::GenericSelectionExprClass:
    return value(cast<GenericSelectionExpr>(expression)->getResultExpr());
  case Stmt::ChooseExprClass:
    return value(cast<ChooseExpr>(expression)->getChosenSubExpr());
  case Stmt::CXXRewrittenBinaryOperatorClass:
    return value(cast<CXXRewrittenBinaryOperator>(expression)->getSemanticForm());
  case Stmt::CXXBindTemporaryExprClass:
    return value(cast<CXXBindTemporaryExpr>(expression)->getSubExpr());
  case Stmt::MaterializeTemporaryExprClass:
    return value(cast<MaterializeTemporaryExpr>(expression)->getSubExpr());
  case Stmt::CXXThisExprClass:
    return thisValue();
  case Stmt::StringLiteralClass:
    return Build.stringConstant(cast<clang::StringLiteral>(expression)->getBytes(), Names.type(expression->getType()));
  case Stmt::PredefinedExprClass: {
    const auto *name = cast<PredefinedExpr>(expression)->getFunctionName();
    return name ? value(name) : 0;
  }
  case Stmt::ImplicitCastExprClass:
  case Stmt::CStyleCastExprClass:
  case Stmt::CXXStaticCastExprClass:
  case Stmt::CXXReinterpretCastExprClass:
  case Stmt::CXXConstCastExprClass:
  case Stmt::CXXFunctionalCastExprClass:
  case Stmt::CXXAddrspaceCastExprClass:
  case Stmt::BuiltinBitCastExprClass:
    return castValue(cast<CastExpr>(expression));
  case Stmt::CXXDynamicCastExprClass:
    return dynamicCast(cast<CXXDynamicCastExpr>(expression));
  case Stmt::UnaryOperatorClass:
    return unaryValue(cast<UnaryOperator>(expression), true);
  case Stmt::BinaryOperatorClass:
    return binaryValue(cast<BinaryOperator>(expression));
  case Stmt::CompoundAssignOperatorClass: {
    const ir::Index changed = compoundAssignment(cast<CompoundAssignOperator>(expression));
    return Build.load(changed, Names.type(expression->getType()));
  }
  case Stmt::ConditionalOperatorClass:
  case Stmt::BinaryConditionalOperatorClass: {
    const ir::Index result = newScalarTemporary(expression->getType(), at(expression));
    conditionalArms(cast<AbstractConditionalOperator>(expression), [&](const Expr *arm) {
      const ir::Index chosen = value(arm);
      assign(Build.local(result), chosen, at(arm), ir::AssignIsInitialization);
    });
    return Build.load(Build.local(result));
  }
  case Stmt::OpaqueValueExprClass: {
    auto found = Opaques.find(cast<OpaqueValueExpr>(expression));
    if (found != Opaques.end())
      return found->second;
    const Expr *source = cast<OpaqueValueExpr>(expression)->getSourceExpr();
    return source ? value(source) : 0;
  }
  case Stmt::CallExprClass:
  case Stmt::CXXMemberCallExprClass:
  case Stmt::CXXOperatorCallExprClass:
  case Stmt::UserDefinedLiteralClass:
    return call(cast<CallExpr>(expression), 0);
  case Stmt::CXXNewExprClass:
    return newExpression(cast<CXXNewExpr>(expression));
  case Stmt::AtomicExprClass:
    return atomicExpression(cast<AtomicExpr>(expression));
  case Stmt::CXXScalarValueInitExprClass:
  case Stmt::ImplicitValueInitExprClass:
    return expression->getType()->isAnyPointerType() ? Build.null(Names.type(expression->getType()))
                                                     : Build.constant(0, Names.type(expression->getType()));
  case Stmt::InitListExprClass: {
    const auto *list = cast<InitListExpr>(expression);
    return list->getNumInits() == 1 ? value(list->getInit(0)) : Build.constant(0, Names.type(expression->getType()));
  }
  case Stmt::StmtExprClass: {
    const auto *block = cast<StmtExpr>(expression);
    ir::Index result = 0;
    compound(block->getSubStmt(), resultOfBlock(block), &result, 0);
    return result;
  }
  case Stmt::PseudoObjectExprClass: {
    const auto *pseudo = cast<PseudoObjectExpr>(expression);
    ir::Index result = 0;
    for (const Expr *part : pseudo->semantics())
      result = part == pseudo->getResultExpr() ? value(part) : (effects(part), result);
    return result;
  }
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass:
    return coroutineResult(cast<CoroutineSuspendExpr>(expression), 0);
  case Stmt::RecoveryExprClass:
    return recovered(cast<RecoveryExpr>(expression));
  default:
    break;
  }
  effects(expression);
  return 0;
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

ir::Index FunctionLowering::place(const Expr *expression) {
  Nesting nesting(Depth);
  if (nesting.isTooDeep()) {
    HasErrors = true;
    return 0;
  }
  if (isUntyped(expression))
    return 0;
  return placeOf(expression);
}

ir::Index FunctionLowering::placeOf(const Expr *expression) {
  const QualType type = expression->getType();
  switch (expression->getStmtClass()) {
  case Stmt::ParenExprClass:
    return place(cast<ParenExpr>(expression)->getSubExpr());
  case Stmt::ConstantExprClass:
  case Stmt::ExprWithCleanupsClass:
    return place(cast<FullExpr>(expression)->getSubExpr());
  case Stmt::SubstNonTypeTemplateParmExprClass:
    return place(cast<SubstNonTypeTemplateParmExpr>(expression)->getReplacement());
  case Stmt::CXXDefaultArgExprClass:
    return defaultArgument(cast<CXXDefaultArgExpr>(expression), [&](const Expr *inner) { return place(inner); });
  case Stmt::CXXDefaultInitExprClass:
    return place(cast<CXXDefaultInitExpr>(expression)->getExpr());
  case Stmt::GenericSelectionExprClass:
    return place(cast<GenericSelectionExpr>(expression)->getResultExpr());
  case Stmt::ChooseExprClass:
    return place(cast<ChooseExpr>(expression)->getChosenSubExpr());
  case Stmt::MaterializeTemporaryExprClass:
    return materialized(cast<MaterializeTemporaryExpr>(expression));
  case Stmt::DeclRefExprClass: {
    const auto *reference = cast<DeclRefExpr>(expression);
    if (const auto *function = dyn_cast<FunctionDecl>(reference->getDecl())) {
      Unit.want(function);
      return Build.deref(Build.functionRef(Names.function(function)));
    }
    return variablePlace(reference->getDecl(), reference->refersToEnclosingVariableOrCapture());
  }
  case Stmt::MemberExprClass:
    return memberPlace(cast<MemberExpr>(expression));
  case Stmt::ArraySubscriptExprClass:
    return subscriptPlace(cast<ArraySubscriptExpr>(expression));
  case Stmt::StringLiteralClass:
    return Build.deref(Build.stringConstant(cast<clang::StringLiteral>(expression)->getBytes()), Names.type(type));
  case Stmt::PredefinedExprClass:
    if (const auto *name = cast<PredefinedExpr>(expression)->getFunctionName())
      return place(name);
    return 0;
  case Stmt::UnaryOperatorClass: {
    const auto *unary = cast<UnaryOperator>(expression);
    if (unary->getOpcode() == UO_Deref)
      return Build.deref(value(unary->getSubExpr()), Names.type(type));
    if (unary->isIncrementDecrementOp()) {
      const ir::Index changed = place(unary->getSubExpr());
      const ir::Index step = Build.constant(unary->isIncrementOp() ? 1 : -1);
      const QualType operand = unary->getSubExpr()->getType();
      assign(changed, pointerArithmetic(Build.load(changed), step, operand), at(expression), ir::AssignIsUpdate);
      return changed;
    }
    return place(unary->getSubExpr());
  }
  case Stmt::BinaryOperatorClass: {
    const auto *binary = cast<BinaryOperator>(expression);
    if (binary->getOpcode() == BO_Comma) {
      effects(binary->getLHS());
      return place(binary->getRHS());
    }
    if (binary->getOpcode() == BO_Assign)
      return simpleAssignment(binary);
    // `object.*member`: which member is not tracked.
    effects(binary->getLHS());
    value(binary->getRHS());
    return Build.deref(0, Names.type(type));
  }
  case Stmt::CompoundAssignOperatorClass:
    return compoundAssignment(cast<CompoundAssignOperator>(expression));
  case Stmt::ConditionalOperatorClass:
  case Stmt::BinaryConditionalOperatorClass: {
    const QualType pointer = Context.getPointerType(type);
    const ir::Index result = newScalarTemporary(pointer, at(expression));
    conditionalArms(cast<AbstractConditionalOperator>(expression), [&](const Expr *arm) {
      const ir::Index chosen = place(arm);
      if (!isa<CXXThrowExpr>(arm->IgnoreParens()))
        assign(Build.local(result), takeAddress(chosen, type), at(arm), ir::AssignIsInitialization);
    });
    return Build.deref(Build.load(Build.local(result)), Names.type(type));
  }
  case Stmt::CallExprClass:
  case Stmt::CXXMemberCallExprClass:
  case Stmt::CXXOperatorCallExprClass:
  case Stmt::UserDefinedLiteralClass: {
    if (expression->isPRValue())
      break;
    bool isIdentity = false;
    const ir::Index same = identityArgument(cast<CallExpr>(expression), isIdentity);
    if (isIdentity)
      return Build.deref(same, Names.type(type));
    return Build.deref(call(cast<CallExpr>(expression), 0), Names.type(type));
  }
  case Stmt::ImplicitCastExprClass:
  case Stmt::CStyleCastExprClass:
  case Stmt::CXXStaticCastExprClass:
  case Stmt::CXXReinterpretCastExprClass:
  case Stmt::CXXConstCastExprClass:
  case Stmt::CXXFunctionalCastExprClass:
  case Stmt::CXXDynamicCastExprClass:
  case Stmt::CXXAddrspaceCastExprClass:
    if (expression->isGLValue())
      return castPlace(cast<CastExpr>(expression));
    break;
  case Stmt::CompoundLiteralExprClass: {
    if (expression->isPRValue())
      break;
    // In C it lives as long as the block around it.
    const auto *literal = cast<CompoundLiteralExpr>(expression);
    const ir::Index object = newTemporary(type, at(expression));
    initialize(Build.local(object), literal->getInitializer(), type, ir::AssignIsInitialization);
    return Build.local(object);
  }
  case Stmt::OpaqueValueExprClass: {
    auto found = Opaques.find(cast<OpaqueValueExpr>(expression));
    if (found != Opaques.end())
      return expression->isGLValue() ? Build.deref(found->second, Names.type(type)) : found->second;
    const Expr *source = cast<OpaqueValueExpr>(expression)->getSourceExpr();
    return source ? place(source) : 0;
  }
  case Stmt::InitListExprClass: {
    const auto *list = cast<InitListExpr>(expression);
    if (expression->isGLValue() && list->getNumInits() == 1)
      return place(list->getInit(0));
    break;
  }
  case Stmt::CXXRewrittenBinaryOperatorClass:
    return place(cast<CXXRewrittenBinaryOperator>(expression)->getSemanticForm());
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass:
    if (expression->isGLValue())
      return Build.deref(coroutineResult(cast<CoroutineSuspendExpr>(expression), 0), Names.type(type));
    break;
  case Stmt::PseudoObjectExprClass: {
    const auto *pseudo = cast<PseudoObjectExpr>(expression);
    ir::Index result = 0;
    for (const Expr *part : pseudo->semantics())
      result = part == pseudo->getResultExpr() ? place(part) : (effects(part), result);
    return result;
  }
  case Stmt::CXXThrowExprClass:
    effects(expression);
    return 0;
  case Stmt::RecoveryExprClass:
    return Build.deref(recovered(cast<RecoveryExpr>(expression)));
  default:
    break;
  }
  // A value where a place is wanted: `f().member`.
  if (expression->isPRValue() && isObject(type))
    return temporaryObject(expression, 0);
  if (expression->isGLValue()) {
    effects(expression);
    return 0;
  }
  const ir::Index temporary = newScalarTemporary(type, at(expression));
  const ir::Index computed = value(expression);
  assign(Build.local(temporary), computed, at(expression), ir::AssignIsInitialization);
  return Build.local(temporary);
}

ir::Index FunctionLowering::memberPlace(const MemberExpr *expression) {
  const ValueDecl *member = expression->getMemberDecl();
  if (const auto *field = dyn_cast<FieldDecl>(member)) {
    const Expr *base = expression->getBase();
    const ir::Index object =
        expression->isArrow() ? Build.deref(value(base), Names.type(base->getType()->getPointeeType())) : place(base);
    return throughReference(Build.field(object, Names.field(field)), field->getType());
  }
  // A static member: the object in front is evaluated for nothing.
  if (!expression->isImplicitAccess())
    effects(expression->getBase());
  if (const auto *method = dyn_cast<FunctionDecl>(member)) {
    Unit.want(method);
    return Build.deref(Build.functionRef(Names.function(method)));
  }
  return variablePlace(member, false);
}

ir::Index FunctionLowering::subscriptPlace(const ArraySubscriptExpr *expression) {
  const Expr *base = expression->getBase()->IgnoreParens();
  const ir::Index elementType = Names.type(expression->getType());
  const auto *decay = dyn_cast<ImplicitCastExpr>(base);
  if (decay && decay->getCastKind() == CK_ArrayToPointerDecay) {
    const ir::Index array = place(decay->getSubExpr());
    const Mark before = mark();
    const ir::Index position = value(expression->getIdx());
    const ir::Index address = keep(Build.addressOf(array), before, base->getType());
    return Build.index(Build.deref(address), position, elementType);
  }
  const ir::Index pointer = value(base);
  const Mark before = mark();
  const ir::Index position = value(expression->getIdx());
  return Build.element(keep(pointer, before, base->getType()), position, elementType);
}

/// The object behind `MaterializeTemporaryExpr`.
ir::Index FunctionLowering::materialized(const MaterializeTemporaryExpr *expression) {
  const QualType type = expression->getType();
  const ir::Index where = at(expression);
  if (expression->getStorageDuration() == SD_Static || expression->getStorageDuration() == SD_Thread) {
    const ir::Index object = newTemporary(type, where);
    initialize(Build.local(object), expression->getSubExpr(), type, ir::AssignIsInitialization);
    return Build.local(object);
  }
  const ir::Index object = newTemporary(type, where);
  const bool isExtended = expression->getExtendingDecl() && IsExtending;
  initialize(Build.local(object), expression->getSubExpr(), type, ir::AssignIsInitialization);
  pushVariable(object, Build.local(object), type, where, true, isExtended);
  return Build.local(object);
}

/// A temporary for an object that an expression makes and nothing takes.
ir::Index FunctionLowering::temporaryObject(const Expr *initializer, unsigned flags) {
  const QualType type = initializer->getType();
  const ir::Index object = newTemporary(type, at(initializer), flags);
  construct(initializer, Build.local(object));
  pushVariable(object, Build.local(object), type, at(initializer), true);
  return Build.local(object);
}

void FunctionLowering::bindOpaque(const OpaqueValueExpr *opaque) {
  const Expr *source = opaque->getSourceExpr();
  if (!source || Opaques.contains(opaque))
    return;
  ir::Index bound = 0;
  if (source->isGLValue()) {
    bound = Build.addressOf(place(source));
  } else if (isObject(source->getType())) {
    bound = temporaryObject(source, 0);
  } else {
    bound = value(source);
    const ir::Index kept = newScalarTemporary(source->getType(), at(source));
    assign(Build.local(kept), bound, at(source), ir::AssignIsInitialization);
    bound = Build.load(Build.local(kept));
  }
  Opaques[opaque] = bound;
}

/// `co_await e`, `co_yield e`: the operand, the point where others may run, and
/// what `await_resume` gives.
ir::Index FunctionLowering::coroutineResult(const CoroutineSuspendExpr *expression, ir::Index destination) {
  if (const OpaqueValueExpr *awaited = expression->getOpaqueValue())
    bindOpaque(awaited);
  else if (expression->getCommonExpr())
    effects(expression->getCommonExpr());
  emit(ir::EventKind::Suspend, at(expression), isa<CoyieldExpr>(expression) ? 2 : 1);
  EffectLog.push_back(0);
  const Expr *resume = expression->getResumeExpr();
  if (!resume)
    return 0;
  if (destination) {
    construct(resume, destination);
    return 0;
  }
  if (resume->getType()->isVoidType()) {
    effects(resume);
    return 0;
  }
  return resume->isGLValue() ? Build.addressOf(place(resume)) : value(resume);
}

} // namespace gridlock::facts
