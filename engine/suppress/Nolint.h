//===- Nolint.h - Comments that hide findings -------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `NOLINT`, `NOLINTNEXTLINE`, `NOLINTBEGIN` and `NOLINTEND` as clang-tidy reads
/// them, with the names `gridlock-<rule>`, globs in them, or no names at all.
/// A finding is hidden when its primary location is on such a line.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SUPPRESS_NOLINT_H
#define GRIDLOCK_ENGINE_SUPPRESS_NOLINT_H

#include "engine/finding/Finding.h"
#include "engine/finding/RuleInfo.h"
#include "engine/finding/SourceCache.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace gridlock::suppress {

enum class NolintKind { SameLine, NextLine, Begin, End };

/// One `NOLINT...` in a comment.
struct NolintComment {
  struct Name {
    std::string glob;  ///< `gridlock-lock-*`
    bool used = false; ///< hides a finding
  };
  NolintKind kind = NolintKind::SameLine;
  SourceLocation location;
  bool hasNames = false; ///< written with parentheses
  std::vector<Name> names;
  /// The lines that it is about; 0 for an `End`, and for a `Begin` without one.
  unsigned firstLine = 0, lastLine = 0;
};

/// All of them in a file's text, in order; those in string literals are none.
/// O(bytes).
std::vector<NolintComment> findNolintComments(llvm::StringRef text, llvm::StringRef file);

/// A remark about a comment: a `NOLINTBEGIN` that never ends, one that hides
/// nothing.
struct NolintRemark {
  SourceLocation location;
  std::string message;
};

/// Reads each file once, when a finding or a question is about it. Not safe to
/// use on two threads at once.
class NolintFilter {
public:
  explicit NolintFilter(SourceCache &sources) : Sources(sources) {}

  /// Sets `suppressedBy` of the findings that are hidden.
  /// \returns how many that are.
  unsigned apply(std::vector<Finding> &findings);

  /// What is wrong with the comments of the files that were read.
  std::vector<NolintRemark> mistakes() const;

  /// The names `gridlock-...` in `files` that hid nothing in `apply`, if one of
  /// `rules` (those that ran) has that name.
  std::vector<NolintRemark> unused(llvm::ArrayRef<std::string> files, llvm::ArrayRef<RuleInfo> rules);

private:
  std::vector<NolintComment> &commentsOf(llvm::StringRef file);

  SourceCache &Sources;
  llvm::StringMap<std::vector<NolintComment>> Files;
};

} // namespace gridlock::suppress

#endif // GRIDLOCK_ENGINE_SUPPRESS_NOLINT_H
