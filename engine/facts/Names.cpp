//===- Names.cpp - Names of declarations ----------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/Names.h"
#include "clang/Index/USRGeneration.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

using namespace clang;

namespace gridlock::facts {
namespace {

/// Template libraries make names of a hundred thousand characters.
constexpr std::size_t maximumName = 1000;
constexpr std::size_t shownOfLongName = 200;

/// The closure type that `declaration` is, or is a part of; the innermost one.
const CXXRecordDecl *enclosingClosure(const Decl *declaration) {
  if (const auto *record = dyn_cast<CXXRecordDecl>(declaration); record && record->isLambda())
    return record;
  for (const DeclContext *context = declaration->getDeclContext(); context; context = context->getParent())
    if (const auto *record = dyn_cast<CXXRecordDecl>(context); record && record->isLambda())
      return record;
  return nullptr;
}

const Decl *enclosingFunction(const Decl *declaration) {
  for (const DeclContext *context = declaration->getDeclContext(); context; context = context->getParent())
    if (const auto *function = dyn_cast<FunctionDecl>(context))
      return function;
  return nullptr;
}

/// Where a nameless entity stands: relative to its function, so that an edit
/// above the function does not rename it, or within its file.
std::string placeOf(const Decl *declaration) {
  const SourceManager &sources = declaration->getASTContext().getSourceManager();
  const SourceLocation start = declaration->getBeginLoc();
  const PresumedLoc place = sources.getPresumedLoc(sources.getExpansionLoc(start), false);
  if (place.isInvalid())
    return "@?";
  unsigned line = place.getLine();
  std::string text = "@";
  if (const Decl *function = enclosingFunction(declaration)) {
    const unsigned first = sources.getExpansionLineNumber(function->getBeginLoc());
    line = line >= first ? line - first : line;
  } else {
    text.append(llvm::sys::path::filename(place.getFilename())).append("@");
  }
  text.append(llvm::utostr(line)).append(":").append(llvm::utostr(place.getColumn()));
  // Several may come out of one macro.
  if (start.isMacroID())
    text.append(":")
        .append(llvm::utostr(sources.getSpellingLineNumber(start)))
        .append(":")
        .append(llvm::utostr(sources.getSpellingColumnNumber(start)));
  return text;
}

void appendClosures(const TemplateArgument &argument, std::string &text, unsigned depth);

void appendClosures(QualType type, std::string &text, unsigned depth) {
  if (type.isNull() || depth > 8)
    return;
  type = type.getCanonicalType();
  while (!type->getPointeeType().isNull())
    type = type->getPointeeType().getCanonicalType();
  const auto *record = type->getAsCXXRecordDecl();
  if (!record)
    return;
  if (record->isLambda()) {
    text.append("<").append(stableName(record)).append(">");
    return;
  }
  if (const auto *specialization = dyn_cast<ClassTemplateSpecializationDecl>(record))
    for (const TemplateArgument &argument : specialization->getTemplateArgs().asArray())
      appendClosures(argument, text, depth + 1);
}

void appendClosures(const TemplateArgument &argument, std::string &text, unsigned depth) {
  if (argument.getKind() == TemplateArgument::Type)
    appendClosures(argument.getAsType(), text, depth);
  else if (argument.getKind() == TemplateArgument::Pack)
    for (const TemplateArgument &element : argument.pack_elements())
      appendClosures(element, text, depth);
}

/// Clang spells all closures alike in template arguments; tells them apart.
void appendClosureArguments(const Decl *declaration, std::string &text) {
  for (const Decl *scope = declaration; scope;) {
    // What is around a closure is in the closure's own name.
    if (const auto *record = dyn_cast<CXXRecordDecl>(scope); record && record->isLambda())
      return;
    const TemplateArgumentList *arguments = nullptr;
    if (const auto *function = dyn_cast<FunctionDecl>(scope))
      arguments = function->getTemplateSpecializationArgs();
    else if (const auto *record = dyn_cast<ClassTemplateSpecializationDecl>(scope))
      arguments = &record->getTemplateArgs();
    if (arguments)
      for (const TemplateArgument &argument : arguments->asArray())
        appendClosures(argument, text, 0);
    const DeclContext *context = scope->getDeclContext();
    scope = context && !context->isTranslationUnit() ? dyn_cast<Decl>(context) : nullptr;
  }
}

std::string clangUsr(const Decl *declaration) {
  llvm::SmallString<128> buffer;
  if (!index::generateUSRForDecl(declaration, buffer))
    return std::string(buffer);
  const auto *named = dyn_cast<NamedDecl>(declaration);
  std::string text("gridlock:");
  return text.append(named ? named->getQualifiedNameAsString() : std::string()).append(placeOf(declaration));
}

/// The last part of a qualified name.
std::string plainName(const NamedDecl *declaration) {
  if (const auto *constructor = dyn_cast<CXXConstructorDecl>(declaration))
    return plainName(constructor->getParent());
  if (const auto *destructor = dyn_cast<CXXDestructorDecl>(declaration))
    return plainName(destructor->getParent()).insert(0, 1, '~');
  if (const auto *record = dyn_cast<CXXRecordDecl>(declaration); record && record->isLambda())
    return "(lambda)";
  if (const auto *space = dyn_cast<NamespaceDecl>(declaration); space && space->isAnonymousNamespace())
    return "(anonymous namespace)";
  if (const auto *tag = dyn_cast<TagDecl>(declaration); tag && !tag->getIdentifier()) {
    if (const TypedefNameDecl *alias = tag->getTypedefNameForAnonDecl())
      return alias->getName().str();
    return "(unnamed)";
  }
  if (const auto *conversion = dyn_cast<CXXConversionDecl>(declaration))
    if (const auto *record = conversion->getConversionType()->getAsCXXRecordDecl())
      return qualifiedName(record).insert(0, "operator ");
  return declaration->getNameAsString();
}

/// `__sync_fetch_and_add_4` is what the user wrote without the size.
void dropSizeOfBuiltin(std::string &name) {
  if (!llvm::StringRef(name).starts_with("__sync_"))
    return;
  for (llvm::StringRef suffix : {"_16", "_1", "_2", "_4", "_8"})
    if (llvm::StringRef(name).ends_with(suffix)) {
      name.resize(name.size() - suffix.size());
      return;
    }
}

} // namespace

std::string stableName(const Decl *declaration) {
  declaration = declaration->getCanonicalDecl();
  std::string text;
  if (const CXXRecordDecl *closure = enclosingClosure(declaration)) {
    if (closure->getCanonicalDecl() == declaration) {
      const Decl *function = enclosingFunction(closure);
      return (function ? stableName(function) : std::string("c:")).append("@Lambda").append(placeOf(closure));
    }
    text = stableName(closure).append("@");
  }
  text += clangUsr(declaration);
  if (const auto *tag = dyn_cast<TagDecl>(declaration);
      tag && !tag->getIdentifier() && !tag->getTypedefNameForAnonDecl())
    text += placeOf(tag);
  appendClosureArguments(declaration, text);
  if (text.size() > maximumName)
    text.replace(shownOfLongName, std::string::npos, llvm::utohexstr(llvm::xxh3_64bits(text)));
  return text;
}

std::string qualifiedName(const NamedDecl *declaration) {
  std::vector<std::string> parts;
  // The call operator stands for its closure.
  const auto *method = dyn_cast<CXXMethodDecl>(declaration);
  if (method && method->getParent()->isLambda() && method->getOverloadedOperator() == OO_Call)
    declaration = method->getParent();
  parts.push_back(plainName(declaration));
  for (const DeclContext *context = declaration->getDeclContext(); context; context = context->getParent()) {
    const auto *scope = dyn_cast<NamedDecl>(context);
    if (!scope)
      continue;
    if (const auto *space = dyn_cast<NamespaceDecl>(scope); space && space->isInline())
      continue;
    // C's and enumerations' scopes add nothing to a name that is looked up.
    if (const auto *enumeration = dyn_cast<EnumDecl>(scope); enumeration && !enumeration->isScoped())
      continue;
    const auto *outer = dyn_cast<CXXMethodDecl>(scope);
    if (outer && outer->getParent()->isLambda() && outer->getOverloadedOperator() == OO_Call)
      continue;
    parts.push_back(plainName(scope));
  }
  std::string name;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part)
    name.append(name.empty() ? "" : "::").append(*part);
  if (parts.size() == 1)
    dropSizeOfBuiltin(name);
  return name;
}

std::string displayName(const NamedDecl *declaration) {
  const auto *function = dyn_cast<FunctionDecl>(declaration);
  if (enclosingClosure(declaration) || (function && function->getBuiltinID()))
    return qualifiedName(declaration);
  if (const auto *tag = dyn_cast<TagDecl>(declaration); tag && !tag->getIdentifier())
    return qualifiedName(declaration);
  PrintingPolicy policy(declaration->getASTContext().getPrintingPolicy());
  policy.SuppressInlineNamespace = llvm::to_underlying(PrintingPolicy::SuppressInlineNamespaceMode::All);
  policy.SuppressTagKeyword = true;
  policy.SuppressUnwrittenScope = false;
  policy.Bool = true;
  std::string text;
  llvm::raw_string_ostream out(text);
  declaration->getNameForDiagnostic(out, policy, true);
  // Constructors print their class with its arguments twice.
  if (isa<CXXConstructorDecl, CXXDestructorDecl>(declaration)) {
    const auto *method = cast<CXXMethodDecl>(declaration);
    return displayName(method->getParent()).append("::").append(plainName(declaration));
  }
  if (text.size() > maximumName)
    text.replace(shownOfLongName, std::string::npos, "...");
  return text;
}

} // namespace gridlock::facts
