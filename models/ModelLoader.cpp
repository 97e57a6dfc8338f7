//===- ModelLoader.cpp - From a model file to models ----------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads a whole file into a staging area and adds it only when all of it is
/// right, so that a mistake in a user's file never leaves half of it in force.
/// Later files go before earlier ones; within one file the order is the
/// user's. Two entries of one file that could never both be reached (the same
/// name and parameters) are a mistake and reported as such.
///
//===----------------------------------------------------------------------===//

#include "models/EffectReader.h"
#include "models/Model.h"
#include "models/YamlTree.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace gridlock::model {

/// Loads one file. Lives as long as that takes.
class ModelLoader {
public:
  ModelLoader(Models &target, StringRef fileName, bool isBuiltin)
      : Target(target), FileName(fileName), IsBuiltin(isBuiltin), Constants(target.Constants),
        Reader(fileName, Constants) {}

  Error load(StringRef yaml);

private:
  Error readFile(const YamlNode &root);
  Error readConstants(const YamlNode &node);
  Error readType(const YamlNode &node);
  Error readTypeKey(const YamlNode &key, const YamlNode &value, TypeModel &type);
  Error readFunction(const YamlNode &node);
  Error readFunctionKey(const YamlNode &key, const YamlNode &value, FunctionModel &function);
  /// Reads `name` or `names`, braces expanded.
  Error readNames(const YamlNode &key, const YamlNode &value, std::vector<std::string> &names);
  Error stage(const YamlNode &node, StringRef name, const std::shared_ptr<const FunctionModel> &function);
  void commit(StringRef yaml);

  Models &Target;
  StringRef FileName;
  bool IsBuiltin;
  std::string Library;
  ConstantTable Constants; ///< those in force and this file's
  EffectReader Reader;
  StringMap<Models::Overloads> Functions, Prefixes;
  StringMap<TypeModel> Types;
};

/// Expands `a{b,c}d` to `abd`, `acd`; several braces multiply. False when a
/// brace is not closed.
static bool expandBraces(StringRef text, std::vector<std::string> &names) {
  size_t open = text.find('{');
  if (open == StringRef::npos) {
    names.push_back(text.str());
    return !text.contains('}');
  }
  size_t close = text.find('}', open);
  if (close == StringRef::npos)
    return false;
  for (StringRef choice : split(text.slice(open + 1, close), ','))
    if (!expandBraces((text.take_front(open) + choice.trim() + text.drop_front(close + 1)).str(), names))
      return false;
  return true;
}

Error ModelLoader::readNames(const YamlNode &key, const YamlNode &value, std::vector<std::string> &names) {
  std::vector<std::string> written;
  if (Error error = Reader.readStrings(value, written))
    return error;
  if (key.text == "name" && !value.isScalar())
    return Reader.fail(value, "'name' is one name; use 'names' for a list");
  for (const std::string &text : written)
    if (!expandBraces(text, names))
      return Reader.fail(value, "a brace in '" + shown(text) + "' has no partner");
  for (const std::string &name : names)
    if (name.empty() || StringRef(name).contains(' ') || StringRef(name).drop_back().contains('*'))
      if (!StringRef(name).contains("operator"))
        return Reader.fail(value, "'" + shown(name) + "' is no name ('*' may only stand at the end)");
  return Error::success();
}

Error ModelLoader::readConstants(const YamlNode &node) {
  if (!node.isMapping())
    return Reader.fail(node, "'constants' is a list of `NAME: number`");
  for (const auto &[key, value] : node.pairs) {
    std::int64_t number = 0;
    if (!value.isScalar() || StringRef(value.text).getAsInteger(0, number))
      return Reader.fail(value, "the value of '" + shown(key.text) + "' is no number");
    Constants[key.text] = number;
  }
  return Error::success();
}

Error ModelLoader::readTypeKey(const YamlNode &key, const YamlNode &value, TypeModel &type) {
  static constexpr struct {
    StringLiteral key;
    bool TypeModel::*flag;
  } Flags[] = {{"coroutine-aware", &TypeModel::coroutineAware},
               {"prefers-readers", &TypeModel::prefersReaders},
               {"atomic", &TypeModel::atomic},
               {"container", &TypeModel::container},
               {"smart-pointer", &TypeModel::smartPointer},
               {"shares", &TypeModel::shares},
               {"aggregate", &TypeModel::aggregate},
               {"condition-variable", &TypeModel::conditionVariable},
               {"joins-on-destruction", &TypeModel::joinsOnDestruction},
               {"terminates-when-joinable", &TypeModel::terminatesWhenJoinable}};
  for (const auto &entry : Flags)
    if (key.text == entry.key)
      return Reader.readFlag(value, type.*entry.flag);
  std::string word;
  if (key.text == "lock") {
    Error error = Reader.readWord(value, "mutex rwlock spin semaphore gil once", word);
    type.lock = StringSwitch<LockKind>(word)
                    .Case("mutex", LockKind::Mutex)
                    .Case("rwlock", LockKind::ReaderWriter)
                    .Case("spin", LockKind::Spin)
                    .Case("semaphore", LockKind::Semaphore)
                    .Case("gil", LockKind::Gil)
                    .Case("once", LockKind::Once)
                    .Default(LockKind::None);
    return error;
  }
  if (key.text == "recursive") {
    Error error = Reader.readWord(value, "never always shared", word);
    type.recursive = word == "always" ? Recursion::Always : word == "shared" ? Recursion::Shared : Recursion::Never;
    return error;
  }
  if (key.text == "callback-fields")
    return Reader.readStrings(value, type.callbackFields);
  if (key.text == "callback-locks")
    return Reader.readOperands(value, type.callbackLocks);
  return Reader.failUnknown(key, "a type",
                            "name names lock recursive coroutine-aware prefers-readers atomic container smart-pointer "
                            "condition-variable joins-on-destruction terminates-when-joinable callback-fields "
                            "callback-locks");
}

Error ModelLoader::readType(const YamlNode &node) {
  if (!node.isMapping())
    return Reader.fail(node, "a type is written `- name: NAME` with further keys");
  TypeModel type;
  std::vector<std::string> names;
  for (const auto &[key, value] : node.pairs)
    if (Error error =
            key.text == "name" || key.text == "names" ? readNames(key, value, names) : readTypeKey(key, value, type))
      return error;
  if (names.empty())
    return Reader.fail(node, "this type has no 'name'");
  for (const std::string &name : names) {
    type.name = name;
    if (!Types.try_emplace(name, type).second)
      return Reader.fail(node, "second entry for the type '" + shown(name) + "'");
  }
  return Error::success();
}

Error ModelLoader::readFunctionKey(const YamlNode &key, const YamlNode &value, FunctionModel &function) {
  if (key.text == "pure")
    return Reader.readFlag(value, function.pure);
  if (key.text == "async-signal-safe")
    return Reader.readFlag(value, function.asyncSignalSafe);
  if (key.text == "parameters") {
    function.hasParameters = true;
    if (value.isScalar())
      return Reader.fail(value, "'parameters' is a list: [_, std::adopt_lock_t]");
    if (Error error = Reader.readStrings(value, function.parameters))
      return error;
    for (const std::string &parameter : function.parameters)
      if (parameter == "..." && &parameter != &function.parameters.back())
        return Reader.fail(value, "'...' stands at the end of 'parameters'");
    return Error::success();
  }
  if (key.text == "effects") {
    if (!value.isSequence())
      return Reader.fail(value, "'effects' is a list of effects");
    for (const YamlNode &item : value.items)
      if (Error error = Reader.read(item, function.effects.emplace_back()))
        return error;
    return Error::success();
  }
  return Reader.failUnknown(key, "a function", "name names parameters effects pure async-signal-safe");
}

Error ModelLoader::stage(const YamlNode &node, StringRef name, const std::shared_ptr<const FunctionModel> &function) {
  Models::Overloads &overloads =
      name.ends_with("*") && !name.contains("operator*") ? Prefixes[name.drop_back()] : Functions[name];
  for (const auto &other : overloads) {
    if (!other->hasParameters || (function->hasParameters && other->parameters == function->parameters))
      return Reader.fail(node, "second entry for '" + shown(name) + "' with these parameters: the one in line " +
                                   Twine(other->line) + " hides it");
  }
  overloads.push_back(function);
  return Error::success();
}

Error ModelLoader::readFunction(const YamlNode &node) {
  if (!node.isMapping())
    return Reader.fail(node, "a function is written `- name: NAME` with further keys");
  auto function = std::make_shared<FunctionModel>();
  std::vector<std::string> names;
  for (const auto &[key, value] : node.pairs)
    if (Error error = key.text == "name" || key.text == "names" ? readNames(key, value, names)
                                                                : readFunctionKey(key, value, *function))
      return error;
  if (names.empty())
    return Reader.fail(node, "this function has no 'name'");
  if (function->pure && !function->effects.empty())
    return Reader.fail(node, "'" + names.front() + "' is said to be pure and has effects");
  function->name = names.front();
  function->builtin = IsBuiltin;
  function->library = Library;
  function->file = FileName.str();
  function->line = node.line;
  for (const std::string &name : names)
    if (Error error = stage(node, name, function))
      return error;
  return Error::success();
}

Error ModelLoader::readFile(const YamlNode &root) {
  if (!root.isMapping())
    return Reader.fail(root, "a model file begins with `library: NAME`");
  // Constants come first, wherever they stand: operands refer to them.
  for (const auto &[key, value] : root.pairs) {
    if (key.text == "constants") {
      if (Error error = readConstants(value))
        return error;
    } else if (key.text == "library") {
      Library = value.text;
    }
  }
  for (const auto &[key, value] : root.pairs) {
    if (key.text == "constants" || key.text == "library")
      continue;
    if (key.text != "types" && key.text != "functions")
      return Reader.failUnknown(key, "a model file", "library constants types functions");
    if (!value.isSequence())
      return Reader.fail(value, "'" + shown(key.text) + "' is a list");
    for (const YamlNode &item : value.items)
      if (Error error = key.text == "types" ? readType(item) : readFunction(item))
        return error;
  }
  return Error::success();
}

void ModelLoader::commit(StringRef yaml) {
  auto merge = [](StringMap<Models::Overloads> &from, StringMap<Models::Overloads> &into) {
    for (auto &entry : from) {
      Models::Overloads &overloads = into[entry.getKey()];
      overloads.insert(overloads.begin(), entry.second.begin(), entry.second.end());
    }
  };
  merge(Functions, Target.Functions);
  merge(Prefixes, Target.Prefixes);
  for (auto &entry : Types)
    Target.Types[entry.getKey()] = std::move(entry.second);
  Target.Constants = std::move(Constants);
  Target.Version = Target.Version * 0x9E3779B97F4A7C15ULL + xxh3_64bits(yaml);
}

Error ModelLoader::load(StringRef yaml) {
  auto root = parseYaml(yaml, FileName);
  if (!root)
    return root.takeError();
  if (Error error = readFile(*root))
    return error;
  commit(yaml);
  return Error::success();
}

Error Models::add(StringRef yaml, StringRef fileName, bool isBuiltin) {
  return ModelLoader(*this, fileName, isBuiltin).load(yaml);
}

} // namespace gridlock::model
