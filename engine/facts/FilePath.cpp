//===- FilePath.cpp - How the tables name files ---------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FilePath.h"
#include "clang/Basic/FileManager.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace gridlock::facts {

std::string filePath(const SourceManager &sources, FileID id, const std::string &directory) {
  OptionalFileEntryRef reference = sources.getFileEntryRefForID(id);
  if (!reference)
    return {};
  llvm::SmallString<256> path(reference->getName());
  if (!llvm::sys::path::is_absolute(path)) {
    llvm::SmallString<256> absolute(directory);
    llvm::sys::path::append(absolute, path);
    path = absolute;
  }
  // Removing `..` by its letters alone names another file when a symbolic link
  // stands before it, as in `/bin/../include` where `/bin` is one.
  llvm::SmallString<256> plain(path);
  llvm::vfs::FileSystem &disk = sources.getFileManager().getVirtualFileSystem();
  if (llvm::sys::path::remove_dots(plain, true)) {
    llvm::ErrorOr<llvm::vfs::Status> status = disk.status(plain);
    if (!status || status->getUniqueID() != reference->getUniqueID())
      (void)disk.getRealPath(path, plain);
  }
  return plain.str().str();
}

} // namespace gridlock::facts
