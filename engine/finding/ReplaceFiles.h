//===- ReplaceFiles.h - Several files changed as one -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes texts to disk: all of them or none. Called by what applies edits.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FINDING_REPLACEFILES_H
#define GRIDLOCK_ENGINE_FINDING_REPLACEFILES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace gridlock {

struct FileText {
  std::string file; ///< absolute
  std::string text;
  bool isNew = false; ///< it does not exist yet; its folders are made when missing
};

/// Writes siblings of all files first, the new texts and the old ones, then
/// renames one after the other, new files last. When a step fails, what was done
/// is undone by renaming the old texts back, which needs no space. A file keeps
/// its mode; behind a symbolic link the target is replaced.
/// \returns an error when the files are as they were; also when two entries are
/// one file. Should undoing fail too, the error names the file.
llvm::Error replaceFiles(llvm::ArrayRef<FileText> texts);

} // namespace gridlock

#endif // GRIDLOCK_ENGINE_FINDING_REPLACEFILES_H
