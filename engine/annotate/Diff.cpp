//===- Diff.cpp - Edits as a unified diff ---------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/annotate/Annotate.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <map>

namespace gridlock::annotate {

static constexpr unsigned contextLines = 3;

static std::string relative(llvm::StringRef file, llvm::StringRef directory) {
  if (file.starts_with(directory) && file.substr(directory.size()).starts_with("/"))
    return file.substr(directory.size() + 1).str();
  return file.ltrim('/').str();
}

/// The lines that edits change, with their new text, which may be several lines.
static std::map<unsigned, std::string> changedLines(llvm::ArrayRef<TextEdit> edits, SourceCache &sources) {
  std::map<unsigned, std::string> changed;
  // From the back, so that columns stay true.
  for (const TextEdit &edit : llvm::reverse(edits)) {
    auto [line, isNew] = changed.try_emplace(edit.begin.line);
    if (isNew)
      line->second = sources.line(edit.begin.file, edit.begin.line).str();
    line->second.replace(edit.begin.column - 1, edit.endColumn - edit.begin.column, edit.replacement);
  }
  return changed;
}

static void writeHunk(std::string &out, const std::string &file, const std::map<unsigned, std::string> &changed,
                      unsigned first, unsigned last, int &shift, SourceCache &sources) {
  unsigned begin = first > contextLines ? first - contextLines : 1;
  unsigned end = std::min(last + contextLines, sources.lineCount(file));
  std::string body;
  unsigned added = 0;
  for (unsigned number = begin; number <= end; ++number) {
    std::string old = sources.line(file, number).str();
    auto found = changed.find(number);
    if (found == changed.end()) {
      body += " " + old + "\n";
      continue;
    }
    llvm::SmallVector<llvm::StringRef, 4> lines;
    llvm::StringRef(found->second).split(lines, '\n');
    bool keepsOld = lines.back() == old;
    for (llvm::StringRef line : llvm::ArrayRef(lines).drop_back(keepsOld ? 1 : 0))
      added += line != old || !keepsOld;
    if (keepsOld) {
      for (llvm::StringRef line : llvm::ArrayRef(lines).drop_back())
        body += "+" + line.str() + "\n";
      body += " " + old + "\n";
    } else {
      body += "-" + old + "\n";
      for (llvm::StringRef line : lines)
        body += "+" + line.str() + "\n";
      --added; // one replaces the old line
    }
  }
  unsigned count = end - begin + 1;
  out += "@@ -" + std::to_string(begin) + "," + std::to_string(count) + " +" + std::to_string(int(begin) + shift) +
         "," + std::to_string(count + added) + " @@\n" + body;
  shift += int(added);
}

std::string unifiedDiff(llvm::ArrayRef<TextEdit> edits, SourceCache &sources, const std::string &directory) {
  std::string out;
  while (!edits.empty()) {
    const std::string &file = edits.front().begin.file;
    llvm::ArrayRef<TextEdit> own = edits.take_while([&](const TextEdit &edit) { return edit.begin.file == file; });
    edits = edits.drop_front(own.size());
    std::map<unsigned, std::string> changed = changedLines(own, sources);
    std::string name = relative(file, directory);
    out += "--- a/" + name + "\n+++ b/" + name + "\n";
    int shift = 0;
    for (auto at = changed.begin(); at != changed.end();) {
      unsigned first = at->first, last = first;
      while (at != changed.end() && at->first <= last + 2 * contextLines)
        last = (at++)->first;
      writeHunk(out, file, changed, first, last, shift, sources);
    }
  }
  return out;
}

std::string newFileDiff(const std::string &file, llvm::StringRef text, const std::string &directory) {
  llvm::SmallVector<llvm::StringRef, 0> lines;
  text.rtrim('\n').split(lines, '\n');
  std::string out =
      "--- /dev/null\n+++ b/" + relative(file, directory) + "\n@@ -0,0 +1," + std::to_string(lines.size()) + " @@\n";
  for (llvm::StringRef line : lines)
    out += "+" + line.str() + "\n";
  return out;
}

} // namespace gridlock::annotate
