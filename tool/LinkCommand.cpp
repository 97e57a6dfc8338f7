//===- LinkCommand.cpp - gridlock link --------------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Analysis.h"
#include "tool/Commands.h"

namespace gridlock::tool {

static int runLink(const Arguments &arguments) {
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
  if (arguments.positional().empty()) {
    console.error("name the summaries that `gridlock extract` wrote: gridlock link a.gls b.gls");
    return ExitError;
  }
  Stopwatch watch(settings->stats, console);
  Units units = readUnits(arguments.positional(), console);
  watch.lap("read", counted(units.parsed.size(), "unit"));
  return reportOn(units, *settings, console, watch);
}

CommandSpec linkCommand() {
  return {"link",
          "FILE.gls... [OPTIONS]",
          "Analyses summaries that `extract` wrote, as one program",
          {analysisOptions(), outputOptions()},
          runLink};
}

} // namespace gridlock::tool
