//===- Preamble.h - The headers of a file, parsed once ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// For a file that is parsed again after every change of its text: what its
/// first lines include is kept as a precompiled header in memory, and made again
/// when one of those lines or of those files changes.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FACTS_PREAMBLE_H
#define GRIDLOCK_ENGINE_FACTS_PREAMBLE_H

#include "engine/facts/Facts.h"
#include <memory>

namespace clang {
class CompilerInvocation;
class Decl;
class SourceManager;
} // namespace clang

namespace gridlock::facts {

/// Belongs to one file. Not to be used on two threads at once, nor again after a
/// crash. Memory: about 10 MB for the usual standard headers.
class Preamble {
public:
  Preamble();
  ~Preamble();
  Preamble(Preamble &&) noexcept;
  Preamble &operator=(Preamble &&) noexcept;

  /// Changes an invocation and its file system so that the parser starts behind
  /// the preamble. \returns false when the file is to be parsed as a whole.
  bool use(clang::CompilerInvocation &invocation, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> &fileSystem);

  /// Errors in what the last `use` skips.
  unsigned errorCount() const;
  const std::string &firstError() const;

private:
  struct State;
  std::unique_ptr<State> Kept;
};

/// As `extract` without a preamble, but only what stands behind it is parsed
/// when it is still good.
Extraction extract(const CompileJob &job, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystem,
                   Preamble &preamble);

/// Whether nobody needs the body of a function, so that the parser may skip it:
/// bodies in the standard library and non-template ones in system headers.
bool isBodySkipped(const clang::SourceManager &sources, const clang::Decl *declaration);

} // namespace gridlock::facts

#endif // GRIDLOCK_ENGINE_FACTS_PREAMBLE_H
