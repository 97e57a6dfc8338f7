//===- Options.h - GRIDLOCK_OPTIONS -----------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The settings of the run time, read once from the environment variable
/// GRIDLOCK_OPTIONS: `name=value` pairs with `:` or a blank between them, as
/// the sanitizers have them. Read-only after `readOptions`.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_OPTIONS_H
#define GRIDLOCK_RUNTIME_OPTIONS_H

namespace gridlock::rt {

struct Options {
  bool enabled = true;
  /// End the process at the first report.
  bool haltOnError = false;
  /// With `halt_on_error`: abort() and leave a core, instead of _exit.
  bool abortOnError = false;
  /// The exit status of a process that reported something; 0 leaves it alone.
  int exitCode = 66;
  /// Reports go to `log_path.PID`; empty: standard error.
  char logPath[512] = {};
  /// The trace goes to this file (`%p` is the process id); empty: no trace.
  char trace[512] = {};
  /// 0 reports only, 1 adds notes at start, 2 adds what is decided silently.
  int verbosity = 0;
  /// How many (thread, locks held) contexts an edge of the graph remembers.
  int history = 8;
  /// How often blocked threads are looked at, in milliseconds; 0: never.
  int watchdogMs = 1000;
  /// Forget locks inside memory that is freed.
  bool trackFree = true;
  /// Report a child wait while the child is blocked on an unread pipe.
  bool pipes = true;
  /// Report calls that block longer than this many milliseconds with a lock
  /// held; 0: do not look.
  int slowMs = 0;
  /// Treat semaphores of value one as locks.
  bool semaphores = true;
  /// A file of `kind:pattern` lines that silence reports.
  char suppressions[512] = {};
  /// A plan of places where threads pause (see Provoke.h); empty: none.
  char provoke[512] = {};
  /// How long a pause lasts at most, in milliseconds.
  int provokeMs = 100;
  /// After a provoked deadlock: 0 exit, 1 abort, 2 hang.
  int provokeEnd = 0;
};

/// Valid after `readOptions`, which the start-up code calls once.
extern Options options;

void readOptions(const char *text);

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_OPTIONS_H
