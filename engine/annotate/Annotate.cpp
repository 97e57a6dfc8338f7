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
// changes something, or drops all that is left in the files of the complaint. The
// last two rounds that the limit allows only drop.
//
// In the loop the macros are included first, by force. So in the end Clang is
// asked once more, about the files as they would be on disk; what it objects to
// then is no annotation's fault, and nothing is changed at all.
//
// What stands in the end is therefore checked by Clang, in every unit that was
// given, under the one command that is known for it: each access has the lock,
// but in constructors and in functions that are taken out of the analysis.
//
//===----------------------------------------------------------------------===//

#include "engine/annotate/Annotate.h"
#include "engine/annotate/ClangCheck.h"
#include "engine/annotate/Infer.h"
#include "engine/finding/IncludePlace.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace gridlock::annotate {

using facts::Complaint;
using facts::NamePlace;

namespace {

class Annotator {
public:
  Annotator(const solve::Solution &solution, llvm::ArrayRef<facts::CompileJob> jobs, const Options &options)
      : S(solution), Settings(options), Index(solution), Clang(solution, jobs, Sources, options.threads) {}

  Result run() {
    Made = inferAnnotations(S);
    Result result;
    if (Made.empty())
      return result;
    findPlaces();
    askAboutCode();
    while (answerClang(++result.rounds))
      ;
    dropUnneeded();
    EditsByFile edits = finalEdits();
    for (const auto &[file, own] : edits)
      llvm::append_range(result.edits, own);
    if (std::optional<Complaint> wrong =
            edits.empty() ? std::nullopt : Clang.askAboutResult(edits, Settings.makesHeader ? Settings.header : "")) {
      result.refusal = wrong->at.file + ":" + std::to_string(wrong->at.line) +
                       " would not compile with the annotations: " + wrong->message;
      result.edits.clear();
    }
    result.annotations = std::move(Made);
    return result;
  }

private:
  /// One round. \returns whether there has to be another one.
  bool answerClang(unsigned round) {
    dropOrphans();
    Clang.askAboutEdits(currentEdits());
    std::vector<const Complaint *> fresh = Clang.freshComplaints();
    if (fresh.empty())
      return false;
    Changed = false;
    if (round + 1 < Settings.roundLimit)
      answerAll(fresh);
    if (!Changed)
      for (const Complaint *complaint : fresh)
        giveUpOn(complaint->at.file);
    if (Changed && round < Settings.roundLimit)
      return true;
    for (Annotation &annotation : Made)
      drop(annotation, DropReason::Objection, "Clang objects in " + shown(fresh.front()->at));
    return false;
  }

  //===--- Places -----------------------------------------------------------===//

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
    Clang.forEachUnit([&](CheckedUnit &unit) {
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
        drop(annotation, DropReason::NoPlace, "its declaration has no place for an attribute");
      else if (std::string reason = whyNotHere(annotation); !reason.empty())
        drop(annotation, DropReason::NotOurs, std::move(reason));
  }

  bool hasPlace(const Annotation &annotation) const {
    auto found = Places.find(annotation.name);
    return found != Places.end() && !annotation.text(found->second.parameters).empty();
  }

  std::string whyNotHere(const Annotation &annotation) const {
    return Settings.whyNotChanged(Places.find(annotation.name)->second.at.file);
  }

  //===--- Edits ------------------------------------------------------------===//

  /// All that stands now, as insertions by file.
  EditsByFile currentEdits() const {
    std::map<NamePlace, std::string> texts;
    for (const Annotation &annotation : Made) {
      if (annotation.isDropped())
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
    EditsByFile edits;
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

  /// The insertions, and in each file the include.
  EditsByFile finalEdits() {
    EditsByFile all = currentEdits();
    for (auto &[file, edits] : all)
      if (std::optional<TextEdit> include = includeFor(file))
        edits.insert(edits.begin(), std::move(*include));
    return all;
  }

  std::optional<TextEdit> includeFor(const std::string &file) {
    std::string spelling = Settings.header;
    if (!llvm::StringRef(spelling).starts_with("<"))
      spelling = '"' + pathFrom(llvm::sys::path::parent_path(file), spelling) + '"';
    IncludePlace place = includePlace(Sources, file, spelling);
    if (place.isThere)
      return std::nullopt;
    TextEdit edit;
    edit.begin.file = file;
    edit.begin.line = edit.endLine = place.line ? place.line : lineBehindGuard(file);
    edit.begin.column = edit.endColumn = 1;
    edit.replacement = "#include " + spelling + place.lineEnd.str();
    return edit;
  }

  /// Where an include goes in a file that has none, for all who compile it.
  unsigned lineBehindGuard(const std::string &file) {
    unsigned behind = 1, depth = 0;
    llvm::StringRef guard;
    for (unsigned number = 1, seen = 0, last = Sources.lineCount(file); number <= last; ++number) {
      llvm::StringRef line = Sources.line(file, number).trim();
      if (!line.consume_front("#"))
        continue;
      auto [name, rest] = line.ltrim().split(' ');
      ++seen;
      if (seen == 1 && name == "pragma" && rest.trim() == "once")
        return number + 1;
      if (seen == 1 && name == "ifndef")
        guard = rest.trim();
      if (seen > 1 && !depth)
        return 1; // no conditional around all
      if (seen == 2 && name == "define" && !guard.empty() && rest.trim() == guard)
        behind = number + 1;
      depth += name.starts_with("if");
      depth -= name == "endif" && depth;
    }
    return behind;
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

  /// What Clang cannot check gets no annotations.
  void askAboutCode() {
    std::set<std::string> files;
    for (const Annotation &annotation : Made)
      if (!annotation.isDropped())
        files.insert(Places.find(annotation.name)->second.at.file);
    Clang.askAboutCode(files);
    for (const CheckedUnit &unit : Clang.units())
      if (!unit.canBeChecked)
        for (const std::string &file : unit.files)
          dropIn(file, DropReason::Unchecked, "Clang cannot check " + llvm::sys::path::filename(unit.job->file).str());
  }

  //===--- Answers ----------------------------------------------------------===//

  static bool isAboutAttribute(const Complaint &complaint) {
    return complaint.kind == Complaint::Attribute || complaint.kind == Complaint::Error;
  }

  void answerAll(llvm::ArrayRef<const Complaint *> fresh) {
    // What Clang does not take at all explains much of the rest.
    for (const Complaint *complaint : fresh)
      if (isAboutAttribute(*complaint))
        answer(*complaint);
    bool isExplained = Changed;
    for (const Complaint *complaint : fresh)
      if (!isExplained)
        answer(*complaint);
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
      if (!Made[i].isDropped() && Made[i].kind == kind && Made[i].name == named->second)
        return i;
    return std::nullopt;
  }

  void answerAccess(const Complaint &complaint) {
    std::optional<std::size_t> guard = find(AnnotationKind::GuardedBy, complaint.about);
    if (!guard)
      return;
    if (!require(complaint, *guard))
      drop(Made[*guard], DropReason::LockUnseen, "Clang does not see the lock at " + shown(complaint.at));
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
      drop(annotation, DropReason::LockUnseen, "Clang does not see the lock at " + shown(complaint.at));
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
      if (known.isDropped())
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
    if (!hasPlace(made) || !whyNotHere(made).empty())
      return false;
    made.createdIn = Round;
    Made.push_back(std::move(made));
    return Changed = true;
  }

  /// Clang does not take an attribute that stands here; or, when it complains of
  /// another place, on this line.
  void answerAttribute(const Complaint &complaint) {
    bool isType = llvm::StringRef(complaint.message).contains("'capability' attribute");
    std::string reason = isType ? "the type of its lock is not known to Clang as a lock" : complaint.message;
    auto standsAt = [&](const Annotation &annotation, bool exactly) {
      auto found = Places.find(annotation.name);
      if (annotation.isDropped() || found == Places.end() || (isType && annotation.kind == AnnotationKind::Capability))
        return false;
      const NamePlace &at = found->second.at;
      return exactly ? at == complaint.at : at.file == complaint.at.file && at.line == complaint.at.line;
    };
    bool isExact = llvm::any_of(Made, [&](const Annotation &annotation) { return standsAt(annotation, true); });
    for (Annotation &annotation : Made)
      if (standsAt(annotation, isExact))
        drop(annotation, isType ? DropReason::LockType : DropReason::Objection, reason);
  }

  /// What a function does to a lock does not add up for Clang.
  void answerBalance(const Complaint &complaint) {
    link::FunctionId function = Index.at(complaint.at);
    if (!function)
      return;
    std::size_t because = Made.size();
    for (std::size_t i = 0; i < Made.size(); ++i)
      if (!Made[i].isDropped() && Made[i].kind == AnnotationKind::Capability)
        because = i; // some class that is a lock since now
    bool wasTold = false;
    for (Annotation &known : Made) {
      if (known.isDropped() || known.function != function)
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
      made.kind = kindOf(effect.effect);
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

  void drop(Annotation &annotation, DropReason why, std::string reason) {
    if (annotation.isDropped())
      return;
    Changed = true;
    annotation.why = why;
    annotation.reason = std::move(reason);
  }

  void dropIn(const std::string &file, DropReason why, const std::string &reason) {
    for (Annotation &annotation : Made)
      if (auto found = Places.find(annotation.name); found != Places.end() && found->second.at.file == file)
        drop(annotation, why, reason);
  }

  /// Nothing answers a complaint: nothing stands in its file, nor in any file that
  /// a unit with that file reads.
  void giveUpOn(const std::string &file) {
    for (const CheckedUnit &unit : Clang.units())
      if (unit.files.count(file))
        for (const std::string &other : unit.files)
          dropIn(other, DropReason::Objection, "Clang objects in " + llvm::sys::path::filename(file).str());
  }

  /// What was there only for something that was dropped; and what a dropped
  /// requirement was there for.
  void dropOrphans() {
    ++Round;
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < Made.size(); ++i) {
        Annotation &annotation = Made[i];
        if (annotation.isDropped()) {
          if (annotation.kind != AnnotationKind::Requires)
            continue;
          for (std::size_t reason : annotation.because)
            if (!Made[reason].isDropped()) {
              drop(Made[reason], annotation.why, annotation.reason);
              changed = true;
            }
          continue;
        }
        if (!annotation.because.empty() &&
            llvm::all_of(annotation.because, [&](std::size_t reason) { return Made[reason].isDropped(); })) {
          drop(annotation, DropReason::NotNeeded, "nothing needs it");
          changed = true;
        }
      }
    }
  }

  /// Lock classes alone say nothing that Clang could check.
  void dropUnneeded() {
    dropOrphans();
    bool any = llvm::any_of(Made, [](const Annotation &annotation) {
      return !annotation.isDropped() &&
             (annotation.kind == AnnotationKind::GuardedBy || annotation.kind == AnnotationKind::AcquiredAfter);
    });
    for (Annotation &annotation : Made)
      if (!any)
        drop(annotation, DropReason::NotNeeded, "nothing needs it");
  }

  const solve::Solution &S;
  const Options &Settings;
  FunctionIndex Index;
  SourceCache Sources;
  ClangCheck Clang;
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
