//===- Database.cpp - compile_commands.json, found and read -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format is Clang's JSON compilation database. It is read here rather than
// with clang::tooling::JSONCompilationDatabase because that class prints its
// parser's errors on standard error by itself and says neither which entry is
// wrong nor how.
//
//===----------------------------------------------------------------------===//

#include "engine/compile_db/Database.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Chrono.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/StringSaver.h"
#include <algorithm>

namespace gridlock::compile_db {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static constexpr llvm::StringRef DatabaseName = "compile_commands.json";

static llvm::Error failure(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

static std::string joinPath(llvm::StringRef directory, llvm::StringRef name) {
  llvm::SmallString<256> joined(directory);
  path::append(joined, name);
  return joined.str().str();
}

std::string describeJsonError(llvm::Error error) {
  std::string text = llvm::toString(std::move(error));
  llvm::SmallVector<llvm::StringRef, 4> parts;
  if (llvm::Regex("^\\[([0-9]+):([0-9]+), byte=[0-9]+\\]: (.*)$").match(text, &parts))
    return ("line " + parts[1] + ", column " + parts[2] + ": " + parts[3]).str();
  return text;
}

//===----------------------------------------------------------------------===//
// Search
//===----------------------------------------------------------------------===//

/// A configure preset's binary directory, inherited from others where it does
/// not say so itself. `budget` ends circles.
static std::optional<llvm::StringRef> binaryDirectory(const llvm::StringMap<const llvm::json::Object *> &presets,
                                                      llvm::StringRef name, unsigned budget) {
  auto found = presets.find(name);
  if (found == presets.end() || budget == 0)
    return std::nullopt;
  const llvm::json::Object &preset = *found->second;
  if (auto directory = preset.getString("binaryDir"))
    return directory;
  if (auto parent = preset.getString("inherits"))
    return binaryDirectory(presets, *parent, budget - 1);
  if (const llvm::json::Array *parents = preset.getArray("inherits"))
    for (const llvm::json::Value &parent : *parents)
      if (auto parentName = parent.getAsString())
        if (auto directory = binaryDirectory(presets, *parentName, budget - 1))
          return directory;
  return std::nullopt;
}

static std::string expandPresetMacros(llvm::StringRef text, llvm::StringRef sourceDirectory, llvm::StringRef preset) {
  std::string expanded = text.str();
  auto replace = [&](llvm::StringRef macro, llvm::StringRef value) {
    for (std::size_t at; (at = expanded.find(macro.str())) != std::string::npos;)
      expanded.replace(at, macro.size(), value.str());
  };
  replace("${sourceDir}", sourceDirectory);
  replace("${sourceParentDir}", path::parent_path(sourceDirectory));
  replace("${sourceDirName}", path::filename(sourceDirectory));
  replace("${presetName}", preset);
  replace("${hostSystemName}", "Linux");
  return expanded;
}

/// Adds the binary directories that the presets in `directory` name.
static void addPresetDirectories(llvm::StringRef directory, std::vector<std::string> &directories) {
  std::vector<llvm::json::Value> files;
  for (llvm::StringRef name : {"CMakePresets.json", "CMakeUserPresets.json"}) {
    auto buffer = llvm::MemoryBuffer::getFile(joinPath(directory, name));
    if (!buffer)
      continue;
    if (llvm::Expected<llvm::json::Value> file = llvm::json::parse((*buffer)->getBuffer()))
      files.push_back(std::move(*file));
    else // CMake complains about it; here it is only one source of guesses
      llvm::consumeError(file.takeError());
  }
  llvm::StringMap<const llvm::json::Object *> presets;
  for (const llvm::json::Value &file : files)
    if (const llvm::json::Object *root = file.getAsObject())
      if (const llvm::json::Array *list = root->getArray("configurePresets"))
        for (const llvm::json::Value &preset : *list)
          if (const llvm::json::Object *object = preset.getAsObject())
            if (auto name = object->getString("name"))
              presets[*name] = object;
  for (const auto &preset : presets)
    if (auto binary = binaryDirectory(presets, preset.getKey(), presets.size()))
      directories.push_back(absolutePath(expandPresetMacros(*binary, directory, preset.getKey()), directory));
}

/// Adds the subdirectories of `directory` whose names pass `wanted`.
static void addSubdirectories(llvm::StringRef directory, llvm::function_ref<bool(llvm::StringRef)> wanted,
                              std::vector<std::string> &directories) {
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; entry != end && !error; entry.increment(error))
    if (wanted(path::filename(entry->path())) && fs::is_directory(entry->path()))
      directories.push_back(entry->path());
}

/// The databases below `directory`, the one written last first.
static std::vector<std::string> databasesBelow(llvm::StringRef directory) {
  std::vector<std::string> directories;
  addSubdirectories(
      directory,
      [](llvm::StringRef name) {
        return name.starts_with("build") || name.starts_with("out") || name.starts_with("cmake-build");
      },
      directories);
  for (unsigned level = 0, begin = 0; level != 2; ++level) // out/build/PRESET
    for (unsigned end = directories.size(); begin != end; ++begin)
      addSubdirectories(
          std::string(directories[begin]),
          [](llvm::StringRef name) { return name != "CMakeFiles" && name != "_deps" && !name.starts_with("."); },
          directories);
  addPresetDirectories(directory, directories);

  std::vector<std::pair<llvm::sys::TimePoint<>, std::string>> found;
  llvm::StringSet<> seen;
  for (const std::string &candidate : directories) {
    std::string file = joinPath(candidate, DatabaseName);
    fs::file_status status;
    if (!fs::status(file, status) && fs::is_regular_file(status) && seen.insert(file).second)
      found.emplace_back(status.getLastModificationTime(), file);
  }
  llvm::sort(found,
             [](const auto &a, const auto &b) { return std::tie(b.first, a.second) < std::tie(a.first, b.second); });
  std::vector<std::string> paths;
  for (auto &entry : found)
    paths.push_back(std::move(entry.second));
  return paths;
}

static bool isProjectRoot(llvm::StringRef directory) {
  for (llvm::StringRef name : {".git", ".hg", ".svn", ".jj"})
    if (fs::exists(joinPath(directory, name)))
      return true;
  return false;
}

FoundDatabase searchDatabase(llvm::StringRef start) {
  bool insideProject = false;
  for (llvm::StringRef directory = start; !directory.empty(); directory = path::parent_path(directory))
    insideProject |= isProjectRoot(directory);

  for (llvm::StringRef directory = start; !directory.empty(); directory = path::parent_path(directory)) {
    std::string direct = joinPath(directory, DatabaseName);
    if (fs::is_regular_file(direct))
      return {direct, {}};
    // Without a root to stop at, build folders far above belong to others.
    if (insideProject || directory == start || directory == path::parent_path(start)) {
      std::vector<std::string> found = databasesBelow(directory);
      if (!found.empty())
        return {found.front(), std::vector<std::string>(found.begin() + 1, found.end())};
    }
    if (isProjectRoot(directory))
      break;
  }
  return {};
}

llvm::Expected<std::string> databaseAt(llvm::StringRef given) {
  if (!fs::exists(given))
    return failure("-p " + given + ": no such file or directory");
  if (!fs::is_directory(given))
    return given.str();
  std::string file = joinPath(given, DatabaseName);
  if (!fs::exists(file))
    return failure("no compile_commands.json in " + given +
                   "; let the build write one (CMake: -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, others: bear -- make)");
  return file;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// Reads one entry, or says what is wrong with it.
static llvm::Expected<RawCommand> readEntry(const llvm::json::Value &value, llvm::StringRef databaseDirectory) {
  const llvm::json::Object *entry = value.getAsObject();
  if (!entry)
    return failure("is not an object");
  auto file = entry->getString("file");
  if (!file)
    return failure("has no `file`");
  RawCommand command;
  command.directory = absolutePath(entry->getString("directory").value_or(""), databaseDirectory);
  command.file = absolutePath(*file, command.directory);
  if (const llvm::json::Array *arguments = entry->getArray("arguments")) {
    for (const llvm::json::Value &argument : *arguments)
      if (auto text = argument.getAsString())
        command.arguments.push_back(text->str());
      else
        return failure("has an argument that is not a string");
  } else if (auto line = entry->getString("command")) {
    llvm::BumpPtrAllocator memory;
    llvm::StringSaver saver(memory);
    llvm::SmallVector<const char *, 64> words;
    llvm::cl::TokenizeGNUCommandLine(*line, saver, words);
    command.arguments.assign(words.begin(), words.end());
  } else {
    return failure("has neither `arguments` nor `command`");
  }
  if (auto output = entry->getString("output"))
    command.output = absolutePath(*output, command.directory);
  else
    command.output = outputOf(command.arguments, command.directory);
  return command;
}

llvm::Expected<std::vector<RawCommand>> readDatabase(llvm::StringRef file) {
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer)
    return failure("cannot read " + file + ": " + buffer.getError().message());
  llvm::Expected<llvm::json::Value> root = llvm::json::parse((*buffer)->getBuffer());
  if (!root)
    return failure(file + " is damaged: " + describeJsonError(root.takeError()) + "; let the build write it again");
  const llvm::json::Array *entries = root->getAsArray();
  if (!entries)
    return failure(file + " is not a compilation database: it must be a list of commands");
  if (entries->empty())
    return failure(file + " is empty: it names no source file; configure a build that compiles something");
  std::vector<RawCommand> commands;
  commands.reserve(entries->size());
  for (const llvm::json::Value &value : *entries) {
    llvm::Expected<RawCommand> command = readEntry(value, path::parent_path(file));
    if (!command)
      return failure(file + " is damaged: entry " + llvm::Twine(commands.size() + 1) + " " +
                     llvm::toString(command.takeError()) + "; let the build write it again");
    commands.push_back(std::move(*command));
  }
  return commands;
}

} // namespace gridlock::compile_db
