//===- SourceText.cpp - The text that a proposed edit changes -------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/common/SourceText.h"
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

std::optional<TextEdit> missingInclude(SourceCache &sources, const std::string &file, llvm::StringRef header) {
  unsigned first = 0;
  for (unsigned number = 1, last = sources.lineCount(file); number <= last; ++number) {
    llvm::StringRef line = sources.line(file, number);
    if (!line.ltrim().starts_with("#include"))
      continue;
    if (line.contains(header))
      return std::nullopt;
    first = first ? first : number;
  }
  if (!first)
    return std::nullopt;
  SourceLocation place;
  place.file = file;
  place.line = first;
  return editLine(place, 1, 1, "#include " + header.str() + "\n");
}

bool isC(llvm::StringRef file) { return file.ends_with(".c"); }

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
      std::size_t end = i + 1;
      while (end < text.size() && text[end] != c && text[end] != '\n')
        end += text[end] == '\\' ? 2 : 1;
      word.text = "\"\"";
      skip(end + 1);
      words.push_back(word);
      continue;
    }
    if (llvm::isAlnum(c) || c == '_') {
      length = rest.take_while([](char each) { return llvm::isAlnum(each) || each == '_'; }).size();
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
