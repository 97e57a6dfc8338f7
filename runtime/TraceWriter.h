//===- TraceWriter.h - Appends to the trace ---------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes the records of Trace.h, when the option `trace` names a file. Each
/// function is cheap when there is no trace. Any thread that is marked busy;
/// with or without the graph's lock.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_TRACEWRITER_H
#define GRIDLOCK_RUNTIME_TRACEWRITER_H

#include "runtime/Graph.h"

namespace gridlock::rt {

enum class Problem : std::uint8_t;

/// Opens the trace of this process. After a fork, `parent` is the process that
/// forked; the child gets a file of its own.
void openTrace(std::uint32_t parent);

/// Writes the edge with one context, and before it what it names.
void traceEdge(const Edge &edge, const Context &context);
/// All edges of an entry of the journal.
void traceWrittenDown(const JournalEntry &entry);

/// A stack of a report, with what the text says before it.
struct ReportPart {
  std::uint32_t begin, end; ///< in the text
  std::uint32_t stack, thread, lock;
};
void traceReport(Problem problem, const char *text, std::size_t bytes, const ReportPart *parts, unsigned count);

/// Counts a wait of a thread that is about to block. Any thread, without a lock.
void countWait(bool known);
/// Takes one back that turned out not to block, on a bare futex.
void uncountWait();
/// How many there were in this process: known, unknown.
std::uint64_t waitsCounted(bool known);

InternalLock &traceLock();

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_TRACEWRITER_H
