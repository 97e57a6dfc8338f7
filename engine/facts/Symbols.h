//===- Symbols.h - Declarations become rows ----------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Gives every type, class, field, function, variable and place in the source
/// its row, once. Rows are made when something that is lowered first names
/// them, so a unit holds nothing of the headers that it does not use.
///
/// Lives as long as the AST and the unit. Not thread-safe. Each query is a hash
/// look-up after the first.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FACTS_SYMBOLS_H
#define GRIDLOCK_ENGINE_FACTS_SYMBOLS_H

#include "engine/facts/Clang.h"
#include "engine/summary/Build.h"
#include <string>
#include <vector>

namespace gridlock::facts {

class Symbols {
public:
  Symbols(clang::ASTContext &context, ir::Builder &builder, std::string directory)
      : Context(context), Sources(context.getSourceManager()), Build(builder), Directory(std::move(directory)) {}

  ir::Index type(clang::QualType type);
  ir::Index record(const clang::RecordDecl *record);
  ir::Index field(const clang::FieldDecl *field);
  ir::Index function(const clang::FunctionDecl *function);
  ir::Index global(const clang::VarDecl *variable);

  /// A function of the compiler that has no declaration: `__atomic_load_n`.
  ir::Index builtinFunction(llvm::StringRef name);

  /// A function that no declaration stands for.
  ir::Index addFunction(const ir::Function &row);

  ir::Index location(clang::SourceLocation location);
  ir::Index file(clang::FileID file);

  /// Whether the place belongs to a system or third-party header.
  bool isSystem(clang::SourceLocation location) const;

  /// Lists the fields of the project's classes that have none yet. To be
  /// called when all bodies are lowered.
  void finish();

  /// The declarations behind the rows, in the order of the rows. They grow
  /// while rows are made.
  const std::vector<const clang::FunctionDecl *> &functions() const { return FunctionOrder; }
  const std::vector<const clang::FieldDecl *> &fields() const { return FieldOrder; }
  const std::vector<const clang::VarDecl *> &globals() const { return GlobalOrder; }

private:
  ir::Type describe(clang::QualType type);
  ir::Index makeRecord(const clang::RecordDecl *record);
  void fillFields(const clang::RecordDecl *record);
  void fillCallOperator(const clang::CXXRecordDecl *record, ir::Index row);
  std::uint64_t layoutHash(const clang::RecordDecl *record) const;
  std::uint32_t functionFlags(const clang::FunctionDecl *function) const;

  clang::ASTContext &Context;
  const clang::SourceManager &Sources;
  ir::Builder &Build;
  std::string Directory;
  llvm::DenseMap<void *, ir::Index> Types;
  llvm::DenseMap<const clang::RecordDecl *, ir::Index> Records;
  llvm::DenseMap<const clang::FieldDecl *, ir::Index> Fields;
  llvm::DenseMap<const clang::FunctionDecl *, ir::Index> Functions;
  llvm::DenseMap<const clang::VarDecl *, ir::Index> Globals;
  llvm::StringMap<ir::Index> GlobalsByName;
  llvm::StringMap<ir::Index> BuiltinFunctions;
  llvm::DenseMap<clang::SourceLocation, ir::Index> Locations;
  llvm::DenseMap<clang::FileID, ir::Index> Files;
  llvm::StringMap<ir::Index> FilesByPath;
  std::vector<const clang::RecordDecl *> RecordOrder;
  std::vector<const clang::FunctionDecl *> FunctionOrder;
  std::vector<const clang::FieldDecl *> FieldOrder;
  std::vector<const clang::VarDecl *> GlobalOrder;
};

} // namespace gridlock::facts

#endif // GRIDLOCK_ENGINE_FACTS_SYMBOLS_H
