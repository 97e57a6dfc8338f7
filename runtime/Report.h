//===- Report.h - What the run time tells the user --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reports: composed in one fixed buffer, deduplicated by kind and call sites,
/// checked against the suppressions, and written with one `write`, so that they
/// survive whatever happens next.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_REPORT_H
#define GRIDLOCK_RUNTIME_REPORT_H

#include "runtime/Graph.h"
#include "runtime/Writer.h"

namespace gridlock::rt {

enum class Problem : std::uint8_t {
  LockOrderInversion,
  SelfLock,
  UnlockNotOwner,
  UnlockNotLocked,
  DestroyHeld,
  ThreadExitHolding,
  ForkedLock,
  WaitHoldingLock,
  WaitWithoutLock,
  JoinHoldingLock,
  JoinSelf,
  Deadlock,
  AllThreadsBlocked,
  PipeDeadlock,
  RankViolation,
  SlowCall,
};

/// "lock-order-inversion" and so on: what the last line in brackets, the
/// suppressions and the trace call it.
const char *problemName(Problem problem);

/// One report under construction. Holds the report lock from construction to
/// `finish`; a thread makes one at a time. The caller may hold the graph's lock
/// (the report's is always taken after it), never a module's or a stack's.
class Report {
public:
  Report(Problem problem, const char *headline);
  Report(const Report &) = delete;
  Report &operator=(const Report &) = delete;

  Writer &out() { return Text; }
  /// "mutex `queue_lock` (0x7f...)".
  Report &lock(const Lock &lock);
  /// "thread T2 `worker` (tid 17)".
  Report &thread(const ThreadRecord &record);
  /// The frames, one a line. The stack counts for deduplication.
  Report &stack(std::uint32_t stored);
  Report &line(const char *text);

  /// The last paragraph says what helps. Returns false when this very problem
  /// was told before or is suppressed; then nothing was written.
  /// Ends the process when the options say so.
  bool finish(const char *help);

private:
  void writeFrames(std::uint32_t stored);

  Writer &Text;
  Problem Kind;
  std::uint64_t Signature;
  bool Suppressed = false;
};

void reportCycle(const CycleStep *steps, unsigned count);

/// Whether this key was never given before. Keys and the signatures of reports
/// share one bounded table; when it is full, nothing is new.
bool rememberReport(std::uint64_t key);

/// Opens `log_path` and reads the suppressions. At start and after a fork.
void openReports();
int reportDescriptor();
unsigned reportCount();

InternalLock &reportLock();

/// Program-wide callback for each report (annotate.h).
using ReportCallback = void (*)(const char *kind, const char *text, std::size_t bytes, void *argument);
void setReportCallback(ReportCallback callback, void *argument);

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_REPORT_H
