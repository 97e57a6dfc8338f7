//===- ApplyFixIts.h - Changing files as findings propose -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `--fix`: puts the findings' edits into the files on disk.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FINDING_APPLYFIXITS_H
#define GRIDLOCK_ENGINE_FINDING_APPLYFIXITS_H

#include "engine/finding/Finding.h"
#include "engine/finding/ReplaceFiles.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace gridlock {

struct FixOptions {
  bool unsafe = false;                 ///< take fixes that are not marked safe too
  std::vector<FileText> newFiles = {}; ///< made in the same step, when a file is changed at all
};

struct FixResult {
  unsigned applied = 0;
  unsigned overlapping = 0;       ///< left out: another fix changes the same text
  unsigned unsafe = 0;            ///< left out: not marked safe
  std::vector<std::string> files; ///< that were changed, sorted
};

/// Applies the first fix of each finding that is not suppressed and whose fix is
/// allowed. A fix is applied as a whole or not at all; of two that overlap the
/// earlier finding's wins; equal insertions (`#include`) are made once.
///
/// All new contents are on disk before the first file is replaced, and a failure
/// puts back what was replaced: all files are changed or none.
/// \returns an error when a file cannot be read or written, or has no such
/// place: it has changed since it was analysed.
llvm::Expected<FixResult> applyFixIts(llvm::ArrayRef<Finding> findings, const FixOptions &options = {});

} // namespace gridlock

#endif // GRIDLOCK_ENGINE_FINDING_APPLYFIXITS_H
