//===- FilePath.h - How the tables name files --------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One name for a file, for all that speak of places.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FACTS_FILEPATH_H
#define GRIDLOCK_ENGINE_FACTS_FILEPATH_H

#include "clang/Basic/SourceManager.h"
#include <string>

namespace gridlock::facts {

/// Absolute, without `.` and `..`; relative names start at `directory`. Empty
/// when the id is no file's.
std::string filePath(const clang::SourceManager &sources, clang::FileID id, const std::string &directory);

} // namespace gridlock::facts

#endif // GRIDLOCK_ENGINE_FACTS_FILEPATH_H
