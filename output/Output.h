//===- Output.h - Findings as bytes -----------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The door of the room: findings in, one of the formats out. Nothing here
/// decides what is reported; that is done when findings come here.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_OUTPUT_OUTPUT_H
#define GRIDLOCK_OUTPUT_OUTPUT_H

#include "engine/finding/Finding.h"
#include "engine/finding/RuleInfo.h"
#include "engine/finding/SourceCache.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>
#include <vector>

namespace gridlock::output {

enum class OutputFormat { Text, Json, JsonLines, Sarif, Html, Dot, Github, Gitlab, JUnit };

/// The names that `parseOutputFormat` knows, in the order of the enumeration.
llvm::ArrayRef<llvm::StringLiteral> outputFormatNames();

llvm::StringRef toString(OutputFormat format);

/// Parses `text`, `json`, `jsonl`, `sarif`, `html`, `dot`, `github`, `gitlab`
/// or `junit`.
std::optional<OutputFormat> parseOutputFormat(llvm::StringRef name);

/// What the writers need beside the findings.
struct OutputContext {
  /// An absolute directory; files beneath it are shown relative to it.
  std::string root;
  std::string toolVersion;
  /// All rules that ran, for descriptions. Findings of other rules are fine.
  llvm::ArrayRef<RuleInfo> rules;
  SourceCache &sources;
  /// Escape sequences in `Text`. Whether that is wanted is the caller's to know.
  bool color = false;
  /// Columns of the terminal; 0: as wide as it gets.
  unsigned width = 0;
  /// What the user should know about the run, one line each: units that could
  /// not be analysed. For formats that have a place for it.
  std::vector<std::string> notes = {};
};

/// Writes all findings in the order given. Those with `suppressedBy` set appear
/// only in formats that can mark them as such: SARIF and JSON.
/// \returns an error when `os` is a file and could not be written.
llvm::Error writeFindings(OutputFormat format, llvm::ArrayRef<Finding> findings, const OutputContext &context,
                          llvm::raw_ostream &os);

/// What a JSON report (`OutputFormat::Json`) holds.
struct Report {
  std::string root;
  std::string toolVersion;
  std::vector<std::string> notes;
  std::vector<Finding> findings; ///< suppressed ones last
};

/// Reads a JSON report back, so that it can be written in another format.
/// \returns an error that names the place in the document.
llvm::Expected<Report> readReport(llvm::StringRef json);

} // namespace gridlock::output

#endif // GRIDLOCK_OUTPUT_OUTPUT_H
