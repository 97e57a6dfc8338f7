//===- TextEdits.cpp - Edits put into texts -------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/finding/TextEdits.h"

namespace gridlock {

static llvm::Expected<std::size_t> offsetOf(SourceCache &sources, const std::string &file, unsigned line,
                                            unsigned column) {
  if (!sources.isReadable(file))
    return llvm::createStringError("cannot fix %s: it cannot be read", file.c_str());
  llvm::StringRef text = sources.text(file), lineText = sources.line(file, line);
  // Behind the last line there is one more place: the end of the file.
  bool isEnd = line == sources.lineCount(file) + 1 && column == 1;
  if (isEnd)
    return text.size();
  if (line == 0 || column == 0 || line > sources.lineCount(file) || column > lineText.size() + 1)
    return llvm::createStringError("cannot fix %s: it has no place %u:%u; it has changed since it was analysed",
                                   file.c_str(), line, column);
  return static_cast<std::size_t>(lineText.data() - text.data()) + column - 1;
}

llvm::Expected<ByteEdit> byteEdit(SourceCache &sources, const TextEdit &edit) {
  const std::string &file = edit.begin.file;
  llvm::Expected<std::size_t> begin = offsetOf(sources, file, edit.begin.line, edit.begin.column);
  if (!begin)
    return begin.takeError();
  llvm::Expected<std::size_t> end = offsetOf(sources, file, edit.endLine, edit.endColumn);
  if (!end)
    return end.takeError();
  if (*end < *begin)
    return llvm::createStringError("cannot fix %s: an edit ends before it begins", file.c_str());
  return ByteEdit{*begin, *end, edit.replacement};
}

std::string editedText(llvm::StringRef text, llvm::ArrayRef<ByteEdit> edits) {
  std::string made;
  std::size_t copied = 0;
  for (const ByteEdit &edit : edits) {
    made += text.slice(copied, edit.begin);
    made += edit.text;
    copied = edit.end;
  }
  return made + text.substr(copied).str();
}

std::optional<llvm::StringRef> pathBelow(llvm::StringRef root, llvm::StringRef file) {
  root = root.rtrim('/');
  if (root.empty() || !file.consume_front(root) || !file.consume_front("/") || file.empty())
    return std::nullopt;
  return file;
}

} // namespace gridlock
