//===- CheckCommand.cpp - gridlock check ------------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Analysis.h"
#include "tool/Commands.h"

namespace gridlock::tool {

static constexpr OptionSpec FixTable[] = {
    {"--fix", "", "", "apply the fixes that keep the meaning of the code"},
    {"--unsafe", "", "", "with --fix: apply the others too"},
};

static int runCheck(const Arguments &arguments) {
  Console console(arguments.has("--quiet"));
  llvm::Expected<Settings> settings = readSettings(arguments);
  if (!settings) {
    console.error(settings.takeError());
    return ExitError;
  }
  if (arguments.has("--show-config")) {
    suppress::showConfiguration(settings->configuration, llvm::outs());
    return ExitClean;
  }
  Stopwatch watch(settings->stats, console);
  llvm::Expected<Units> units = extractUnits(readRequest(arguments), *settings, console, watch);
  if (!units) {
    console.error(units.takeError());
    return ExitError;
  }
  return reportOn(*units, *settings, console, watch);
}

CommandSpec checkCommand() {
  return {"check",
          "[PATH...] [OPTIONS] [-- COMPILER_FLAGS...]",
          "Analyses files or a whole project",
          {buildOptions(), analysisOptions(), outputOptions(), FixTable},
          runCheck};
}

} // namespace gridlock::tool
