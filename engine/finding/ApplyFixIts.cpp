//===- ApplyFixIts.cpp - Changing files as findings propose -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/finding/ApplyFixIts.h"
#include "engine/finding/SourceCache.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

namespace gridlock {

namespace {

/// An edit in bytes of its file: [begin, end) becomes `text`.
struct ByteEdit {
  std::size_t begin = 0, end = 0;
  llvm::StringRef text;
  friend bool operator==(const ByteEdit &, const ByteEdit &) = default;
};

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
  llvm::Expected<std::size_t> offsetOf(const std::string &file, unsigned line, unsigned column);
  llvm::Error takeFix(const FixIt &fix);

  const FixOptions &Options;
  SourceCache Sources;
  EditsByFile Accepted;
};

llvm::Expected<std::size_t> Fixer::offsetOf(const std::string &file, unsigned line, unsigned column) {
  if (!Sources.isReadable(file))
    return llvm::createStringError("cannot fix %s: it cannot be read", file.c_str());
  llvm::StringRef text = Sources.text(file), lineText = Sources.line(file, line);
  // Behind the last line there is one more place: the end of the file.
  bool isEnd = line == Sources.lineCount(file) + 1 && column == 1;
  if (isEnd)
    return text.size();
  if (line == 0 || column == 0 || line > Sources.lineCount(file) || column > lineText.size() + 1)
    return llvm::createStringError("cannot fix %s: it has no place %u:%u; it has changed since it was analysed",
                                   file.c_str(), line, column);
  return static_cast<std::size_t>(lineText.data() - text.data()) + column - 1;
}

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
    llvm::Expected<std::size_t> begin = offsetOf(file, edit.begin.line, edit.begin.column);
    if (!begin)
      return begin.takeError();
    llvm::Expected<std::size_t> end = offsetOf(file, edit.endLine, edit.endColumn);
    if (!end)
      return end.takeError();
    if (*end < *begin)
      return llvm::createStringError("cannot fix %s: an edit ends before it begins", file.c_str());
    ByteEdit made{*begin, *end, edit.replacement};
    const std::vector<ByteEdit> &others = Accepted[file];
    if (llvm::is_contained(others, made))
      continue;
    auto clashes = [&](const ByteEdit &other) { return overlap(made, other); };
    if (llvm::any_of(others, clashes) ||
        llvm::any_of(fresh, [&](const auto &other) { return other.first == file && clashes(other.second); })) {
      ++result.overlapping;
      return llvm::Error::success();
    }
    fresh.emplace_back(file, made);
  }
  for (auto &[file, edit] : fresh) {
    std::vector<ByteEdit> &edits = Accepted[file];
    edits.insert(llvm::upper_bound(edits, edit, [](const auto &a, const auto &b) { return a.begin < b.begin; }), edit);
  }
  ++result.applied;
  return llvm::Error::success();
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

/// Writes a sibling and renames it over the file. A symbolic link keeps
/// pointing, the file keeps its mode.
llvm::Error replaceFile(llvm::StringRef file, llvm::StringRef text) {
  auto fail = [&](std::error_code code) {
    return llvm::createStringError(code, "cannot fix " + file + ": " + code.message());
  };
  llvm::SmallString<256> real;
  if (std::error_code code = llvm::sys::fs::real_path(file, real))
    return fail(code);
  llvm::ErrorOr<llvm::sys::fs::perms> mode = llvm::sys::fs::getPermissions(real);
  if (!mode)
    return fail(mode.getError());
  llvm::Expected<llvm::sys::fs::TempFile> temporary = llvm::sys::fs::TempFile::create(real + ".%%%%%%");
  if (!temporary)
    return temporary.takeError();
  llvm::raw_fd_ostream os(temporary->FD, /*shouldClose=*/false);
  os << text;
  os.flush();
  std::error_code code = os.error();
  os.clear_error();
  if (!code)
    code = llvm::sys::fs::setPermissions(temporary->FD, *mode);
  if (code)
    return llvm::joinErrors(fail(code), temporary->discard());
  return temporary->keep(real);
}

llvm::Error Fixer::write() {
  for (const auto &[file, edits] : Accepted) {
    if (edits.empty())
      continue;
    if (llvm::Error error = replaceFile(file, editedText(Sources.text(file), edits)))
      return error;
    result.files.push_back(file);
  }
  return llvm::Error::success();
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
