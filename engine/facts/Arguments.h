//===- Arguments.h - Compile commands for the parser -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Turns the command that builds a file with some compiler into one that parses
/// it with Clang: no output, no dependency files, no plug-ins, no warnings, and
/// none of the options that Clang does not know.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FACTS_ARGUMENTS_H
#define GRIDLOCK_ENGINE_FACTS_ARGUMENTS_H

#include <string>
#include <vector>

namespace gridlock::facts {

/// Pure, but for a look at the disk for Clang's own headers.
std::vector<std::string> parserArguments(const std::vector<std::string> &command, const std::string &file);

/// A last resort: only what decides how the text is read (language, macros,
/// include paths). For commands that Clang's driver refuses altogether.
std::vector<std::string> minimalArguments(const std::vector<std::string> &command, const std::string &file);

/// The folder with Clang's own headers (`stddef.h`), or an empty string: next to
/// this program, where Clang was found when this was built, or `CLANG_RESOURCE_DIR`.
std::string resourceDirectory();

} // namespace gridlock::facts

#endif // GRIDLOCK_ENGINE_FACTS_ARGUMENTS_H
