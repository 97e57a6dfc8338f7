//===- Programs.h - Which units a build links together ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads a build folder's link steps. Private to the room, and to its tests.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_COMPILE_DB_PROGRAMS_H
#define GRIDLOCK_ENGINE_COMPILE_DB_PROGRAMS_H

#include "engine/compile_db/CompileDb.h"
#include "engine/compile_db/Database.h"
#include "llvm/ADT/ArrayRef.h"
#include <vector>

namespace gridlock::compile_db {

/// The programs of the build in `buildDirectory`: from CMake's file API, else
/// from build.ninja, else from CMake's link.txt files; empty when there is
/// none of them. `commands` tell which source an object file comes from.
/// Sorted by name. What cannot be understood is left out: this is a hint.
std::vector<ProgramHint> findPrograms(llvm::StringRef buildDirectory, llvm::ArrayRef<RawCommand> commands);

} // namespace gridlock::compile_db

#endif // GRIDLOCK_ENGINE_COMPILE_DB_PROGRAMS_H
