//===- Symbols.cpp - Declarations become rows -----------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Making a row may need other rows (a class needs the types of its fields, a
// type its class). A class's row is therefore made without its fields; these
// follow when a field is named, and for the project's own classes at the end.
// This also keeps the fields of the standard library's classes out of the unit.
//
//===----------------------------------------------------------------------===//

#include "engine/facts/Symbols.h"
#include "engine/facts/FilePath.h"
#include "engine/facts/Names.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/xxhash.h"

using namespace clang;

namespace gridlock::facts {

//===----------------------------------------------------------------------===//
// Files and locations
//===----------------------------------------------------------------------===//

ir::Index Symbols::file(FileID id) {
  if (id.isInvalid())
    return 0;
  auto [entry, isNew] = Files.try_emplace(id, 0);
  if (!isNew)
    return entry->second;
  std::string path = filePath(Sources, id, Directory);
  if (path.empty())
    return 0;
  auto [known, isNewPath] = FilesByPath.try_emplace(path, ir::Index(Build.unit().files.size()));
  if (isNewPath) {
    ir::File row;
    row.path = Build.string(path);
    bool isInvalid = false;
    const SrcMgr::SLocEntry &slot = Sources.getSLocEntry(id, &isInvalid);
    if (!isInvalid && slot.isFile() && SrcMgr::isSystem(slot.getFile().getFileCharacteristic()))
      row.flags |= ir::FileIsSystem;
    if (id == Sources.getMainFileID())
      row.flags |= ir::FileIsMain;
    if (auto buffer = Sources.getBufferOrNone(id))
      row.contentHash = llvm::xxh3_64bits(buffer->getBuffer());
    Build.unit().files.push_back(row);
  }
  return Files[id] = known->second;
}

ir::Index Symbols::location(SourceLocation location) {
  if (location.isInvalid())
    return 0;
  auto [entry, isNew] = Locations.try_emplace(location, 0);
  if (!isNew)
    return entry->second;
  // What is written in a macro's argument stands where it is written; what
  // comes out of the macro's body stands where the outermost macro is used.
  SourceLocation place = location;
  llvm::StringRef macro;
  while (place.isMacroID()) {
    if (Sources.isMacroArgExpansion(place)) {
      place = Sources.getImmediateSpellingLoc(place);
      continue;
    }
    macro = Lexer::getImmediateMacroName(place, Sources, Context.getLangOpts());
    place = Sources.getImmediateExpansionRange(place).getBegin();
  }
  auto [id, offset] = Sources.getDecomposedLoc(place);
  ir::Location row;
  row.file = file(id);
  if (row.file == 0)
    return 0;
  row.line = Sources.getLineNumber(id, offset);
  row.column = Sources.getColumnNumber(id, offset);
  row.macro = Build.string(macro);
  return Locations[location] = Build.location(row);
}

bool Symbols::isSystem(SourceLocation location) const {
  return location.isInvalid() || Sources.isInSystemHeader(Sources.getExpansionLoc(location));
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// Typedefs of integers that libraries use for things that are no numbers.
static bool isHandleTypedef(llvm::StringRef name) {
  return name.starts_with("pthread_") || name == "sig_atomic_t" || name == "once_flag" || name == "tss_t" ||
         name == "thrd_t" || name == "pid_t" || name == "gint";
}

/// The name of a C library's typedef, when `type` was written with one.
static const TypedefNameDecl *libraryTypedef(QualType type, const Symbols &symbols) {
  const QualType canonical = type.getCanonicalType();
  const bool isRecord = canonical->isRecordType();
  while (const auto *alias = type->getAs<TypedefType>()) {
    const TypedefNameDecl *declaration = alias->getDecl();
    const bool isAtTop = declaration->getDeclContext()->getRedeclContext()->isTranslationUnit();
    if (isAtTop && symbols.isSystem(declaration->getLocation()) &&
        (isRecord || isHandleTypedef(declaration->getName())))
      return declaration;
    type = alias->desugar();
  }
  return nullptr;
}

ir::Type Symbols::describe(QualType type) {
  ir::Type row;
  if (type.isLocalConstQualified() || type.isConstQualified())
    row.flags |= ir::TypeIsConst;
  if (type.isVolatileQualified())
    row.flags |= ir::TypeIsVolatile;
  const QualType canonical = type.getCanonicalType();
  if (const auto *atomic = canonical->getAs<AtomicType>()) {
    const auto *written = type->getAs<AtomicType>();
    ir::Type inner = describe(written ? written->getValueType() : atomic->getValueType());
    inner.flags |= row.flags | ir::TypeIsAtomic;
    return inner;
  }
  auto spelled = [&] {
    if (const TypedefNameDecl *alias = libraryTypedef(type, *this))
      return Build.string(alias->getName());
    PrintingPolicy policy(Context.getPrintingPolicy());
    policy.SuppressTagKeyword = true;
    return Build.string(canonical.getUnqualifiedType().getAsString(policy));
  };
  if (canonical->isDependentType()) {
    row.kind = ir::TypeKind::Other;
  } else if (canonical->isVoidType()) {
    row.kind = ir::TypeKind::Void;
    row.name = Build.string("void");
  } else if (canonical->isBooleanType()) {
    row.kind = ir::TypeKind::Bool;
    row.name = Build.string("bool");
  } else if (const auto *enumeration = canonical->getAs<EnumType>()) {
    row.kind = ir::TypeKind::Integer;
    row.name = Build.string(qualifiedName(enumeration->getDecl()));
  } else if (canonical->isIntegerType()) {
    row.kind = ir::TypeKind::Integer;
    row.name = spelled();
  } else if (canonical->isFloatingType()) {
    row.kind = ir::TypeKind::Floating;
    row.name = spelled();
  } else if (const auto *pointer = type->getAs<clang::PointerType>()) {
    row.kind = ir::TypeKind::Pointer;
    row.element = this->type(pointer->getPointeeType());
  } else if (canonical->isNullPtrType()) {
    row.kind = ir::TypeKind::Pointer;
    row.name = Build.string("std::nullptr_t");
  } else if (const auto *reference = type->getAs<clang::ReferenceType>()) {
    row.kind = ir::TypeKind::Reference;
    row.name = Build.string(isa<clang::RValueReferenceType>(reference) ? "&&" : "&");
    row.element = this->type(reference->getPointeeType());
  } else if (const clang::ArrayType *array = Context.getAsArrayType(type)) {
    row.kind = ir::TypeKind::Array;
    row.element = this->type(array->getElementType());
    if (const auto *constant = dyn_cast<ConstantArrayType>(array))
      row.extent = std::uint16_t(constant->getSize().getLimitedValue(65535));
  } else if (const auto *record = canonical->getAs<clang::RecordType>()) {
    row.kind = ir::TypeKind::Record;
    row.record = this->record(record->getDecl());
    const TypedefNameDecl *alias = libraryTypedef(type, *this);
    row.name = alias ? Build.string(alias->getName()) : Build.unit().records[row.record].qualifiedName;
  } else if (canonical->isFunctionType()) {
    row.kind = ir::TypeKind::Function;
  } else if (canonical->isMemberPointerType()) {
    row.kind = ir::TypeKind::MemberPointer;
  } else {
    row.kind = ir::TypeKind::Other;
  }
  return row;
}

ir::Index Symbols::type(QualType type) {
  if (type.isNull())
    return 0;
  if (auto found = Types.find(type.getAsOpaquePtr()); found != Types.end())
    return found->second;
  const ir::Index row = Build.type(describe(type));
  Types[type.getAsOpaquePtr()] = row;
  return row;
}

//===----------------------------------------------------------------------===//
// Classes
//===----------------------------------------------------------------------===//

ir::Index Symbols::record(const RecordDecl *record) {
  record = cast<RecordDecl>(record->getCanonicalDecl());
  if (auto found = Records.find(record); found != Records.end())
    return found->second;
  return makeRecord(record);
}

ir::Index Symbols::makeRecord(const RecordDecl *record) {
  const ir::Index index = ir::Index(Build.unit().records.size());
  Build.unit().records.emplace_back();
  Records[record] = index;
  RecordOrder.push_back(record);

  const RecordDecl *definition = record->getDefinition();
  const RecordDecl *shown = definition ? definition : record;
  ir::Record row;
  row.usr = Build.string(stableName(record));
  row.qualifiedName = Build.string(qualifiedName(record));
  row.displayName = Build.string(displayName(record));
  row.location = location(shown->getLocation());
  if (record->isUnion())
    row.flags |= ir::RecordIsUnion;
  if (isSystem(shown->getLocation()))
    row.flags |= ir::RecordIsInSystemHeader;
  if (!definition)
    row.flags |= ir::RecordIsIncomplete;
  if (shown->hasAttr<ScopedLockableAttr>())
    row.flags |= ir::RecordIsScopedLockable;
  if (shown->hasAttr<CapabilityAttr>())
    row.flags |= ir::RecordIsCapability;
  if (shown->hasAttr<WarnUnusedResultAttr>() || shown->hasAttr<WarnUnusedAttr>())
    row.flags |= ir::RecordIsNodiscard;
  if (definition && !definition->isDependentType())
    row.layoutHash = layoutHash(definition);
  if (const auto *specialization = dyn_cast<ClassTemplateSpecializationDecl>(record)) {
    llvm::SmallVector<ir::Index, 4> arguments;
    auto add = [&](auto &self, const TemplateArgument &argument) -> void {
      if (argument.getKind() == TemplateArgument::Pack)
        for (const TemplateArgument &element : argument.pack_elements())
          self(self, element);
      else
        arguments.push_back(argument.getKind() == TemplateArgument::Type ? type(argument.getAsType()) : 0);
    };
    for (const TemplateArgument &argument : specialization->getTemplateArgs().asArray())
      add(add, argument);
    row.templateArguments = Build.list(arguments);
  }
  if (const auto *shape = dyn_cast_or_null<CXXRecordDecl>(definition)) {
    if (shape->isLambda())
      row.flags |= ir::RecordIsLambda;
    if (shape->isEffectivelyFinal())
      row.flags |= ir::RecordIsFinal;
    if (!shape->isDependentType() && shape->isPolymorphic())
      row.flags |= ir::RecordIsPolymorphic;
    llvm::SmallVector<ir::Index, 4> bases;
    for (const CXXBaseSpecifier &base : shape->bases())
      if (const CXXRecordDecl *baseRecord = base.getType()->getAsCXXRecordDecl())
        bases.push_back(this->record(baseRecord));
    row.bases = Build.list(bases);
  }
  Build.unit().records[index] = row;
  return index;
}

std::uint64_t Symbols::layoutHash(const RecordDecl *record) const {
  std::string text;
  PrintingPolicy policy(Context.getPrintingPolicy());
  for (const FieldDecl *field : record->fields()) {
    text += field->getName();
    text += ':';
    text += field->getType().getCanonicalType().getAsString(policy);
    text += ';';
  }
  return llvm::xxh3_64bits(text);
}

ir::Index Symbols::field(const FieldDecl *field) {
  field = field->getCanonicalDecl();
  if (auto found = Fields.find(field); found != Fields.end())
    return found->second;
  fillFields(field->getParent());
  return Fields.lookup(field);
}

void Symbols::fillFields(const RecordDecl *record) {
  const ir::Index owner = this->record(record);
  const RecordDecl *definition = record->getDefinition();
  if (!definition || Build.unit().records[owner].fields.count != 0)
    return;
  // A capture has no name of its own.
  llvm::SmallVector<const LambdaCapture *, 8> captures;
  const auto *shape = dyn_cast<CXXRecordDecl>(definition);
  if (shape && shape->isLambda())
    for (const LambdaCapture &capture : shape->captures())
      captures.push_back(&capture);
  llvm::SmallVector<ir::Index, 16> rows;
  for (const FieldDecl *field : definition->fields()) {
    const ir::Index index = ir::Index(Build.unit().fields.size());
    Build.unit().fields.emplace_back();
    Fields[field->getCanonicalDecl()] = index;
    FieldOrder.push_back(field);
    ir::Field row;
    row.record = owner;
    row.name = Build.string(field->getName());
    // In broken code a class may hold itself; nobody behind here expects that.
    const bool isBrokenObject = field->isInvalidDecl() && Context.getBaseElementType(field->getType())->isRecordType();
    row.type = isBrokenObject ? 0 : type(field->getType());
    row.location = location(field->getLocation());
    row.position = field->getFieldIndex();
    if (field->isMutable())
      row.flags |= ir::FieldIsMutable;
    if (field->isBitField())
      row.flags |= ir::FieldIsBitField;
    if (field->getAccess() == AS_public || field->getAccess() == AS_none)
      row.flags |= ir::FieldIsPublic;
    if (row.position < captures.size()) {
      const LambdaCapture &capture = *captures[row.position];
      if (capture.capturesVariable())
        row.name = Build.string(capture.getCapturedVar()->getName());
      else if (capture.capturesThis())
        row.name = Build.string("this");
      if (capture.capturesThis() && field->getType()->isPointerType())
        row.flags |= ir::FieldIsCapturedThis;
      if (field->getType()->isReferenceType())
        row.flags |= ir::FieldIsCaptureByReference;
    }
    Build.unit().fields[index] = row;
    rows.push_back(index);
  }
  Build.unit().records[owner].fields = Build.list(rows);
}

void Symbols::fillCallOperator(const CXXRecordDecl *record, ir::Index row) {
  const FunctionDecl *only = nullptr;
  auto consider = [&](const FunctionDecl *candidate, bool &isOnly) {
    if (only)
      isOnly = false;
    only = candidate;
  };
  bool isOnly = true;
  for (const Decl *member : record->decls()) {
    if (const auto *function = dyn_cast<FunctionTemplateDecl>(member)) {
      if (function->getTemplatedDecl()->getOverloadedOperator() == OO_Call)
        for (const FunctionDecl *specialization : function->specializations())
          consider(specialization, isOnly);
    } else if (const auto *method = dyn_cast<CXXMethodDecl>(member)) {
      if (method->getOverloadedOperator() == OO_Call)
        consider(method, isOnly);
    }
  }
  if (only && isOnly && !only->isDependentContext())
    Build.unit().records[row].callOperator = function(only);
}

void Symbols::finish() {
  // The list grows while it is walked: fields have types, and these classes.
  for (std::size_t i = 0; i != RecordOrder.size(); ++i) {
    const RecordDecl *record = RecordOrder[i];
    const ir::Index row = Records.lookup(record);
    const auto *shape = dyn_cast_or_null<CXXRecordDecl>(record->getDefinition());
    const bool isLambda = shape && shape->isLambda();
    if ((Build.unit().records[row].flags & ir::RecordIsInSystemHeader) && !isLambda)
      continue;
    fillFields(record);
    if (shape && !shape->isDependentType())
      fillCallOperator(shape, row);
  }
}

//===----------------------------------------------------------------------===//
// Functions and globals
//===----------------------------------------------------------------------===//

std::uint32_t Symbols::functionFlags(const FunctionDecl *function) const {
  std::uint32_t flags = 0;
  auto set = [&](bool condition, std::uint32_t flag) { flags |= condition ? flag : 0; };
  set(!function->isExternallyVisible(), ir::FunctionIsInternal);
  set(function->isNoReturn(), ir::FunctionIsNoReturn);
  set(isSystem(function->getLocation()), ir::FunctionIsInSystemHeader);
  set(function->isVariadic(), ir::FunctionIsVariadic);
  set(function->hasAttr<WarnUnusedResultAttr>(), ir::FunctionIsNodiscard);
  set(function->getAccess() == AS_public || function->getAccess() == AS_none, ir::FunctionIsPublic);
  set(function->isImplicit() || function->isDefaulted(), ir::FunctionIsImplicit);
  set(function->isInlined(), ir::FunctionIsInline);
  set(function->isMain(), ir::FunctionIsMain);
  set(function->hasAttr<NoThreadSafetyAnalysisAttr>(), ir::FunctionIsNoThreadSafetyAnalysis);
  set(function->isInvalidDecl(), ir::FunctionHasErrors);
  if (!Context.getLangOpts().CXXExceptions) {
    flags |= ir::FunctionIsNonThrowing;
  } else if (const auto *prototype = function->getType()->getAs<FunctionProtoType>()) {
    const ExceptionSpecificationType kind = prototype->getExceptionSpecType();
    if (isUnresolvedExceptionSpec(kind))
      set(isa<CXXDestructorDecl>(function), ir::FunctionIsNonThrowing);
    else
      set(prototype->isNothrow() || function->hasAttr<NoThrowAttr>(), ir::FunctionIsNonThrowing);
  }
  const auto *method = dyn_cast<CXXMethodDecl>(function);
  if (!method)
    return flags;
  set(method->isVirtual(), ir::FunctionIsVirtual);
  set(method->isPureVirtual(), ir::FunctionIsPure);
  set(method->isStatic(), ir::FunctionIsStaticMethod);
  set(method->isConst(), ir::FunctionIsConst);
  set(method->hasAttr<FinalAttr>() || method->getParent()->isEffectivelyFinal(), ir::FunctionIsFinal);
  set(isa<CXXConstructorDecl>(method), ir::FunctionIsConstructor);
  set(isa<CXXDestructorDecl>(method), ir::FunctionIsDestructor);
  const auto *constructor = dyn_cast<CXXConstructorDecl>(method);
  set((constructor && constructor->isCopyOrMoveConstructor()) || method->isCopyAssignmentOperator() ||
          method->isMoveAssignmentOperator(),
      ir::FunctionIsCopyOrMove);
  set(method->getParent()->isLambda() && method->getOverloadedOperator() == OO_Call, ir::FunctionIsLambda);
  return flags;
}

/// The function in whose body a closure stands.
static const FunctionDecl *functionAround(const CXXRecordDecl *closure) {
  for (const DeclContext *context = closure->getDeclContext(); context; context = context->getParent())
    if (const auto *function = dyn_cast<FunctionDecl>(context))
      return function;
  return nullptr;
}

ir::Index Symbols::function(const FunctionDecl *function) {
  const FunctionDecl *canonical = function->getCanonicalDecl();
  if (auto found = Functions.find(canonical); found != Functions.end())
    return found->second;
  const ir::Index index = ir::Index(Build.unit().functions.size());
  Build.unit().functions.emplace_back();
  Functions[canonical] = index;
  FunctionOrder.push_back(canonical);

  const FunctionDecl *definition = function->getDefinition();
  const FunctionDecl *shown = definition ? definition : function->getMostRecentDecl();
  ir::Function row;
  row.usr = Build.string(stableName(canonical));
  row.qualifiedName = Build.string(qualifiedName(canonical));
  row.displayName = Build.string(displayName(canonical));
  row.location = location(shown->getLocation());
  row.returnType = type(shown->getReturnType());
  row.flags = functionFlags(shown);
  if (definition)
    row.endLocation = location(definition->getEndLoc());
  llvm::SmallVector<ir::Index, 8> parameters;
  for (const ParmVarDecl *parameter : shown->parameters())
    parameters.push_back(type(parameter->getType()));
  row.parameterTypes = Build.list(parameters);
  if (const auto *method = dyn_cast<CXXMethodDecl>(shown)) {
    row.record = record(method->getParent());
    llvm::SmallVector<ir::Index, 2> overridden;
    for (const CXXMethodDecl *base : method->overridden_methods())
      overridden.push_back(this->function(base));
    row.overridden = Build.list(overridden);
    if (row.flags & ir::FunctionIsLambda)
      if (const FunctionDecl *around = functionAround(method->getParent()))
        row.enclosing = this->function(around);
  }
  Build.unit().functions[index] = row;
  return index;
}

ir::Index Symbols::builtinFunction(llvm::StringRef name) {
  auto [entry, isNew] = BuiltinFunctions.try_emplace(name, 0);
  if (isNew) {
    ir::Function row;
    row.usr = Build.string(("c:@F@" + name).str());
    row.qualifiedName = row.displayName = Build.string(name);
    row.flags = ir::FunctionIsInSystemHeader | ir::FunctionIsNonThrowing | ir::FunctionIsPublic;
    entry->second = addFunction(row);
  }
  return entry->second;
}

ir::Index Symbols::addFunction(const ir::Function &row) {
  Build.unit().functions.push_back(row);
  FunctionOrder.push_back(nullptr);
  return ir::Index(Build.unit().functions.size() - 1);
}

ir::Index Symbols::global(const VarDecl *variable) {
  const VarDecl *canonical = variable->getCanonicalDecl();
  if (auto found = Globals.find(canonical); found != Globals.end())
    return found->second;
  const std::string usr = stableName(canonical);
  const std::string name = qualifiedName(canonical);
  // An `extern` declaration in a function is not linked to the one at the top.
  auto [known, isNew] = GlobalsByName.try_emplace(usr + "|" + name, ir::Index(Build.unit().globals.size()));
  Globals[canonical] = known->second;
  if (!isNew)
    return known->second;
  const ir::Index index = known->second;
  Build.unit().globals.emplace_back();
  GlobalOrder.push_back(canonical);

  const VarDecl *definition = variable->getDefinition();
  const VarDecl *shown = definition ? definition : variable->getMostRecentDecl();
  ir::Global row;
  row.usr = Build.string(usr);
  row.qualifiedName = Build.string(name);
  row.type = type(shown->getType());
  row.location = location(shown->getLocation());
  if (!variable->isExternallyVisible() || variable->isStaticLocal())
    row.flags |= ir::GlobalIsInternal;
  if (variable->isStaticLocal()) {
    row.flags |= ir::GlobalIsLocalStatic;
    if (const auto *function = dyn_cast_or_null<FunctionDecl>(variable->getParentFunctionOrMethod()))
      row.function = this->function(function);
  }
  if (shown->getTLSKind() != VarDecl::TLS_None)
    row.flags |= ir::GlobalIsThreadLocal;
  if (shown->getType().isConstQualified() || shown->isConstexpr())
    row.flags |= ir::GlobalIsConst;
  if (definition || shown->isThisDeclarationADefinition() != VarDecl::DeclarationOnly)
    row.flags |= ir::GlobalIsDefinition;
  if (variable->isStaticDataMember())
    row.flags |= ir::GlobalIsStaticMember;
  Build.unit().globals[index] = row;
  return index;
}

} // namespace gridlock::facts
