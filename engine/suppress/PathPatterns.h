//===- PathPatterns.h - Which files a list of globs names -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Lists of path globs as in `.gitignore`: `*` and `?` stay within one path
/// component, `**` does not; a slash at the start or in the middle ties the
/// pattern to the folder of the list; a slash at the end means "this folder and
/// all beneath"; `!` takes back; the last pattern that matches decides.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SUPPRESS_PATHPATTERNS_H
#define GRIDLOCK_ENGINE_SUPPRESS_PATHPATTERNS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/Regex.h"
#include <string>
#include <vector>

namespace gridlock::suppress {

class PathPatterns {
public:
  /// \param folder where the list stands; absolute
  static llvm::Expected<PathPatterns> create(llvm::ArrayRef<std::string> globs, llvm::StringRef folder);

  /// The pattern that names the absolute path `file`, or an empty string. A
  /// file outside the folder is named by its absolute path: `/opt/sdk/` works.
  /// O(patterns).
  llvm::StringRef match(llvm::StringRef file) const;

private:
  struct Pattern {
    std::string glob;
    llvm::Regex regex;
    bool takesBack;
  };
  std::string Folder;
  std::vector<Pattern> Patterns;
};

} // namespace gridlock::suppress

#endif // GRIDLOCK_ENGINE_SUPPRESS_PATHPATTERNS_H
