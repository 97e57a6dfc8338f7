//===- CondvarFixes.cpp - Edits that the condition rules propose ----------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/condvar/CondvarFixes.h"
#include "checks/common/SourceText.h"

namespace gridlock::checks {

/// The opening bracket that belongs to the closing one at `at`; 0: none.
static std::size_t openingOf(llvm::ArrayRef<SourceWord> words, std::size_t at) {
  int depth = 0;
  for (std::size_t i = at + 1; i-- > 0;) {
    depth += words[i].text == ")" ? 1 : words[i].text == "(" ? -1 : 0;
    if (!depth)
      return i;
  }
  return 0;
}

/// Where the parameters of the function or lambda around a word begin; 0: not found.
static std::size_t headOf(llvm::ArrayRef<SourceWord> words, std::size_t at) {
  int depth = 0;
  for (std::size_t i = at; i-- > 1;) {
    depth += words[i].text == "}" ? 1 : words[i].text == "{" ? -1 : 0;
    if (depth >= 0)
      continue;
    depth = 0; // a block around the word; of `if` and of loops, go on
    std::size_t last = i - 1;
    while (last && llvm::is_contained({"const", "noexcept", "override", "final", "mutable"}, words[last].text))
      --last;
    if (words[last].text != ")")
      continue;
    std::size_t open = openingOf(words, last);
    if (open && !llvm::is_contained({"if", "while", "for", "switch", "catch"}, words[open - 1].text))
      return open;
  }
  return 0;
}

/// Whether the words [begin, end) of a condition can be asked again for something
/// new: nothing in them changes anything, and none is a variable of the function,
/// which no other thread changes.
static bool canBeAskedAgain(llvm::ArrayRef<SourceWord> words, std::size_t begin, std::size_t end) {
  static constexpr llvm::StringLiteral comparisons[] = {"==", "!=", "<=", ">="};
  std::size_t head = headOf(words, begin);
  auto isLocal = [&](llvm::StringRef name) {
    for (std::size_t i = head + 1; i < begin; ++i) {
      llvm::StringRef type = words[i - 1].text, next = words[i + 1].text;
      bool hasType = (isName(type) && type != "return" && type != "else") || type == ">" || type == "*";
      if (words[i].text == name && hasType && llvm::is_contained({"=", ";", "{", "(", ",", ")"}, next))
        return true;
    }
    return false;
  };
  if (!head)
    return false;
  for (std::size_t i = begin; i < end; ++i) {
    llvm::StringRef word = words[i].text, next = words[i + 1].text;
    bool assigns = word.ends_with("=") && !llvm::is_contained(comparisons, word);
    if (assigns || word == ";" || word == "++" || word == "--")
      return false;
    bool isPart = words[i - 1].text == "." || words[i - 1].text == "->" || words[i - 1].text == "::";
    bool leadsOn = next == "." || next == "->" || next == "::" || next == "(";
    if (isName(word) && !isPart && !leadsOn && isLocal(word))
      return false;
  }
  return true;
}

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
  if (!canBeAskedAgain(words, keyword + 1, body))
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
