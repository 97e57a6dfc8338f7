//===- SourceText.h - The text that a proposed edit changes ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What rules need to propose edits. The analysis knows places, not texts: a
/// construct is read from its line, and where it does not stand there as it
/// should, nothing is proposed. Pure, but for reading the lines.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_CHECKS_COMMON_SOURCETEXT_H
#define GRIDLOCK_CHECKS_COMMON_SOURCETEXT_H

#include "engine/finding/Finding.h"
#include "engine/finding/SourceCache.h"
#include <optional>
#include <string>
#include <vector>

namespace gridlock::checks {

/// An edit on the line of a place: columns [begin, end) become `text`.
TextEdit editLine(const SourceLocation &place, unsigned begin, unsigned end, std::string text);

/// The insertion of an include in front of the file's first one, when the file
/// does not have it; nothing when the file has none at all.
std::optional<TextEdit> missingInclude(SourceCache &sources, const std::string &file, llvm::StringRef header);

bool isC(llvm::StringRef file);

/// A word or an operator of a source text; comments, strings and preprocessor
/// lines are left out (a string is one word, `""`).
struct SourceWord {
  llvm::StringRef text;
  unsigned line = 0, column = 0;
};
std::vector<SourceWord> wordsOf(llvm::StringRef text);

} // namespace gridlock::checks

#endif // GRIDLOCK_CHECKS_COMMON_SOURCETEXT_H
