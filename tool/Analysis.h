//===- Analysis.h - From units to findings ----------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The steps that `check`, `link`, `baseline` and `explain` share, in the order
/// in which they are done. Each step tells the console what the user should
/// know, and carries on with what is left where that makes sense.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_TOOL_ANALYSIS_H
#define GRIDLOCK_TOOL_ANALYSIS_H

#include "engine/link/Program.h"
#include "engine/solve/Solution.h"
#include "engine/summary/Ir.h"
#include "models/Model.h"
#include "tool/Console.h"
#include "tool/Settings.h"
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace gridlock::tool {

/// The units of a run, and what went wrong with the others.
struct Units {
  std::vector<std::shared_ptr<const ir::Unit>> parsed;
  std::size_t total = 0;
  std::size_t unclean = 0;                   ///< not parsed, or with errors
  bool hadErrors = false;                    ///< something that was asked for could not be served
  std::vector<std::string> notes;            ///< about unclean units, for reports
  std::vector<link::LinkedSources> programs; ///< what the build links together
};

/// Prints how long each step took when `--stats` asks for it.
class Stopwatch {
public:
  Stopwatch(bool enabled, Console &console) : Enabled(enabled), Output(console) {}
  /// Ends the step that ran since the last call.
  void lap(llvm::StringRef step, const llvm::Twine &details = "");

private:
  bool Enabled;
  Console &Output;
  std::chrono::steady_clock::time_point Last = std::chrono::steady_clock::now();
};

/// The built-in models and the user's.
llvm::Expected<std::unique_ptr<model::Models>> loadModels(const Settings &settings);

/// Finds the compile commands and extracts their units.
llvm::Expected<Units> extractUnits(const compile_db::Request &request, const Settings &settings, Console &console,
                                   Stopwatch &watch);

/// Reads units that `gridlock extract` stored.
Units readUnits(llvm::ArrayRef<std::string> files, Console &console);

struct Solved {
  std::unique_ptr<link::Program> program;
  std::unique_ptr<solve::Solution> solution;
};

/// Links and solves. `models` must outlive the result. With `keepsGuarded` the
/// solution tells what locks guard, too, whatever rules are on.
llvm::Expected<Solved> solveUnits(const Units &units, const model::Models &models, const Settings &settings,
                                  Stopwatch &watch, bool keepsGuarded = false);

/// Runs the rules that are on. A rule that crashes is an error of its own; the
/// findings of the others stand.
std::vector<Finding> runRules(const solve::Solution &solution, const Settings &settings, Units &units, Console &console,
                              Stopwatch &watch);

/// Drops and hides what the user does not want to see.
llvm::Error hideFindings(std::vector<Finding> &findings, const Units &units, const Settings &settings,
                         SourceCache &sources, Console &console);

/// Everything from units to findings that are ready to be shown.
llvm::Expected<std::vector<Finding>> analyse(Units &units, const Settings &settings, SourceCache &sources,
                                             Console &console, Stopwatch &watch);

/// Writes all outputs that were asked for.
llvm::Error writeOutputs(llvm::ArrayRef<Finding> findings, const Units &units, const Settings &settings,
                         SourceCache &sources);

/// Analyses the units, shows the findings, and sums up.
/// \returns the exit status.
int reportOn(Units &units, const Settings &settings, Console &console, Stopwatch &watch);

} // namespace gridlock::tool

#endif // GRIDLOCK_TOOL_ANALYSIS_H
