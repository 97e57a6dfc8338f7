//===- ProgramCheck.h - Units to findings, without a console ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What every adapter does once it has units: link, solve, run the rules that
/// the configuration leaves on, and drop what it does not want. Prints nothing
/// and keeps no state; calls on several threads are safe.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_UNIT_PROGRAMCHECK_H
#define GRIDLOCK_INTEGRATIONS_UNIT_PROGRAMCHECK_H

#include "engine/finding/Finding.h"
#include "engine/finding/SourceCache.h"
#include "engine/link/Program.h"
#include "engine/solve/Solution.h"
#include "engine/summary/Ir.h"
#include "engine/suppress/Configuration.h"
#include "models/Model.h"
#include "llvm/Support/Error.h"
#include <atomic>
#include <memory>
#include <vector>

namespace gridlock::integrations {

/// The nearest `.gridlock.yaml` above a file; the defaults when there is none.
llvm::Expected<suppress::Configuration> configurationFor(llvm::StringRef file);

/// The built-in models and those that the configuration names.
llvm::Expected<std::unique_ptr<model::Models>> modelsFor(const suppress::Configuration &configuration);

struct ProgramUnits {
  std::vector<std::shared_ptr<const ir::Unit>> units;
  std::vector<link::LinkedSources> programs; ///< empty: the build does not say
};

struct CheckedProgram {
  std::unique_ptr<link::Program> program;
  std::unique_ptr<solve::Solution> solution; ///< refers to `program`; null: cancelled
  std::vector<Finding> findings;
};

/// Links, solves and runs the rules. `models` must outlive the result. Whoever
/// may meet crashes calls it through `run::runGuarded`. Another thread may set
/// `cancelled`; then the result has no solution, and its findings mean nothing.
/// Cost: that of solving the units.
llvm::Expected<CheckedProgram> checkProgram(ProgramUnits input, const model::Models &models,
                                            const suppress::Configuration &configuration,
                                            const std::atomic<bool> *cancelled = nullptr);

/// Takes away the findings that a NOLINT comment hides.
void hideCommented(std::vector<Finding> &findings, SourceCache &sources);

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_UNIT_PROGRAMCHECK_H
