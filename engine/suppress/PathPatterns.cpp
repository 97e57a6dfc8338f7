//===- PathPatterns.cpp - Which files a list of globs names -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/PathPatterns.h"

namespace gridlock::suppress {

/// `[!a-z]` at the start of `rest` as a POSIX bracket expression; moves behind
/// it. An empty string when the bracket is not closed.
static std::string translateBracket(llvm::StringRef &rest) {
  std::size_t close = rest.find(']', rest.starts_with("[!") || rest.starts_with("[^") ? 3 : 2);
  if (close == llvm::StringRef::npos)
    return {};
  llvm::StringRef inside = rest.slice(1, close);
  rest = rest.drop_front(close + 1);
  bool negated = inside.consume_front("!") || inside.consume_front("^");
  return (negated ? "[^/" : "[") + inside.str() + "]";
}

/// A glob without its `!`, its leading and its trailing slash as POSIX ERE.
static std::string translate(llvm::StringRef glob) {
  std::string regex;
  llvm::StringRef rest = glob;
  while (!rest.empty()) {
    if (rest.consume_front("**/")) {
      regex += "(.*/)?";
    } else if (rest.consume_front("**")) {
      regex += ".*";
    } else if (rest.consume_front("*")) {
      regex += "[^/]*";
    } else if (rest.consume_front("?")) {
      regex += "[^/]";
    } else if (rest.front() == '[') {
      std::string bracket = translateBracket(rest);
      if (bracket.empty()) {
        regex += "\\[";
        rest = rest.drop_front();
      } else {
        regex += bracket;
      }
    } else {
      if (rest.front() == '\\' && rest.size() > 1)
        rest = rest.drop_front();
      regex += llvm::Regex::escape(rest.take_front(1));
      rest = rest.drop_front();
    }
  }
  return regex;
}

llvm::Expected<PathPatterns> PathPatterns::create(llvm::ArrayRef<std::string> globs, llvm::StringRef folder) {
  PathPatterns patterns;
  patterns.Folder = folder.rtrim('/').str() + '/';
  for (const std::string &written : globs) {
    llvm::StringRef glob = written;
    bool takesBack = glob.consume_front("!");
    bool foldersOnly = glob.consume_back("/");
    bool isTied = glob.contains('/');
    glob.consume_front("/");
    if (glob.empty())
      return llvm::createStringError("`%s` is not a path pattern; to exclude everything write `*`", written.c_str());
    // What matches a folder matches all beneath it.
    std::string source = (isTied ? "^" : "^(.*/)?") + translate(glob) + (foldersOnly ? "/.*$" : "(/.*)?$");
    llvm::Regex regex(source);
    std::string problem;
    if (!regex.isValid(problem))
      return llvm::createStringError("`%s` is not a path pattern: %s", written.c_str(), problem.c_str());
    patterns.Patterns.push_back({written, std::move(regex), takesBack});
  }
  return patterns;
}

llvm::StringRef PathPatterns::match(llvm::StringRef file) const {
  if (!file.consume_front(Folder))
    file.consume_front("/");
  for (auto pattern = Patterns.rbegin(); pattern != Patterns.rend(); ++pattern)
    if (pattern->regex.match(file))
      return pattern->takesBack ? llvm::StringRef() : llvm::StringRef(pattern->glob);
  return {};
}

} // namespace gridlock::suppress
