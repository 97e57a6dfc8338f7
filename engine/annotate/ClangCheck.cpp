//===- ClangCheck.cpp - What Clang says of edited files -------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/annotate/ClangCheck.h"
#include "engine/annotate/Annotate.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Threading.h"

namespace gridlock::annotate {

using facts::Complaint;
using facts::NamePlace;

/// Where the macros are for Clang while nothing is on disk yet.
static constexpr llvm::StringLiteral virtualHeader = "/gridlock-annotate/thread_safety.h";

static llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> filesWith(const std::map<std::string, std::string> &contents) {
  auto memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  memory->addFile(virtualHeader, 0, llvm::MemoryBuffer::getMemBuffer(headerText(), virtualHeader));
  for (const auto &[file, text] : contents)
    memory->addFile(file, 0, llvm::MemoryBuffer::getMemBufferCopy(text, file));
  auto all = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(llvm::vfs::createPhysicalFileSystem());
  all->pushOverlay(memory);
  return all;
}

NamePlace placeBefore(NamePlace place, llvm::ArrayRef<TextEdit> edits) {
  unsigned shift = 0;
  for (const TextEdit &edit : edits) {
    auto length = unsigned(edit.replacement.size());
    if (edit.replacement.ends_with("\n")) {
      place.line -= place.line > edit.begin.line;
      continue;
    }
    if (edit.begin.line != place.line || place.column < edit.begin.column + shift)
      continue;
    if (place.column < edit.begin.column + shift + length) {
      place.column = edit.begin.column; // in the insertion
      return place;
    }
    shift += length;
  }
  place.column -= shift;
  return place;
}

static void nameOldPlaces(facts::SafetyReport &report, const EditsByFile &edits) {
  for (Complaint &complaint : report.complaints)
    for (NamePlace *place : {&complaint.at, &complaint.about})
      if (auto found = edits.find(place->file); found != edits.end())
        *place = placeBefore(*place, found->second);
}

static std::string lineOf(const Complaint &complaint) {
  return complaint.at.file + ":" + std::to_string(complaint.at.line);
}

ClangCheck::ClangCheck(const solve::Solution &solution, llvm::ArrayRef<facts::CompileJob> jobs, SourceCache &sources,
                       unsigned threads)
    : Sources(sources) {
  llvm::parallel::strategy = threads ? llvm::hardware_concurrency(threads) : llvm::hardware_concurrency();
  for (link::UnitId id = 0; id < solution.program.unitCount(); ++id) {
    const ir::Unit &unit = solution.program.unit(id);
    llvm::StringRef main = unit.strings[unit.files[unit.mainFile].path];
    const auto *job = llvm::find_if(jobs, [&](const facts::CompileJob &each) { return each.file == main; });
    if (job == jobs.end())
      continue;
    CheckedUnit made;
    made.job = job;
    for (const ir::File &file : unit.files)
      if (file.path && !(file.flags & ir::FileIsSystem))
        made.files.insert(unit.strings[file.path]);
    made.canBeChecked = unit.errorCount == 0;
    Units.push_back(std::move(made));
  }
}

void ClangCheck::askAboutCode(const std::set<std::string> &files) {
  forEachUnit([&](CheckedUnit &unit) {
    if (llvm::none_of(files, [&](const std::string &file) { return unit.files.count(file); }))
      return;
    facts::SafetyReport report = facts::checkThreadSafety(*unit.job, filesWith({}), virtualHeader.str());
    unit.canBeChecked &= report.parsed;
    for (const Complaint &complaint : report.complaints) {
      unit.canBeChecked &= complaint.kind != Complaint::Error;
      unit.before.insert({lineOf(complaint), complaint.message});
    }
  });
}

std::map<std::string, std::string> ClangCheck::textsOf(const EditsByFile &edits) {
  std::map<std::string, std::string> texts;
  for (const auto &[file, own] : edits) {
    std::vector<ByteEdit> bytes;
    for (const TextEdit &edit : own)
      if (llvm::Expected<ByteEdit> made = byteEdit(Sources, edit))
        bytes.push_back(*made);
      else
        llvm::consumeError(made.takeError()); // the file has gone: whoever writes it will say so
    texts[file] = editedText(Sources.text(file), bytes);
  }
  return texts;
}

void ClangCheck::askAboutEdits(const EditsByFile &edits) {
  std::map<std::string, std::string> texts = textsOf(edits);
  forEachUnit([&](CheckedUnit &unit) {
    std::string state;
    for (const auto &[file, text] : texts)
      if (unit.files.count(file))
        state += text;
    if (state == unit.state)
      return;
    unit.state = std::move(state);
    unit.report = facts::checkThreadSafety(*unit.job, filesWith(texts), virtualHeader.str());
    nameOldPlaces(unit.report, edits);
  });
}

bool ClangCheck::isFresh(const CheckedUnit &unit, const Complaint &complaint) const {
  return !unit.before.count({lineOf(complaint), complaint.message});
}

std::vector<const Complaint *> ClangCheck::freshComplaints() const {
  std::vector<const Complaint *> fresh;
  for (const CheckedUnit &unit : Units)
    for (const Complaint &complaint : unit.report.complaints)
      if (isFresh(unit, complaint))
        fresh.push_back(&complaint);
  return fresh;
}

std::optional<Complaint> ClangCheck::askAboutResult(const EditsByFile &edits, const std::string &newHeader) {
  std::map<std::string, std::string> texts = textsOf(edits);
  if (!newHeader.empty())
    texts[newHeader] = headerText().str();
  forEachUnit([&](CheckedUnit &unit) {
    unit.report = {};
    bool isConcerned = llvm::any_of(edits, [&](const auto &entry) { return unit.files.count(entry.first); });
    if (!isConcerned || !unit.canBeChecked)
      return;
    unit.report = facts::checkThreadSafety(*unit.job, filesWith(texts), "");
    if (!unit.report.parsed && unit.report.complaints.empty()) {
      unit.report.complaints.emplace_back();
      unit.report.complaints.back().at.file = unit.job->file;
      unit.report.complaints.back().message = "the file cannot be parsed";
    }
    nameOldPlaces(unit.report, edits);
  });
  std::vector<const Complaint *> fresh = freshComplaints();
  auto worst = llvm::find_if(fresh, [](const Complaint *each) { return each->kind == Complaint::Error; });
  if (worst == fresh.end())
    worst = fresh.begin();
  return worst == fresh.end() ? std::nullopt : std::optional(**worst);
}

} // namespace gridlock::annotate
