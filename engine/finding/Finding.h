//===- Finding.h - What a rule reports --------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A finding: plain data that every output and every front end renders. Rules
/// build it, `engine/suppress` hides it, `output/` writes it. Values only; safe
/// to copy to any thread.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FINDING_FINDING_H
#define GRIDLOCK_ENGINE_FINDING_FINDING_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gridlock {

/// How bad the defect is if it is real. See docs for what each means.
enum class Severity : std::uint8_t { Note, Warning, Error };

/// How much was assumed: high needs proof of every step; medium assumed that
/// two names may mean one object, or that an entry point is called from several
/// threads; low more than one such assumption.
enum class Confidence : std::uint8_t { Low, Medium, High };

/// A place in a source file. Lines and columns count from 1; 0 is "unknown".
/// Columns count bytes.
struct SourceLocation {
  std::string file; ///< absolute
  unsigned line = 0;
  unsigned column = 0;
  unsigned endColumn = 0; ///< one past the last byte on the same line, or 0
  std::string macro;      ///< the macro whose expansion this is, or empty
  friend bool operator==(const SourceLocation &, const SourceLocation &) = default;
  friend auto operator<=>(const SourceLocation &, const SourceLocation &) = default;
};

/// One step of one thread's way to the defect.
struct TraceStep {
  SourceLocation location;
  std::string message;           ///< "calls `Account::balance`"
  std::vector<std::string> held; ///< locks held at this point, in order taken
  unsigned depth = 0;            ///< call depth, for indentation
  std::string function;          ///< the function that contains the step
};

/// What one thread does.
struct ThreadTrace {
  std::string title; ///< "Thread 1: started at main.cpp:12 (`worker`)"
  std::vector<TraceStep> steps;
};

/// A further place worth showing: a declaration, where a lock was made.
struct RelatedLocation {
  SourceLocation location;
  std::string message;
};

/// One edit. An insertion has equal ends.
struct TextEdit {
  SourceLocation begin; ///< inclusive
  unsigned endLine = 0;
  unsigned endColumn = 0; ///< exclusive
  std::string replacement;
};

struct FixIt {
  std::string title;
  bool safe = false; ///< keeps the meaning but for the defect
  std::vector<TextEdit> edits;
};

/// One edge of a cycle of resources: the thread takes (or waits for) `to` while
/// it holds `from`.
struct CycleEdge {
  std::string from;
  std::string to;
  unsigned thread = 0; ///< into `Finding::threads`
  friend bool operator==(const CycleEdge &, const CycleEdge &) = default;
};

struct Finding {
  std::string rule;    ///< `lock-order-inversion`
  std::string message; ///< one sentence that names the bad thing
  std::string help;    ///< how to fix it, one sentence
  Severity severity = Severity::Warning;
  Confidence confidence = Confidence::Medium;
  SourceLocation location;
  std::vector<ThreadTrace> threads;
  std::vector<RelatedLocation> related;
  std::vector<FixIt> fixIts;
  /// The cycle that the finding is about, if it is about one: each edge's `to`
  /// is the next one's `from`. Drawn by the outputs that can draw.
  std::vector<CycleEdge> cycle;
  /// Names that identify the defect but not its place: locks, functions. With
  /// the rule and the file's name they make the fingerprint.
  std::vector<std::string> identity;
  /// What was assumed; one sentence each. Shown with confidence.
  std::vector<std::string> assumptions;
  /// 16 hex digits that survive line moves; set by `assignFingerprints`.
  std::string fingerprint;
  /// Why it is hidden (`NOLINT`, baseline, ...); empty: it is shown.
  std::string suppressedBy;
};

/// Sorts by place, drops equal findings, and gives each a fingerprint from
/// rule, file name and identity, numbered when two would be equal.
/// O(n log n).
void finalizeFindings(std::vector<Finding> &findings);

std::string_view toString(Severity severity);
std::string_view toString(Confidence confidence);
/// Parses `note`, `warning`, `error`; false when it is none of them.
bool parseSeverity(std::string_view text, Severity &severity);
/// Parses `low`, `medium`, `high`; false when it is none of them.
bool parseConfidence(std::string_view text, Confidence &confidence);

} // namespace gridlock

#endif // GRIDLOCK_ENGINE_FINDING_FINDING_H
