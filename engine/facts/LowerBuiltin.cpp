//===- LowerBuiltin.cpp - Calls that the compiler itself knows ------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"
#include "engine/facts/Names.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;

namespace gridlock::facts {

/// Whether a call only gives its argument another type: `std::move`.
static bool isCastInDisguise(const CallExpr *expression) {
  const FunctionDecl *callee = expression->getDirectCallee();
  if (!callee || expression->getNumArgs() != 1 || isa<CXXMethodDecl>(callee))
    return false;
  switch (callee->getBuiltinID()) {
  case Builtin::BImove:
  case Builtin::BImove_if_noexcept:
  case Builtin::BIforward:
  case Builtin::BIforward_like:
  case Builtin::BIas_const:
  case Builtin::BIaddressof:
  case Builtin::BI__addressof:
  case Builtin::BI__builtin_addressof:
    return true;
  default:
    break;
  }
  if (!callee->isInStdNamespace() || !callee->getIdentifier())
    return false;
  return llvm::StringSwitch<bool>(callee->getName())
      .Cases({"move", "forward", "forward_like", "as_const", "addressof", "__addressof", "move_if_noexcept"}, true)
      .Default(false);
}

/// The field that `std::get<I>` names in a `std::pair`.
static const FieldDecl *pairField(const CallExpr *expression) {
  const FunctionDecl *callee = expression->getDirectCallee();
  if (!callee || expression->getNumArgs() != 1 || !callee->isInStdNamespace() || !callee->getIdentifier() ||
      callee->getName() != "get")
    return nullptr;
  const CXXRecordDecl *record = expression->getArg(0)->getType()->getAsCXXRecordDecl();
  const TemplateArgumentList *arguments = callee->getTemplateSpecializationArgs();
  if (!record || !record->isInStdNamespace() || !record->getIdentifier() || record->getName() != "pair" || !arguments ||
      arguments->size() == 0 || arguments->get(0).getKind() != TemplateArgument::Integral)
    return nullptr;
  llvm::SmallVector<const FieldDecl *, 2> fields(record->fields());
  const std::uint64_t position = arguments->get(0).getAsIntegral().getLimitedValue();
  return position < fields.size() ? fields[position] : nullptr;
}

ir::Index FunctionLowering::identityArgument(const CallExpr *expression, bool &isIdentity) {
  if (const FieldDecl *field = pairField(expression)) {
    isIdentity = true;
    const ir::Index member = Build.field(place(expression->getArg(0)), Names.field(field));
    return Build.addressOf(throughReference(member, field->getType()));
  }
  isIdentity = isCastInDisguise(expression);
  if (!isIdentity)
    return 0;
  const Expr *argument = expression->getArg(0);
  const ir::Index object = place(argument);
  if (expression->isPRValue())
    escape(object);
  return Build.addressOf(object, Names.type(Context.getPointerType(argument->getType())));
}

/// Lowers what is no real call. \returns false for ordinary calls.
bool FunctionLowering::specialCall(const CallExpr *expression, ir::Index destination, ir::Index &result) {
  bool isIdentity = false;
  result = identityArgument(expression, isIdentity);
  if (isIdentity)
    return true;
  if (const auto *member = dyn_cast<CXXPseudoDestructorExpr>(expression->getCallee()->IgnoreParens())) {
    effects(member->getBase());
    return true;
  }
  const FunctionDecl *callee = expression->getDirectCallee();
  if (callee && callee->isInStdNamespace() && callee->getIdentifier() && callee->getName() == "is_constant_evaluated") {
    result = Build.constant(0, Names.type(expression->getType()));
    return true;
  }
  const ir::Index type = Names.type(expression->getType());
  switch (expression->getBuiltinCallee()) {
  case Builtin::BI__builtin_expect:
  case Builtin::BI__builtin_expect_with_probability:
  case Builtin::BI__builtin_launder:
  case Builtin::BI__builtin_assume_aligned:
    result = value(expression->getArg(0));
    return true;
  case Builtin::BI__builtin_unreachable:
    terminate(ir::TerminatorKind::Unreachable, {}, at(expression));
    return true;
  case Builtin::BI__builtin_is_constant_evaluated:
    result = Build.constant(0, type);
    return true;
  case Builtin::BI__builtin_constant_p: {
    Expr::EvalResult evaluated;
    const bool isKnown = expression->EvaluateAsInt(evaluated, Context) && evaluated.Val.isInt();
    result = Build.constant(isKnown && evaluated.Val.getInt().getBoolValue(), type);
    return true;
  }
  case Builtin::BI__builtin_object_size:
  case Builtin::BI__builtin_dynamic_object_size:
    result = Build.sizeOf(type);
    return true;
  case Builtin::BI__builtin_assume:
  case Builtin::BI__builtin_prefetch:
  case Builtin::BI__builtin_va_start:
  case Builtin::BI__builtin_va_end:
  case Builtin::BI__builtin_va_copy:
    return true;
  default:
    return false;
  }
}

/// What is left of an expression that did not compile. Mostly it is a call of a
/// function whose header is missing: its name still says what it does.
ir::Index FunctionLowering::recovered(const RecoveryExpr *expression) {
  HasErrors = true;
  llvm::ArrayRef<const Expr *> parts = const_cast<RecoveryExpr *>(expression)->subExpressions();
  const auto *name = parts.empty() ? nullptr : dyn_cast<UnresolvedLookupExpr>(parts.front());
  CallSite site;
  if (name) {
    parts = parts.drop_front();
    const NamedDecl *first = name->decls().empty() ? nullptr : (*name->decls_begin())->getUnderlyingDecl();
    if (const auto *only = dyn_cast_or_null<FunctionDecl>(first); only && name->getNumDecls() == 1)
      site.callee = only;
    else
      site.function = Names.builtinFunction(first ? qualifiedName(first) : name->getName().getAsString());
  }
  for (const Expr *part : parts) {
    // No conversions were applied: a number is still a place.
    const bool isLoaded = part->isGLValue() && !part->getType().isNull() && part->getType()->isScalarType();
    const ir::Index operand = isLoaded ? loadFrom(place(part), part) : value(part);
    site.arguments.push_back(operand);
  }
  if (!name)
    return 0;
  site.type = expression->getType();
  site.location = at(expression);
  const ir::Index row = emitCall(site);
  return Build.result(row, Names.type(expression->getType()));
}

/// The operands of an atomic builtin in the order of its signature; Clang
/// stores them in another.
static llvm::SmallVector<Expr *, 6> operandsOf(const AtomicExpr *expression) {
  llvm::SmallVector<Expr *, 6> operands{expression->getPtr()};
  switch (expression->getNumSubExprs()) {
  case 1:
    break;
  case 2:
    operands.push_back(expression->getOp() == AtomicExpr::AO__c11_atomic_init ? expression->getVal1()
                                                                              : expression->getOrder());
    break;
  case 3:
    operands.append({expression->getVal1(), expression->getOrder()});
    break;
  case 4:
    operands.append({expression->getVal1(), expression->getVal2(), expression->getOrder()});
    break;
  default:
    operands.append({expression->getVal1(), expression->getVal2()});
    if (expression->getNumSubExprs() >= 6)
      operands.push_back(expression->getWeak());
    operands.append({expression->getOrder(), expression->getOrderFail()});
    break;
  }
  return operands;
}

ir::Index FunctionLowering::atomicExpression(const AtomicExpr *expression) {
  CallSite site;
  site.function = Names.builtinFunction(expression->getOpAsString());
  site.type = expression->getType();
  site.location = at(expression);
  llvm::SmallVector<const Expr *, 6> operands;
  for (const Expr *operand : operandsOf(expression))
    operands.push_back(operand);
  arguments(operands, nullptr, nullptr, 0, site.arguments);
  const ir::Index row = emitCall(site);
  return Build.result(row, Names.type(expression->getType()));
}

} // namespace gridlock::facts
