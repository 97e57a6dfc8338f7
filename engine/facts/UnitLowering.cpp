//===- UnitLowering.cpp - Lowers all that a unit defines ------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/UnitLowering.h"
#include "engine/facts/FunctionLowering.h"
#include "engine/facts/Names.h"

using namespace clang;

namespace gridlock::facts {

//===----------------------------------------------------------------------===//
// Whose bodies count
//===----------------------------------------------------------------------===//

static bool isLockName(llvm::StringRef name) {
  return name.contains_insensitive("mutex") || name.contains_insensitive("lock") ||
         name.contains_insensitive("critical_section") || name.contains_insensitive("criticalsection");
}

bool isStandardLibrary(llvm::StringRef path) {
  return path.contains("/c++/") || path.contains("/lib/clang/") || path.contains("/lib/gcc/") ||
         path.contains("/bits/") || path.contains("-linux-gnu/sys/") || path.contains("-linux-gnu/gnu/") ||
         path.contains("/include/sys/") || path.contains("/include/linux/") || path.contains("/include/asm");
}

bool isForeignLockOwner(const CXXRecordDecl *record) {
  record = record ? record->getDefinition() : nullptr;
  if (!record || record->isInStdNamespace())
    return false;
  const SourceManager &sources = record->getASTContext().getSourceManager();
  if (isStandardLibrary(sources.getFilename(sources.getExpansionLoc(record->getLocation()))))
    return false;
  for (const FieldDecl *field : record->fields()) {
    QualType type = field->getType();
    while (!type->getPointeeType().isNull())
      type = type->getPointeeType();
    if (isLockName(type.getAsString()) || isLockName(type.getCanonicalType().getAsString()))
      return true;
  }
  return false;
}

bool UnitLowering::ownsBody(const FunctionDecl *function) const {
  if (!Names.isSystem(function->getLocation()))
    return true;
  const auto *method = dyn_cast<CXXMethodDecl>(function);
  return method && isForeignLockOwner(method->getParent());
}

void UnitLowering::want(const FunctionDecl *function) {
  if (!Seen.insert(function->getCanonicalDecl()).second)
    return;
  if (function->isDependentContext() || function->isDeleted() || !ownsBody(function))
    return;
  // A closure's conversion to a function pointer refers to the call operator.
  if (const auto *method = dyn_cast<CXXMethodDecl>(function);
      method && method->getParent()->isLambda() && (isa<CXXConversionDecl>(method) || method->isLambdaStaticInvoker()))
    return;
  const FunctionDecl *definition = nullptr;
  if (function->hasBody(definition) && definition->getBody()) {
    Queue.push_back(definition);
    return;
  }
  // Members of a class that nobody wrote. Constructors and assignments have
  // their bodies made by Clang where they are used; a destructor's is nothing
  // but the members' destructors.
  const auto *destructor = dyn_cast<CXXDestructorDecl>(function);
  if (destructor && (destructor->isImplicit() || destructor->isDefaulted()) && !destructor->isTrivial())
    Queue.push_back(destructor);
  else
    Seen.erase(function->getCanonicalDecl());
}

//===----------------------------------------------------------------------===//
// The walk over the declarations
//===----------------------------------------------------------------------===//

void UnitLowering::visitFunction(const FunctionDecl *function) {
  if (function->isThisDeclarationADefinition() && !function->isDependentContext() && !function->isImplicit() &&
      function->hasBody())
    want(function);
}

void UnitLowering::visitVariable(const VarDecl *variable) {
  if (variable->getDeclContext()->isDependentContext() || variable->getType()->isDependentType() ||
      Names.isSystem(variable->getLocation()))
    return;
  if (!variable->hasGlobalStorage() || variable->isStaticLocal() || !variable->getInit() ||
      variable->getInit()->isValueDependent() || variable->isInvalidDecl()) {
    // A definition without an initialiser still names an object.
    if (variable->hasGlobalStorage() && !variable->isStaticLocal() && variable->isThisDeclarationADefinition())
      Names.global(variable);
    return;
  }
  if (SeenVariables.insert(variable).second)
    Variables.push_back(variable);
}

void UnitLowering::visitScope(const DeclContext *scope) {
  for (const Decl *declaration : scope->decls())
    visit(declaration);
}

/// Whether nothing in a declaration can be the project's. What a precompiled
/// header holds of it then stays there, unread.
bool UnitLowering::isStandard(const Decl *declaration) {
  const SourceManager &sources = Context.getSourceManager();
  const SourceLocation place = sources.getExpansionLoc(declaration->getLocation());
  if (place.isInvalid())
    return false;
  const FileID file = sources.getFileID(place);
  auto [known, isNew] = StandardFiles.try_emplace(file, false);
  if (isNew)
    known->second = sources.isInSystemHeader(place) && isStandardLibrary(sources.getFilename(place));
  return known->second;
}

void UnitLowering::visit(const Decl *declaration) {
  if (isStandard(declaration))
    return;
  if (const auto *function = dyn_cast<FunctionDecl>(declaration))
    return visitFunction(function);
  if (const auto *variable = dyn_cast<VarDecl>(declaration)) {
    if (!isa<VarTemplatePartialSpecializationDecl>(variable))
      visitVariable(variable);
    return;
  }
  if (const auto *pattern = dyn_cast<FunctionTemplateDecl>(declaration)) {
    // Every redeclaration shares the instantiations.
    if (pattern->isCanonicalDecl())
      for (const FunctionDecl *specialization : pattern->specializations())
        if (specialization->getTemplateSpecializationKind() != TSK_ExplicitSpecialization && specialization->hasBody())
          want(specialization);
    return;
  }
  if (const auto *pattern = dyn_cast<ClassTemplateDecl>(declaration)) {
    if (pattern->isCanonicalDecl())
      for (const ClassTemplateSpecializationDecl *specialization : pattern->specializations())
        if (specialization->getTemplateSpecializationKind() != TSK_ExplicitSpecialization)
          visit(specialization);
    return;
  }
  if (const auto *pattern = dyn_cast<VarTemplateDecl>(declaration)) {
    if (pattern->isCanonicalDecl())
      for (const VarTemplateSpecializationDecl *specialization : pattern->specializations())
        visitVariable(specialization);
    return;
  }
  if (const auto *friendship = dyn_cast<FriendDecl>(declaration)) {
    if (const NamedDecl *befriended = friendship->getFriendDecl())
      if (isa<FunctionDecl, FunctionTemplateDecl>(befriended))
        visit(befriended);
    return;
  }
  if (isa<ClassTemplatePartialSpecializationDecl>(declaration))
    return;
  if (const auto *record = dyn_cast<CXXRecordDecl>(declaration)) {
    if (!record->isThisDeclarationADefinition() || record->isDependentContext())
      return;
    visitScope(record);
    // A virtual destructor is called by whoever deletes through a base.
    if (record->isPolymorphic() && record->hasDefinition() && !Names.isSystem(record->getLocation()))
      if (const CXXDestructorDecl *destructor = record->getDestructor(); destructor && destructor->isVirtual())
        if (destructor->isImplicit() || destructor->isDefaulted()) {
          want(destructor);
        }
    return;
  }
  if (isa<NamespaceDecl, LinkageSpecDecl, ExportDecl, RecordDecl>(declaration))
    visitScope(cast<DeclContext>(declaration));
}

//===----------------------------------------------------------------------===//
// Lowering
//===----------------------------------------------------------------------===//

void UnitLowering::lowerQueued() {
  while (NextInQueue != Queue.size()) {
    const FunctionDecl *function = Queue[NextInQueue++];
    FunctionLowering(*this, Names.function(function), function).lowerBody();
  }
}

void UnitLowering::lowerGlobals() {
  ir::Function row;
  row.qualifiedName = row.displayName = Build.string("(global initialisation)");
  row.usr = Build.string("gridlock:(global initialisation)");
  row.flags = ir::FunctionIsGlobalInitializer | ir::FunctionIsInternal;
  row.returnType = Names.type(Context.VoidTy);
  const ir::Index function = Names.addFunction(row);
  FunctionLowering lowering(*this, function, nullptr);
  // Constant local statics are found while bodies are lowered, and closures in
  // initialisers bring more bodies.
  std::size_t nextVariable = 0, nextConstant = 0;
  while (nextVariable != Variables.size() || nextConstant != Constants.size() || NextInQueue != Queue.size()) {
    while (nextVariable != Variables.size())
      lowering.lowerGlobal(Variables[nextVariable++]);
    while (nextConstant != Constants.size())
      lowering.lowerGlobal(Constants[nextConstant++]);
    lowerQueued();
  }
  lowering.closeGlobals();
}

void UnitLowering::run() {
  visitScope(Context.getTranslationUnitDecl());
  lowerQueued();
  lowerGlobals();
  Names.finish();
  lowerAttributes();
  hashBodies(Build.unit());
}

} // namespace gridlock::facts
