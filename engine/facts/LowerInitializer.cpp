//===- LowerInitializer.cpp - Objects are made in their places ------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"

using namespace clang;

namespace gridlock::facts {

/// Fields that are set to zero one by one when the user left them out.
static constexpr unsigned maximumZeroedFields = 64;
/// Numbers in an array that are stored one by one.
static constexpr unsigned maximumNumbers = 16;
/// Assignments that one global may cost.
static constexpr std::size_t maximumAssignments = 20000;

bool FunctionLowering::isObject(QualType type) const {
  return !type.isNull() && !type->isReferenceType() && (type->isRecordType() || type->isArrayType());
}

void FunctionLowering::initialize(ir::Index place, const Expr *initializer, QualType type, unsigned flags) {
  if (type->isReferenceType()) {
    const ir::Index bound = this->place(initializer);
    return assign(place, takeAddress(bound, type->getPointeeType()), at(initializer), flags);
  }
  if (isObject(type))
    return construct(initializer, place);
  const ir::Index computed = value(initializer);
  assign(place, computed, at(initializer), flags);
}

void FunctionLowering::construct(const Expr *expression, ir::Index place) {
  Nesting nesting(Depth);
  if (nesting.isTooDeep()) {
    HasErrors = true;
    return;
  }
  if (!isUntyped(expression))
    constructFrom(expression, place);
}

void FunctionLowering::constructFrom(const Expr *expression, ir::Index place) {
  const ir::Index where = at(expression);
  switch (expression->getStmtClass()) {
  case Stmt::ParenExprClass:
    return construct(cast<ParenExpr>(expression)->getSubExpr(), place);
  case Stmt::ConstantExprClass:
  case Stmt::ExprWithCleanupsClass:
    return construct(cast<FullExpr>(expression)->getSubExpr(), place);
  case Stmt::CXXBindTemporaryExprClass:
    return construct(cast<CXXBindTemporaryExpr>(expression)->getSubExpr(), place);
  case Stmt::MaterializeTemporaryExprClass:
    return construct(cast<MaterializeTemporaryExpr>(expression)->getSubExpr(), place);
  case Stmt::SubstNonTypeTemplateParmExprClass:
    return construct(cast<SubstNonTypeTemplateParmExpr>(expression)->getReplacement(), place);
  case Stmt::CXXDefaultArgExprClass:
    return defaultArgument(cast<CXXDefaultArgExpr>(expression), [&](const Expr *inner) { construct(inner, place); });
  case Stmt::CXXDefaultInitExprClass:
    return construct(cast<CXXDefaultInitExpr>(expression)->getExpr(), place);
  case Stmt::GenericSelectionExprClass:
    return construct(cast<GenericSelectionExpr>(expression)->getResultExpr(), place);
  case Stmt::ChooseExprClass:
    return construct(cast<ChooseExpr>(expression)->getChosenSubExpr(), place);
  case Stmt::CXXRewrittenBinaryOperatorClass:
    return construct(cast<CXXRewrittenBinaryOperator>(expression)->getSemanticForm(), place);
  case Stmt::CXXConstructExprClass:
  case Stmt::CXXTemporaryObjectExprClass:
    return construction(cast<CXXConstructExpr>(expression), place, expression->getType());
  case Stmt::CXXInheritedCtorInitExprClass: {
    // The base's constructor gets what this one was given.
    const auto *inherited = cast<CXXInheritedCtorInitExpr>(expression);
    CallSite site;
    site.callee = inherited->getConstructor();
    site.type = Context.VoidTy;
    site.location = where;
    site.receiver = inherited->getConstructor()->getParent();
    site.arguments.push_back(Build.addressOf(place));
    for (ir::Index parameter : ParameterRows) {
      const ir::Index local = Build.local(parameter);
      const bool isRecord = Build.unit().types[Build.unit().variables[parameter].type].kind == ir::TypeKind::Record;
      site.arguments.push_back(isRecord ? Build.addressOf(local) : Build.load(local));
    }
    emitCall(site);
    return;
  }
  case Stmt::InitListExprClass:
    return initializerList(cast<InitListExpr>(expression), place);
  case Stmt::CXXParenListInitExprClass: {
    const auto *list = cast<CXXParenListInitExpr>(expression);
    const auto *record = expression->getType()->getAsRecordDecl();
    if (!record)
      return;
    auto field = record->field_begin();
    for (const Expr *element : list->getInitExprs()) {
      if (field == record->field_end())
        break;
      initialize(Build.field(place, Names.field(*field)), element, field->getType(), ir::AssignIsInitialization);
      ++field;
    }
    return;
  }
  case Stmt::LambdaExprClass:
    return closure(cast<LambdaExpr>(expression), place);
  case Stmt::CXXStdInitializerListExprClass:
    return initializerListObject(cast<CXXStdInitializerListExpr>(expression), place);
  case Stmt::CallExprClass:
  case Stmt::CXXMemberCallExprClass:
  case Stmt::CXXOperatorCallExprClass:
  case Stmt::UserDefinedLiteralClass:
    if (expression->isGLValue())
      break;
    call(cast<CallExpr>(expression), place);
    return;
  case Stmt::ConditionalOperatorClass:
  case Stmt::BinaryConditionalOperatorClass:
    if (expression->isGLValue())
      break;
    return conditionalArms(cast<AbstractConditionalOperator>(expression),
                           [&](const Expr *arm) { construct(arm, place); });
  case Stmt::BinaryOperatorClass: {
    const auto *binary = cast<BinaryOperator>(expression);
    if (binary->getOpcode() == BO_Comma && expression->isPRValue()) {
      effects(binary->getLHS());
      return construct(binary->getRHS(), place);
    }
    if (binary->getOpcode() == BO_Assign) {
      const ir::Index source = simpleAssignment(binary);
      return assign(place, Build.load(source), where, ir::AssignIsInitialization);
    }
    break;
  }
  case Stmt::ImplicitCastExprClass:
  case Stmt::CStyleCastExprClass:
  case Stmt::CXXStaticCastExprClass:
  case Stmt::CXXFunctionalCastExprClass:
  case Stmt::CXXConstCastExprClass:
  case Stmt::BuiltinBitCastExprClass: {
    const Expr *inner = cast<CastExpr>(expression)->getSubExpr();
    if (expression->isGLValue())
      break;
    if (inner->isPRValue() && isObject(inner->getType()))
      return construct(inner, place);
    if (inner->isGLValue() && isObject(inner->getType())) {
      const ir::Index source = this->place(inner);
      emit(ir::EventKind::Read, where, source);
      return assign(place, Build.load(source), where, ir::AssignIsInitialization);
    }
    effects(inner);
    return;
  }
  case Stmt::CompoundLiteralExprClass:
    if (expression->isPRValue())
      return construct(cast<CompoundLiteralExpr>(expression)->getInitializer(), place);
    break;
  case Stmt::StmtExprClass: {
    const auto *block = cast<StmtExpr>(expression);
    return compound(block->getSubStmt(), resultOfBlock(block), nullptr, place);
  }
  case Stmt::ImplicitValueInitExprClass:
  case Stmt::CXXScalarValueInitExprClass:
    return zero(place, expression->getType(), where);
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass:
    coroutineResult(cast<CoroutineSuspendExpr>(expression), place);
    return;
  case Stmt::CXXThrowExprClass:
    return throwExpression(cast<CXXThrowExpr>(expression));
  case Stmt::StringLiteralClass:
    return assign(place, Build.stringConstant(cast<clang::StringLiteral>(expression)->getBytes()), where,
                  ir::AssignIsInitialization);
  case Stmt::ArrayInitLoopExprClass: {
    // A copy of an array, element by element.
    const OpaqueValueExpr *common = cast<ArrayInitLoopExpr>(expression)->getCommonExpr();
    if (const Expr *source = common->getSourceExpr(); source && source->isGLValue()) {
      const ir::Index copied = this->place(source);
      emit(ir::EventKind::Read, where, copied);
      return assign(place, Build.load(copied), where, ir::AssignIsInitialization);
    }
    return;
  }
  case Stmt::OpaqueValueExprClass: {
    auto found = Opaques.find(cast<OpaqueValueExpr>(expression));
    if (found != Opaques.end()) {
      const ir::Index source = expression->isGLValue() ? Build.deref(found->second) : found->second;
      return assign(place, Build.load(source), where, ir::AssignIsInitialization);
    }
    if (const Expr *source = cast<OpaqueValueExpr>(expression)->getSourceExpr())
      return construct(source, place);
    return;
  }
  case Stmt::PseudoObjectExprClass: {
    const auto *pseudo = cast<PseudoObjectExpr>(expression);
    for (const Expr *part : pseudo->semantics())
      if (part == pseudo->getResultExpr())
        construct(part, place);
      else
        effects(part);
    return;
  }
  case Stmt::RecoveryExprClass:
    HasErrors = true;
    effects(expression);
    return assign(place, 0, where, ir::AssignIsInitialization);
  default:
    break;
  }
  // An object that exists: a copy without a constructor.
  if (expression->isGLValue()) {
    const ir::Index source = this->place(expression);
    emit(ir::EventKind::Read, where, source);
    return assign(place, Build.load(source), where, ir::AssignIsInitialization);
  }
  effects(expression);
  assign(place, 0, where, ir::AssignIsInitialization);
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

void FunctionLowering::initializerList(const InitListExpr *list, ir::Index place) {
  if (const InitListExpr *semantic = list->getSemanticForm())
    list = semantic;
  if (list->isTransparent())
    return construct(list->getInit(0), place);
  const QualType type = list->getType();
  if (type->isArrayType())
    return arrayList(list, place);
  if (const RecordDecl *record = type->getAsRecordDecl())
    return recordList(list, record, place);
  if (list->getNumInits() == 1)
    initialize(place, list->getInit(0), type, ir::AssignIsInitialization);
}

void FunctionLowering::recordList(const InitListExpr *list, const RecordDecl *record, ir::Index place) {
  auto element = [&](ir::Index target, const Expr *initializer, QualType type) {
    const ir::Index outer = ThisOverride;
    // Default initialisers speak of the object that is being made.
    if (isa<CXXDefaultInitExpr>(initializer))
      ThisOverride = place;
    initialize(target, initializer, type, ir::AssignIsInitialization);
    ThisOverride = outer;
  };
  if (record->isUnion()) {
    const FieldDecl *field = list->getInitializedFieldInUnion();
    if (field && list->getNumInits() >= 1)
      element(Build.field(place, Names.field(field)), list->getInit(0), field->getType());
    return;
  }
  unsigned position = 0;
  if (const auto *shape = dyn_cast<CXXRecordDecl>(record))
    for (const CXXBaseSpecifier &base : shape->bases()) {
      if (position >= list->getNumInits())
        return;
      element(place, list->getInit(position++), base.getType());
    }
  const bool isLarge = std::distance(record->field_begin(), record->field_end()) > maximumZeroedFields;
  for (const FieldDecl *field : record->fields()) {
    if (field->isUnnamedBitField())
      continue;
    if (position >= list->getNumInits())
      return;
    const Expr *initializer = list->getInit(position++);
    if (!initializer || isa<NoInitExpr>(initializer))
      continue;
    if (isLarge && isa<ImplicitValueInitExpr>(initializer))
      continue;
    element(Build.field(place, Names.field(field)), initializer, field->getType());
  }
}

void FunctionLowering::arrayList(const InitListExpr *list, ir::Index place) {
  const QualType element = Context.getAsArrayType(list->getType())->getElementType();
  if (list->isStringLiteralInit())
    return construct(list->getInit(0), place);
  if (element->isArithmeticType() && (!Declaration || list->getNumInits() > maximumNumbers))
    return;
  const ir::Index elementType = Names.type(element);
  for (unsigned i = 0; i != list->getNumInits(); ++i) {
    if (EffectLog.size() > AssignmentLimit)
      return;
    const Expr *initializer = list->getInit(i);
    if (initializer && !isa<ImplicitValueInitExpr, NoInitExpr>(initializer))
      initialize(Build.index(place, Build.constant(i), elementType), initializer, element, ir::AssignIsInitialization);
  }
  const auto *filler = dyn_cast_or_null<CXXConstructExpr>(list->getArrayFiller());
  const auto *array = Context.getAsConstantArrayType(list->getType());
  if (!filler || !array)
    return;
  const std::uint64_t count = array->getSize().getLimitedValue(maximumNumbers);
  for (std::uint64_t i = list->getNumInits(); i < count; ++i)
    construct(filler, Build.index(place, Build.constant(std::int64_t(i)), elementType));
}

void FunctionLowering::zero(ir::Index place, QualType type, ir::Index location, unsigned depth) {
  if (type->isReferenceType() || type->isArrayType() || depth > 3)
    return;
  const RecordDecl *record = type->getAsRecordDecl();
  if (!record) {
    const ir::Index rowType = Names.type(type);
    return assign(place, type->isAnyPointerType() ? Build.null(rowType) : Build.constant(0, rowType), location,
                  ir::AssignIsInitialization);
  }
  record = record->getDefinition();
  if (!record || record->isUnion() || std::distance(record->field_begin(), record->field_end()) > maximumZeroedFields)
    return;
  for (const FieldDecl *field : record->fields())
    if (!field->isUnnamedBitField())
      zero(Build.field(place, Names.field(field)), field->getType(), location, depth + 1);
}

//===----------------------------------------------------------------------===//
// Closures and std::initializer_list
//===----------------------------------------------------------------------===//

void FunctionLowering::closure(const LambdaExpr *expression, ir::Index place) {
  const CXXRecordDecl *record = expression->getLambdaClass();
  Unit.wantMembers(record);
  auto field = record->field_begin();
  for (const Expr *initializer : expression->capture_inits()) {
    if (field == record->field_end())
      break;
    if (initializer)
      initialize(Build.field(place, Names.field(*field)), initializer, field->getType(),
                 ir::AssignIsInitialization | ir::AssignIsCapture);
    ++field;
  }
}

/// The object behind `{a, b}`: a pointer to an array, and its length.
void FunctionLowering::initializerListObject(const CXXStdInitializerListExpr *expression, ir::Index place) {
  const Expr *inner = expression->getSubExpr();
  const ir::Index array = this->place(inner);
  const RecordDecl *record = expression->getType()->getAsRecordDecl();
  if (!record)
    return;
  escape(array);
  const auto *shape = Context.getAsConstantArrayType(inner->getType());
  const ir::Index where = at(expression);
  for (const FieldDecl *field : record->fields()) {
    const ir::Index target = Build.field(place, Names.field(field));
    if (field->getType()->isPointerType())
      assign(target, Build.addressOf(Build.index(array, Build.constant(0))), where, ir::AssignIsInitialization);
    else if (shape)
      assign(target, Build.constant(std::int64_t(shape->getSize().getLimitedValue())), where,
             ir::AssignIsInitialization);
  }
}

//===----------------------------------------------------------------------===//
// Globals
//===----------------------------------------------------------------------===//

void FunctionLowering::lowerGlobal(const VarDecl *variable) {
  const ir::Index where = at(variable->getLocation());
  const ir::Index global = Build.global(Names.global(variable));
  const std::size_t depth = Cleanups.size();
  AssignmentLimit = EffectLog.size() + maximumAssignments;
  // A number that is known needs no calls of constexpr functions.
  if (variable->getType()->isIntegralOrEnumerationType() && variable->hasConstantInitialization())
    if (const APValue *known = variable->evaluateValue(); known && known->isInt())
      return assign(global, Build.constant(known->getInt().getExtValue(), Names.type(variable->getType())), where,
                    ir::AssignIsInitialization);
  initialize(global, variable->getInit(), variable->getType(), ir::AssignIsInitialization);
  endFullExpression(depth, where);
}

} // namespace gridlock::facts
