//===- ExplainCommand.cpp - gridlock explain --------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Registry.h"
#include "tool/Analysis.h"
#include "tool/Commands.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace gridlock::tool {

static constexpr OptionSpec ExplainTable[] = {
    {"--at", "", "FILE:LINE", "what is known there: locks, threads, why it is silent"},
};

static int explainRule(llvm::StringRef name, Console &console) {
  name.consume_front("gridlock-");
  if (const RegisteredRule *rule = checks::findRule(name)) {
    llvm::outs() << llvm::StringRef(rule->info.markdown).trim() << "\n";
    return ExitClean;
  }
  std::vector<llvm::StringRef> names;
  for (const RegisteredRule &rule : checks::allRules())
    names.push_back(rule.info.id);
  console.error("there is no rule '" + name + "'" + didYouMean(name, names) + " (gridlock rules lists all)");
  return ExitError;
}

/// The file and line of `FILE:LINE`, the file absolute.
static llvm::Expected<std::pair<std::string, unsigned>> parsePlace(llvm::StringRef text) {
  auto [file, number] = text.rsplit(':');
  unsigned line = 0;
  if (file.empty() || number.getAsInteger(10, line) || line == 0)
    return llvm::createStringError("--at needs FILE:LINE, not '" + text.str() + "'");
  llvm::SmallString<256> absolute(file);
  llvm::sys::fs::make_absolute(absolute);
  llvm::sys::path::remove_dots(absolute, /*remove_dot_dot=*/true);
  if (!llvm::sys::fs::exists(absolute))
    return llvm::createStringError("cannot read " + file.str() + ": no such file");
  return std::pair(absolute.str().str(), line);
}

static llvm::Error explainPlace(const Arguments &arguments, Console &console) {
  auto place = parsePlace(arguments.value("--at"));
  if (!place)
    return place.takeError();
  llvm::Expected<Settings> settings = readSettings(arguments);
  if (!settings)
    return settings.takeError();
  compile_db::Request request = readRequest(arguments);
  // Without a database and other paths, the file itself is what there is.
  if (request.hasFlags && request.paths.empty())
    request.paths.push_back(place->first);
  Stopwatch watch(settings->stats, console);
  llvm::Expected<Units> units = extractUnits(request, *settings, console, watch);
  if (!units)
    return units.takeError();
  llvm::Expected<std::unique_ptr<model::Models>> models = loadModels(*settings);
  if (!models)
    return models.takeError();
  llvm::Expected<Solved> solved = solveUnits(*units, **models, *settings, watch);
  if (!solved)
    return solved.takeError();
  for (const std::string &line : solve::explainAt(*solved->solution, place->first, place->second))
    llvm::outs() << line << "\n";
  return llvm::Error::success();
}

static int runExplain(const Arguments &arguments) {
  Console console(arguments.has("--quiet"));
  if (arguments.has("--at")) {
    if (llvm::Error error = explainPlace(arguments, console)) {
      console.error(std::move(error));
      return ExitError;
    }
    return ExitClean;
  }
  if (arguments.positional().size() != 1) {
    console.error("name a rule, or a place: gridlock explain lock-order-inversion, gridlock explain --at a.cpp:12");
    return ExitError;
  }
  return explainRule(arguments.positional().front(), console);
}

CommandSpec explainCommand() {
  return {"explain",
          "RULE | --at FILE:LINE [PATH...] [OPTIONS] [-- COMPILER_FLAGS...]",
          "Prints a rule's page, or what is known about a line",
          {ExplainTable, buildOptions(), analysisOptions(), outputOptions()},
          runExplain};
}

} // namespace gridlock::tool
