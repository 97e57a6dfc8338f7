//===- EffectReader.h - From YAML to effects --------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads what stands under `effects:` and checks it against the table of kinds
/// and keys. Used by the loader of model files only. Errors are one line with
/// the place.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_MODELS_EFFECTREADER_H
#define GRIDLOCK_MODELS_EFFECTREADER_H

#include "models/Model.h"
#include "models/YamlTree.h"

namespace gridlock::model {

/// Reads effects of one file. Keeps references to what it is given.
class EffectReader {
public:
  EffectReader(llvm::StringRef fileName, const ConstantTable &constants) : FileName(fileName), Constants(constants) {}

  /// Reads one item of the list: `- exits`, `- acquire: "*0"`, or the long form.
  llvm::Error read(const YamlNode &item, Effect &effect) const;

  // Parts, also used for types.
  llvm::Error readOperand(const YamlNode &node, Operand &operand) const;
  llvm::Error readOperands(const YamlNode &node, std::vector<Operand> &operands) const;
  llvm::Error readConditions(const YamlNode &node, std::vector<Condition> &conditions) const;
  llvm::Error readFlag(const YamlNode &node, bool &flag) const;
  /// A scalar that is one of the space-separated words.
  llvm::Error readWord(const YamlNode &node, llvm::StringRef allowed, std::string &word) const;
  /// A list of strings, or one string.
  llvm::Error readStrings(const YamlNode &node, std::vector<std::string> &strings) const;

  llvm::Error fail(const YamlNode &node, const llvm::Twine &message) const {
    return yamlError(FileName, node, message);
  }
  /// "unknown key 'lok' in an effect (allowed: lock, mode)"
  llvm::Error failUnknown(const YamlNode &key, llvm::StringRef where, llvm::StringRef allowed) const;

private:
  llvm::Error readCondition(const YamlNode &node, Condition &condition) const;
  llvm::Error readBound(const YamlNode &node, Bound &bound) const;
  llvm::Error readMember(const YamlNode &key, const YamlNode &value, llvm::StringRef words, Effect &effect) const;

  llvm::StringRef FileName;
  const ConstantTable &Constants;
};

} // namespace gridlock::model

#endif // GRIDLOCK_MODELS_EFFECTREADER_H
