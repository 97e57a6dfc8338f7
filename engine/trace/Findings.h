//===- Findings.h - Reports of the run time as findings ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Turns what processes reported into findings with source places, so that
/// every output renders them like those of the analysis.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_TRACE_FINDINGS_H
#define GRIDLOCK_ENGINE_TRACE_FINDINGS_H

#include "engine/trace/LockNames.h"

namespace gridlock::trace {

/// The reports of all traces, each defect once however many processes saw it.
/// Sorted and with fingerprints.
std::vector<Finding> findingsOf(llvm::ArrayRef<Trace> traces, Symbols &symbols);

/// The steps of one thread that lead to a stack: the calls, outermost first,
/// then `message` at the innermost place of the program's own. Calls that `last`
/// has in common with it are left out.
void addSteps(ThreadTrace &thread, const Trace &trace, Id stack, const std::string &message,
              const std::vector<std::string> &held, Symbols &symbols, std::vector<SourceFrame> &last);

/// "thread T2 `writer`".
std::string threadTitle(const Trace &trace, Id thread);

/// One entry of a suppression file.
struct Suppression {
  std::string rule;    ///< or `deadlock`: any
  std::string pattern; ///< of a function, file, module or lock; `*` is anything
  std::string reason;
  unsigned line = 0;
  bool used = false;
};

/// Reads lines `RULE:PATTERN`, each with a reason: after ` # ` on the line or in
/// the comment lines before it.
/// \returns an error that names the line without a reason or without a pattern.
llvm::Expected<std::vector<Suppression>> readSuppressions(const std::string &file);

/// Marks the findings that an entry hides, and the entries that did.
void suppress(std::vector<Finding> &findings, std::vector<Suppression> &suppressions, llvm::StringRef file);

} // namespace gridlock::trace

#endif // GRIDLOCK_ENGINE_TRACE_FINDINGS_H
