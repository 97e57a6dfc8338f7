//===- Annotate.cpp - Locks written into the source -----------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. The solver sees through calls, callbacks and conditions; Clang
// looks at one function at a time and at what is declared. A guard that the
// solver has proved may be nothing but warnings to Clang, and a lock's type may
// be no capability at all.
//
// The answer is a loop. All proposals are put into copies of the files, in
// memory, and Clang's own analysis runs over every unit that sees one of them.
// Each new complaint is answered by what the solver knows of the function where
// it stands: callers that hold the lock make it a requirement; a function that
// takes or gives back a lock on all its ways gets that attribute, one whose ways
// differ is taken out of the analysis; what has no answer drops the guard that
// the complaint is about. Attributes that were there only for a dropped one go
// with it. The loop ends when Clang has nothing new to say, and every round
// changes something, or drops all that is left in the files of the complaint.
//
// What stands in the end is therefore checked by Clang, in every unit that was
// given: each access outside of constructors has the lock.
//
//===----------------------------------------------------------------------===//

#include "engine/annotate/Annotate.h"
#include "engine/annotate/Infer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Parallel.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"
#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace gridlock::annotate {

using facts::Complaint;
using facts::NamePlace;

static constexpr unsigned roundLimit = 24;
/// Where the macros are for Clang while nothing is on disk yet.
static constexpr llvm::StringLiteral virtualHeader = "/gridlock-annotate/thread_safety.h";

namespace {

/// One unit, and what Clang said about it.
struct CheckedUnit {
  const facts::CompileJob *job = nullptr;
  std::set<std::string> files;                          ///< of the project, that it reads
  std::set<std::pair<std::string, std::string>> before; ///< complaints about the code as it is
  bool canBeChecked = true;
  std::string state; ///< the edits of the last run
  facts::SafetyReport report;
};

class Annotator {
public:
  Annotator(const solve::Solution &solution, llvm::ArrayRef<facts::CompileJob> jobs, const Options &options)
      : S(solution), Settings(options), Index(solution) {
    for (link::UnitId id = 0; id < S.program.unitCount(); ++id)
      addUnit(S.program.unit(id), jobs);
  }

  Result run() {
    Made = inferAnnotations(S);
    Result result;
    if (Made.empty())
      return result;
    findPlaces();
    askAboutCode();
    while (result.rounds < roundLimit) {
      dropOrphans();
      ++result.rounds;
      askAboutEdits();
      std::vector<const Complaint *> fresh = freshComplaints();
      if (fresh.empty())
        break;
      Changed = false;
      // What Clang does not take at all explains much of the rest.
      for (const Complaint *complaint : fresh)
        if (isAboutAttribute(*complaint))
          answer(*complaint);
      bool isExplained = Changed;
      for (const Complaint *complaint : fresh)
        if (!isExplained)
          answer(*complaint);
      if (!Changed || result.rounds + 1 == roundLimit)
        for (const Complaint *complaint : fresh)
          giveUpOn(complaint->at.file);
    }
    dropUnneeded();
    for (const CheckedUnit &unit : Units)
      if (!unit.canBeChecked)
        result.unchecked.push_back(unit.job->file);
    result.edits = finalEdits();
    result.annotations = std::move(Made);
    return result;
  }

private:
  //===--- Units and files --------------------------------------------------===//

  void addUnit(const ir::Unit &unit, llvm::ArrayRef<facts::CompileJob> jobs) {
    llvm::StringRef main = unit.strings[unit.files[unit.mainFile].path];
    auto job = llvm::find_if(jobs, [&](const facts::CompileJob &each) { return each.file == main; });
    if (job == jobs.end())
      return;
    CheckedUnit made;
    made.job = &*job;
    for (const ir::File &file : unit.files)
      if (file.path && !(file.flags & ir::FileIsSystem))
        made.files.insert(unit.strings[file.path]);
    made.canBeChecked = unit.errorCount == 0;
    Units.push_back(std::move(made));
  }

  template <class Work> void forEachUnit(Work work) {
    llvm::parallel::strategy =
        Settings.threads ? llvm::hardware_concurrency(Settings.threads) : llvm::hardware_concurrency();
    llvm::parallelFor(0, Units.size(), [&](std::size_t i) { work(Units[i]); });
  }

  /// Places for every declaration that may ever get an attribute.
  void findPlaces() {
    std::set<NamePlace> names;
    for (const Annotation &annotation : Made)
      names.insert(annotation.name);
    for (link::FunctionId id = 1; id < S.program.functionCount(); ++id)
      if (NamePlace name = namePlace(S, id); S.program.function(id).hasBody && !name.file.empty())
        names.insert(name);
    std::vector<NamePlace> list(names.begin(), names.end());
    std::mutex merging;
    forEachUnit([&](CheckedUnit &unit) {
      std::vector<NamePlace> own;
      for (const NamePlace &name : list)
        if (unit.files.count(name.file))
          own.push_back(name);
      std::vector<facts::Insertion> found =
          facts::findInsertions(*unit.job, llvm::vfs::createPhysicalFileSystem(), own);
      std::lock_guard<std::mutex> guard(merging);
      for (std::size_t i = 0; i < own.size(); ++i)
        if (!found[i].at.file.empty())
          Places.try_emplace(own[i], found[i]);
    });
    for (const auto &[name, insertion] : Places)
      Named[insertion.declaration] = name;
    for (Annotation &annotation : Made)
      if (!hasPlace(annotation))
        drop(annotation, "its declaration has no place for an attribute");
  }

  bool hasPlace(const Annotation &annotation) const {
    auto found = Places.find(annotation.name);
    return found != Places.end() && !annotation.text(found->second.parameters).empty();
  }

  //===--- Edits ------------------------------------------------------------===//

  /// All that stands now, as insertions by file.
  std::map<std::string, std::vector<TextEdit>> currentEdits() const {
    std::map<NamePlace, std::string> texts;
    for (const Annotation &annotation : Made) {
      if (annotation.isDropped)
        continue;
      const facts::Insertion &insertion = Places.find(annotation.name)->second;
      std::string &text = texts[insertion.at];
      std::string attribute = annotation.text(insertion.parameters);
      if (llvm::StringRef(text).contains(attribute))
        continue;
      if (text.empty())
        text = insertion.before;
      text += " " + attribute;
    }
    std::map<std::string, std::vector<TextEdit>> edits;
    for (const auto &[place, text] : texts) {
      TextEdit edit;
      edit.begin.file = place.file;
      edit.begin.line = edit.endLine = place.line;
      edit.begin.column = edit.endColumn = place.column;
      edit.replacement = text;
      edits[place.file].push_back(std::move(edit));
    }
    return edits;
  }

  static std::string apply(llvm::StringRef text, llvm::ArrayRef<TextEdit> edits) {
    std::string made;
    std::size_t line = 1, at = 0;
    for (const TextEdit &edit : edits) {
      std::size_t begin = at;
      while (line < edit.begin.line)
        at = text.find('\n', at) + 1, ++line;
      std::size_t lineStart = text.take_front(at).rfind('\n');
      lineStart = lineStart == llvm::StringRef::npos ? 0 : lineStart + 1;
      std::size_t place = lineStart + edit.begin.column - 1;
      made += text.slice(begin, place);
      made += edit.replacement;
      at = place;
    }
    return made + text.substr(at).str();
  }

  /// The insertions, and in each file the include.
  std::vector<TextEdit> finalEdits() {
    std::vector<TextEdit> all;
    for (auto &[file, edits] : currentEdits()) {
      if (std::optional<TextEdit> include = includeFor(file))
        all.push_back(std::move(*include));
      all.insert(all.end(), edits.begin(), edits.end());
    }
    return all;
  }

  std::optional<TextEdit> includeFor(const std::string &file) {
    std::string spelling = Settings.header;
    if (!llvm::StringRef(spelling).starts_with("<"))
      spelling = '"' + pathFrom(llvm::sys::path::parent_path(file), spelling) + '"';
    // In front of the first include; without one, behind the guard.
    unsigned first = 0, guard = 0;
    for (unsigned number = 1, last = Sources.lineCount(file); number <= last; ++number) {
      llvm::StringRef line = Sources.line(file, number).trim();
      if (line.contains("include") && line.contains("thread_safety.h") && line.starts_with("#"))
        return std::nullopt;
      if (!first && line.starts_with("#") && line.drop_front().ltrim().starts_with("include"))
        first = number;
      bool endsGuard =
          line.starts_with("#pragma once") ||
          (line.starts_with("#define") && number > 1 && Sources.line(file, number - 1).ltrim().starts_with("#ifndef"));
      if (!guard && !first && endsGuard)
        guard = number + 1;
    }
    TextEdit edit;
    edit.begin.file = file;
    edit.begin.line = edit.endLine = first ? first : guard ? guard : 1;
    edit.begin.column = edit.endColumn = 1;
    edit.replacement = "#include " + spelling + "\n";
    return edit;
  }

  static std::string pathFrom(llvm::StringRef directory, llvm::StringRef file) {
    llvm::SmallVector<llvm::StringRef, 16> from, to;
    directory.split(from, '/', -1, false);
    file.split(to, '/', -1, false);
    std::size_t common = 0;
    while (common < from.size() && common + 1 < to.size() && from[common] == to[common])
      ++common;
    std::string path;
    for (std::size_t i = common; i < from.size(); ++i)
      path += "../";
    for (std::size_t i = common; i < to.size(); ++i)
      path += (i == common ? "" : "/") + to[i].str();
    return path;
  }

  //===--- Asking Clang -----------------------------------------------------===//

  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> filesWith(const std::map<std::string, std::string> &contents) const {
    auto memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
    memory->addFile(virtualHeader, 0, llvm::MemoryBuffer::getMemBuffer(headerText(), virtualHeader));
    for (const auto &[file, text] : contents)
      memory->addFile(file, 0, llvm::MemoryBuffer::getMemBufferCopy(text, file));
    auto all = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(llvm::vfs::createPhysicalFileSystem());
    all->pushOverlay(memory);
    return all;
  }

  /// What Clang says about the code as it is, is not about the annotations. What
  /// it cannot check gets none.
  void askAboutCode() {
    std::set<std::string> files;
    for (const Annotation &annotation : Made)
      if (!annotation.isDropped)
        files.insert(Places.find(annotation.name)->second.at.file);
    forEachUnit([&](CheckedUnit &unit) {
      if (llvm::none_of(files, [&](const std::string &file) { return unit.files.count(file); }))
        return;
      facts::SafetyReport report = facts::checkThreadSafety(*unit.job, filesWith({}), virtualHeader.str());
      unit.canBeChecked &= report.parsed;
      for (const Complaint &complaint : report.complaints) {
        unit.canBeChecked &= complaint.kind != Complaint::Error;
        unit.before.insert({place(complaint), complaint.message});
      }
    });
    for (const CheckedUnit &unit : Units)
      if (!unit.canBeChecked)
        for (const std::string &file : unit.files)
          dropIn(file, "Clang cannot check " + llvm::sys::path::filename(unit.job->file).str());
  }

  /// Annotations add no lines.
  static std::string place(const Complaint &complaint) {
    return complaint.at.file + ":" + std::to_string(complaint.at.line);
  }

  void askAboutEdits() {
    std::map<std::string, std::string> contents;
    for (auto &[file, edits] : currentEdits())
      contents[file] = apply(Sources.text(file), edits);
    forEachUnit([&](CheckedUnit &unit) {
      std::string state;
      for (const auto &[file, text] : contents)
        if (unit.files.count(file))
          state += text;
      if (state == unit.state)
        return;
      unit.state = std::move(state);
      unit.report = facts::checkThreadSafety(*unit.job, filesWith(contents), virtualHeader.str());
    });
  }

  std::vector<const Complaint *> freshComplaints() const {
    std::vector<const Complaint *> fresh;
    for (const CheckedUnit &unit : Units)
      for (const Complaint &complaint : unit.report.complaints)
        if (!unit.before.count({place(complaint), complaint.message}))
          fresh.push_back(&complaint);
    return fresh;
  }

  //===--- Answers ----------------------------------------------------------===//

  static bool isAboutAttribute(const Complaint &complaint) {
    return complaint.kind == Complaint::Attribute || complaint.kind == Complaint::Error;
  }

  void answer(const Complaint &complaint) {
    switch (complaint.kind) {
    case Complaint::Access:
      return answerAccess(complaint);
    case Complaint::Call:
      return answerCall(complaint);
    case Complaint::Attribute:
    case Complaint::Error:
      return answerAttribute(complaint);
    case Complaint::Balance:
      return answerBalance(complaint);
    }
  }

  /// The row of an annotation that stands, of a kind, on the declaration.
  std::optional<std::size_t> find(AnnotationKind kind, const NamePlace &declaration) const {
    auto named = Named.find(declaration);
    for (std::size_t i = 0; named != Named.end() && i < Made.size(); ++i)
      if (!Made[i].isDropped && Made[i].kind == kind && Made[i].name == named->second)
        return i;
    return std::nullopt;
  }

  void answerAccess(const Complaint &complaint) {
    std::optional<std::size_t> guard = find(AnnotationKind::GuardedBy, complaint.about);
    if (!guard)
      return;
    if (!require(complaint, *guard))
      drop(Made[*guard], "Clang does not see the lock at " + shown(complaint.at));
  }

  void answerCall(const Complaint &complaint) {
    std::optional<std::size_t> requirement = find(AnnotationKind::Requires, complaint.about);
    if (!requirement)
      return;
    Annotation &annotation = Made[*requirement];
    if (complaint.isWrite && !annotation.needsExclusive && !annotation.isShared) {
      annotation.isShared = Changed = true; // readers are enough
      return;
    }
    if (!require(complaint, *requirement))
      drop(annotation, "Clang does not see the lock at " + shown(complaint.at));
  }

  /// The function where the complaint stands needs the lock, and its callers have
  /// it.
  bool require(const Complaint &complaint, std::size_t because) {
    link::FunctionId function = Index.at(complaint.at);
    std::uint32_t lock = Made[because].lock;
    if (!function || complaint.lock.empty() || (S.program.function(function).flags & ir::FunctionIsVirtual) ||
        !callersHoldClass(S, function, lock))
      return false;
    bool writes =
        complaint.isWrite && (Made[because].kind == AnnotationKind::GuardedBy || Made[because].needsExclusive);
    for (Annotation &known : Made) {
      bool isSame = known.kind == AnnotationKind::Requires && known.function == function &&
                    known.arguments.front() == complaint.lock;
      if (!isSame)
        continue;
      if (known.isDropped)
        return false;
      if (!llvm::is_contained(known.because, because)) {
        known.because.push_back(because);
        known.needsExclusive |= writes;
        known.isShared &= !known.needsExclusive;
        return Changed = true;
      }
      if (writes && known.isShared) {
        known.isShared = false;
        known.needsExclusive = true;
        return Changed = true;
      }
      return known.createdIn == Round;
    }
    Annotation made;
    made.kind = AnnotationKind::Requires;
    made.name = namePlace(S, function);
    made.subject = S.functionName(function);
    made.arguments.push_back(complaint.lock);
    made.function = function;
    made.lock = lock;
    made.needsExclusive = writes;
    made.because.push_back(because);
    return add(std::move(made));
  }

  bool add(Annotation made) {
    if (!hasPlace(made))
      return false;
    made.createdIn = Round;
    Made.push_back(std::move(made));
    return Changed = true;
  }

  /// Clang does not take an attribute that stands on this line.
  void answerAttribute(const Complaint &complaint) {
    bool isType = llvm::StringRef(complaint.message).contains("'capability' attribute");
    std::string reason = isType ? "the type of its lock is not known to Clang as a lock" : complaint.message;
    for (Annotation &annotation : Made) {
      auto found = Places.find(annotation.name);
      bool isHere = !annotation.isDropped && found != Places.end() && found->second.at.file == complaint.at.file &&
                    found->second.at.line == complaint.at.line;
      if (isHere && !(isType && annotation.kind == AnnotationKind::Capability))
        drop(annotation, reason);
    }
  }

  /// What a function does to a lock does not add up for Clang.
  void answerBalance(const Complaint &complaint) {
    link::FunctionId function = Index.at(complaint.at);
    if (!function)
      return;
    std::size_t because = Made.size();
    for (std::size_t i = 0; i < Made.size(); ++i)
      if (!Made[i].isDropped && Made[i].kind == AnnotationKind::Capability)
        because = i; // some class that is a lock since now
    bool wasTold = false;
    for (Annotation &known : Made) {
      if (known.isDropped || known.function != function)
        continue;
      if (known.kind == AnnotationKind::NoAnalysis)
        return;
      if (known.kind == AnnotationKind::Acquire || known.kind == AnnotationKind::Release ||
          known.kind == AnnotationKind::TryAcquire)
        wasTold = true;
    }
    Annotation made;
    made.name = namePlace(S, function);
    made.subject = S.functionName(function);
    made.function = function;
    if (because < Made.size())
      made.because.push_back(because);
    made.kind = AnnotationKind::NoAnalysis;
    FunctionEffect effect = effectOf(S, function);
    if (!wasTold && !complaint.lock.empty() && effect.effect != LockEffect::None &&
        effect.effect != LockEffect::Mixed) {
      made.kind = effect.effect == LockEffect::Acquires   ? AnnotationKind::Acquire
                  : effect.effect == LockEffect::Releases ? AnnotationKind::Release
                                                          : AnnotationKind::TryAcquire;
      made.isShared = effect.isShared;
      if (effect.effect == LockEffect::Tries)
        made.arguments.push_back(effect.success);
      made.arguments.push_back(complaint.lock);
    }
    add(std::move(made));
  }

  //===--- Dropping ---------------------------------------------------------===//

  static std::string shown(const NamePlace &place) {
    return llvm::sys::path::filename(place.file).str() + ":" + std::to_string(place.line);
  }

  void drop(Annotation &annotation, std::string reason) {
    if (annotation.isDropped)
      return;
    annotation.isDropped = Changed = true;
    annotation.reason = std::move(reason);
  }

  void dropIn(const std::string &file, const std::string &reason) {
    for (Annotation &annotation : Made)
      if (auto found = Places.find(annotation.name); found != Places.end() && found->second.at.file == file)
        drop(annotation, reason);
  }

  /// Nothing answers a complaint: nothing stands in its file, nor in any file that
  /// a unit with that file reads.
  void giveUpOn(const std::string &file) {
    for (const CheckedUnit &unit : Units)
      if (unit.files.count(file))
        for (const std::string &other : unit.files)
          dropIn(other, "Clang objects in " + llvm::sys::path::filename(file).str());
  }

  /// What was there only for something that was dropped; and what a dropped
  /// requirement was there for.
  void dropOrphans() {
    ++Round;
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < Made.size(); ++i) {
        Annotation &annotation = Made[i];
        if (annotation.isDropped) {
          if (annotation.kind != AnnotationKind::Requires)
            continue;
          for (std::size_t reason : annotation.because)
            if (!Made[reason].isDropped) {
              drop(Made[reason], annotation.reason);
              changed = true;
            }
          continue;
        }
        if (!annotation.because.empty() &&
            llvm::all_of(annotation.because, [&](std::size_t reason) { return Made[reason].isDropped; })) {
          drop(annotation, "nothing needs it");
          changed = true;
        }
      }
    }
  }

  /// Lock classes alone say nothing that Clang could check.
  void dropUnneeded() {
    dropOrphans();
    bool any = llvm::any_of(Made, [](const Annotation &annotation) {
      return !annotation.isDropped &&
             (annotation.kind == AnnotationKind::GuardedBy || annotation.kind == AnnotationKind::AcquiredAfter);
    });
    for (Annotation &annotation : Made)
      if (!any)
        drop(annotation, "nothing needs it");
  }

  const solve::Solution &S;
  const Options &Settings;
  FunctionIndex Index;
  SourceCache Sources;
  std::vector<CheckedUnit> Units;
  std::vector<Annotation> Made;
  std::map<NamePlace, facts::Insertion> Places; ///< by any name of the declaration
  std::map<NamePlace, NamePlace> Named;         ///< ... by its first declaration
  bool Changed = false;
  unsigned Round = 0;
};

} // namespace

Result annotate(const solve::Solution &solution, llvm::ArrayRef<facts::CompileJob> jobs, const Options &options) {
  return Annotator(solution, jobs, options).run();
}

} // namespace gridlock::annotate
