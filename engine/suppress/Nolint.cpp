//===- Nolint.cpp - Comments that hide findings -----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The text is cut into comments and the rest by a small scanner that knows
/// what may hide or look like a comment: string and character literals, raw
/// strings, and numbers with digit separators (`1'000`). Files are scanned after
/// the analysis, when Clang's tokens are long gone, and also when the unit came
/// from the cache and was never parsed.
///
/// `NOLINTBEGIN` and `NOLINTEND` match when they name the same things, the inner
/// ones first, as in clang-tidy.
///
//===----------------------------------------------------------------------===//

#include "engine/suppress/Nolint.h"
#include "engine/suppress/RuleGlob.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <algorithm>
#include <optional>

namespace gridlock::suppress {

namespace {

constexpr llvm::StringLiteral RulePrefix = "gridlock-";

bool isWordCharacter(char c) { return llvm::isAlnum(c) || c == '_'; }

/// Cuts C and C++ source into comments and the rest.
class CommentScanner {
public:
  explicit CommentScanner(llvm::StringRef text) : Text(text) {}

  /// The bounds of the next comment, or nothing at the end.
  std::optional<std::pair<std::size_t, std::size_t>> next() {
    while (At < Text.size()) {
      std::size_t start = At;
      if (startsWith("//")) {
        skipLineComment();
        return std::pair(start, At);
      }
      if (startsWith("/*")) {
        std::size_t close = Text.find("*/", At + 2);
        At = close == llvm::StringRef::npos ? Text.size() : close + 2;
        return std::pair(start, At);
      }
      skipToken();
    }
    return std::nullopt;
  }

private:
  bool startsWith(llvm::StringRef prefix) const { return Text.substr(At).starts_with(prefix); }

  /// Up to the line end; a backslash there continues the comment.
  void skipLineComment() {
    do {
      std::size_t end = Text.find('\n', At);
      At = end == llvm::StringRef::npos ? Text.size() : end + 1;
    } while (At < Text.size() && Text.take_front(At - 1).rtrim('\r').ends_with("\\"));
  }

  void skipToken() {
    char c = Text[At];
    if (llvm::isDigit(c)) {
      while (At < Text.size() &&
             (isWordCharacter(Text[At]) || (Text[At] == '\'' && At + 1 < Text.size() && isWordCharacter(Text[At + 1]))))
        ++At;
    } else if (isWordCharacter(c)) {
      std::size_t start = At;
      while (At < Text.size() && isWordCharacter(Text[At]))
        ++At;
      bool isRawPrefix = llvm::is_contained({"R", "LR", "uR", "UR", "u8R"}, Text.slice(start, At)) && startsWith("\"");
      if (isRawPrefix)
        skipRawString();
    } else if (c == '"' || c == '\'') {
      skipLiteral(c);
    } else {
      ++At;
    }
  }

  /// Ends at the line end too: then it was no literal, but an apostrophe in a
  /// disabled part of the file.
  void skipLiteral(char quote) {
    for (++At; At < Text.size() && Text[At] != '\n'; ++At) {
      if (Text[At] == '\\')
        ++At;
      else if (Text[At] == quote) {
        ++At;
        return;
      }
    }
  }

  void skipRawString() {
    std::size_t open = Text.find('(', At);
    if (open == llvm::StringRef::npos) {
      ++At;
      return;
    }
    std::string terminator = ")" + Text.slice(At + 1, open).str() + "\"";
    std::size_t close = Text.find(terminator, open);
    At = close == llvm::StringRef::npos ? Text.size() : close + terminator.size();
  }

  llvm::StringRef Text;
  std::size_t At = 0;
};

std::optional<NolintKind> kindOf(llvm::StringRef word) {
  return llvm::StringSwitch<std::optional<NolintKind>>(word)
      .Case("NOLINT", NolintKind::SameLine)
      .Case("NOLINTNEXTLINE", NolintKind::NextLine)
      .Case("NOLINTBEGIN", NolintKind::Begin)
      .Case("NOLINTEND", NolintKind::End)
      .Default(std::nullopt);
}

llvm::StringRef spellingOf(NolintKind kind) {
  switch (kind) {
  case NolintKind::SameLine:
    return "NOLINT";
  case NolintKind::NextLine:
    return "NOLINTNEXTLINE";
  case NolintKind::Begin:
    return "NOLINTBEGIN";
  case NolintKind::End:
    return "NOLINTEND";
  }
  return "NOLINT";
}

/// Reads `(a, b)` at the start of `rest`, if there is one.
void readNames(llvm::StringRef rest, NolintComment &comment) {
  if (!rest.consume_front("("))
    return;
  std::size_t close = rest.find_first_of("\n)");
  if (close == llvm::StringRef::npos || rest[close] != ')')
    return;
  comment.hasNames = true;
  for (llvm::StringRef name : llvm::split(rest.take_front(close), ','))
    if (name = name.trim(); !name.empty())
      comment.names.push_back({name.str()});
}

bool sameNames(const NolintComment &a, const NolintComment &b) {
  return a.hasNames == b.hasNames &&
         llvm::equal(a.names, b.names, [](const auto &x, const auto &y) { return x.glob == y.glob; });
}

void matchBlocks(std::vector<NolintComment> &comments) {
  std::vector<NolintComment *> open;
  for (NolintComment &comment : comments) {
    if (comment.kind == NolintKind::Begin)
      open.push_back(&comment);
    if (comment.kind != NolintKind::End)
      continue;
    auto begin = std::find_if(open.rbegin(), open.rend(),
                              [&](const NolintComment *candidate) { return sameNames(*candidate, comment); });
    if (begin == open.rend())
      continue;
    (*begin)->firstLine = (*begin)->location.line;
    (*begin)->lastLine = comment.location.line;
    comment.firstLine = comment.lastLine = comment.location.line; // Marks it as matched.
    open.erase(std::next(begin).base());
  }
}

/// Whether the comment hides a finding of `rule` in `line`; marks the name that
/// does.
bool hides(NolintComment &comment, llvm::StringRef rule, unsigned line) {
  if (comment.kind == NolintKind::End || comment.firstLine == 0 || line < comment.firstLine || line > comment.lastLine)
    return false;
  if (!comment.hasNames)
    return true;
  std::string name = (RulePrefix + rule).str();
  for (NolintComment::Name &each : comment.names)
    if (matchesRuleGlob(each.glob, name)) {
      each.used = true;
      return true;
    }
  return false;
}

} // namespace

std::vector<NolintComment> findNolintComments(llvm::StringRef text, llvm::StringRef file) {
  std::vector<NolintComment> comments;
  CommentScanner scanner(text);
  std::size_t countedTo = 0, lineStart = 0;
  unsigned line = 1;
  // Most files have none: what is a comment matters only up to the last one.
  std::size_t at = text.find("NOLINT");
  while (at != llvm::StringRef::npos) {
    auto bounds = scanner.next();
    if (!bounds)
      break;
    auto [begin, end] = *bounds;
    if (at < begin)
      at = text.find("NOLINT", begin);
    for (; at < end; at = text.find("NOLINT", at + 1)) {
      std::size_t wordEnd = at;
      while (wordEnd < end && isWordCharacter(text[wordEnd]))
        ++wordEnd;
      std::optional<NolintKind> kind = kindOf(text.slice(at, wordEnd));
      if (!kind || isWordCharacter(text[at - 1])) // A comment's first byte is a slash, so there is one before.
        continue;
      for (; countedTo < at; ++countedTo)
        if (text[countedTo] == '\n') {
          ++line;
          lineStart = countedTo + 1;
        }
      NolintComment comment;
      comment.kind = *kind;
      comment.location = {file.str(),
                          line,
                          static_cast<unsigned>(at - lineStart) + 1,
                          static_cast<unsigned>(wordEnd - lineStart) + 1,
                          {}};
      readNames(text.slice(wordEnd, end), comment);
      if (*kind == NolintKind::SameLine)
        comment.firstLine = comment.lastLine = line;
      if (*kind == NolintKind::NextLine)
        comment.firstLine = comment.lastLine = line + 1;
      comments.push_back(std::move(comment));
    }
  }
  matchBlocks(comments);
  return comments;
}

std::vector<NolintComment> &NolintFilter::commentsOf(llvm::StringRef file) {
  auto [entry, isNew] = Files.try_emplace(file);
  if (isNew)
    entry->second = findNolintComments(Sources.text(file), file);
  return entry->second;
}

unsigned NolintFilter::apply(std::vector<Finding> &findings) {
  unsigned hidden = 0;
  for (Finding &finding : findings) {
    if (finding.location.line == 0)
      continue;
    for (NolintComment &comment : commentsOf(finding.location.file)) {
      if (!hides(comment, finding.rule, finding.location.line) || !finding.suppressedBy.empty())
        continue;
      finding.suppressedBy = (spellingOf(comment.kind) + " in line " + llvm::Twine(comment.location.line)).str();
      ++hidden;
    }
  }
  return hidden;
}

/// Sorted by place: the map has no order that two runs share.
static void sortRemarks(std::vector<NolintRemark> &remarks) {
  llvm::sort(remarks, [](const NolintRemark &a, const NolintRemark &b) {
    return std::tie(a.location, a.message) < std::tie(b.location, b.message);
  });
}

std::vector<NolintRemark> NolintFilter::mistakes() const {
  std::vector<NolintRemark> remarks;
  for (const auto &file : Files)
    for (const NolintComment &comment : file.second) {
      if (comment.firstLine != 0)
        continue;
      if (comment.kind == NolintKind::Begin)
        remarks.push_back(
            {comment.location, "this NOLINTBEGIN hides nothing: no NOLINTEND with the same names follows"});
      else
        remarks.push_back({comment.location, "this NOLINTEND has no NOLINTBEGIN with the same names before it"});
    }
  sortRemarks(remarks);
  return remarks;
}

std::vector<NolintRemark> NolintFilter::unused(llvm::ArrayRef<std::string> files, llvm::ArrayRef<RuleInfo> rules) {
  std::vector<NolintRemark> remarks;
  for (const std::string &file : files)
    for (const NolintComment &comment : commentsOf(file)) {
      if (comment.kind == NolintKind::End)
        continue;
      for (const NolintComment::Name &name : comment.names) {
        bool couldHide = llvm::any_of(rules, [&](const RuleInfo &rule) {
          return matchesRuleGlob(name.glob, (RulePrefix + llvm::StringRef(rule.id)).str());
        });
        if (!name.used && couldHide && llvm::StringRef(name.glob).starts_with(RulePrefix))
          remarks.push_back(
              {comment.location, (spellingOf(comment.kind) + "(" + name.glob + ") hides no finding; remove it").str()});
      }
    }
  sortRemarks(remarks);
  return remarks;
}

} // namespace gridlock::suppress
