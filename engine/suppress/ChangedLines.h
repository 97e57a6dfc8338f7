//===- ChangedLines.h - What changed since a revision -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The lines of the working tree that differ from a git revision. A finding of
/// the whole program is about several places, so it is kept when any step of
/// any of its threads is on such a line.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SUPPRESS_CHANGEDLINES_H
#define GRIDLOCK_ENGINE_SUPPRESS_CHANGEDLINES_H

#include "engine/finding/Finding.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <utility>
#include <vector>

namespace gridlock::suppress {

class ChangedLines {
public:
  /// Asks git about the working tree that holds `folder`. Files that git does
  /// not know and does not ignore are changed throughout.
  /// \returns one line when git, the repository or the revision is missing.
  static llvm::Expected<ChangedLines> since(llvm::StringRef revision, llvm::StringRef folder);

  /// Reads the output of `git diff --unified=0`, whose paths start at `root`.
  /// Where lines were only removed, the lines before and behind have changed.
  static llvm::Expected<ChangedLines> parse(llvm::StringRef diff, llvm::StringRef root);

  void addWholeFile(llvm::StringRef file);

  bool contains(const SourceLocation &location) const;

  /// Sets `suppressedBy` of the findings of which no place has changed.
  /// \returns how many that are.
  unsigned apply(std::vector<Finding> &findings) const;

private:
  std::string Revision;
  /// By absolute path without symbolic links: ranges, both ends included.
  llvm::StringMap<std::vector<std::pair<unsigned, unsigned>>> Files;
};

} // namespace gridlock::suppress

#endif // GRIDLOCK_ENGINE_SUPPRESS_CHANGEDLINES_H
