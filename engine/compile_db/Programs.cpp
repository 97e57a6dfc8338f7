//===- Programs.cpp - Which units a build links together --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compilation database lists compilations, not links. Three sources say what
// was linked; each is turned into the same graph of targets: a target has
// source files of its own and other targets that it links. An executable's
// program is everything reachable from it. Libraries that no executable reaches
// are programs of their own; object libraries and the like only pass on theirs.
//
//  - CMake's file API reply (exact, but only there if some tool asked for it);
//  - build.ninja: edges whose inputs are objects or archives (CMake, Meson,
//    GN); `$`-escapes are honoured, variables in paths are not expanded;
//  - CMakeFiles/*.dir/link.txt of CMake's Makefile generators.
//
// In the last two, objects lead to sources through the outputs that the
// compile commands name.
//
//===----------------------------------------------------------------------===//

#include "engine/compile_db/Programs.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"
#include <algorithm>
#include <optional>

namespace gridlock::compile_db {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace {

struct Target {
  std::string name;
  enum { Executable, Library, Part } kind = Part; ///< Part: objects, utilities
  std::vector<std::string> sources;
  std::vector<std::string> links; ///< keys of other targets
};

/// Targets by a key that is unique in the build: an id or an output's path.
using TargetGraph = llvm::StringMap<Target>;

} // namespace

static std::string joinPath(llvm::StringRef directory, llvm::StringRef name) {
  llvm::SmallString<256> joined(directory);
  path::append(joined, name);
  return joined.str().str();
}

static std::optional<llvm::json::Value> readJson(llvm::StringRef file) {
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer)
    return std::nullopt;
  llvm::Expected<llvm::json::Value> value = llvm::json::parse((*buffer)->getBuffer());
  if (!value) {
    llvm::consumeError(value.takeError());
    return std::nullopt;
  }
  return std::move(*value);
}

//===----------------------------------------------------------------------===//
// From the graph to programs
//===----------------------------------------------------------------------===//

/// All sources reachable from a target; `reached` collects the keys.
static ProgramHint closure(const TargetGraph &graph, llvm::StringRef root, llvm::StringSet<> &reached) {
  ProgramHint program;
  const Target &target = graph.find(root)->second;
  program.name = target.name;
  program.isExecutable = target.kind == Target::Executable;
  llvm::StringSet<> seen;
  std::vector<llvm::StringRef> work{root};
  while (!work.empty()) {
    llvm::StringRef key = work.back();
    work.pop_back();
    auto found = graph.find(key);
    if (found == graph.end() || !seen.insert(key).second)
      continue;
    reached.insert(key);
    const std::vector<std::string> &sources = found->second.sources;
    program.units.insert(program.units.end(), sources.begin(), sources.end());
    for (const std::string &next : found->second.links) {
      // An executable that another target merely builds first is not part of it.
      auto linked = graph.find(next);
      if (linked != graph.end() && linked->second.kind != Target::Executable)
        work.push_back(linked->getKey());
    }
  }
  llvm::sort(program.units);
  program.units.erase(std::unique(program.units.begin(), program.units.end()), program.units.end());
  return program;
}

static std::vector<ProgramHint> programsOf(const TargetGraph &graph) {
  std::vector<ProgramHint> programs;
  llvm::StringSet<> reachedByExecutables, ignored;
  for (const auto &entry : graph)
    if (entry.second.kind == Target::Executable)
      programs.push_back(closure(graph, entry.getKey(), reachedByExecutables));
  for (const auto &entry : graph)
    if (entry.second.kind == Target::Library && !reachedByExecutables.contains(entry.getKey()))
      programs.push_back(closure(graph, entry.getKey(), ignored));
  llvm::erase_if(programs, [](const ProgramHint &program) { return program.units.empty(); });
  llvm::sort(programs, [](const ProgramHint &a, const ProgramHint &b) {
    return std::tie(a.name, a.units) < std::tie(b.name, b.units);
  });
  return programs;
}

//===----------------------------------------------------------------------===//
// CMake's file API
//===----------------------------------------------------------------------===//

/// The code model that the newest index of the reply names.
static std::optional<llvm::json::Value> readCodeModel(llvm::StringRef reply) {
  std::string newest; // index names sort by time
  std::error_code error;
  for (fs::directory_iterator entry(reply, error), end; entry != end && !error; entry.increment(error))
    if (path::filename(entry->path()).starts_with("index-"))
      newest = std::max(newest, entry->path());
  std::optional<llvm::json::Value> index = newest.empty() ? std::nullopt : readJson(newest);
  const llvm::json::Object *root = index ? index->getAsObject() : nullptr;
  const llvm::json::Array *objects = root ? root->getArray("objects") : nullptr;
  if (!objects)
    return std::nullopt;
  for (const llvm::json::Value &value : *objects)
    if (const llvm::json::Object *object = value.getAsObject())
      if (object->getString("kind") == llvm::StringRef("codemodel"))
        if (auto file = object->getString("jsonFile"))
          return readJson(joinPath(reply, *file));
  return std::nullopt;
}

static Target readCMakeTarget(const llvm::json::Object &object, llvm::StringRef sourceDirectory) {
  Target target;
  target.name = object.getString("name").value_or("").str();
  llvm::StringRef type = object.getString("type").value_or("");
  if (type == "EXECUTABLE")
    target.kind = Target::Executable;
  else if (type == "STATIC_LIBRARY" || type == "SHARED_LIBRARY" || type == "MODULE_LIBRARY")
    target.kind = Target::Library;
  if (const llvm::json::Array *sources = object.getArray("sources"))
    for (const llvm::json::Value &value : *sources)
      if (const llvm::json::Object *source = value.getAsObject())
        if (source->get("compileGroupIndex")) // not a header
          if (auto file = source->getString("path"))
            target.sources.push_back(absolutePath(*file, sourceDirectory));
  if (const llvm::json::Array *dependencies = object.getArray("dependencies"))
    for (const llvm::json::Value &value : *dependencies)
      if (const llvm::json::Object *dependency = value.getAsObject())
        if (auto id = dependency->getString("id"))
          target.links.push_back(id->str());
  return target;
}

static TargetGraph readFileApi(llvm::StringRef buildDirectory) {
  TargetGraph graph;
  std::string reply = joinPath(buildDirectory, ".cmake/api/v1/reply");
  std::optional<llvm::json::Value> model = readCodeModel(reply);
  const llvm::json::Object *root = model ? model->getAsObject() : nullptr;
  const llvm::json::Array *configurations = root ? root->getArray("configurations") : nullptr;
  const llvm::json::Object *paths = root ? root->getObject("paths") : nullptr;
  if (!configurations || configurations->empty() || !paths)
    return graph;
  llvm::StringRef sourceDirectory = paths->getString("source").value_or(buildDirectory);
  const llvm::json::Object *configuration = configurations->front().getAsObject();
  const llvm::json::Array *targets = configuration ? configuration->getArray("targets") : nullptr;
  if (!targets)
    return graph;
  for (const llvm::json::Value &value : *targets) {
    const llvm::json::Object *reference = value.getAsObject();
    auto file = reference ? reference->getString("jsonFile") : std::nullopt;
    auto id = reference ? reference->getString("id") : std::nullopt;
    if (!file || !id)
      continue;
    if (std::optional<llvm::json::Value> target = readJson(joinPath(reply, *file)))
      if (const llvm::json::Object *object = target->getAsObject())
        graph[*id] = readCMakeTarget(*object, sourceDirectory);
  }
  return graph;
}

//===----------------------------------------------------------------------===//
// Link steps: build.ninja and link.txt
//===----------------------------------------------------------------------===//

static bool isObject(llvm::StringRef file) { return file.ends_with(".o") || file.ends_with(".obj"); }

static bool isLibrary(llvm::StringRef file) {
  return file.ends_with(".a") || file.ends_with(".so") || file.contains(".so.") || file.ends_with(".dylib") ||
         file.ends_with(".lib") || file.ends_with(".dll");
}

namespace {

/// Builds targets from link steps, given by their outputs and inputs.
class LinkSteps {
public:
  explicit LinkSteps(llvm::ArrayRef<RawCommand> commands) {
    for (const RawCommand &command : commands)
      if (!command.output.empty())
        SourceOfObject[command.output] = command.file;
  }

  void add(llvm::ArrayRef<std::string> outputs, llvm::ArrayRef<std::string> inputs) {
    if (outputs.empty() || isObject(outputs.front()))
      return;
    Target target;
    target.name = path::filename(outputs.front()).str();
    target.kind = isLibrary(outputs.front()) ? Target::Library : Target::Executable;
    for (const std::string &input : inputs) {
      auto source = SourceOfObject.find(input);
      if (source != SourceOfObject.end())
        target.sources.push_back(source->second);
      else if (isLibrary(input))
        target.links.push_back(input);
    }
    if (target.sources.empty() && target.links.empty())
      return;
    Graph[outputs.front()] = std::move(target);
    for (const std::string &output : outputs.drop_front())
      alias(output, outputs.front());
  }

  /// An alias such as `libx.so -> libx.so.1`.
  void alias(const std::string &output, const std::string &input) {
    if (isLibrary(output) && isLibrary(input) && !Graph.count(output)) {
      Target target;
      target.links.push_back(input);
      Graph[output] = target;
    }
  }

  const TargetGraph &graph() const { return Graph; }

private:
  llvm::StringMap<std::string> SourceOfObject;
  TargetGraph Graph;
};

} // namespace

/// Splits a path list of a ninja file at unescaped spaces; `|` and `||` start
/// the implicit and order-only inputs and come back as words of their own.
static std::vector<std::string> splitNinjaPaths(llvm::StringRef text) {
  std::vector<std::string> words;
  std::string word;
  auto flush = [&] {
    if (!word.empty())
      words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$' && i + 1 < text.size())
      word += text[++i];
    else if (text[i] == ' ')
      flush();
    else
      word += text[i];
  }
  flush();
  return words;
}

/// Where the `:` between outputs and rule stands.
static std::size_t findNinjaColon(llvm::StringRef line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '$')
      ++i;
    else if (line[i] == ':')
      return i;
  }
  return llvm::StringRef::npos;
}

static void addNinjaEdge(llvm::StringRef line, llvm::StringRef buildDirectory, LinkSteps &steps) {
  std::size_t colon = findNinjaColon(line);
  if (colon == llvm::StringRef::npos)
    return;
  auto absolute = [&](llvm::ArrayRef<std::string> words) {
    std::vector<std::string> paths;
    for (const std::string &word : words) {
      if (word == "||" || word == "|@") // order only
        break;
      if (word != "|")
        paths.push_back(absolutePath(word, buildDirectory));
    }
    return paths;
  };
  std::vector<std::string> outputs = absolute(splitNinjaPaths(line.take_front(colon)));
  std::vector<std::string> words = splitNinjaPaths(line.drop_front(colon + 1));
  // CMake, Meson and GN all name their rules so; custom commands are not links.
  if (words.empty() || outputs.empty() || !llvm::StringRef(words.front()).contains_insensitive("link"))
    return;
  std::vector<std::string> inputs = absolute(llvm::ArrayRef(words).drop_front());
  if (inputs.size() == 1 && isLibrary(inputs.front()))
    for (const std::string &output : outputs)
      steps.alias(output, inputs.front());
  else
    steps.add(outputs, inputs);
}

static void readNinja(llvm::StringRef file, llvm::StringRef buildDirectory, LinkSteps &steps, unsigned budget) {
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer || budget == 0)
    return;
  llvm::StringRef rest = (*buffer)->getBuffer();
  while (!rest.empty()) {
    std::string line;
    for (bool more = true; more;) { // `$` at the end continues the line
      auto [head, tail] = rest.split('\n');
      rest = tail;
      more = head.consume_back("$");
      line += line.empty() ? head : head.ltrim();
    }
    llvm::StringRef text(line);
    if (text.consume_front("build "))
      addNinjaEdge(text, buildDirectory, steps);
    else if (text.consume_front("include ") || text.consume_front("subninja "))
      readNinja(absolutePath(text.trim(), buildDirectory), buildDirectory, steps, budget - 1);
  }
}

/// One link command of a Makefile: `c++ a.o b.o -o out libx.a`, `ar qc libx.a a.o`.
static void addLinkCommand(llvm::StringRef command, llvm::StringRef directory, LinkSteps &steps) {
  llvm::BumpPtrAllocator memory;
  llvm::StringSaver saver(memory);
  llvm::SmallVector<const char *, 64> words;
  llvm::cl::TokenizeGNUCommandLine(command, saver, words);
  if (words.empty())
    return;
  bool isArchiver = llvm::StringRef(path::filename(words[0])).ends_with("ar");
  std::string output;
  std::vector<std::string> inputs;
  for (std::size_t i = 1; i < words.size(); ++i) {
    llvm::StringRef word = words[i];
    if (word == "-o" && i + 1 < words.size()) {
      output = absolutePath(words[++i], directory);
    } else if (word.consume_front("@")) {
      if (auto response = llvm::MemoryBuffer::getFile(absolutePath(word, directory)))
        llvm::cl::TokenizeGNUCommandLine((*response)->getBuffer(), saver, words);
    } else if (isArchiver && output.empty() && word.ends_with(".a")) {
      output = absolutePath(word, directory);
    } else if (isObject(word) || isLibrary(word)) {
      inputs.push_back(absolutePath(word, directory));
    }
  }
  if (!output.empty())
    steps.add(output, inputs);
}

static void readLinkTexts(llvm::StringRef buildDirectory, LinkSteps &steps) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(buildDirectory, error, /*follow_symlinks=*/false), end;
       entry != end && !error; entry.increment(error)) {
    llvm::StringRef file = entry->path();
    if (path::filename(file) == ".git")
      entry.no_push();
    if (path::filename(file) != "link.txt")
      continue;
    auto buffer = llvm::MemoryBuffer::getFile(file);
    if (!buffer)
      continue;
    // DIR/CMakeFiles/TARGET.dir/link.txt holds commands that run in DIR.
    llvm::StringRef directory = path::parent_path(path::parent_path(path::parent_path(file)));
    for (llvm::StringRef rest = (*buffer)->getBuffer(); !rest.empty();) {
      auto [line, tail] = rest.split('\n');
      rest = tail;
      addLinkCommand(line, directory, steps);
    }
  }
}

//===----------------------------------------------------------------------===//
// The room's function
//===----------------------------------------------------------------------===//

std::vector<ProgramHint> findPrograms(llvm::StringRef buildDirectory, llvm::ArrayRef<RawCommand> commands) {
  TargetGraph graph = readFileApi(buildDirectory);
  if (!graph.empty())
    return programsOf(graph);
  LinkSteps steps(commands);
  std::string ninja = joinPath(buildDirectory, "build.ninja");
  if (fs::exists(ninja))
    readNinja(ninja, buildDirectory, steps, /*budget=*/1000);
  else if (fs::exists(joinPath(buildDirectory, "CMakeCache.txt")))
    readLinkTexts(buildDirectory, steps);
  return programsOf(steps.graph());
}

} // namespace gridlock::compile_db
