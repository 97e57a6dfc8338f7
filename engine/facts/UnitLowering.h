//===- UnitLowering.h - Lowers all that a unit defines -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Walks the declarations of a translation unit, decides which bodies are
/// lowered, and lowers each once: functions of the project and of third-party
/// classes that own a lock, instantiations, closures, implicit members that
/// somebody calls, and the initialisers of globals.
///
/// Lives as long as the AST and the unit. Not thread-safe.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FACTS_UNITLOWERING_H
#define GRIDLOCK_ENGINE_FACTS_UNITLOWERING_H

#include "engine/facts/Symbols.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <string>
#include <vector>

namespace gridlock::facts {

class UnitLowering {
public:
  UnitLowering(clang::ASTContext &context, ir::Builder &builder, std::string directory)
      : Context(context), Build(builder), Names(context, builder, std::move(directory)) {}

  /// Lowers everything; to be called once.
  void run();

  /// Asks for the body of a function that a lowered body mentions.
  void want(const clang::FunctionDecl *function);

  /// Asks for a local static whose initialisation runs no code.
  void wantConstant(const clang::VarDecl *variable) { Constants.push_back(variable); }

  /// Asks for the members of a class that stands inside a function.
  void wantMembers(const clang::RecordDecl *record) { visit(record); }

  clang::ASTContext &Context;
  ir::Builder &Build;
  Symbols Names;

private:
  void visit(const clang::Decl *declaration);
  void visitScope(const clang::DeclContext *scope);
  void visitFunction(const clang::FunctionDecl *function);
  void visitVariable(const clang::VarDecl *variable);
  bool ownsBody(const clang::FunctionDecl *function) const;
  bool isStandard(const clang::Decl *declaration);
  void lowerQueued();
  void lowerGlobals();
  void lowerAttributes();

  llvm::DenseMap<clang::FileID, bool> StandardFiles;
  llvm::DenseSet<const clang::FunctionDecl *> Seen;
  std::vector<const clang::FunctionDecl *> Queue;
  std::size_t NextInQueue = 0;
  llvm::DenseSet<const clang::VarDecl *> SeenVariables;
  std::vector<const clang::VarDecl *> Variables;
  std::vector<const clang::VarDecl *> Constants;
};

/// Whether a file belongs to the C or C++ standard library, or to a compiler.
bool isStandardLibrary(llvm::StringRef path);

/// Whether a third-party class holds a lock, so that its methods' bodies are
/// worth having. False for the C and C++ standard libraries.
bool isForeignLockOwner(const clang::CXXRecordDecl *record);

/// Sets `Function::bodyHash` of every function with a body: a hash of what the
/// body does, in which rows are replaced by stable names and places in the
/// source do not count. Equal bodies hash alike in all units.
void hashBodies(ir::Unit &unit);

} // namespace gridlock::facts

#endif // GRIDLOCK_ENGINE_FACTS_UNITLOWERING_H
