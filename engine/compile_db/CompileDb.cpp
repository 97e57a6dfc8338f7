//===- CompileDb.cpp - From the user's paths to compile jobs ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With a database, a path selects entries: a file its own entries, a directory
// all below it. A header has no entry; the unit that most likely includes it is
// taken in its place, the one with the same name, then the one whose folder is
// nearest (the rule of Clang's interpolating database). A source without an
// entry borrows the flags of its nearest neighbour of the same language.
//
// Without one, files are parsed with the flags behind `--`, or with none.
//
// Paths are compared with symbolic links resolved, and reported as the build
// wrote them. Commands are cleaned only once they are selected.
//
//===----------------------------------------------------------------------===//

#include "engine/compile_db/CompileDb.h"
#include "engine/compile_db/CommandLine.h"
#include "engine/compile_db/Database.h"
#include "engine/compile_db/Programs.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <map>
#include <tuple>

namespace gridlock::compile_db {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static llvm::Error failure(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

namespace {

/// A path the user gave.
struct GivenPath {
  std::string shown;    ///< as given
  std::string absolute; ///< without `.` and `..`
  std::string real;     ///< with symbolic links resolved
  bool isDirectory = false;
};

class Collector {
public:
  explicit Collector(const Request &request) : Asked(request) {}
  llvm::Expected<JobSet> run();

private:
  const Request &Asked;
  JobSet Result;
  std::vector<GivenPath> Paths;
  std::vector<RawCommand> Commands;
  std::vector<std::string> RealFiles; ///< of `Commands`
  llvm::StringMap<std::string> RealDirectories;

  // For the summary of what was not taken.
  std::map<std::string, unsigned> SkippedByKind;
  std::string FirstSkipped;
  llvm::StringSet<> DroppedFlags;
  std::vector<std::string> CompiledTwice;
  llvm::StringMap<std::size_t> JobOfFile;

  void readPaths();
  llvm::Expected<std::string> findDatabase();
  llvm::Error selectFromDatabase();
  void selectFile(const GivenPath &given);
  llvm::Error selectWithoutDatabase();
  void addJob(const RawCommand &command);
  void addPlainJob(const std::string &file);
  std::string resolve(llvm::StringRef file);
  std::size_t nearest(llvm::StringRef real, FileLanguage language) const;
  void summarize();
};

} // namespace

/// `file` with the symbolic links of its directory resolved. Memoised, since
/// thousands of entries share a few directories.
std::string Collector::resolve(llvm::StringRef file) {
  llvm::StringRef directory = path::parent_path(file);
  auto [entry, isNew] = RealDirectories.try_emplace(directory);
  if (isNew) {
    llvm::SmallString<256> real;
    entry->second = fs::real_path(directory, real) ? directory.str() : real.str().str();
  }
  llvm::SmallString<256> resolved(entry->second);
  path::append(resolved, path::filename(file));
  return resolved.str().str();
}

static bool isBelow(llvm::StringRef file, llvm::StringRef directory) {
  return file.starts_with(directory) &&
         (directory.ends_with("/") || file.size() == directory.size() || file[directory.size()] == '/');
}

/// All C and C++ sources below a directory, sorted; hidden folders left out.
static std::vector<std::string> sourcesBelow(llvm::StringRef directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(directory, error, /*follow_symlinks=*/false), end; entry != end && !error;
       entry.increment(error)) {
    llvm::StringRef name = path::filename(entry->path());
    FileLanguage language = languageOf(name);
    if (name.starts_with("."))
      entry.no_push();
    else if ((language == FileLanguage::C || language == FileLanguage::Cxx) && !fs::is_directory(entry->path()))
      files.push_back(entry->path());
  }
  llvm::sort(files);
  return files;
}

//===----------------------------------------------------------------------===//
// Paths and the database
//===----------------------------------------------------------------------===//

void Collector::readPaths() {
  for (const std::string &shown : Asked.paths) {
    GivenPath given;
    given.shown = shown;
    given.absolute = absolutePath(shown, Asked.workingDirectory);
    fs::file_status status;
    if (std::error_code error = fs::status(given.absolute, status)) {
      Result.errors.push_back("cannot read " + shown + ": " + error.message());
      continue;
    }
    given.isDirectory = fs::is_directory(status);
    if (!given.isDirectory && !fs::is_regular_file(status)) {
      Result.errors.push_back("cannot read " + shown + ": it is neither a file nor a directory");
      continue;
    }
    if (!given.isDirectory)
      if (auto buffer = llvm::MemoryBuffer::getFile(given.absolute); !buffer) {
        Result.errors.push_back("cannot read " + shown + ": " + buffer.getError().message());
        continue;
      }
    llvm::SmallString<256> real;
    given.real = fs::real_path(given.absolute, real) ? given.absolute : real.str().str();
    Paths.push_back(std::move(given));
  }
}

/// The database to take, or "" when there is none.
llvm::Expected<std::string> Collector::findDatabase() {
  if (!Asked.buildDirectory.empty())
    return databaseAt(absolutePath(Asked.buildDirectory, Asked.workingDirectory));
  FoundDatabase found;
  if (!Paths.empty())
    found = searchDatabase(Paths.front().isDirectory ? llvm::StringRef(Paths.front().absolute)
                                                     : path::parent_path(Paths.front().absolute));
  if (found.path.empty())
    found = searchDatabase(Asked.workingDirectory);
  if (!found.others.empty())
    Result.notes.push_back("there are other compilation databases (" + llvm::join(found.others, ", ") +
                           "); choose one with -p");
  return found.path;
}

llvm::Expected<JobSet> Collector::run() {
  readPaths();
  if (Paths.empty() && !Asked.paths.empty())
    return std::move(Result); // only errors
  if (!Asked.hasFlags) {
    llvm::Expected<std::string> database = findDatabase();
    if (!database)
      return database.takeError();
    Result.database = *database;
  }
  if (llvm::Error error = Result.database.empty() ? selectWithoutDatabase() : selectFromDatabase())
    return error;
  summarize();
  return std::move(Result);
}

//===----------------------------------------------------------------------===//
// Selection
//===----------------------------------------------------------------------===//

void Collector::addJob(const RawCommand &raw) {
  CleanCommand clean = cleanCommand(raw);
  if (!clean.skipped.empty()) {
    if (SkippedByKind.empty())
      FirstSkipped = raw.file;
    ++SkippedByKind[clean.skipped];
    return;
  }
  for (const std::string &flag : clean.droppedFlags)
    DroppedFlags.insert(flag);
  auto [known, isNew] = JobOfFile.try_emplace(raw.file, Result.jobs.size());
  if (isNew)
    Result.jobs.push_back(std::move(clean.job));
  else if (Result.jobs[known->second].arguments != clean.job.arguments)
    CompiledTwice.push_back(raw.file);
}

void Collector::addPlainJob(const std::string &file) {
  RawCommand raw;
  raw.file = file;
  raw.directory = Asked.workingDirectory;
  raw.arguments.push_back(languageOf(file) == FileLanguage::C ? "clang" : "clang++");
  raw.arguments.insert(raw.arguments.end(), Asked.flags.begin(), Asked.flags.end());
  raw.arguments.push_back(file);
  addJob(raw);
}

/// The entry whose flags suit `real` best; `Commands.size()` when the file has
/// nothing to do with the project.
std::size_t Collector::nearest(llvm::StringRef real, FileLanguage language) const {
  std::size_t best = Commands.size();
  std::tuple<bool, std::size_t> bestScore;
  for (std::size_t i = 0; i < Commands.size(); ++i) {
    FileLanguage candidate = languageOf(RealFiles[i]);
    if (candidate == FileLanguage::Other || (language != FileLanguage::Header && candidate != language))
      continue;
    llvm::StringRef other = RealFiles[i];
    std::size_t common = 0; // shared leading directories
    auto a = path::begin(real), b = path::begin(other);
    for (; a != path::end(real) && b != path::end(other) && *a == *b; ++a, ++b)
      ++common;
    if (common < 3) // the root and one directory: another project
      continue;
    bool sameName = path::stem(real).equals_insensitive(path::stem(other));
    std::tuple<bool, std::size_t> score{sameName, common};
    if (best == Commands.size() || score > bestScore) {
      best = i;
      bestScore = score;
    }
  }
  return best;
}

void Collector::selectFile(const GivenPath &given) {
  bool found = false;
  for (std::size_t i = 0; i < Commands.size(); ++i)
    if (RealFiles[i] == given.real || Commands[i].file == given.absolute) {
      addJob(Commands[i]);
      found = true;
    }
  if (found)
    return;
  FileLanguage language = languageOf(given.absolute);
  if (language == FileLanguage::Other) {
    Result.errors.push_back(given.shown + " is no C or C++ file, and the compilation database has no command for it");
    return;
  }
  std::size_t neighbour = nearest(given.real, language);
  if (neighbour == Commands.size()) {
    Result.notes.push_back("no command for " + given.shown + " in " + Result.database + "; it is parsed without flags");
    return addPlainJob(given.absolute);
  }
  const RawCommand &owner = Commands[neighbour];
  if (language == FileLanguage::Header) {
    Result.notes.push_back(given.shown + " is analysed as part of " + owner.file);
    return addJob(owner);
  }
  Result.notes.push_back("no command for " + given.shown + " in " + Result.database + "; the flags of " + owner.file +
                         " are used");
  RawCommand borrowed = owner;
  borrowed.file = given.absolute;
  addJob(borrowed);
}

llvm::Error Collector::selectFromDatabase() {
  llvm::Expected<std::vector<RawCommand>> commands = readDatabase(Result.database);
  if (!commands)
    return commands.takeError();
  Commands = std::move(*commands);
  Result.databaseEntries = Commands.size();
  for (const RawCommand &command : Commands)
    RealFiles.push_back(resolve(command.file));
  Result.programs = findPrograms(path::parent_path(Result.database), Commands);

  if (Asked.paths.empty())
    for (const RawCommand &command : Commands)
      addJob(command);
  for (const GivenPath &given : Paths) {
    if (!given.isDirectory) {
      selectFile(given);
      continue;
    }
    bool found = false;
    for (std::size_t i = 0; i < Commands.size(); ++i)
      if (isBelow(RealFiles[i], given.real)) {
        addJob(Commands[i]);
        found = true;
      }
    if (!found)
      Result.errors.push_back(sourcesBelow(given.absolute).empty()
                                  ? "there are no C or C++ sources below " + given.shown
                                  : Result.database + " has no command for any source below " + given.shown +
                                        "; choose another database with -p, or give compiler flags after --");
  }
  return llvm::Error::success();
}

llvm::Error Collector::selectWithoutDatabase() {
  if (Asked.paths.empty())
    return Asked.hasFlags ? failure("`--` gives compiler flags, but no file was named; name the files before it")
                          : failure("no compile_commands.json here, above, or in build*/ or out*/; give its folder "
                                    "with -p, or name files: gridlock check a.cpp -- -std=c++20");
  for (const GivenPath &given : Paths) {
    if (!given.isDirectory) {
      if (!Asked.hasFlags)
        Result.notes.push_back("no compile_commands.json found; " + given.shown +
                               " is parsed without flags (give them after --)");
      addPlainJob(given.absolute);
      continue;
    }
    std::vector<std::string> sources = sourcesBelow(given.absolute);
    if (sources.empty())
      Result.errors.push_back("there are no C or C++ sources below " + given.shown);
    else if (!Asked.hasFlags)
      Result.errors.push_back("no compile_commands.json for " + given.shown +
                              ": give its folder with -p, or compiler flags after --");
    else
      for (const std::string &source : sources)
        addPlainJob(source);
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// What was not taken
//===----------------------------------------------------------------------===//

static std::string countOf(std::size_t count, llvm::StringRef singular) {
  return std::to_string(count) + " " + singular.str() + (count == 1 ? "" : "s");
}

void Collector::summarize() {
  if (!SkippedByKind.empty()) {
    std::vector<std::string> kinds;
    for (const auto &[kind, count] : SkippedByKind)
      kinds.push_back(std::to_string(count) + " " + kind);
    Result.notes.push_back("not analysed, because Gridlock reads C and C++ in GCC's and Clang's manner: " +
                           llvm::join(kinds, ", ") + " (first: " + FirstSkipped + ")");
  }
  llvm::sort(CompiledTwice);
  CompiledTwice.erase(std::unique(CompiledTwice.begin(), CompiledTwice.end()), CompiledTwice.end());
  if (!CompiledTwice.empty())
    Result.notes.push_back(countOf(CompiledTwice.size(), "file") +
                           " compiled more than once with different flags; the first command is used (first: " +
                           CompiledTwice.front() + ")");
  if (!DroppedFlags.empty()) {
    std::vector<std::string> flags;
    for (const auto &flag : DroppedFlags)
      flags.push_back(flag.getKey().str());
    llvm::sort(flags);
    Result.notes.push_back("flags that Clang does not know are left out: " + llvm::join(flags, " "));
  }
  // With several paths the same file may have failed twice.
  if (Result.jobs.empty() && Result.errors.empty())
    Result.errors.push_back("nothing to analyse: no command is for C or C++" +
                            (Result.database.empty() ? std::string() : " in " + Result.database));
}

llvm::Expected<JobSet> collectJobs(const Request &request) { return Collector(request).run(); }

} // namespace gridlock::compile_db
