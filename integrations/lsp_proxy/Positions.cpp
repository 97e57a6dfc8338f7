//===- Positions.cpp - Places in a text, as editors name them -------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/lsp_proxy/Positions.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <limits>

namespace gridlock::integrations {

/// The length of the character at the front of `text`: 1 for a byte that begins
/// none.
static std::size_t characterLength(llvm::StringRef text) {
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
  unsigned length = llvm::getNumBytesForUTF8(*begin);
  return length <= text.size() && llvm::isLegalUTF8Sequence(begin, begin + length) ? length : 1;
}

static unsigned unitsOfCharacter(std::size_t length, Encoding encoding) {
  if (encoding == Encoding::Utf8)
    return static_cast<unsigned>(length);
  return encoding == Encoding::Utf16 && length == 4 ? 2 : 1;
}

unsigned unitsOf(llvm::StringRef line, std::size_t bytes, Encoding encoding) {
  bytes = std::min(bytes, line.size());
  unsigned units = 0;
  for (std::size_t i = 0; i < bytes;) {
    std::size_t length = characterLength(line.drop_front(i));
    units += unitsOfCharacter(length, encoding);
    i += length;
  }
  return units;
}

std::size_t byteOf(llvm::StringRef line, unsigned unit, Encoding encoding) {
  std::size_t i = 0;
  for (unsigned units = 0; i < line.size() && units < unit;) {
    std::size_t length = characterLength(line.drop_front(i));
    units += unitsOfCharacter(length, encoding);
    i += length;
  }
  return std::min(i, line.size());
}

//===----------------------------------------------------------------------===//
// Changes
//===----------------------------------------------------------------------===//

/// The offset of a position; nothing when there is no such line.
static std::optional<std::size_t> offsetOf(llvm::StringRef text, const llvm::json::Object *position,
                                           Encoding encoding) {
  std::optional<int64_t> line = position ? position->getInteger("line") : std::nullopt;
  std::optional<int64_t> character = position ? position->getInteger("character") : std::nullopt;
  if (!line || !character || *line < 0 || *character < 0)
    return std::nullopt;
  std::size_t start = 0;
  for (int64_t i = 0; i != *line; ++i) {
    start = text.find('\n', start);
    if (start == llvm::StringRef::npos)
      return std::nullopt;
    ++start;
  }
  llvm::StringRef rest = text.drop_front(start);
  // Beyond the end of the line means its end; some clients send huge numbers.
  auto column = static_cast<unsigned>(std::min<int64_t>(*character, std::numeric_limits<unsigned>::max()));
  return start + byteOf(rest.take_until([](char c) { return c == '\n'; }), column, encoding);
}

static LineChange changeOf(llvm::StringRef text, std::size_t begin, std::size_t end, llvm::StringRef replacement) {
  LineChange change;
  change.first = static_cast<unsigned>(text.take_front(begin).count('\n'));
  auto removed = static_cast<int>(text.slice(begin, end).count('\n'));
  // Whole lines that go or come leave the line after them as it is.
  auto isLineStart = [&](std::size_t offset) { return offset == 0 || text[offset - 1] == '\n'; };
  bool isWhole = isLineStart(begin) && isLineStart(end) && (replacement.empty() || replacement.ends_with("\n"));
  change.end = change.first + static_cast<unsigned>(removed) + (isWhole ? 0 : 1);
  change.moved = static_cast<int>(replacement.count('\n')) - removed;
  return change;
}

/// A whole new text: what is equal at both ends was not changed.
static LineChange differenceOf(llvm::StringRef before, llvm::StringRef after) {
  std::size_t shorter = std::min(before.size(), after.size()), front = 0, back = 0;
  while (front != shorter && before[front] == after[front])
    ++front;
  while (back != shorter - front && before[before.size() - 1 - back] == after[after.size() - 1 - back])
    ++back;
  return changeOf(before, front, before.size() - back, after.slice(front, after.size() - back));
}

std::optional<LineChange> applyChange(std::string &text, const llvm::json::Object &change, Encoding encoding) {
  std::optional<llvm::StringRef> replacement = change.getString("text");
  if (!replacement)
    return std::nullopt;
  const llvm::json::Object *range = change.getObject("range");
  if (!range) {
    LineChange lines = differenceOf(text, *replacement);
    text = replacement->str();
    return lines;
  }
  std::optional<std::size_t> begin = offsetOf(text, range->getObject("start"), encoding);
  std::optional<std::size_t> end = offsetOf(text, range->getObject("end"), encoding);
  if (!begin || !end || *begin > *end)
    return std::nullopt;
  LineChange lines = changeOf(text, *begin, *end, *replacement);
  text.replace(*begin, *end - *begin, replacement->str());
  return lines;
}

bool move(llvm::json::Object &range, const LineChange &change) {
  llvm::json::Object *start = range.getObject("start"), *end = range.getObject("end");
  std::optional<int64_t> first = start ? start->getInteger("line") : std::nullopt;
  std::optional<int64_t> last = end ? end->getInteger("line") : std::nullopt;
  if (!first || !last)
    return false;
  if (*last < change.first)
    return true;
  if (*first < change.end)
    return false;
  (*start)["line"] = *first + change.moved;
  (*end)["line"] = *last + change.moved;
  return true;
}

//===----------------------------------------------------------------------===//
// URIs
//===----------------------------------------------------------------------===//

std::string pathOf(llvm::StringRef uri) {
  if (!uri.consume_front_insensitive("file:"))
    return "";
  // `file:///a`, `file://machine/a` and `file:/a` are one; what stands before the
  // path is this machine's name.
  if (uri.consume_front("//"))
    uri = uri.drop_front(std::min(uri.find('/'), uri.size()));
  if (!uri.starts_with("/"))
    return "";
  std::string path;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    unsigned value = 0;
    if (uri[i] == '%' && i + 2 < uri.size() && !uri.substr(i + 1, 2).getAsInteger(16, value)) {
      if (value == 0) // no path has it, and system calls would stop there
        return "";
      path += static_cast<char>(value);
      i += 2;
    } else {
      path += uri[i];
    }
  }
  llvm::SmallString<256> normal(path);
  llvm::sys::path::remove_dots(normal, /*remove_dot_dot=*/true);
  return normal.str().str();
}

std::string uriOf(llvm::StringRef path) {
  std::string uri = "file://";
  for (char c : path) {
    if (llvm::isAlnum(c) || llvm::StringRef("-._~/").contains(c))
      uri += c;
    else
      uri += "%" + llvm::utohexstr(static_cast<unsigned char>(c), /*LowerCase=*/false, /*Width=*/2);
  }
  return uri;
}

} // namespace gridlock::integrations
