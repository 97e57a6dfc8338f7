//===- ConvertCommand.cpp - gridlock convert --------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Analysis.h"
#include "tool/Commands.h"
#include "llvm/Support/MemoryBuffer.h"

namespace gridlock::tool {

static int runConvert(const Arguments &arguments) {
  Console console(arguments.has("--quiet"));
  if (arguments.positional().size() != 1) {
    console.error("name one report that `gridlock check --format json` wrote: gridlock convert report.json --format "
                  "html -o report.html");
    return ExitError;
  }
  const std::string &file = arguments.positional().front();
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(file);
  if (!buffer) {
    console.error("cannot read " + file + ": " + buffer.getError().message());
    return ExitError;
  }
  llvm::Expected<output::Report> report = output::readReport((*buffer)->getBuffer());
  if (!report) {
    console.error(file + ": " + llvm::toString(report.takeError()));
    return ExitError;
  }
  llvm::Expected<Settings> settings = readSettings(arguments);
  if (!settings) {
    console.error(settings.takeError());
    return ExitError;
  }
  SourceCache sources;
  Units units;
  units.notes = report->notes;
  if (llvm::Error error = writeOutputs(report->findings, units, *settings, sources)) {
    console.error(std::move(error));
    return ExitError;
  }
  return ExitClean;
}

CommandSpec convertCommand() {
  return {"convert", "REPORT.json [OPTIONS]", "Writes a JSON report in another format", {outputOptions()}, runConvert};
}

} // namespace gridlock::tool
