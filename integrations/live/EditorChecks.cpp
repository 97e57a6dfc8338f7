//===- EditorChecks.cpp - Rules that clangd's settings turn off -----------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/live/EditorChecks.h"
#include "engine/suppress/RuleGlob.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

namespace gridlock::integrations {

namespace path = llvm::sys::path;
namespace yaml = llvm::yaml;

//===----------------------------------------------------------------------===//
// YAML
//===----------------------------------------------------------------------===//

static std::string scalarOf(yaml::Node *node) {
  llvm::SmallString<64> storage;
  if (auto *scalar = llvm::dyn_cast_or_null<yaml::ScalarNode>(node))
    return scalar->getValue(storage).str();
  if (auto *block = llvm::dyn_cast_or_null<yaml::BlockScalarNode>(node))
    return block->getValue().str();
  return "";
}

/// The parser reads a text once, from front to back; so do these.
static void forEachEntry(yaml::Node *node, llvm::function_ref<void(llvm::StringRef key, yaml::Node *value)> use) {
  auto *mapping = llvm::dyn_cast_or_null<yaml::MappingNode>(node);
  if (!mapping)
    return;
  for (yaml::KeyValueNode &entry : *mapping) {
    std::string key = scalarOf(entry.getKey());
    use(key, entry.getValue());
    entry.skip();
  }
}

/// One string, or a list of them.
static std::vector<std::string> stringsOf(yaml::Node *node) {
  std::vector<std::string> strings;
  if (auto *list = llvm::dyn_cast_or_null<yaml::SequenceNode>(node)) {
    for (yaml::Node &entry : *list)
      strings.push_back(scalarOf(&entry));
  } else if (std::string one = scalarOf(node); !one.empty()) {
    strings.push_back(std::move(one));
  }
  return strings;
}

static void forEachDocument(llvm::StringRef text, llvm::function_ref<void(yaml::Node *root)> use) {
  llvm::SourceMgr sources;
  sources.setDiagHandler([](const llvm::SMDiagnostic &, void *) {});
  yaml::Stream stream(text, sources, /*ShowColors=*/false);
  for (yaml::Document &document : stream) {
    yaml::Node *root = document.getRoot();
    if (stream.failed())
      return;
    use(root);
  }
}

//===----------------------------------------------------------------------===//
// The two files
//===----------------------------------------------------------------------===//

/// Splits what clang-tidy takes as one list.
static void addGlobs(llvm::StringRef list, std::vector<std::string> &globs) {
  llvm::SmallVector<llvm::StringRef> parts;
  llvm::SplitString(list, parts, ",\n");
  for (llvm::StringRef part : parts)
    if (!part.trim().empty())
      globs.push_back(part.trim().str());
}

static bool speaksOfUs(const std::vector<std::string> &globs) {
  return llvm::any_of(globs, [](llvm::StringRef glob) { return glob.contains("gridlock"); });
}

bool EditorChecks::addTidy(llvm::StringRef text) {
  bool inherits = false;
  std::vector<std::string> globs;
  forEachDocument(text, [&](yaml::Node *root) {
    forEachEntry(root, [&](llvm::StringRef key, yaml::Node *value) {
      if (key == "Checks")
        for (const std::string &list : stringsOf(value))
          addGlobs(list, globs);
      if (key == "InheritParentConfig")
        inherits = scalarOf(value) == "true";
    });
  });
  TidyGlobs.insert(TidyGlobs.begin(), globs.begin(), globs.end());
  return inherits;
}

static bool matchesAny(const std::vector<std::string> &patterns, llvm::StringRef text) {
  return llvm::any_of(patterns,
                      [&](const std::string &pattern) { return llvm::Regex("^(" + pattern + ")$").match(text); });
}

void EditorChecks::addClangd(llvm::StringRef text, llvm::StringRef relativePath) {
  forEachDocument(text, [&](yaml::Node *root) {
    bool applies = true;
    std::vector<std::string> globs, removed, suppressed;
    forEachEntry(root, [&](llvm::StringRef section, yaml::Node *settings) {
      if (section == "If")
        forEachEntry(settings, [&](llvm::StringRef key, yaml::Node *value) {
          if (key == "PathMatch")
            applies &= matchesAny(stringsOf(value), relativePath);
          if (key == "PathExclude")
            applies &= !matchesAny(stringsOf(value), relativePath);
        });
      if (section != "Diagnostics")
        return;
      forEachEntry(settings, [&](llvm::StringRef key, yaml::Node *value) {
        if (key == "Suppress")
          suppressed = stringsOf(value);
        if (key != "ClangTidy")
          return;
        forEachEntry(value, [&](llvm::StringRef what, yaml::Node *names) {
          if (what == "Add")
            llvm::append_range(globs, stringsOf(names));
          if (what == "Remove")
            for (const std::string &name : stringsOf(names))
              removed.push_back("-" + name);
        });
      });
    });
    // As in clangd: all that is added, then all that is removed, wherever either stands.
    llvm::append_range(globs, removed);
    if (!applies)
      return;
    if (speaksOfUs(globs))
      ClangdGlobs.insert(ClangdGlobs.end(), globs.begin(), globs.end());
    Suppressed.insert(Suppressed.end(), suppressed.begin(), suppressed.end());
  });
}

EditorChecks::EditorChecks(llvm::StringRef file) {
  bool wantsTidy = true;
  std::vector<std::pair<std::string, std::string>> clangd; // text and relative path, innermost first
  for (llvm::StringRef folder = path::parent_path(file); !folder.empty(); folder = path::parent_path(folder)) {
    auto read = [&](llvm::StringRef name) -> std::unique_ptr<llvm::MemoryBuffer> {
      llvm::SmallString<256> full(folder);
      path::append(full, name);
      auto buffer = llvm::MemoryBuffer::getFile(full, /*IsText=*/true);
      return buffer ? std::move(*buffer) : nullptr;
    };
    if (wantsTidy)
      if (auto buffer = read(".clang-tidy"))
        wantsTidy = addTidy(buffer->getBuffer());
    if (auto buffer = read(".clangd"))
      clangd.emplace_back(buffer->getBuffer().str(), file.drop_front(folder.size()).ltrim('/').str());
  }
  for (const auto &[text, relative] : llvm::reverse(clangd))
    addClangd(text, relative);
}

//===----------------------------------------------------------------------===//
// The answer
//===----------------------------------------------------------------------===//

bool EditorChecks::isOff(llvm::StringRef rule) const {
  std::string name = ("gridlock-" + rule).str();
  for (llvm::StringRef code : Suppressed)
    if (code == "*" || code == rule || code == name)
      return true;
  std::vector<llvm::StringRef> globs(ClangdGlobs.begin(), ClangdGlobs.end());
  if (speaksOfUs(TidyGlobs))
    globs.insert(globs.begin(), TidyGlobs.begin(), TidyGlobs.end());
  bool isOn = true;
  for (llvm::StringRef glob : globs) {
    bool turnsOff = glob.consume_front("-");
    if (suppress::matchesRuleGlob(glob, name))
      isOn = !turnsOff;
  }
  return !isOn;
}

} // namespace gridlock::integrations
