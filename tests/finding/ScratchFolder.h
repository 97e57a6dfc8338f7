//===- ScratchFolder.h - A folder for one test ------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_TESTS_FINDING_SCRATCHFOLDER_H
#define GRIDLOCK_TESTS_FINDING_SCRATCHFOLDER_H

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <string>

namespace gridlock {

/// A fresh folder that is removed at the end. Its path has no symbolic links.
class ScratchFolder {
public:
  ScratchFolder() {
    llvm::SmallString<128> made;
    if (std::error_code code = llvm::sys::fs::createUniqueDirectory("gridlock-test", made))
      ADD_FAILURE() << code.message();
    llvm::sys::fs::real_path(made, Path);
  }
  ~ScratchFolder() { llvm::sys::fs::remove_directories(Path); }
  ScratchFolder(const ScratchFolder &) = delete;
  ScratchFolder &operator=(const ScratchFolder &) = delete;

  std::string path(llvm::StringRef name = "") const {
    return name.empty() ? Path.str().str() : (Path + "/" + name).str();
  }

  /// Writes a file, and the folders that it needs; returns its path.
  std::string write(llvm::StringRef name, llvm::StringRef text) {
    std::string file = path(name);
    llvm::sys::fs::create_directories(llvm::sys::path::parent_path(file));
    std::error_code code;
    llvm::raw_fd_ostream os(file, code);
    if (code)
      ADD_FAILURE() << file << ": " << code.message();
    os << text;
    return file;
  }

  std::string read(llvm::StringRef name) const {
    auto buffer = llvm::MemoryBuffer::getFile(path(name));
    return buffer ? (*buffer)->getBuffer().str() : "<cannot read " + path(name) + ">";
  }

private:
  llvm::SmallString<128> Path;
};

} // namespace gridlock

#endif // GRIDLOCK_TESTS_FINDING_SCRATCHFOLDER_H
