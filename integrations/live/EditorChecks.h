//===- EditorChecks.h - Rules that clangd's settings turn off ---*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// In an editor findings stand beside those of clang-tidy, and people turn them
/// off where they turn those off: in `.clang-tidy` (`Checks`) and in `.clangd`
/// (`Diagnostics`: `ClangTidy`, `Suppress`). There a rule is called
/// `gridlock-<rule>`. Lists that do not speak of Gridlock say nothing about it:
/// `-*,bugprone-*` leaves all rules on. These files never turn a rule on that
/// `.gridlock.yaml` has turned off.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_LIVE_EDITORCHECKS_H
#define GRIDLOCK_INTEGRATIONS_LIVE_EDITORCHECKS_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace gridlock::integrations {

class EditorChecks {
public:
  EditorChecks() = default;
  /// What holds for a source file, an absolute path. Reads the files of both
  /// names in the folders above it; one that is no YAML counts as empty, since
  /// clangd complains of it.
  explicit EditorChecks(llvm::StringRef file);

  /// Adds the text of a `.clang-tidy`. \returns whether those further up count
  /// too; their text goes in front.
  bool addTidy(llvm::StringRef text);
  /// Adds the text of a `.clangd`. Its conditions are asked for the path of the
  /// source relative to that file's folder.
  void addClangd(llvm::StringRef text, llvm::StringRef relativePath);

  bool isOff(llvm::StringRef rule) const;

private:
  /// In order, the last that matches counts; `-` turns off.
  std::vector<std::string> TidyGlobs, ClangdGlobs;
  std::vector<std::string> Suppressed;
};

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_LIVE_EDITORCHECKS_H
