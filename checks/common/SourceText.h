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

/// Adds the include of a header to the edits when the file does not have it; false
/// when there is no place for it (see IncludePlace.h).
bool addInclude(SourceCache &sources, const std::string &file, llvm::StringRef header, FixIt &fix);

/// Whether a name stands on a preprocessor line, where `wordsOf` does not see it.
bool standsInDirective(llvm::StringRef text, llvm::StringRef name);

/// A word or an operator of a source text; comments, strings and preprocessor
/// lines are left out (a string is one word, `""`).
struct SourceWord {
  llvm::StringRef text;
  unsigned line = 0, column = 0;
};
std::vector<SourceWord> wordsOf(llvm::StringRef text);
/// Whether a word is a name or a keyword.
bool isName(llvm::StringRef word);

} // namespace gridlock::checks

#endif // GRIDLOCK_CHECKS_COMMON_SOURCETEXT_H
