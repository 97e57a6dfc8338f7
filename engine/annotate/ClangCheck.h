//===- ClangCheck.h - What Clang says of edited files ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Runs Clang's thread-safety analysis over units of which some files have edits
/// that are not on disk, and tells what it did not say before. Called by the
/// annotator.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_ANNOTATE_CLANGCHECK_H
#define GRIDLOCK_ENGINE_ANNOTATE_CLANGCHECK_H

#include "engine/facts/ThreadSafety.h"
#include "engine/finding/SourceCache.h"
#include "engine/finding/TextEdits.h"
#include "engine/solve/Solution.h"
#include "llvm/Support/Parallel.h"
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gridlock::annotate {

/// By file; sorted by place. Only insertions: of words, or of one whole line that
/// comes before all of them.
using EditsByFile = std::map<std::string, std::vector<TextEdit>>;

/// One unit, and what Clang said about it.
struct CheckedUnit {
  const facts::CompileJob *job = nullptr;
  std::set<std::string> files;                          ///< of the project, that it reads
  std::set<std::pair<std::string, std::string>> before; ///< complaints about the code as it is
  bool canBeChecked = true;
  std::string state; ///< the edits of the last run
  facts::SafetyReport report;
};

class ClangCheck {
public:
  /// `threads`: 0 for as many as the machine runs at once. All arguments outlive
  /// the object.
  ClangCheck(const solve::Solution &solution, llvm::ArrayRef<facts::CompileJob> jobs, SourceCache &sources,
             unsigned threads);

  llvm::ArrayRef<CheckedUnit> units() const { return Units; }

  template <class Work> void forEachUnit(Work work) {
    llvm::parallelFor(0, Units.size(), [&](std::size_t i) { work(Units[i]); });
  }

  /// What Clang says about the code as it is, is not about the annotations. Units
  /// that read one of the files only.
  void askAboutCode(const std::set<std::string> &files);

  /// Asks about the edits, with the macros included first. Complaints name places
  /// in the files as they are on disk.
  void askAboutEdits(const EditsByFile &edits);
  std::vector<const facts::Complaint *> freshComplaints() const;

  /// Asks about the edits as they will be on disk: nothing is included but what
  /// they include. `newHeader`, if any, is the file that will have the macros.
  /// \returns the first thing that Clang did not say before; errors come first.
  std::optional<facts::Complaint> askAboutResult(const EditsByFile &edits, const std::string &newHeader);

private:
  std::map<std::string, std::string> textsOf(const EditsByFile &edits);
  bool isFresh(const CheckedUnit &unit, const facts::Complaint &complaint) const;

  SourceCache &Sources;
  std::vector<CheckedUnit> Units;
};

/// The place in the file on disk of a place in the file with the edits.
facts::NamePlace placeBefore(facts::NamePlace place, llvm::ArrayRef<TextEdit> edits);

} // namespace gridlock::annotate

#endif // GRIDLOCK_ENGINE_ANNOTATE_CLANGCHECK_H
