//===- Settings.cpp - What a run is asked to do ------------------ -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Settings.h"
#include "checks/Registry.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <cstdlib>

namespace gridlock::tool {

static constexpr OptionSpec BuildTable[] = {
    {"-p", "", "BUILD_DIR", "folder of compile_commands.json (default: searched for)"},
    {"--jobs", "-j", "N", "parse N files at once (default: one a processor)"},
    {"--cache-dir", "", "DIR", "where parsed files are kept between runs"},
    {"--no-cache", "", "", "parse everything again, keep nothing"},
};

static constexpr OptionSpec AnalysisTable[] = {
    {"--rules", "", "LIST", "rules to run, with globs: lock-*,-lock-foreign-call"},
    {"--min-confidence", "", "LEVEL", "low, medium (default) or high"},
    {"--fail-on", "", "LEVEL", "note, warning (default) or error: exit status 1 from there on"},
    {"--baseline", "", "FILE", "hide findings that the file lists"},
    {"--diff-base", "", "REV", "only findings that touch lines changed since the git revision"},
    {"--unused-nolint", "", "", "name the NOLINT(gridlock-...) comments that hide nothing"},
    {"--config", "", "FILE", "configuration (default: the nearest .gridlock.yaml)"},
    {"--show-config", "", "", "print the configuration in force, and stop"},
    {"--model", "", "FILE", "what a library's functions mean; may be repeated"},
    {"--strict", "", "", "exit status 3 when a file could not be analysed"},
};

static constexpr OptionSpec OutputTable[] = {
    {"--format", "", "FORMAT", "text, json, jsonl, sarif, html, dot, github, gitlab or junit"},
    {"-o", "", "FILE", "write there instead of to standard output"},
    {"--output", "", "FORMAT=FILE", "write this as well; may be repeated"},
    {"--color", "", "WHEN", "auto (default), always or never"},
    {"--stats", "", "", "counts and times on standard error"},
    {"--quiet", "-q", "", "nothing but errors on standard error"},
};

llvm::ArrayRef<OptionSpec> buildOptions() { return BuildTable; }
llvm::ArrayRef<OptionSpec> analysisOptions() { return AnalysisTable; }
llvm::ArrayRef<OptionSpec> outputOptions() { return OutputTable; }

static llvm::Error usageError(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

std::string currentDirectory() {
  llvm::SmallString<256> current;
  if (llvm::sys::fs::current_path(current))
    return "/";
  return current.str().str();
}

static std::string absolute(llvm::StringRef path) {
  llvm::SmallString<256> result(path);
  llvm::sys::fs::make_absolute(result);
  llvm::sys::path::remove_dots(result, /*remove_dot_dot=*/true);
  return result.str().str();
}

compile_db::Request readRequest(const Arguments &arguments) {
  compile_db::Request request;
  request.paths = arguments.positional();
  request.buildDirectory = arguments.value("-p").str();
  request.hasFlags = arguments.hasSeparator();
  request.flags = arguments.afterSeparator();
  request.workingDirectory = currentDirectory();
  return request;
}

//===----------------------------------------------------------------------===//
// Configuration
//===----------------------------------------------------------------------===//

/// The file that `--config` names, or the nearest one above the first path.
static llvm::Expected<suppress::Configuration> readConfiguration(const Arguments &arguments) {
  if (arguments.has("--config"))
    return suppress::loadConfiguration(absolute(arguments.value("--config")));
  std::string start = currentDirectory();
  if (!arguments.positional().empty()) {
    start = absolute(arguments.positional().front());
    if (!llvm::sys::fs::is_directory(start))
      start = llvm::sys::path::parent_path(start).str();
  }
  if (std::optional<std::string> file = suppress::findConfigurationFile(start))
    return suppress::loadConfiguration(*file);
  suppress::Configuration configuration;
  configuration.folder = currentDirectory();
  return configuration;
}

static llvm::Error overrideConfiguration(const Arguments &arguments, Settings &settings) {
  suppress::Configuration &configuration = settings.configuration;
  if (llvm::Error error = suppress::checkRuleNames(configuration, settings.rules))
    return error;
  if (arguments.has("--rules")) {
    if (llvm::Error error = suppress::selectRules(configuration, arguments.value("--rules"), settings.rules))
      return error;
    configuration.origins["rules"] = "--rules";
  }
  if (arguments.has("--min-confidence")) {
    if (!parseConfidence(arguments.value("--min-confidence"), configuration.minConfidence))
      return usageError("--min-confidence must be low, medium or high, not '" + arguments.value("--min-confidence") +
                        "'");
    configuration.origins["min-confidence"] = "--min-confidence";
  }
  if (arguments.has("--fail-on")) {
    if (!parseSeverity(arguments.value("--fail-on"), configuration.failOn))
      return usageError("--fail-on must be note, warning or error, not '" + arguments.value("--fail-on") + "'");
    configuration.origins["fail-on"] = "--fail-on";
  }
  for (const std::string &model : arguments.values("--model")) {
    configuration.models.push_back(absolute(model));
    configuration.origins["models"] = "--model";
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

static llvm::Expected<output::OutputFormat> readFormat(llvm::StringRef name) {
  if (std::optional<output::OutputFormat> format = output::parseOutputFormat(name))
    return *format;
  llvm::ArrayRef<llvm::StringLiteral> known = output::outputFormatNames();
  std::vector<llvm::StringRef> names(known.begin(), known.end());
  return usageError("there is no format '" + name + "'" + didYouMean(name, names) + " (" + llvm::join(names, ", ") +
                    ")");
}

static llvm::Error readOutputs(const Arguments &arguments, Settings &settings) {
  llvm::Expected<output::OutputFormat> format = readFormat(arguments.value("--format", "text"));
  if (!format)
    return format.takeError();
  settings.outputs.push_back({*format, arguments.value("-o", "-").str()});
  for (const std::string &request : arguments.values("--output")) {
    auto [name, file] = llvm::StringRef(request).split('=');
    if (file.empty())
      return usageError("--output needs FORMAT=FILE, not '" + llvm::Twine(request) + "'");
    llvm::Expected<output::OutputFormat> other = readFormat(name);
    if (!other)
      return other.takeError();
    settings.outputs.push_back({*other, file.str()});
  }
  llvm::StringRef color = arguments.value("--color", "auto");
  if (color != "auto" && color != "always" && color != "never")
    return usageError("--color must be auto, always or never, not '" + color + "'");
  settings.color = color == "always" ||
                   (color == "auto" && llvm::sys::Process::StandardOutIsDisplayed() && !std::getenv("NO_COLOR"));
  return llvm::Error::success();
}

llvm::Expected<Settings> readSettings(const Arguments &arguments) {
  Settings settings;
  for (const RegisteredRule &rule : checks::allRules())
    settings.rules.push_back(rule.info);
  llvm::Expected<suppress::Configuration> configuration = readConfiguration(arguments);
  if (!configuration)
    return configuration.takeError();
  settings.configuration = std::move(*configuration);
  if (llvm::Error error = overrideConfiguration(arguments, settings))
    return error;
  if (llvm::Error error = readOutputs(arguments, settings))
    return error;
  if (arguments.has("--jobs") && (arguments.value("--jobs").getAsInteger(10, settings.threads) || !settings.threads))
    return usageError("--jobs must be a number from 1 on, not '" + arguments.value("--jobs") + "'");
  settings.baseline = arguments.value("--baseline").str();
  settings.diffBase = arguments.value("--diff-base").str();
  settings.cacheDirectory =
      arguments.has("--cache-dir") ? absolute(arguments.value("--cache-dir")) : settings.configuration.cacheDirectory;
  settings.useCache = !arguments.has("--no-cache");
  settings.quiet = arguments.has("--quiet");
  settings.strict = arguments.has("--strict");
  settings.stats = arguments.has("--stats");
  settings.unusedNolint = arguments.has("--unused-nolint");
  settings.fix = arguments.has("--fix");
  settings.unsafeFixes = arguments.has("--unsafe");
  if (settings.unsafeFixes && !settings.fix)
    return usageError("--unsafe only has a meaning with --fix");
  return settings;
}

} // namespace gridlock::tool
