//===- IncludePlace.h - Where a missing include goes -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An edit that uses a library needs its header. It goes in front of the first
/// include that every compilation of the file reads: none in a conditional, but
/// for the one around the whole file that keeps it from being read twice.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FINDING_INCLUDEPLACE_H
#define GRIDLOCK_ENGINE_FINDING_INCLUDEPLACE_H

#include "engine/finding/SourceCache.h"

namespace gridlock {

struct IncludePlace {
  bool isThere = false;           ///< the file includes the header for all who compile it
  unsigned line = 0;              ///< before which the include goes; 0: there is no such place
  llvm::StringRef lineEnd = "\n"; ///< as the file has it
};

/// `header` with its `<>` or `""`. Linear in the lines of the file.
IncludePlace includePlace(SourceCache &sources, llvm::StringRef file, llvm::StringRef header);

} // namespace gridlock

#endif // GRIDLOCK_ENGINE_FINDING_INCLUDEPLACE_H
