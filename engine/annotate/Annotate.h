//===- Annotate.h - Locks written into the source ----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes what the analysis inferred about locks as Clang's thread-safety
/// attributes: only those with which `clang -Wthread-safety` has nothing to say
/// that it did not say before.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_ANNOTATE_ANNOTATE_H
#define GRIDLOCK_ENGINE_ANNOTATE_ANNOTATE_H

#include "engine/annotate/Annotation.h"
#include "engine/finding/Finding.h"
#include "engine/finding/SourceCache.h"
#include "engine/solve/Solution.h"
#include <functional>
#include <string>
#include <vector>

namespace gridlock::annotate {

struct Options {
  /// How changed files include the macros: `<gridlock/thread_safety.h>`, or the
  /// path of a header of the project, absolute.
  std::string header = "<gridlock/thread_safety.h>";
  bool makesHeader = false; ///< that path does not exist yet; the caller will write `headerText()` there
  /// Why a file (absolute) is not to be changed; empty: it may be.
  std::function<std::string(llvm::StringRef file)> whyNotChanged = [](llvm::StringRef) { return std::string(); };
  unsigned threads = 0;     ///< 0: as many as the machine runs at once
  unsigned roundLimit = 24; ///< how often Clang is asked at most; at least 1
};

struct Result {
  std::vector<Annotation> annotations; ///< those that stand, and those dropped with a reason
  std::vector<TextEdit> edits;         ///< sorted by file and place
  unsigned rounds = 0;                 ///< in which Clang was asked
  /// What is wrong with the files as they would be on disk; then there are no
  /// edits. One line.
  std::string refusal;
};

/// Proposes, asks Clang, and mends or drops what it objects to, until it objects
/// to nothing. Edits no file. Cost: a parse of every unit that includes a changed
/// file, in each of a few rounds and once more in the end.
Result annotate(const solve::Solution &solution, llvm::ArrayRef<facts::CompileJob> jobs, const Options &options);

/// The edits as a unified diff for `patch -p1` in the folder `root`, which all
/// files lie below. Line ends are those of the files.
std::string unifiedDiff(llvm::ArrayRef<TextEdit> edits, SourceCache &sources, llvm::StringRef root);

/// A new file as a unified diff.
std::string newFileDiff(llvm::StringRef file, llvm::StringRef text, llvm::StringRef root);

/// The header with the macros.
llvm::StringRef headerText();

} // namespace gridlock::annotate

#endif // GRIDLOCK_ENGINE_ANNOTATE_ANNOTATE_H
