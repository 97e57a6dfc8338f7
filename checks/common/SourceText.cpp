//===- SourceText.cpp - The text that a proposed edit changes -------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/common/SourceText.h"
#include "engine/finding/IncludePlace.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace gridlock::checks {

TextEdit editLine(const SourceLocation &place, unsigned begin, unsigned end, std::string text) {
  TextEdit result;
  result.begin.file = place.file;
  result.begin.line = place.line;
  result.begin.column = begin;
  result.endLine = place.line;
  result.endColumn = end;
  result.replacement = std::move(text);
  return result;
}

bool addInclude(SourceCache &sources, const std::string &file, llvm::StringRef header, FixIt &fix) {
  IncludePlace found = includePlace(sources, file, header);
  if (found.isThere)
    return true;
  if (!found.line)
    return false;
  SourceLocation place;
  place.file = file;
  place.line = found.line;
  fix.edits.push_back(editLine(place, 1, 1, "#include " + header.str() + found.lineEnd.str()));
  return true;
}

bool isName(llvm::StringRef word) { return llvm::isAlpha(word.front()) || word.front() == '_'; }

bool standsInDirective(llvm::StringRef text, llvm::StringRef name) {
  bool goesOn = false;
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    text = rest;
    llvm::StringRef trimmed = line.trim();
    bool isDirective = goesOn || trimmed.starts_with("#");
    goesOn = isDirective && trimmed.ends_with("\\");
    if (isDirective &&
        llvm::any_of(wordsOf(trimmed.ltrim("# \t")), [&](const SourceWord &word) { return word.text == name; }))
      return true;
  }
  return false;
}

/// Past the end of a string that starts at `quote`; `prefix` is the word before it.
static std::size_t endOfString(llvm::StringRef text, std::size_t quote, llvm::StringRef prefix) {
  if (text[quote] == '"' && prefix.ends_with("R")) {
    std::size_t open = text.find('(', quote);
    if (open == llvm::StringRef::npos)
      return text.size();
    std::string close = ")" + text.slice(quote + 1, open).str() + "\"";
    std::size_t end = text.find(close, open);
    return end == llvm::StringRef::npos ? text.size() : end + close.size();
  }
  std::size_t end = quote + 1;
  while (end < text.size() && text[end] != text[quote] && text[end] != '\n')
    end += text[end] == '\\' ? 2 : 1;
  return end + 1;
}

std::vector<SourceWord> wordsOf(llvm::StringRef text) {
  static constexpr llvm::StringLiteral operators[] = {"<<=", ">>=", "->*", "...", "<=>", "->", "++", "--",
                                                      "<<",  "<=",  ">=",  "==",  "!=",  "&&", "||", "+=",
                                                      "-=",  "*=",  "/=",  "%=",  "&=",  "|=", "^=", "::"};
  std::vector<SourceWord> words;
  unsigned line = 1;
  std::size_t lineStart = 0;
  bool atLineStart = true;
  for (std::size_t i = 0; i < text.size();) {
    char c = text[i];
    llvm::StringRef rest = text.substr(i);
    std::size_t length = 1;
    if (c == '\n') {
      ++line;
      lineStart = ++i;
      atLineStart = true;
      continue;
    }
    if (llvm::isSpace(c)) {
      ++i;
      continue;
    }
    auto skip = [&](std::size_t end) {
      for (std::size_t stop = std::min(end, text.size()); i < stop; ++i)
        if (text[i] == '\n')
          ++line, lineStart = i + 1;
    };
    if (rest.starts_with("//") || (c == '#' && atLineStart)) {
      std::size_t end = text.find('\n', i);
      while (end != llvm::StringRef::npos && end > i && text[end - 1] == '\\')
        end = text.find('\n', end + 1);
      skip(end);
      continue;
    }
    if (rest.starts_with("/*")) {
      std::size_t end = text.find("*/", i + 2);
      skip(end == llvm::StringRef::npos ? end : end + 2);
      continue;
    }
    atLineStart = false;
    SourceWord word{{}, line, unsigned(i - lineStart) + 1};
    if (c == '"' || c == '\'') {
      bool isPrefixed = !words.empty() && words.back().line == line && words.back().text.end() == text.data() + i;
      std::size_t end = endOfString(text, i, isPrefixed ? words.back().text : "");
      word.text = "\"\"";
      skip(end);
      words.push_back(word);
      continue;
    }
    if (llvm::isAlnum(c) || c == '_') {
      bool isNumber = llvm::isDigit(c); // with separators: 1'000
      length =
          rest.take_while([&](char each) { return llvm::isAlnum(each) || each == '_' || (isNumber && each == '\''); })
              .size();
    } else {
      const auto *found = llvm::find_if(operators, [&](llvm::StringRef op) { return rest.starts_with(op); });
      length = found == std::end(operators) ? 1 : found->size();
    }
    word.text = rest.take_front(length);
    words.push_back(word);
    i += length;
  }
  return words;
}

} // namespace gridlock::checks
