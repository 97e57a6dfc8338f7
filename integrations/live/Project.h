//===- Project.h - A compilation database as an editor needs it -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The units of one compilation database as they are on disk, kept in memory and
/// in the cache of summaries that `gridlock check` uses. Made when the first of
/// its files is opened, filled and refreshed by one background thread while
/// others read.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_LIVE_PROJECT_H
#define GRIDLOCK_INTEGRATIONS_LIVE_PROJECT_H

#include "engine/compile_db/CompileDb.h"
#include "engine/run/Scheduler.h"
#include "engine/suppress/Configuration.h"
#include "integrations/unit/ProgramCheck.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace gridlock::integrations {

/// Where an editor's files get their commands from.
struct CommandSource {
  std::string buildDirectory;             ///< of the database; empty: searched for; relative to this process's
  std::vector<std::string> fallbackFlags; ///< for files that no database knows
};

/// The command of one file.
struct FileCommand {
  std::optional<facts::CompileJob> job; ///< none: the file cannot be parsed
  std::string database;                 ///< that it comes from, or ""
};

/// Finds a file's command: the database, a `compile_flags.txt` above the file,
/// the fallback flags. Reads the disk.
FileCommand findCommand(const std::string &file, const CommandSource &source);

class Project {
public:
  /// `database` may be empty: then the project is the one job.
  Project(std::string database, std::optional<facts::CompileJob> onlyJob, const suppress::Configuration &configuration);

  /// Reads commands that have changed and units that are new, or of which a file
  /// has changed. Blocks until all is read, or until `mayGoOn` says no; that is
  /// asked between units, with true before some are parsed. For the background
  /// thread alone.
  /// \returns whether any unit changed.
  bool refresh(unsigned threads, llvm::function_ref<bool(bool isCostly)> mayGoOn);

  /// The unit of a job if the cache has it and no file has changed. Any thread.
  std::shared_ptr<const ir::Unit> recall(const facts::CompileJob &job) const;

  /// Whether a refresh has come to its end.
  bool isComplete() const { return Complete; }

  /// All units known so far, with those that an editor has changed in the place
  /// of those on disk. Any thread.
  ProgramUnits units(const llvm::StringMap<std::shared_ptr<const ir::Unit>> &edited) const;

  const std::string &database() const { return Database; }

private:
  struct Entry {
    facts::CompileJob job;
    std::shared_ptr<const ir::Unit> unit;
  };

  bool readCommands();
  bool isCurrent(const ir::Unit &unit, run::FileHashes &hashes) const;

  const std::string Database;
  std::optional<run::SummaryCache> Cache;
  std::uint64_t DatabaseHash = 0;
  mutable std::mutex Mutex; ///< for what follows
  std::vector<Entry> Entries;
  std::vector<link::LinkedSources> Programs;
  std::atomic<bool> Complete = false;
};

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_LIVE_PROJECT_H
