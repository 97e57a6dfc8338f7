//===- Attributes.cpp - Clang's thread-safety attributes ------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"
#include "engine/facts/UnitLowering.h"

using namespace clang;

namespace gridlock::facts {

ir::Index FunctionLowering::lockPlace(const Expr *argument) {
  argument = argument->IgnoreParenImpCasts();
  if (isa<clang::StringLiteral>(argument) || argument->isValueDependent())
    return 0;
  // `!mutex` says that the lock is not held; `&mutex` and a pointer both name
  // the object.
  if (const auto *unary = dyn_cast<UnaryOperator>(argument)) {
    if (unary->getOpcode() == UO_LNot)
      return 0;
    if (unary->getOpcode() == UO_AddrOf)
      return lockPlace(unary->getSubExpr());
  }
  if (isa<CallExpr>(argument) && !isa<CXXOperatorCallExpr>(argument))
    return 0;
  if (isa<CXXThisExpr>(argument))
    return Build.deref(thisValue());
  if (!argument->isGLValue())
    return 0;
  const ir::Index named = place(argument);
  if (argument->getType()->isPointerType())
    return Build.deref(Build.load(named), Names.type(argument->getType()->getPointeeType()));
  return named;
}

namespace {

/// Makes the rows of one declaration's attributes.
class AttributeReader {
public:
  AttributeReader(ir::Builder &builder, FunctionLowering &lowering) : Build(builder), Lowering(lowering) {}

  template <typename Range> void add(ir::AttributeKind kind, const Range &arguments, std::int32_t value = 0) {
    llvm::SmallVector<ir::Index, 2> places;
    std::size_t given = 0;
    for (const Expr *argument : arguments) {
      if (!isa<clang::StringLiteral>(argument->IgnoreParenImpCasts()))
        ++given;
      if (ir::Index place = Lowering.lockPlace(argument))
        places.push_back(place);
    }
    // Without arguments the object itself is the lock; with arguments that are
    // not understood nothing is known.
    if (places.empty() && given != 0)
      return;
    ir::Attribute row;
    row.kind = kind;
    row.value = value;
    row.arguments = Build.list(places);
    Rows.push_back(ir::Index(Build.unit().attributes.size()));
    Build.unit().attributes.push_back(row);
  }

  void read(const Attr *attribute);

  ir::List list() { return Build.list(Rows); }

private:
  ir::Builder &Build;
  FunctionLowering &Lowering;
  llvm::SmallVector<ir::Index, 4> Rows;
};

/// The value that a function returns when it got the lock.
std::int32_t successValue(const Expr *expression, const ASTContext &context) {
  Expr::EvalResult result;
  if (expression && !expression->isValueDependent() && expression->EvaluateAsInt(result, context))
    return std::int32_t(result.Val.getInt().getExtValue());
  return 1;
}

void AttributeReader::read(const Attr *attribute) {
  using Kind = ir::AttributeKind;
  switch (attribute->getKind()) {
  case attr::AcquireCapability: {
    const auto *known = cast<AcquireCapabilityAttr>(attribute);
    return add(known->isShared() ? Kind::AcquireShared : Kind::Acquire, known->args());
  }
  case attr::ReleaseCapability: {
    const auto *known = cast<ReleaseCapabilityAttr>(attribute);
    return add(known->isShared() ? Kind::ReleaseShared : Kind::Release, known->args());
  }
  case attr::TryAcquireCapability: {
    const auto *known = cast<TryAcquireCapabilityAttr>(attribute);
    return add(known->isShared() ? Kind::TryAcquireShared : Kind::TryAcquire, known->args(),
               successValue(known->getSuccessValue(), Lowering.context()));
  }
  case attr::RequiresCapability: {
    const auto *known = cast<RequiresCapabilityAttr>(attribute);
    return add(known->isShared() ? Kind::RequiresShared : Kind::Requires, known->args());
  }
  case attr::LocksExcluded:
    return add(Kind::Excludes, cast<LocksExcludedAttr>(attribute)->args());
  case attr::AssertCapability:
    return add(Kind::AssertHeld, cast<AssertCapabilityAttr>(attribute)->args());
  case attr::LockReturned:
    return add(Kind::ReturnCapability, llvm::ArrayRef<const Expr *>(cast<LockReturnedAttr>(attribute)->getArg()));
  case attr::GuardedBy:
    return add(Kind::GuardedBy, llvm::ArrayRef<const Expr *>(cast<GuardedByAttr>(attribute)->getArg()));
  case attr::PtGuardedBy:
    return add(Kind::PointeeGuardedBy, llvm::ArrayRef<const Expr *>(cast<PtGuardedByAttr>(attribute)->getArg()));
  case attr::AcquiredBefore:
    return add(Kind::AcquiredBefore, cast<AcquiredBeforeAttr>(attribute)->args());
  case attr::AcquiredAfter:
    return add(Kind::AcquiredAfter, cast<AcquiredAfterAttr>(attribute)->args());
  default:
    return;
  }
}

bool hasLockAttribute(const Decl *declaration) {
  return llvm::any_of(declaration->attrs(), [](const Attr *attribute) {
    switch (attribute->getKind()) {
    case attr::AcquireCapability:
    case attr::ReleaseCapability:
    case attr::TryAcquireCapability:
    case attr::RequiresCapability:
    case attr::LocksExcluded:
    case attr::AssertCapability:
    case attr::LockReturned:
    case attr::GuardedBy:
    case attr::PtGuardedBy:
    case attr::AcquiredBefore:
    case attr::AcquiredAfter:
      return true;
    default:
      return false;
    }
  });
}

} // namespace

void UnitLowering::lowerAttributes() {
  ir::Unit &unit = Build.unit();
  // Reading attributes may name further functions; these are declarations.
  for (std::size_t i = 0; i != Names.functions().size(); ++i) {
    const FunctionDecl *canonical = Names.functions()[i];
    if (!canonical)
      continue;
    // Later declarations inherit the attributes of earlier ones.
    const FunctionDecl *definition = canonical->getDefinition();
    const FunctionDecl *declaration = canonical->getMostRecentDecl();
    if (!hasLockAttribute(declaration))
      declaration = definition;
    if (!declaration || !hasLockAttribute(declaration))
      continue;
    const ir::Index row = ir::Index(i + 1);
    FunctionLowering lowering(*this, row, declaration);
    if (unit.functions[row].variables.count != 0)
      lowering.adoptVariables();
    else
      lowering.makeParameters();
    AttributeReader reader(Build, lowering);
    for (const Attr *attribute : declaration->attrs())
      reader.read(attribute);
    unit.functions[row].attributes = reader.list();
    lowering.finishDeclaration();
  }
  for (std::size_t i = 0; i != Names.fields().size(); ++i) {
    const FieldDecl *field = Names.fields()[i];
    if (!hasLockAttribute(field))
      continue;
    // Without a function, `this` is the reserved variable 0.
    FunctionLowering lowering(*this, 0, nullptr);
    lowering.makeOwner();
    AttributeReader reader(Build, lowering);
    for (const Attr *attribute : field->attrs())
      reader.read(attribute);
    unit.fields[i + 1].attributes = reader.list();
  }
  for (std::size_t i = 0; i != Names.globals().size(); ++i) {
    const VarDecl *global = Names.globals()[i]->getMostRecentDecl();
    if (!hasLockAttribute(global))
      continue;
    FunctionLowering lowering(*this, 0, nullptr);
    AttributeReader reader(Build, lowering);
    for (const Attr *attribute : global->attrs())
      reader.read(attribute);
    unit.globals[i + 1].attributes = reader.list();
  }
}

} // namespace gridlock::facts
