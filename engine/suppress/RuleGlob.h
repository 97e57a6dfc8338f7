//===- RuleGlob.h - Patterns of rules' names --------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How settings, comments and the files of clang-tidy and clangd name several
/// rules at once. One language for all of them, clang-tidy's: `*` stands for any
/// characters, and nothing else stands for anything but itself.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SUPPRESS_RULEGLOB_H
#define GRIDLOCK_ENGINE_SUPPRESS_RULEGLOB_H

#include "llvm/ADT/StringRef.h"

namespace gridlock::suppress {

/// Whether `glob` names the whole of `name`. Neither is taken apart at a prefix.
/// O(glob * name) at worst. Any thread.
bool matchesRuleGlob(llvm::StringRef glob, llvm::StringRef name);

} // namespace gridlock::suppress

#endif // GRIDLOCK_ENGINE_SUPPRESS_RULEGLOB_H
