//===- RunProgram.h - A program under the run-time checker ------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Starts a program with the run-time library preloaded, waits for it, and reads
/// the traces that it and its children left. What `run` and `confirm` share.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_TOOL_RUNPROGRAM_H
#define GRIDLOCK_TOOL_RUNPROGRAM_H

#include "engine/trace/Findings.h"
#include "tool/Console.h"
#include "tool/Settings.h"
#include <string>
#include <vector>

namespace gridlock::tool {

struct RunRequest {
  std::vector<std::string> command;
  std::string runtime;              ///< the library; "": found beside this program
  std::string traceFolder;          ///< kept afterwards; "": a temporary one
  std::vector<std::string> options; ///< for GRIDLOCK_OPTIONS, after the user's own
  bool endWhenStuck = false;        ///< end processes that report a deadlock that happened
};

struct RunResult {
  int status = 0; ///< as a shell gives it: 128 + signal when it was killed
  std::vector<trace::Trace> traces;
  std::string traceFolder; ///< "" when it is gone already
};

/// Finds libgridlock_rt.so beside this program, as built or as installed.
llvm::Expected<std::string> findRuntime(const std::string &asked);

/// Runs the command to its end. While it runs, a deadlock that happens is shown
/// at once. `console` is told about what cannot be watched.
llvm::Expected<RunResult> runProgram(const RunRequest &request, const Settings &settings, trace::Symbols &symbols,
                                     Console &console);

/// Reads the traces that are named: files, or folders of them.
llvm::Expected<std::vector<trace::Trace>> readTraces(llvm::ArrayRef<std::string> paths);

/// Shows findings: as text on standard error unless a file is named, as the
/// program itself owns standard output.
llvm::Error showRunFindings(llvm::ArrayRef<Finding> findings, Settings settings);

/// `3 processes, 12 locks, 30 orders of locks`.
std::string coverageOf(llvm::ArrayRef<trace::Trace> traces);

} // namespace gridlock::tool

#endif // GRIDLOCK_TOOL_RUNPROGRAM_H
