//===- TemporaryTree.h - A folder of files for one test ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes files below a fresh temporary folder, and removes them again.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_TESTS_COMPILE_DB_TEMPORARYTREE_H
#define GRIDLOCK_TESTS_COMPILE_DB_TEMPORARYTREE_H

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace gridlock {

class TemporaryTree {
public:
  TemporaryTree() {
    llvm::SmallString<128> made;
    if (llvm::sys::fs::createUniqueDirectory("gridlock-test", made))
      std::abort();
    llvm::SmallString<128> real;
    llvm::sys::fs::real_path(made, real);
    Root = real.str().str();
  }
  ~TemporaryTree() { llvm::sys::fs::remove_directories(Root); }
  TemporaryTree(const TemporaryTree &) = delete;
  TemporaryTree &operator=(const TemporaryTree &) = delete;

  const std::string &root() const { return Root; }
  std::string path(llvm::StringRef name) const { return Root + "/" + name.str(); }

  /// Writes a file and the folders above it; `@ROOT@` in the text is replaced.
  std::string write(llvm::StringRef name, llvm::StringRef text = "") {
    std::string file = path(name);
    llvm::sys::fs::create_directories(llvm::sys::path::parent_path(file));
    std::error_code error;
    llvm::raw_fd_ostream stream(file, error);
    while (!text.empty()) {
      std::size_t at = text.find("@ROOT@");
      stream << text.take_front(at);
      if (at == llvm::StringRef::npos)
        break;
      stream << Root;
      text = text.drop_front(at + 6);
    }
    return file;
  }

private:
  std::string Root;
};

} // namespace gridlock

#endif // GRIDLOCK_TESTS_COMPILE_DB_TEMPORARYTREE_H
