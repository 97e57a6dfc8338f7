//===- YamlTree.h - A YAML file as a tree with places -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// LLVM's YAML parser gives each node once, while it parses. The models want to
/// look twice (constants before functions) and to name lines in errors, so a
/// file becomes a tree of values first. The tree owns its text.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_MODELS_YAMLTREE_H
#define GRIDLOCK_MODELS_YAMLTREE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <utility>
#include <vector>

namespace gridlock::model {

/// A node. Lines and columns count from 1.
struct YamlNode {
  enum class Kind { Null, Scalar, Sequence, Mapping };
  Kind kind = Kind::Null;
  unsigned line = 0;
  unsigned column = 0;
  std::string text;                                 ///< of a scalar
  std::vector<YamlNode> items;                      ///< of a sequence
  std::vector<std::pair<YamlNode, YamlNode>> pairs; ///< of a mapping; keys are scalars

  bool isScalar() const { return kind == Kind::Scalar; }
  bool isSequence() const { return kind == Kind::Sequence; }
  bool isMapping() const { return kind == Kind::Mapping; }
};

/// Parses a file with one document. \returns an error of one line, with place.
llvm::Expected<YamlNode> parseYaml(llvm::StringRef text, llvm::StringRef fileName);

/// What the user wrote, fit to be quoted in a message: one line, not long.
std::string shown(llvm::StringRef text);

/// An error in one line that starts with the node's place.
llvm::Error yamlError(llvm::StringRef fileName, const YamlNode &node, const llvm::Twine &message);

} // namespace gridlock::model

#endif // GRIDLOCK_MODELS_YAMLTREE_H
