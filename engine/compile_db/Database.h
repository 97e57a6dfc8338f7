//===- Database.h - compile_commands.json, found and read -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Where the compilation database is, and what stands in it. Private to the
/// room, and to its tests.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_COMPILE_DB_DATABASE_H
#define GRIDLOCK_ENGINE_COMPILE_DB_DATABASE_H

#include "engine/compile_db/CommandLine.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace gridlock::compile_db {

struct FoundDatabase {
  std::string path;                ///< absolute, or "" when there is none
  std::vector<std::string> others; ///< of the same level, not taken
};

/// Searches `start` and the directories above it: the file itself, then in
/// build*, out*, cmake-build-* and their subdirectories, and in the binary
/// directories of CMakePresets.json; of several the one written last. Stops at
/// the project's root (.git, .hg, .svn, .jj).
FoundDatabase searchDatabase(llvm::StringRef start);

/// The database that `-p PATH` means.
llvm::Expected<std::string> databaseAt(llvm::StringRef path);

/// All entries in the order of the file. Errors name line and column, or the
/// number of the entry.
llvm::Expected<std::vector<RawCommand>> readDatabase(llvm::StringRef path);

/// "line 3, column 5: message" from what llvm::json reports.
std::string describeJsonError(llvm::Error error);

} // namespace gridlock::compile_db

#endif // GRIDLOCK_ENGINE_COMPILE_DB_DATABASE_H
