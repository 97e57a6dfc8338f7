//===- BaselineCommand.cpp - gridlock baseline ------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/Baseline.h"
#include "output/OutputFile.h"
#include "tool/Analysis.h"
#include "tool/Commands.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

namespace gridlock::tool {

static constexpr llvm::StringLiteral DefaultBaseline = ".gridlock-baseline.json";

static llvm::Error writeBaseline(const suppress::Baseline &baseline, llvm::StringRef file) {
  return output::writeOutputFile(file, [&](llvm::raw_ostream &stream) {
    baseline.write(stream);
    return llvm::Error::success();
  });
}

/// Drops the entries of `file` that no finding has any more.
static llvm::Expected<unsigned> pruneBaseline(llvm::StringRef file, llvm::ArrayRef<Finding> findings) {
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), "cannot read " + file + ": " + buffer.getError().message());
  llvm::Expected<suppress::Baseline> baseline = suppress::Baseline::parse((*buffer)->getBuffer(), file);
  if (!baseline)
    return baseline.takeError();
  unsigned dropped = baseline->prune(findings);
  if (llvm::Error error = writeBaseline(*baseline, file))
    return error;
  return dropped;
}

static llvm::Error changeBaseline(const Arguments &arguments, Console &console) {
  llvm::StringRef verb = arguments.positional().empty() ? "" : llvm::StringRef(arguments.positional().front());
  if (verb != "write" && verb != "prune")
    return llvm::createStringError("say what to do: gridlock baseline write, gridlock baseline prune");
  llvm::Expected<Settings> settings = readSettings(arguments);
  if (!settings)
    return settings.takeError();
  std::string file = settings->baseline.empty() ? DefaultBaseline.str() : settings->baseline;
  settings->baseline.clear(); // its entries are findings again
  settings->diffBase.clear();
  compile_db::Request request = readRequest(arguments);
  request.paths.erase(request.paths.begin());
  Stopwatch watch(settings->stats, console);
  llvm::Expected<Units> units = extractUnits(request, *settings, console, watch);
  if (!units)
    return units.takeError();
  SourceCache sources;
  llvm::Expected<std::vector<Finding>> findings = analyse(*units, *settings, sources, console, watch);
  if (!findings)
    return findings.takeError();
  // What was not analysed has no findings: they are not gone.
  if (units->hadErrors || units->parsed.size() != units->total)
    return llvm::createStringError("not everything could be analysed; " + file + " is left as it is");
  if (verb == "prune") {
    llvm::Expected<unsigned> dropped = pruneBaseline(file, *findings);
    if (!dropped)
      return dropped.takeError();
    console.note("dropped from " + file + ", because they are gone: " + counted(*dropped, "finding"));
    return llvm::Error::success();
  }
  suppress::Baseline baseline = suppress::Baseline::of(*findings, currentDirectory());
  if (llvm::Error error = writeBaseline(baseline, file))
    return error;
  console.note("wrote " + counted(baseline.size(), "finding") + " to " + file + "; use it with --baseline " + file);
  return llvm::Error::success();
}

static int runBaseline(const Arguments &arguments) {
  Console console(arguments.has("--quiet"));
  if (llvm::Error error = changeBaseline(arguments, console)) {
    console.error(std::move(error));
    return ExitError;
  }
  return ExitClean;
}

CommandSpec baselineCommand() {
  return {"baseline",
          "write|prune [PATH...] [--baseline FILE] [OPTIONS] [-- COMPILER_FLAGS...]",
          "Records today's findings, or forgets those that are gone",
          {buildOptions(), analysisOptions(), outputOptions()},
          runBaseline};
}

} // namespace gridlock::tool
