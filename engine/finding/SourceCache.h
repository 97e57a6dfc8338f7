//===- SourceCache.h - The lines of source files ----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads source files once and hands out their lines, for code frames and for
/// comments that suppress. A file that cannot be read is an empty file: a report
/// must not fail because a source has gone.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FINDING_SOURCECACHE_H
#define GRIDLOCK_ENGINE_FINDING_SOURCECACHE_H

#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <cstddef>
#include <memory>
#include <vector>

namespace gridlock {

/// Not safe to use on two threads at once. The text that is handed out lives as
/// long as the cache. A file is read and cut into lines at its first use.
class SourceCache {
public:
  explicit SourceCache(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystem = llvm::vfs::getRealFileSystem());

  /// The file's bytes; empty when it cannot be read.
  llvm::StringRef text(llvm::StringRef file);

  bool isReadable(llvm::StringRef file);

  /// Line `number`, counted from 1, without its line end; empty when there is
  /// no such line. O(1).
  llvm::StringRef line(llvm::StringRef file, unsigned number);

  unsigned lineCount(llvm::StringRef file);

private:
  struct File {
    std::unique_ptr<llvm::MemoryBuffer> buffer; ///< null: not readable
    std::vector<std::size_t> lineStarts;
  };
  const File &load(llvm::StringRef file);

  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FileSystem;
  llvm::StringMap<File> Files;
};

/// One past the last byte of the word (or the single character) that starts at
/// `column` of `line`; both count from 1. For locations without an end.
unsigned endOfToken(llvm::StringRef line, unsigned column);

} // namespace gridlock

#endif // GRIDLOCK_ENGINE_FINDING_SOURCECACHE_H
