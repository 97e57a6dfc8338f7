//===- RunCommand.cpp - gridlock run ----------------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Commands.h"
#include "tool/RunProgram.h"

namespace gridlock::tool {

static constexpr OptionSpec RunTable[] = {
    {"--trace-dir", "", "DIR", "keep the traces there, for `graph` and `confirm`"},
    {"--suppressions", "", "FILE", "lines RULE:PATTERN # REASON: reports to hide"},
    {"--fail-on", "", "LEVEL", "note, warning (default) or error: exit status 1 from there on"},
    {"--keep-status", "", "", "always end with the program's own exit status"},
    {"--end-when-stuck", "", "", "end processes that are found in a deadlock"},
    {"--slow", "", "MS", "report calls that block longer than this while a lock is held"},
    {"--runtime", "", "FILE", "the run-time library (default: the one beside this program)"},
};

/// Whether one counts as a failure. \returns how many are hidden in `hidden`.
static bool anyFails(llvm::ArrayRef<Finding> findings, Severity failOn, std::size_t &hidden) {
  bool fails = false;
  hidden = 0;
  for (const Finding &finding : findings) {
    if (!finding.suppressedBy.empty())
      ++hidden;
    else
      fails |= finding.severity >= failOn;
  }
  return fails;
}

static int runRun(const Arguments &arguments) {
  Console console(arguments.has("--quiet"));
  if (!arguments.positional().empty() || arguments.afterSeparator().empty()) {
    console.error("name the program after '--': gridlock run -- ./server --port 8080");
    return ExitError;
  }
  llvm::Expected<Settings> settings = readSettings(arguments);
  if (!settings) {
    console.error(settings.takeError());
    return ExitError;
  }
  std::vector<trace::Suppression> suppressions;
  std::string file = arguments.value("--suppressions").str();
  if (!file.empty()) {
    llvm::Expected<std::vector<trace::Suppression>> read = trace::readSuppressions(file);
    if (!read) {
      console.error(read.takeError());
      return ExitError;
    }
    suppressions = std::move(*read);
  }
  RunRequest request;
  request.command = arguments.afterSeparator();
  request.runtime = arguments.value("--runtime").str();
  request.traceFolder = arguments.value("--trace-dir").str();
  request.endWhenStuck = arguments.has("--end-when-stuck");
  if (arguments.has("--slow")) {
    unsigned milliseconds = 0;
    if (arguments.value("--slow").getAsInteger(10, milliseconds) || !milliseconds) {
      console.error("--slow must be a number of milliseconds from 1 on, not '" + arguments.value("--slow") + "'");
      return ExitError;
    }
    request.options.push_back("slow_ms=" + std::to_string(milliseconds));
  }
  trace::Symbols symbols;
  llvm::Expected<RunResult> result = runProgram(request, *settings, symbols, console);
  if (!result) {
    console.error(result.takeError());
    return ExitError;
  }
  std::vector<Finding> findings = trace::findingsOf(result->traces, symbols);
  trace::suppress(findings, suppressions, file);
  if (llvm::Error error = showRunFindings(findings, *settings)) {
    console.error(std::move(error));
    return ExitError;
  }
  for (const trace::Suppression &suppression : suppressions)
    if (!suppression.used)
      console.note(file + ":" + llvm::Twine(suppression.line) + ": '" + suppression.rule + ":" + suppression.pattern +
                   "' hid nothing in this run");
  for (const std::string &changed : symbols.changedFiles())
    console.warning(changed + " was built again since it ran: its addresses stay as they are");
  std::size_t hidden = 0;
  bool fails = anyFails(findings, settings->configuration.failOn, hidden);
  console.note(counted(findings.size() - hidden, "finding") +
               (hidden ? " (" + std::to_string(hidden) + " hidden)" : std::string()) + " in " +
               coverageOf(result->traces) + "; what did not run was not looked at");
  if (!arguments.has("--keep-status") && fails && result->status == 0)
    return ExitFindings;
  return result->status;
}

CommandSpec runCommand() {
  return {"run",
          "[OPTIONS] -- PROGRAM [ARGUMENT...]",
          "Runs a program under the run-time checker",
          {RunTable, outputOptions()},
          runRun};
}

} // namespace gridlock::tool
