//===- SampleReport.h - Findings and sources for the tests ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A small made-up report that uses every member of `Finding`, over sources that
/// exist in memory only.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_TESTS_OUTPUT_SAMPLEREPORT_H
#define GRIDLOCK_TESTS_OUTPUT_SAMPLEREPORT_H

#include "output/Output.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace gridlock::output {

struct SampleReport {
  SampleReport();
  OutputContext context() {
    return {.root = "/project", .toolVersion = "1.2.3", .rules = rules, .sources = sources, .notes = notes};
  }
  std::string render(OutputFormat format) { return render(format, findings, context()); }
  static std::string render(OutputFormat format, llvm::ArrayRef<Finding> findings, const OutputContext &context);

  std::vector<RuleInfo> rules;
  SourceCache sources;
  std::vector<std::string> notes;
  /// A lock-order cycle of two threads, a race with a fix, a note outside the
  /// root, and a suppressed one.
  std::vector<Finding> findings;
};

/// Compares with `golden/<name>`; with GRIDLOCK_UPDATE_GOLDEN set in the
/// environment, writes that file instead.
void expectGolden(llvm::StringRef name, llvm::StringRef actual);

/// Parses, or fails the test and returns null.
llvm::json::Value parseJson(llvm::StringRef text);

} // namespace gridlock::output

#endif // GRIDLOCK_TESTS_OUTPUT_SAMPLEREPORT_H
