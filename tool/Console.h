//===- Console.h - What the user sees on standard error ---------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Notes, errors and progress, all on standard error, so that standard output
/// holds nothing but findings.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_TOOL_CONSOLE_H
#define GRIDLOCK_TOOL_CONSOLE_H

#include "engine/run/Scheduler.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace gridlock::tool {

/// The exit status of every subcommand.
enum ExitStatus : int {
  ExitClean = 0,      ///< nothing at or above `--fail-on`
  ExitFindings = 1,   ///< findings
  ExitError = 2,      ///< usage, configuration, or an internal error
  ExitIncomplete = 3, ///< `--strict`, and a unit could not be analysed
};

/// Not to be used on several threads at once; the scheduler calls observers
/// one at a time.
class Console : public run::Observer {
public:
  explicit Console(bool quiet);
  ~Console() override { clearProgress(); }

  /// `gridlock: error: ...`; shown with `--quiet` too.
  void error(const llvm::Twine &message);
  void error(llvm::Error error);
  void warning(const llvm::Twine &message);
  void note(const llvm::Twine &message);

  /// One line that the next one replaces. Only on a terminal.
  void progress(const llvm::Twine &message);
  void clearProgress();

  void finished(const facts::CompileJob &job, const run::UnitResult &result, std::size_t done,
                std::size_t total) override;

private:
  void line(llvm::StringRef kind, const llvm::Twine &message);

  bool Quiet;
  unsigned Width; ///< of the terminal; 0: there is none
  bool ProgressShown = false;
};

/// `3 units`, `1 unit`.
std::string counted(std::size_t count, llvm::StringRef singular);

/// `path` relative to the current directory when it lies below it.
std::string shownPath(llvm::StringRef path);

} // namespace gridlock::tool

#endif // GRIDLOCK_TOOL_CONSOLE_H
