//===- Confirm.h - Findings of the analysis and runs ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Joins lock-order cycles that the analysis found with what runs did, by source
/// place: a frame of the run, inlined ones included, at the line where the
/// analysis saw the lock taken. What did not happen in a run may still happen in
/// another one, so no verdict here says that a finding is wrong.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_TRACE_CONFIRM_H
#define GRIDLOCK_ENGINE_TRACE_CONFIRM_H

#include "engine/trace/Merge.h"

namespace gridlock::trace {

enum class Verdict : std::uint8_t {
  Provoked,      ///< the program was steered into this deadlock
  Seen,          ///< all orders were seen, by threads that can meet
  NeverTogether, ///< all orders were seen, but not so that they can meet
  SomeOrders,    ///< at least one order was seen, not all
  NotExecuted,   ///< none was
};

llvm::StringRef toString(Verdict verdict);

struct Confirmation {
  std::size_t finding = 0; ///< into the findings given
  Verdict verdict = Verdict::NotExecuted;
  std::vector<std::string> notes;
  /// For each edge of the finding's cycle, where it was seen.
  std::vector<std::vector<Observation>> edges;
};

struct Confirmed {
  std::vector<Confirmation> confirmations; ///< of the findings with a cycle of locks
  std::vector<Finding> missed;             ///< cycles of runs that no finding is about
};

/// `ofRuns` are the findings of the same traces (`findingsOf`).
Confirmed confirm(llvm::ArrayRef<Finding> findings, llvm::ArrayRef<Finding> ofRuns, const MergedGraph &graph,
                  Symbols &symbols);

/// The plan for the run time (runtime/Provoke.h): the inner places of the edges
/// that were seen, of all cycles worth steering into. Empty when there is none.
std::string provokePlan(const Confirmed &confirmed, const MergedGraph &graph);

/// Whether a cycle that a run reported is the one that a finding is about.
bool isAbout(const Finding &finding, const Finding &ofRun);

} // namespace gridlock::trace

#endif // GRIDLOCK_ENGINE_TRACE_CONFIRM_H
