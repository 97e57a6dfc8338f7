//===- CompileDb.h - Which units there are, and how they are built -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The door of the room: what the user asked for in, compile jobs out. Finds
/// and reads the compilation database, chooses the commands that the paths
/// ask for, cleans them, and collects which units are linked together.
///
/// Reads the file system; keeps no state; prints nothing. One call a run.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_COMPILE_DB_COMPILEDB_H
#define GRIDLOCK_ENGINE_COMPILE_DB_COMPILEDB_H

#include "engine/facts/Facts.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace gridlock::compile_db {

/// What the user asked for.
struct Request {
  std::vector<std::string> paths; ///< files or directories; none: everything
  std::string buildDirectory;     ///< `-p`: a directory or a file; empty: search
  bool hasFlags = false;          ///< `--` was given: no database is used
  std::vector<std::string> flags; ///< what followed it
  std::string workingDirectory;   ///< absolute
};

/// Units that are linked into one program (an executable, with the libraries
/// it links) or, when no program links them, into one library.
struct ProgramHint {
  std::string name;
  bool isExecutable = false;
  std::vector<std::string> units; ///< absolute paths of sources, sorted
};

struct JobSet {
  std::vector<facts::CompileJob> jobs;
  std::vector<ProgramHint> programs; ///< empty when the build does not say
  std::string database;              ///< absolute path of the one that was taken, or ""
  std::size_t databaseEntries = 0;
  std::vector<std::string> notes;  ///< one line each, for standard error
  std::vector<std::string> errors; ///< paths that could not be served, one line each
};

/// Collects the jobs. A path that does not exist or has no command is an entry
/// of `errors`, and the others are served; a database that is missing or
/// cannot be read is an error: one line that says what, where and what to do.
/// Linear in the database, and in the directories searched.
llvm::Expected<JobSet> collectJobs(const Request &request);

} // namespace gridlock::compile_db

#endif // GRIDLOCK_ENGINE_COMPILE_DB_COMPILEDB_H
