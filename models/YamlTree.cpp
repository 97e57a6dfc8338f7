//===- YamlTree.cpp - A YAML file as a tree with places -------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "models/YamlTree.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include <optional>

using namespace llvm;

namespace gridlock::model {

std::string shown(StringRef text) {
  std::string line = text.take_front(60).str();
  for (char &character : line)
    if (!isPrint(character))
      character = ' ';
  return line + (text.size() > 60 ? "..." : "");
}

Error yamlError(StringRef fileName, const YamlNode &node, const Twine &message) {
  std::string line = (fileName + ":" + Twine(node.line) + ":" + Twine(node.column) + ": " + message).str();
  // A last resort: whatever was quoted, the error stays one line.
  llvm::replace(line, '\n', ' ');
  llvm::replace(line, '\r', ' ');
  return createStringError(line);
}

namespace {

class TreeBuilder {
public:
  TreeBuilder(StringRef text, StringRef fileName) : FileName(fileName), Stream(text, Manager, /*ShowColors=*/false) {
    Manager.setDiagHandler(
        [](const SMDiagnostic &diagnostic, void *context) {
          auto &first = static_cast<TreeBuilder *>(context)->FirstError;
          if (first.empty())
            first = formatSyntaxError(static_cast<TreeBuilder *>(context)->FileName, diagnostic);
        },
        this);
  }

  Expected<YamlNode> build();

private:
  static std::string formatSyntaxError(StringRef fileName, const SMDiagnostic &diagnostic) {
    return (fileName + ":" + Twine(std::max(diagnostic.getLineNo(), 1)) + ":" +
            Twine(std::max(diagnostic.getColumnNo(), 0) + 1) + ": this is not YAML: " + diagnostic.getMessage())
        .str();
  }

  bool convert(yaml::Node *node, YamlNode &result);
  bool convertMapping(yaml::MappingNode &mapping, YamlNode &result);
  bool fail(const YamlNode &node, const Twine &message) {
    if (FirstError.empty())
      FirstError = toString(yamlError(FileName, node, message));
    return false;
  }

  StringRef FileName;
  SourceMgr Manager;
  yaml::Stream Stream;
  std::string FirstError;
};

bool TreeBuilder::convertMapping(yaml::MappingNode &mapping, YamlNode &result) {
  StringSet<> seen;
  for (yaml::KeyValueNode &pair : mapping) {
    YamlNode key, value;
    if (!convert(pair.getKey(), key))
      return false;
    if (!key.isScalar())
      return fail(key, "a key must be a word");
    if (!convert(pair.getValue(), value))
      return false;
    if (value.line == 0) {
      value.line = key.line;
      value.column = key.column;
    }
    if (!seen.insert(key.text).second)
      return fail(key, "the key '" + shown(key.text) + "' stands here twice");
    result.pairs.emplace_back(std::move(key), std::move(value));
  }
  return !Stream.failed();
}

bool TreeBuilder::convert(yaml::Node *node, YamlNode &result) {
  if (!node || Stream.failed())
    return false;
  if (SMLoc start = node->getSourceRange().Start; start.isValid())
    std::tie(result.line, result.column) = Manager.getLineAndColumn(start);
  if (isa<yaml::AliasNode>(node) || !node->getAnchor().empty())
    return fail(result, "YAML takes a word that begins with '*' or '&' for an alias or anchor: put it in quotes");
  if (auto *scalar = dyn_cast<yaml::ScalarNode>(node)) {
    SmallString<64> storage;
    result.kind = YamlNode::Kind::Scalar;
    result.text = scalar->getValue(storage).str();
    return true;
  }
  if (auto *block = dyn_cast<yaml::BlockScalarNode>(node)) {
    result.kind = YamlNode::Kind::Scalar;
    result.text = block->getValue().str();
    return true;
  }
  if (auto *sequence = dyn_cast<yaml::SequenceNode>(node)) {
    result.kind = YamlNode::Kind::Sequence;
    for (yaml::Node &item : *sequence)
      if (!convert(&item, result.items.emplace_back()))
        return false;
    return !Stream.failed();
  }
  if (auto *mapping = dyn_cast<yaml::MappingNode>(node)) {
    result.kind = YamlNode::Kind::Mapping;
    return convertMapping(*mapping, result);
  }
  return true; // Null.
}

Expected<YamlNode> TreeBuilder::build() {
  YamlNode root;
  auto document = Stream.begin();
  bool converted = document != Stream.end() && convert(document->getRoot(), root);
  // The rest of the stream is read as well: an error may stand after the root.
  if (converted && ++document != Stream.end() && !Stream.failed())
    return createStringError(FileName + ":1:1: a model file holds one YAML document, and this holds several");
  if (!FirstError.empty()) {
    llvm::replace(FirstError, '\n', ' ');
    return createStringError(FirstError);
  }
  if (!converted || Stream.failed())
    return createStringError(FileName + ":1:1: this is not YAML");
  return root;
}

} // namespace

Expected<YamlNode> parseYaml(StringRef text, StringRef fileName) { return TreeBuilder(text, fileName).build(); }

} // namespace gridlock::model
