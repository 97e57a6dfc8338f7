//===- Diff.cpp - Edits as a unified diff ---------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/annotate/Annotate.h"
#include "engine/finding/TextEdits.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

namespace gridlock::annotate {

static constexpr unsigned contextLines = 3;

/// The lines of a text with their ends, as `patch` wants them.
static std::vector<llvm::StringRef> linesOf(llvm::StringRef text) {
  std::vector<llvm::StringRef> lines;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    lines.push_back(text.take_front(end == llvm::StringRef::npos ? end : end + 1));
    text = text.drop_front(lines.back().size());
  }
  return lines;
}

static std::string row(char sign, llvm::StringRef line) {
  return sign + line.str() + (line.ends_with("\n") ? "" : "\n\\ No newline at end of file\n");
}

/// `--- a/NAME`; behind a name with spaces stands a tab, or `patch` cuts it off.
static std::string fileRow(llvm::StringRef prefix, llvm::StringRef file, llvm::StringRef root) {
  llvm::StringRef name = pathBelow(root, file).value_or(file);
  return (prefix + name + (name.contains(' ') ? "\t\n" : "\n")).str();
}

/// The lines that edits change, by number, with their new text, which may be
/// several lines.
static std::map<unsigned, std::string> changedLines(llvm::ArrayRef<TextEdit> edits,
                                                    llvm::ArrayRef<llvm::StringRef> lines) {
  std::map<unsigned, std::string> changed;
  while (!edits.empty()) {
    unsigned line = edits.front().begin.line;
    std::vector<ByteEdit> own;
    for (; !edits.empty() && edits.front().begin.line == line; edits = edits.drop_front())
      own.push_back({edits.front().begin.column - 1, edits.front().endColumn - 1, edits.front().replacement});
    if (line <= lines.size())
      changed[line] = editedText(lines[line - 1], own);
  }
  return changed;
}

static void writeHunk(std::string &out, llvm::ArrayRef<llvm::StringRef> lines,
                      const std::map<unsigned, std::string> &changed, unsigned first, unsigned last, int &shift) {
  unsigned begin = first > contextLines ? first - contextLines : 1;
  unsigned end = std::min(last + contextLines, unsigned(lines.size()));
  std::string body;
  int added = 0;
  for (unsigned number = begin; number <= end; ++number) {
    llvm::StringRef old = lines[number - 1];
    auto found = changed.find(number);
    std::vector<llvm::StringRef> fresh = found == changed.end() ? std::vector{old} : linesOf(found->second);
    added += int(fresh.size()) - 1;
    // What is inserted in front of a line leaves the line itself as it was.
    bool keepsOld = fresh.back() == old;
    if (!keepsOld)
      body += row('-', old);
    for (llvm::StringRef line : llvm::ArrayRef(fresh).drop_back(keepsOld))
      body += row('+', line);
    if (keepsOld)
      body += row(' ', old);
  }
  unsigned count = end - begin + 1;
  out += "@@ -" + std::to_string(begin) + "," + std::to_string(count) + " +" + std::to_string(int(begin) + shift) +
         "," + std::to_string(int(count) + added) + " @@\n" + body;
  shift += added;
}

std::string unifiedDiff(llvm::ArrayRef<TextEdit> edits, SourceCache &sources, llvm::StringRef root) {
  std::string out;
  while (!edits.empty()) {
    const std::string &file = edits.front().begin.file;
    llvm::ArrayRef<TextEdit> own = edits.take_while([&](const TextEdit &edit) { return edit.begin.file == file; });
    edits = edits.drop_front(own.size());
    std::vector<llvm::StringRef> lines = linesOf(sources.text(file));
    std::map<unsigned, std::string> changed = changedLines(own, lines);
    out += fileRow("--- a/", file, root) + fileRow("+++ b/", file, root);
    int shift = 0;
    for (auto at = changed.begin(); at != changed.end();) {
      unsigned first = at->first, last = first;
      while (at != changed.end() && at->first <= last + 2 * contextLines)
        last = (at++)->first;
      writeHunk(out, lines, changed, first, last, shift);
    }
  }
  return out;
}

std::string newFileDiff(llvm::StringRef file, llvm::StringRef text, llvm::StringRef root) {
  std::vector<llvm::StringRef> lines = linesOf(text);
  std::string out =
      "--- /dev/null\n" + fileRow("+++ b/", file, root) + "@@ -0,0 +1," + std::to_string(lines.size()) + " @@\n";
  for (llvm::StringRef line : lines)
    out += row('+', line);
  return out;
}

} // namespace gridlock::annotate
