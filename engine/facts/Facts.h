//===- Facts.h - From Clang's AST to events ---------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The door of the room: one compile command in, the unit's tables out. The
/// only room that includes Clang's AST.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FACTS_FACTS_H
#define GRIDLOCK_ENGINE_FACTS_FACTS_H

#include "engine/summary/Ir.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <memory>
#include <string>
#include <vector>

namespace clang {
class ASTContext;
}

namespace gridlock::facts {

/// How a file is compiled.
struct CompileJob {
  std::string file;                   ///< absolute
  std::string directory;              ///< where relative paths start
  std::vector<std::string> arguments; ///< compiler first, file included
};

/// The result of parsing one unit. `unit` is null only when the parser could
/// not start at all (`failure` says why, in one line).
struct Extraction {
  std::unique_ptr<ir::Unit> unit;
  std::string failure;
};

/// Parses the job's file with Clang and lowers every function body that the
/// project owns. Errors in the code are counted in the unit and printed
/// nowhere. Safe to call on several threads at once, each with a file system
/// of its own; a crash of the parser is the caller's to contain.
/// Cost: the parse, and a few per cent for the lowering.
Extraction extract(const CompileJob &job, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystem);

/// Lowers what somebody else parsed: the whole AST of a unit, by a compiler that
/// skipped no body of the project. `directory` is where relative paths start.
std::unique_ptr<ir::Unit> lowerUnit(clang::ASTContext &context, const std::string &directory);

} // namespace gridlock::facts

#endif // GRIDLOCK_ENGINE_FACTS_FACTS_H
