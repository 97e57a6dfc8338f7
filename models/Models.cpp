//===- Models.cpp - Looking models up -------------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "models/Model.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace gridlock::model {

/// Whether the wildcard `prefix*` stands for `name`: one without a scope is for
/// C's functions, and `Py*` not for every member of a class `PyWindow`.
static bool isCovered(StringRef name, size_t prefix) {
  return name.take_front(prefix).contains("::") || !name.contains("::");
}

/// Compares names of types; spaces do not count (`void *`, `void*`).
static bool equalTypeNames(StringRef a, StringRef b) {
  for (;;) {
    a = a.ltrim();
    b = b.ltrim();
    if (a.empty() || b.empty())
      return a.empty() && b.empty();
    if (a.front() != b.front())
      return false;
    a = a.drop_front();
    b = b.drop_front();
  }
}

static bool matchesParameter(StringRef pattern, StringRef type) {
  bool patternIsRvalue = pattern.consume_back("&&");
  bool typeIsRvalue = type.consume_back("&&");
  if (patternIsRvalue && !typeIsRvalue)
    return false;
  return pattern == "_" || equalTypeNames(pattern, type);
}

static bool matches(const FunctionModel &model, ArrayRef<StringRef> types) {
  if (!model.hasParameters)
    return true;
  ArrayRef<std::string> patterns = model.parameters;
  if (!patterns.empty() && patterns.back() == "...") {
    patterns = patterns.drop_back();
    if (types.size() < patterns.size())
      return false;
    types = types.take_front(patterns.size());
  }
  return patterns.size() == types.size() &&
         all_of(zip(patterns, types), [](auto pair) { return matchesParameter(std::get<0>(pair), std::get<1>(pair)); });
}

const FunctionModel *Models::function(StringRef qualifiedName, ArrayRef<StringRef> parameterTypes) const {
  auto select = [&](const StringMap<Overloads> &table, StringRef name) -> const FunctionModel * {
    auto found = table.find(name);
    if (found == table.end())
      return nullptr;
    for (const auto &model : found->second)
      if (matches(*model, parameterTypes))
        return model.get();
    return nullptr;
  };
  if (const FunctionModel *exact = select(Functions, qualifiedName))
    return exact;
  // Longest prefix first. Names are short, and the table is a hash table.
  for (size_t length = qualifiedName.size() + 1; length-- > 0 && isCovered(qualifiedName, length);)
    if (const FunctionModel *prefix = select(Prefixes, qualifiedName.take_front(length)))
      return prefix;
  return nullptr;
}

bool Models::knows(StringRef qualifiedName) const {
  if (Functions.contains(qualifiedName))
    return true;
  for (size_t length = qualifiedName.size() + 1; length-- > 0 && isCovered(qualifiedName, length);)
    if (Prefixes.contains(qualifiedName.take_front(length)))
      return true;
  return false;
}

void Models::forEachFunction(function_ref<void(StringRef, const FunctionModel &)> visit) const {
  for (const auto &entry : Functions)
    for (const auto &model : entry.second)
      visit(entry.getKey(), *model);
  for (const auto &entry : Prefixes)
    for (const auto &model : entry.second)
      visit((entry.getKey() + "*").str(), *model);
}

const TypeModel *Models::type(StringRef name) const {
  auto found = Types.find(name);
  return found == Types.end() ? nullptr : &found->second;
}

std::optional<std::int64_t> Models::constant(StringRef name) const {
  auto found = Constants.find(name);
  if (found == Constants.end())
    return std::nullopt;
  return found->second;
}

Expected<std::unique_ptr<Models>> Models::builtin() {
  auto models = std::make_unique<Models>();
  for (const EmbeddedModel &file : embeddedModels())
    if (Error error = models->add(file.text, file.name, /*isBuiltin=*/true))
      return error;
  return models;
}

} // namespace gridlock::model
