//===- Project.cpp - A compilation database as an editor needs it ---------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/live/Project.h"
#include "engine/facts/Facts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"
#include <algorithm>

namespace gridlock::integrations {

namespace path = llvm::sys::path;

//===----------------------------------------------------------------------===//
// The command of a file
//===----------------------------------------------------------------------===//

/// The flags of the nearest `compile_flags.txt`, one a line, as clangd reads it.
static std::optional<std::vector<std::string>> nearbyFlags(llvm::StringRef file, std::string &folder) {
  for (llvm::StringRef directory = path::parent_path(file); !directory.empty();
       directory = path::parent_path(directory)) {
    llvm::SmallString<256> name(directory);
    path::append(name, "compile_flags.txt");
    auto buffer = llvm::MemoryBuffer::getFile(name, /*IsText=*/true);
    if (!buffer)
      continue;
    folder = directory.str();
    std::vector<std::string> flags;
    llvm::SmallVector<llvm::StringRef> lines;
    (*buffer)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
    for (llvm::StringRef line : lines)
      if (!line.trim().empty())
        flags.push_back(line.trim().str());
    return flags;
  }
  return std::nullopt;
}

FileCommand findCommand(const std::string &file, const CommandSource &source) {
  compile_db::Request request;
  request.paths = {file};
  if (!source.buildDirectory.empty()) {
    llvm::SmallString<256> directory(source.buildDirectory);
    llvm::sys::fs::make_absolute(directory);
    request.buildDirectory = directory.str().str();
  }
  request.workingDirectory = path::parent_path(file).str();
  FileCommand command;
  llvm::Expected<compile_db::JobSet> found = compile_db::collectJobs(request);
  if (found && !found->jobs.empty() && !found->database.empty()) {
    command.job = std::move(found->jobs.front());
    command.database = found->database;
    return command;
  }
  if (!found)
    llvm::consumeError(found.takeError());
  request.buildDirectory.clear();
  request.hasFlags = true;
  request.flags = source.fallbackFlags;
  if (std::optional<std::vector<std::string>> flags = nearbyFlags(file, request.workingDirectory))
    request.flags = std::move(*flags);
  llvm::Expected<compile_db::JobSet> plain = compile_db::collectJobs(request);
  if (plain && !plain->jobs.empty())
    command.job = std::move(plain->jobs.front());
  else if (!plain)
    llvm::consumeError(plain.takeError());
  return command;
}

//===----------------------------------------------------------------------===//
// All units
//===----------------------------------------------------------------------===//

Project::Project(std::string database, std::optional<facts::CompileJob> onlyJob,
                 const suppress::Configuration &configuration)
    : Database(std::move(database)) {
  std::string directory = configuration.cacheDirectory;
  if (directory.empty())
    directory = run::defaultCacheDirectory(Database);
  if (!directory.empty()) {
    llvm::Expected<run::SummaryCache> cache = run::SummaryCache::open(directory);
    if (cache)
      Cache = std::move(*cache);
    else // a read-only tree: everything is parsed
      llvm::consumeError(cache.takeError());
  }
  if (onlyJob)
    Entries.push_back({std::move(*onlyJob), nullptr});
}

/// \returns whether there are other commands than before.
bool Project::readCommands() {
  if (Database.empty())
    return false;
  auto buffer = llvm::MemoryBuffer::getFile(Database, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  // A build that is just being configured: what was known stays.
  if (!buffer)
    return false;
  std::uint64_t hash = llvm::xxh3_64bits((*buffer)->getBuffer());
  if (hash == DatabaseHash)
    return false;
  compile_db::Request request;
  request.buildDirectory = Database;
  request.workingDirectory = path::parent_path(Database).str();
  llvm::Expected<compile_db::JobSet> jobs = compile_db::collectJobs(request);
  if (!jobs) {
    llvm::consumeError(jobs.takeError());
    return false;
  }
  DatabaseHash = hash;
  std::vector<Entry> entries;
  for (facts::CompileJob &job : jobs->jobs)
    entries.push_back({std::move(job), nullptr});
  std::lock_guard<std::mutex> lock(Mutex);
  llvm::StringMap<const Entry *> known;
  for (const Entry &entry : Entries)
    known[entry.job.file] = &entry;
  for (Entry &entry : entries)
    if (auto found = known.find(entry.job.file); found != known.end())
      if (found->second->job.arguments == entry.job.arguments && found->second->job.directory == entry.job.directory)
        entry.unit = found->second->unit;
  Entries = std::move(entries);
  Programs.clear();
  for (compile_db::ProgramHint &program : jobs->programs)
    Programs.push_back(std::move(program.units));
  return true;
}

bool Project::isCurrent(const ir::Unit &unit, run::FileHashes &hashes) const {
  return llvm::all_of(llvm::ArrayRef(unit.files).drop_front(),
                      [&](const ir::File &file) { return hashes.of(unit.text(file.path)) == file.contentHash; });
}

bool Project::refresh(unsigned threads, llvm::function_ref<bool(bool isCostly)> mayGoOn) {
  bool changed = readCommands();
  run::FileHashes hashes;
  // Only this thread changes the entries, so that it may read without the lock.
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i != Entries.size(); ++i)
    if (!Entries[i].unit || !isCurrent(*Entries[i].unit, hashes))
      wanted.push_back(i);
  auto put = [&](std::size_t i, std::shared_ptr<const ir::Unit> unit) {
    std::lock_guard<std::mutex> lock(Mutex);
    Entries[i].unit = std::move(unit);
    changed = true;
  };
  // What the cache has is there at once; the rest takes a parse each.
  std::vector<std::size_t> missing;
  for (std::size_t i : wanted) {
    if (!mayGoOn(/*isCostly=*/false))
      return changed;
    run::SummaryCache::Lookup lookup;
    if (Cache)
      lookup = Cache->find(Entries[i].job, hashes);
    if (lookup.unit)
      put(i, std::move(lookup.unit));
    else
      missing.push_back(i);
  }
  run::Observer silent;
  run::Options options{threads, Cache ? &*Cache : nullptr};
  for (std::size_t next = 0; next < missing.size(); next += threads) {
    if (!mayGoOn(/*isCostly=*/true))
      return changed;
    llvm::ArrayRef<std::size_t> some =
        llvm::ArrayRef(missing).slice(next, std::min<std::size_t>(threads, missing.size() - next));
    std::vector<facts::CompileJob> jobs;
    for (std::size_t i : some)
      jobs.push_back(Entries[i].job);
    run::RunResult result = run::extractAll(jobs, options, facts::extract, silent);
    for (std::size_t k = 0; k != some.size(); ++k)
      if (result.units[k].unit)
        put(some[k], result.units[k].unit);
  }
  Complete = true;
  return changed;
}

ProgramUnits Project::units(const llvm::StringMap<std::shared_ptr<const ir::Unit>> &edited) const {
  ProgramUnits result;
  llvm::StringMap<std::shared_ptr<const ir::Unit>> left = edited;
  std::lock_guard<std::mutex> lock(Mutex);
  result.programs = Programs;
  for (const Entry &entry : Entries) {
    if (auto changed = left.find(entry.job.file); changed != left.end()) {
      result.units.push_back(changed->second);
      left.erase(changed);
    } else if (entry.unit) {
      result.units.push_back(entry.unit);
    }
  }
  // A new file that the build does not know yet.
  for (auto &other : left)
    result.units.push_back(other.second);
  return result;
}

std::shared_ptr<const ir::Unit> Project::recall(const facts::CompileJob &job) const {
  run::FileHashes hashes;
  return Cache ? Cache->find(job, hashes).unit : nullptr;
}

} // namespace gridlock::integrations
