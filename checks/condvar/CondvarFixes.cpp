//===- CondvarFixes.cpp - Edits that the condition rules propose ----------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/condvar/CondvarFixes.h"
#include "checks/common/SourceText.h"

namespace gridlock::checks {

static bool isBefore(const SourceWord &word, const SourceLocation &place) {
  return word.line < place.line || (word.line == place.line && word.column <= place.column);
}

std::optional<FixIt> testAgainFix(SourceCache &sources, const SourceLocation &test, const SourceLocation &wait) {
  if (test.file != wait.file || !test.macro.empty() || !wait.macro.empty())
    return std::nullopt;
  std::vector<SourceWord> words = wordsOf(sources.text(test.file));
  std::size_t keyword = words.size();
  for (std::size_t i = 0; i < words.size() && isBefore(words[i], test); ++i)
    if (words[i].text == "if")
      keyword = i;
  if (keyword + 1 >= words.size() || words[keyword + 1].text != "(")
    return std::nullopt;
  auto behind = [&](std::size_t at, llvm::StringRef open, llvm::StringRef close) {
    int depth = 0;
    do {
      depth += words[at].text == open ? 1 : words[at].text == close ? -1 : 0;
      ++at;
    } while (depth && at < words.size());
    return at;
  };
  // `else if` goes on with other tests; a declaration in the condition lives on.
  if (keyword && words[keyword - 1].text == "else")
    return std::nullopt;
  std::size_t body = behind(keyword + 1, "(", ")"), end = body;
  for (std::size_t i = keyword; i < body; ++i)
    if (words[i].text == "=" || words[i].text == ";")
      return std::nullopt;
  if (body >= words.size() || !isBefore(words[body], wait))
    return std::nullopt;
  bool isBlock = words[body].text == "{";
  if (isBlock)
    end = behind(body, "{", "}");
  else
    while (end < words.size() && words[end++].text != ";")
      ;
  // The wait is all that stands there.
  unsigned statements = 0;
  for (std::size_t i = body; i < end; ++i)
    statements += words[i].text == ";";
  if (statements != 1 || end >= words.size() || words[end].text == "else" || isBefore(words[end], wait))
    return std::nullopt;
  SourceLocation place;
  place.file = test.file;
  place.line = words[keyword].line;
  FixIt fix;
  fix.title = "test the condition again after the wait";
  fix.safe = true;
  fix.edits.push_back(editLine(place, words[keyword].column, words[keyword].column + 2, "while"));
  return fix;
}

} // namespace gridlock::checks
