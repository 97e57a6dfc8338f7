//===- IncludePlace.cpp - Where a missing include goes --------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/finding/IncludePlace.h"

namespace gridlock {

namespace {

/// A preprocessor line: `# include <atomic>` is `include` and `<atomic>`.
struct Directive {
  llvm::StringRef name, rest;
};

} // namespace

static Directive directiveOf(llvm::StringRef line) {
  line = line.ltrim();
  if (!line.consume_front("#"))
    return {};
  line = line.ltrim();
  llvm::StringRef name = line.take_while([](char c) { return c >= 'a' && c <= 'z'; });
  return {name, line.drop_front(name.size()).trim()};
}

IncludePlace includePlace(SourceCache &sources, llvm::StringRef file, llvm::StringRef header) {
  IncludePlace place;
  if (sources.text(file).contains("\r\n"))
    place.lineEnd = "\r\n";
  unsigned depth = 0, base = 0;
  llvm::StringRef opened; // what the first directive of the file asks
  bool isFirst = true;
  for (unsigned number = 1, last = sources.lineCount(file); number <= last; ++number) {
    Directive directive = directiveOf(sources.line(file, number));
    if (directive.name.empty())
      continue;
    bool opens = directive.name == "if" || directive.name == "ifdef" || directive.name == "ifndef";
    if (isFirst && directive.name == "ifndef")
      opened = directive.rest;
    else if (!opened.empty() && directive.name == "define" && directive.rest.split(' ').first == opened && depth == 1)
      base = 1;
    isFirst = false;
    depth += opens;
    if (directive.name == "endif" && depth)
      --depth;
    if (directive.name != "include" || depth != base)
      continue;
    if (directive.rest.starts_with(header))
      place.isThere = true;
    if (!place.line)
      place.line = number;
  }
  return place;
}

} // namespace gridlock
