//===- LowerCall.cpp - Calls, constructions, new and delete ---------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace gridlock::facts {

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

/// The one token that a constant was written as, or the name of the variable or
/// enumerator: it tells what the number is meant for.
static llvm::StringRef tokenOf(const Expr *expression, const ASTContext &context) {
  if (const auto *named = dyn_cast<DeclRefExpr>(expression->IgnoreParenImpCasts()))
    if (named->getDecl()->getIdentifier())
      return named->getDecl()->getName();
  const SourceManager &sources = context.getSourceManager();
  const SourceLocation begin = sources.getFileLoc(expression->getBeginLoc());
  if (begin.isInvalid() || begin != sources.getFileLoc(expression->getEndLoc()))
    return "";
  return Lexer::getSourceText(CharSourceRange::getTokenRange(begin), sources, context.getLangOpts());
}

/// A constant of its own that keeps how it was written.
static ir::Index spelled(ir::Builder &build, ir::Index constant, const Expr *expression, const ASTContext &context) {
  ir::Expr row = build.unit().exprs[constant];
  if (row.kind != ir::ExprKind::IntConst || !expression->getType()->isIntegralOrEnumerationType())
    return constant;
  row.a = build.string(tokenOf(expression, context));
  if (!row.a)
    return constant;
  build.unit().exprs.push_back(row);
  return ir::Index(build.unit().exprs.size() - 1);
}

ir::Index FunctionLowering::argument(const Expr *expression, QualType parameterType) {
  if (!parameterType.isNull() && parameterType->isReferenceType())
    return takeAddress(place(expression), expression->getType());
  if (expression->isPRValue() && isObject(expression->getType()))
    return Build.addressOf(temporaryObject(expression, 0));
  return spelled(Build, value(expression), expression, Context);
}

/// Evaluates arguments from left to right. What an early one loaded is kept when
/// a later one may change it; that also goes for the values already in `out`.
void FunctionLowering::arguments(llvm::ArrayRef<const Expr *> expressions, const FunctionDecl *callee,
                                 const FunctionProtoType *prototype, unsigned firstParameter,
                                 llvm::SmallVectorImpl<ir::Index> &out) {
  struct Computed {
    Mark mark;
    QualType type;
  };
  llvm::SmallVector<Computed, 8> computed;
  const std::size_t first = out.size();
  // The object's address, when there is one, was computed just now.
  for (std::size_t i = 0; i != first; ++i)
    computed.push_back({mark(), Context.VoidPtrTy});
  unsigned position = firstParameter;
  for (const Expr *expression : expressions) {
    QualType parameter;
    if (callee && position < callee->getNumParams())
      parameter = callee->getParamDecl(position)->getType();
    else if (!callee && prototype && position < prototype->getNumParams())
      parameter = prototype->getParamType(position);
    ++position;
    const ir::Index lowered = argument(expression, parameter);
    out.push_back(lowered);
    const bool isScalar = expression->isPRValue() && !isObject(expression->getType());
    computed.push_back({mark(), isScalar ? expression->getType() : Context.VoidPtrTy});
  }
  // From the back, so that an insertion moves no mark that is still needed.
  for (std::size_t i = out.size(); i != 0; --i)
    out[i - 1] = keep(out[i - 1], computed[i - 1].mark, computed[i - 1].type);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// The address of a method's object. \p isExactType tells that its class is
/// known: the object is named, not pointed to.
ir::Index FunctionLowering::objectAddress(const Expr *object, bool isArrow, bool &isExactType) {
  const Expr *bare = object->IgnoreParenImpCasts();
  if (isArrow) {
    // Within constructors and destructors calls do not reach derived classes.
    isExactType = isa<CXXThisExpr>(bare) && isa_and_nonnull<CXXConstructorDecl, CXXDestructorDecl>(Declaration);
    return value(object);
  }
  if (const auto *name = dyn_cast<DeclRefExpr>(bare))
    isExactType = !name->getDecl()->getType()->isReferenceType();
  else if (const auto *member = dyn_cast<MemberExpr>(bare))
    isExactType = !member->getMemberDecl()->getType()->isReferenceType();
  else
    isExactType = isa<MaterializeTemporaryExpr>(bare) || bare->isPRValue();
  return Build.addressOf(place(object), Names.type(Context.getPointerType(object->getType())));
}

bool FunctionLowering::isDispatched(const CXXMethodDecl *method, bool isQualified, bool isExactType) const {
  return method->isVirtual() && !isQualified && !isExactType && !method->hasAttr<FinalAttr>() &&
         !method->getParent()->isEffectivelyFinal();
}

/// The class of an object as the user wrote it, before conversions to bases.
static const CXXRecordDecl *staticClass(const Expr *object) {
  QualType type = object->IgnoreParenBaseCasts()->getType();
  if (const auto *pointer = type->getAs<clang::PointerType>())
    type = pointer->getPointeeType();
  return type->getAsCXXRecordDecl();
}

/// The closure's call operator behind its conversion to a function pointer.
static const FunctionDecl *closureFunction(const CXXConversionDecl *conversion) {
  const CXXRecordDecl *closure = conversion->getParent();
  if (!closure->isLambda() || !conversion->getConversionType()->isFunctionPointerType())
    return nullptr;
  const CXXMethodDecl *function = closure->getLambdaCallOperator();
  if (!closure->isGenericLambda())
    return function;
  const FunctionTemplateDecl *pattern = function->getDescribedFunctionTemplate();
  const TemplateArgumentList *arguments = conversion->getTemplateSpecializationArgs();
  void *position = nullptr;
  if (!pattern || !arguments)
    return nullptr;
  return const_cast<FunctionTemplateDecl *>(pattern)->findSpecialization(arguments->asArray(), position);
}

/// What a call of a library's template says in template arguments, as further
/// arguments: the number of `10ms` (its characters), the index of `get<1>(t)`.
void FunctionLowering::templateNumbers(const FunctionDecl *callee, llvm::SmallVectorImpl<ir::Index> &arguments) {
  const TemplateArgumentList *list = callee->getTemplateSpecializationArgs();
  if (!list)
    return;
  std::string digits;
  for (const TemplateArgument &argument : list->asArray()) {
    if (argument.getKind() == TemplateArgument::Integral && argument.getAsIntegral().getSignificantBits() <= 64)
      arguments.push_back(
          Build.constant(argument.getAsIntegral().getExtValue(), Names.type(argument.getIntegralType())));
    if (argument.getKind() == TemplateArgument::Pack && callee->getLiteralIdentifier())
      for (const TemplateArgument &character : argument.pack_elements())
        if (character.getKind() == TemplateArgument::Integral && character.getAsIntegral() != '\'')
          digits += char(character.getAsIntegral().getZExtValue());
  }
  std::int64_t number = 0;
  if (!digits.empty() && !llvm::StringRef(digits).getAsInteger(0, number))
    arguments.push_back(Build.constant(number, Names.type(Context.LongLongTy)));
}

ir::Index FunctionLowering::call(const CallExpr *expression, ir::Index destination, unsigned flags) {
  ir::Index special = 0;
  if (specialCall(expression, destination, special))
    return special;
  CallSite site;
  site.location = at(expression);
  site.destination = destination;
  site.flags = flags;
  site.type = expression->getCallReturnType(Context);
  const FunctionDecl *callee = expression->getDirectCallee();
  llvm::SmallVector<const Expr *, 8> operands(expression->arguments());
  const auto *method = dyn_cast_or_null<CXXMethodDecl>(callee);
  const bool hasObject = method && method->isImplicitObjectMemberFunction();
  bool isExactType = false;

  if (const auto *memberCall = dyn_cast<CXXMemberCallExpr>(expression)) {
    const Expr *object = memberCall->getImplicitObjectArgument();
    const Expr *named = memberCall->getCallee()->IgnoreParens();
    if (const auto *conversion = dyn_cast_or_null<CXXConversionDecl>(callee))
      if (const FunctionDecl *function = closureFunction(conversion)) {
        effects(object);
        Unit.wantMembers(conversion->getParent());
        return Build.functionRef(Names.function(function), Names.type(expression->getType()));
      }
    if (const auto *member = dyn_cast<MemberExpr>(named); member && method) {
      if (hasObject) {
        site.arguments.push_back(objectAddress(object, member->isArrow(), isExactType));
        site.receiver = staticClass(object);
        if (isa<CXXDestructorDecl>(method) && !needsDestruction(Context.getCanonicalTagType(method->getParent())))
          return 0;
        if (isDispatched(method, member->hasQualifier(), isExactType))
          site.flags |= ir::CallIsVirtual;
      } else {
        effects(object);
      }
    } else if (const auto *pointer = dyn_cast<BinaryOperator>(named)) {
      // `(object.*member)(...)`
      const Expr *left = pointer->getLHS();
      site.arguments.push_back(pointer->getOpcode() == BO_PtrMemI ? value(left) : Build.addressOf(place(left)));
      const Mark before = mark();
      site.calleeValue = value(pointer->getRHS());
      site.arguments[0] = keep(site.arguments[0], before, Context.VoidPtrTy);
      site.receiver = staticClass(left);
    }
  } else if (isa<CXXOperatorCallExpr>(expression) && method && !operands.empty()) {
    const auto *operatorCall = cast<CXXOperatorCallExpr>(expression);
    const Expr *object = operands.front();
    operands.erase(operands.begin());
    if (!hasObject && method->isStatic()) {
      effects(object);
    } else if (hasObject) {
      site.receiver = staticClass(object);
      // Assignments evaluate their right side first.
      if (operatorCall->isAssignmentOp() && operands.size() == 1) {
        if (method->isTrivial() && (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator())) {
          const ir::Index source = place(operands.front());
          const Mark before = mark();
          const ir::Index target = place(object);
          const ir::Index kept =
              Build.deref(keep(Build.addressOf(source), before, Context.getPointerType(object->getType())));
          emit(ir::EventKind::Read, at(operands.front()), kept);
          assign(target, Build.load(kept), site.location);
          return Build.addressOf(target);
        }
        llvm::SmallVector<ir::Index, 1> right;
        arguments(operands, callee, nullptr, 0, right);
        const Mark before = mark();
        site.arguments.push_back(objectAddress(object, false, isExactType));
        site.arguments.push_back(keep(right.front(), before, Context.VoidPtrTy));
        operands.clear();
      } else {
        site.arguments.push_back(objectAddress(object, false, isExactType));
      }
      if (isDispatched(method, false, isExactType))
        site.flags |= ir::CallIsVirtual;
    } else {
      operands.insert(operands.begin(), object);
    }
  } else if (!callee) {
    site.calleeValue = value(expression->getCallee());
    const Mark before = mark();
    const auto *pointer = expression->getCallee()->getType()->getAs<clang::PointerType>();
    const auto *prototype = pointer ? pointer->getPointeeType()->getAs<FunctionProtoType>() : nullptr;
    arguments(operands, nullptr, prototype, 0, site.arguments);
    site.calleeValue = keep(site.calleeValue, before, expression->getCallee()->getType());
    operands.clear();
    const ir::Expr &target = Build.unit().exprs[site.calleeValue];
    if (target.kind == ir::ExprKind::FunctionRef)
      site.function = target.a;
    if (expression->getCallee()->getType()->isDependentType())
      HasErrors = true;
  } else if (!isa<CXXOperatorCallExpr>(expression)) {
    // `object.staticMethod()` and plain functions: the callee names no object,
    // or one that is evaluated for its effects.
    if (const auto *member = dyn_cast<MemberExpr>(expression->getCallee()->IgnoreParenImpCasts()))
      if (!member->isImplicitAccess())
        effects(member->getBase());
  }
  if (!operands.empty())
    arguments(operands, callee, nullptr, 0, site.arguments);
  if (callee && Names.isSystem(callee->getLocation()))
    templateNumbers(callee, site.arguments);
  if (site.function == 0)
    site.callee = callee;
  const ir::Index row = emitCall(site);
  if (passesBarrier(callee))
    barrier(site.location);
  return destination ? 0 : Build.result(row, Names.type(site.type));
}

//===----------------------------------------------------------------------===//
// Constructions
//===----------------------------------------------------------------------===//

bool FunctionLowering::isCopiedTrivially(const CXXConstructExpr *expression) const {
  const CXXConstructorDecl *constructor = expression->getConstructor();
  return constructor->isCopyOrMoveConstructor() && constructor->isTrivial() && expression->getNumArgs() >= 1;
}

void FunctionLowering::construction(const CXXConstructExpr *expression, ir::Index place, QualType type) {
  if (const auto *array = Context.getAsConstantArrayType(type)) {
    const std::uint64_t count = std::min<std::uint64_t>(array->getSize().getLimitedValue(16), 16);
    const QualType element = array->getElementType();
    for (std::uint64_t i = 0; i != count; ++i)
      construction(expression, Build.index(place, Build.constant(std::int64_t(i)), Names.type(element)), element);
    return;
  }
  const CXXConstructorDecl *constructor = expression->getConstructor();
  const ir::Index where = at(expression->getLocation());
  // A copy of something that is being made is made in place.
  if (expression->isElidable() && expression->getNumArgs() >= 1) {
    const Expr *source = expression->getArg(0)->IgnoreParens();
    while (const auto *cast = dyn_cast<ImplicitCastExpr>(source))
      source = cast->getSubExpr()->IgnoreParens();
    if (const auto *materialized = dyn_cast<MaterializeTemporaryExpr>(source))
      return construct(materialized->getSubExpr(), place);
    if (source->isPRValue())
      return construct(source, place);
  }
  if (isCopiedTrivially(expression)) {
    const ir::Index source = this->place(expression->getArg(0));
    emit(ir::EventKind::Read, where, source);
    return assign(place, Build.load(source), where, ir::AssignIsInitialization);
  }
  if (expression->requiresZeroInitialization())
    zero(place, type, where);
  if ((constructor->isTrivial() && expression->getNumArgs() == 0) || isAllocator(constructor->getParent()))
    return;
  CallSite site;
  site.callee = constructor;
  site.type = Context.VoidTy;
  site.location = where;
  site.receiver = constructor->getParent();
  site.arguments.push_back(Build.addressOf(place, Names.type(Context.getPointerType(type.getUnqualifiedType()))));
  llvm::SmallVector<const Expr *, 8> operands(expression->arguments());
  arguments(operands, constructor, nullptr, 0, site.arguments);
  emitCall(site);
}

//===----------------------------------------------------------------------===//
// New and delete
//===----------------------------------------------------------------------===//

ir::Index FunctionLowering::newExpression(const CXXNewExpr *expression) {
  const ir::Index where = at(expression);
  const QualType type = expression->getAllocatedType();
  const FunctionDecl *allocator = expression->getOperatorNew();
  ir::Index pointer = 0;
  if (std::optional<const Expr *> size = expression->getArraySize(); size && *size)
    value(*size);
  if (allocator && allocator->isReservedGlobalPlacementOperator() && expression->getNumPlacementArgs() == 1) {
    // It gives back its argument: the object is made there.
    pointer = value(expression->getPlacementArg(0));
    const ir::Index kept = newScalarTemporary(expression->getType(), where);
    assign(Build.local(kept), pointer, where, ir::AssignIsInitialization);
    pointer = Build.load(Build.local(kept));
  } else {
    CallSite site;
    site.callee = allocator;
    site.type = expression->getType();
    site.location = where;
    site.flags = ir::CallIsNew;
    site.arguments.push_back(Build.sizeOf());
    llvm::SmallVector<const Expr *, 2> operands(expression->placement_arguments());
    arguments(operands, allocator, nullptr, 1, site.arguments);
    const ir::Index row = emitCall(site);
    pointer = Build.result(row, Names.type(expression->getType()));
  }
  const Expr *initializer = expression->getInitializer();
  if (!initializer)
    return pointer;
  const ir::Index object = Build.deref(pointer, Names.type(type));
  if (!expression->isArray()) {
    initialize(object, initializer, type, ir::AssignIsInitialization);
  } else if (const auto *construct = dyn_cast<CXXConstructExpr>(initializer)) {
    construction(construct, Build.index(object, 0, Names.type(type)), type);
  } else if (const auto *list = dyn_cast<InitListExpr>(initializer)) {
    std::int64_t position = 0;
    for (const Expr *element : list->inits())
      initialize(Build.element(pointer, Build.constant(position++), Names.type(type)), element, type,
                 ir::AssignIsInitialization);
  }
  return pointer;
}

void FunctionLowering::deleteExpression(const CXXDeleteExpr *expression) {
  const ir::Index where = at(expression);
  const ir::Index pointer = value(expression->getArgument());
  const QualType type = expression->getDestroyedType();
  if (!type.isNull() && needsDestruction(type)) {
    const CXXRecordDecl *record = Context.getBaseElementType(type)->getAsCXXRecordDecl();
    const CXXDestructorDecl *destructor = record->getDestructor();
    ir::Index object = Build.deref(pointer, Names.type(type));
    if (expression->isArrayForm())
      object = Build.index(object, 0, Names.type(type));
    CallSite site;
    site.callee = destructor;
    site.type = Context.VoidTy;
    site.location = where;
    site.arguments.push_back(Build.addressOf(object));
    site.receiver = record;
    site.flags = ir::CallIsImplicit;
    if (destructor && isDispatched(destructor, false, expression->isArrayForm()))
      site.flags |= ir::CallIsVirtual;
    if (destructor)
      emitCall(site);
  }
  CallSite site;
  site.callee = expression->getOperatorDelete();
  site.type = Context.VoidTy;
  site.location = where;
  site.flags = ir::CallIsDelete;
  site.arguments.push_back(pointer);
  emitCall(site);
}

} // namespace gridlock::facts
