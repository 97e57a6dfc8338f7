//===- CommandLine.h - Compile commands made fit for the parser -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A build's command line was written for some compiler and for making an
/// object file. This turns it into one that Clang parses without side effects,
/// or says why the file is none of ours. Private to the room, and to its tests.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_COMPILE_DB_COMMANDLINE_H
#define GRIDLOCK_ENGINE_COMPILE_DB_COMMANDLINE_H

#include "engine/facts/Facts.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace gridlock::compile_db {

/// A command as somebody else wrote it.
struct RawCommand {
  std::string file;                   ///< absolute, without `.` and `..`
  std::string directory;              ///< absolute
  std::vector<std::string> arguments; ///< compiler or launcher first
  std::string output;                 ///< absolute, or empty when not known
};

struct CleanCommand {
  facts::CompileJob job;
  /// Why the command is not for us: `assembler`, `objective-c`, `nvcc`; for
  /// counting. Empty: `job` is valid.
  std::string skipped;
  std::vector<std::string> droppedFlags; ///< that Clang does not know
};

/// Expands response files, removes launchers, outputs, dependency files,
/// precompiled headers, plugins, flags that Clang lacks, language standards of
/// the other language; adds what makes Clang as lenient as GCC.
/// Reads only response files. O(arguments).
CleanCommand cleanCommand(const RawCommand &raw);

/// The output that a command line names, absolute, or "".
std::string outputOf(llvm::ArrayRef<std::string> arguments, llvm::StringRef directory);

/// `path` made absolute from `directory`, without `.` and `..`.
std::string absolutePath(llvm::StringRef path, llvm::StringRef directory);

/// What a file is by its extension.
enum class FileLanguage { Other, C, Cxx, Header };
FileLanguage languageOf(llvm::StringRef file);

} // namespace gridlock::compile_db

#endif // GRIDLOCK_ENGINE_COMPILE_DB_COMMANDLINE_H
