//===- ApplyFixIts.cpp - Changing files as findings propose -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/finding/ApplyFixIts.h"
#include "engine/finding/SourceCache.h"
#include "engine/finding/TextEdits.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

namespace gridlock {

namespace {

/// Edits by file; within a file sorted by place, without overlaps.
using EditsByFile = std::map<std::string, std::vector<ByteEdit>>;

/// Two insertions at one place conflict too: nobody says which comes first.
bool overlap(const ByteEdit &a, const ByteEdit &b) {
  if (a.begin == b.begin)
    return true;
  return a.begin < b.begin ? a.end > b.begin : b.end > a.begin;
}

class Fixer {
public:
  explicit Fixer(const FixOptions &options) : Options(options) {}

  llvm::Error take(const Finding &finding);
  llvm::Error write();
  FixResult result;

private:
  llvm::Error takeFix(const FixIt &fix);

  const FixOptions &Options;
  SourceCache Sources;
  EditsByFile Accepted;
};

llvm::Error Fixer::take(const Finding &finding) {
  if (!finding.suppressedBy.empty() || finding.fixIts.empty())
    return llvm::Error::success();
  auto fix = llvm::find_if(finding.fixIts, [&](const FixIt &each) { return each.safe || Options.unsafe; });
  if (fix == finding.fixIts.end()) {
    ++result.unsafe;
    return llvm::Error::success();
  }
  return takeFix(*fix);
}

llvm::Error Fixer::takeFix(const FixIt &fix) {
  std::vector<std::pair<std::string, ByteEdit>> fresh;
  for (const TextEdit &edit : fix.edits) {
    const std::string &file = edit.begin.file;
    llvm::Expected<ByteEdit> made = byteEdit(Sources, edit);
    if (!made)
      return made.takeError();
    const std::vector<ByteEdit> &others = Accepted[file];
    if (llvm::is_contained(others, *made))
      continue;
    auto clashes = [&](const ByteEdit &other) { return overlap(*made, other); };
    if (llvm::any_of(others, clashes) ||
        llvm::any_of(fresh, [&](const auto &other) { return other.first == file && clashes(other.second); })) {
      ++result.overlapping;
      return llvm::Error::success();
    }
    fresh.emplace_back(file, *made);
  }
  for (auto &[file, edit] : fresh) {
    std::vector<ByteEdit> &edits = Accepted[file];
    edits.insert(llvm::upper_bound(edits, edit, [](const auto &a, const auto &b) { return a.begin < b.begin; }), edit);
  }
  ++result.applied;
  return llvm::Error::success();
}

llvm::Error Fixer::write() {
  std::vector<FileText> texts;
  for (const auto &[file, edits] : Accepted) {
    if (edits.empty())
      continue;
    texts.push_back({file, editedText(Sources.text(file), edits)});
    result.files.push_back(file);
  }
  if (!texts.empty())
    llvm::append_range(texts, Options.newFiles);
  return replaceFiles(texts);
}

} // namespace

llvm::Expected<FixResult> applyFixIts(llvm::ArrayRef<Finding> findings, const FixOptions &options) {
  Fixer fixer(options);
  for (const Finding &finding : findings)
    if (llvm::Error error = fixer.take(finding))
      return error;
  if (llvm::Error error = fixer.write())
    return error;
  return std::move(fixer.result);
}

} // namespace gridlock
