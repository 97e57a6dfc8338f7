//===- Analysis.cpp - From units to findings --------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Analysis.h"
#include "checks/Registry.h"
#include "engine/facts/Facts.h"
#include "engine/finding/ApplyFixIts.h"
#include "engine/summary/Store.h"
#include "engine/suppress/Baseline.h"
#include "engine/suppress/ChangedLines.h"
#include "engine/suppress/Nolint.h"
#include "output/OutputFile.h"
#include "tool/Commands.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

namespace gridlock::tool {

static llvm::Error failure(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

void Stopwatch::lap(llvm::StringRef step, const llvm::Twine &details) {
  auto now = std::chrono::steady_clock::now();
  double seconds = std::chrono::duration<double>(now - Last).count();
  Last = now;
  if (Enabled)
    Output.note(llvm::formatv("{0,-8} {1,8:F3} s  {2}", step, seconds, details.str()).str());
}

llvm::Expected<std::unique_ptr<model::Models>> loadModels(const Settings &settings) {
  llvm::Expected<std::unique_ptr<model::Models>> models = model::Models::builtin();
  if (!models)
    return models;
  for (const std::string &file : settings.configuration.models) {
    auto buffer = llvm::MemoryBuffer::getFile(file);
    if (!buffer)
      return failure("cannot read the model " + file + ": " + buffer.getError().message());
    if (llvm::Error error = (*models)->add((*buffer)->getBuffer(), file))
      return error;
  }
  return models;
}

//===----------------------------------------------------------------------===//
// Units
//===----------------------------------------------------------------------===//

static std::optional<run::SummaryCache> openCache(const Settings &settings, llvm::StringRef database,
                                                  Console &console) {
  std::string directory;
  if (settings.useCache)
    directory = settings.cacheDirectory.empty() ? run::defaultCacheDirectory(database) : settings.cacheDirectory;
  if (directory.empty())
    return std::nullopt;
  llvm::Expected<run::SummaryCache> cache = run::SummaryCache::open(directory);
  if (cache)
    return std::move(*cache);
  console.note(llvm::toString(cache.takeError()) + "; going on without it");
  return std::nullopt;
}

/// Says which units are not whole. A few by name; `--stats` names all.
static void describeUnclean(llvm::ArrayRef<facts::CompileJob> jobs, const run::RunResult &result,
                            const Settings &settings, Console &console, Units &units) {
  std::size_t shown = 0, limit = settings.stats ? jobs.size() : 10;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const run::UnitResult &unit = result.units[i];
    if (unit.isClean())
      continue;
    ++units.unclean;
    std::string text = shownPath(jobs[i].file) + ": ";
    if (!unit.unit)
      text += unit.failure + "; the file is left out";
    else
      text += counted(unit.unit->errorCount, "error") +
              " while parsing, first: " + std::string(unit.unit->text(unit.unit->firstError));
    units.notes.push_back(text);
    if (shown++ < limit)
      console.warning(text);
  }
  if (shown > limit)
    console.warning(counted(shown - limit, "more file") + " did not parse cleanly (--stats names all)");
}

llvm::Expected<Units> extractUnits(const compile_db::Request &request, const Settings &settings, Console &console,
                                   Stopwatch &watch) {
  llvm::Expected<compile_db::JobSet> jobs = compile_db::collectJobs(request);
  if (!jobs)
    return jobs.takeError();
  if (!jobs->database.empty())
    console.note("using " + shownPath(jobs->database) + " (" + counted(jobs->databaseEntries, "command") + ")");
  for (const std::string &note : jobs->notes)
    console.note(note);
  for (const std::string &error : jobs->errors)
    console.error(error);
  watch.lap("commands", counted(jobs->jobs.size(), "unit") + ", " + counted(jobs->programs.size(), "program"));

  std::optional<run::SummaryCache> cache = openCache(settings, jobs->database, console);
  run::Options options{settings.threads, cache ? &*cache : nullptr};
  run::RunResult result = run::extractAll(jobs->jobs, options, facts::extract, console);
  console.clearProgress();

  Units units;
  units.total = jobs->jobs.size();
  units.hadErrors = !jobs->errors.empty();
  for (compile_db::ProgramHint &program : jobs->programs)
    units.programs.push_back(std::move(program.units));
  for (const run::UnitResult &unit : result.units)
    if (unit.unit)
      units.parsed.push_back(unit.unit);
  describeUnclean(jobs->jobs, result, settings, console, units);
  const run::Statistics &statistics = result.statistics;
  if (!statistics.cacheFailure.empty())
    console.note("the cache " + cache->directory() + " could not be written: " + statistics.cacheFailure);
  watch.lap("parse",
            llvm::formatv("{0} parsed, {1} from the cache ({2} out of date, {3} damaged), {4} failed, {5} "
                          "crashed, {6} with errors",
                          statistics.extracted, statistics.cached, statistics.staleEntries, statistics.damagedEntries,
                          statistics.failed, statistics.crashed, statistics.withErrors)
                .str());
  return units;
}

/// Names of files that `extract --relative` has cut short are those of files here.
static void makeAbsolute(ir::Unit &unit) {
  for (const ir::File &file : llvm::ArrayRef(unit.files).drop_front()) {
    std::string &name = unit.strings[file.path];
    if (name.empty() || llvm::sys::path::is_absolute(name))
      continue;
    llvm::SmallString<256> path(name);
    llvm::sys::fs::make_absolute(path);
    name = path.str().str();
  }
}

Units readUnits(llvm::ArrayRef<std::string> files, Console &console) {
  Units units;
  units.total = files.size();
  for (const std::string &file : files) {
    auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    llvm::Expected<std::unique_ptr<ir::Unit>> unit =
        buffer ? ir::readUnit((*buffer)->getBuffer()) : failure("cannot read it: " + buffer.getError().message());
    if (!unit) {
      console.error(file + ": " + llvm::toString(unit.takeError()));
      units.hadErrors = true;
      ++units.unclean;
      continue;
    }
    if ((*unit)->errorCount != 0) {
      ++units.unclean;
      units.notes.push_back(file + ": " + counted((*unit)->errorCount, "error") +
                            " while parsing, first: " + std::string((*unit)->text((*unit)->firstError)));
      console.warning(units.notes.back());
    }
    makeAbsolute(**unit);
    units.parsed.push_back(std::move(*unit));
  }
  return units;
}

//===----------------------------------------------------------------------===//
// Solving and rules
//===----------------------------------------------------------------------===//

llvm::Expected<Solved> solveUnits(const Units &units, const model::Models &models, const Settings &settings,
                                  Stopwatch &watch, bool keepsGuarded) {
  Solved solved;
  if (!run::runGuarded([&] { solved.program = link::linkProgram(units.parsed, models, units.programs); }))
    return failure("internal error: linking " + counted(units.parsed.size(), "unit") + " crashed");
  watch.lap("link", counted(solved.program->functionCount(), "function"));
  solve::Options options;
  options.blockingBoundMilliseconds = settings.configuration.blockingBoundMs;
  options.keepsGuarded = keepsGuarded;
  options.recordsAccesses = keepsGuarded || llvm::any_of(settings.rules, [&](const RuleInfo &rule) {
                              return rule.family == "race" && suppress::isRuleEnabled(settings.configuration, rule);
                            });
  if (!run::runGuarded([&] { solved.solution = solve::solve(*solved.program, options); }))
    return failure("internal error: solving " + counted(units.parsed.size(), "unit") + " crashed");
  watch.lap("solve");
  return solved;
}

std::vector<Finding> runRules(const solve::Solution &solution, const Settings &settings, Units &units, Console &console,
                              Stopwatch &watch) {
  std::vector<Finding> findings;
  std::size_t count = 0;
  for (const RegisteredRule &rule : checks::allRules()) {
    if (!suppress::isRuleEnabled(settings.configuration, rule.info))
      continue;
    ++count;
    RuleOutput output(rule.info);
    if (!run::runGuarded([&] { rule.run({solution, rule.info}, output); })) {
      console.error("internal error: the rule " + llvm::Twine(rule.info.id) + " crashed; its findings are left out");
      units.hadErrors = true;
      continue;
    }
    std::vector<Finding> found = output.take();
    findings.insert(findings.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  finalizeFindings(findings);
  watch.lap("rules", counted(count, "rule") + ", " + counted(findings.size(), "finding"));
  return findings;
}

//===----------------------------------------------------------------------===//
// What is shown
//===----------------------------------------------------------------------===//

/// The files of the project that were read, sorted.
static std::vector<std::string> projectFiles(const Units &units) {
  std::set<std::string> files;
  for (const std::shared_ptr<const ir::Unit> &unit : units.parsed)
    for (const ir::File &file : unit->files)
      if (file.path && !(file.flags & ir::FileIsSystem))
        files.emplace(unit->text(file.path));
  return {files.begin(), files.end()};
}

static llvm::StringSet<> systemFiles(const Units &units) {
  llvm::StringSet<> files;
  for (const std::shared_ptr<const ir::Unit> &unit : units.parsed)
    for (const ir::File &file : unit->files)
      if (file.flags & ir::FileIsSystem)
        files.insert(unit->text(file.path));
  return files;
}

static llvm::Error applyBaseline(std::vector<Finding> &findings, llvm::StringRef file) {
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer)
    return failure("cannot read the baseline " + file + ": " + buffer.getError().message() +
                   "; `gridlock baseline write` makes one");
  llvm::Expected<suppress::Baseline> baseline = suppress::Baseline::parse((*buffer)->getBuffer(), file);
  if (!baseline)
    return baseline.takeError();
  baseline->apply(findings);
  return llvm::Error::success();
}

static void hideByComment(std::vector<Finding> &findings, const Units &units, const Settings &settings,
                          SourceCache &sources, Console &console) {
  suppress::NolintFilter nolint(sources);
  nolint.apply(findings);
  std::vector<suppress::NolintRemark> remarks;
  if (settings.unusedNolint) {
    std::vector<RuleInfo> ran;
    llvm::copy_if(settings.rules, std::back_inserter(ran),
                  [&](const RuleInfo &rule) { return suppress::isRuleEnabled(settings.configuration, rule); });
    remarks = nolint.unused(projectFiles(units), ran);
  }
  llvm::append_range(remarks, nolint.mistakes());
  for (const suppress::NolintRemark &remark : remarks)
    console.warning(shownPath(remark.location.file) + ":" + llvm::Twine(remark.location.line) + ": " + remark.message);
}

llvm::Error hideFindings(std::vector<Finding> &findings, const Units &units, const Settings &settings,
                         SourceCache &sources, Console &console) {
  llvm::StringSet<> system = systemFiles(units);
  llvm::Expected<suppress::DroppedFindings> dropped = suppress::applyConfiguration(
      settings.configuration, findings, [&](llvm::StringRef file) { return system.contains(file); });
  if (!dropped)
    return dropped.takeError();
  if (settings.stats)
    console.note("dropped: " + llvm::Twine(dropped->belowConfidence) + " below the confidence asked for, " +
                 llvm::Twine(dropped->excluded) + " in excluded files, " + llvm::Twine(dropped->inSystemHeaders) +
                 " in system headers");
  hideByComment(findings, units, settings, sources, console);
  if (!settings.baseline.empty())
    if (llvm::Error error = applyBaseline(findings, settings.baseline))
      return error;
  if (!settings.diffBase.empty()) {
    llvm::Expected<suppress::ChangedLines> changed =
        suppress::ChangedLines::since(settings.diffBase, settings.configuration.folder);
    if (!changed)
      return changed.takeError();
    changed->apply(findings);
  }
  return llvm::Error::success();
}

llvm::Expected<std::vector<Finding>> analyse(Units &units, const Settings &settings, SourceCache &sources,
                                             Console &console, Stopwatch &watch) {
  llvm::Expected<std::unique_ptr<model::Models>> models = loadModels(settings);
  if (!models)
    return models.takeError();
  console.progress("analysing " + counted(units.parsed.size(), "unit"));
  llvm::Expected<Solved> solved = solveUnits(units, **models, settings, watch);
  if (!solved)
    return solved.takeError();
  std::vector<Finding> findings = runRules(*solved->solution, settings, units, console, watch);
  if (llvm::Error error = hideFindings(findings, units, settings, sources, console))
    return error;
  return findings;
}

llvm::Error writeOutputs(llvm::ArrayRef<Finding> findings, const Units &units, const Settings &settings,
                         SourceCache &sources) {
  for (const OutputRequest &request : settings.outputs) {
    bool toTerminal = request.file == "-" && llvm::sys::Process::StandardOutIsDisplayed();
    output::OutputContext context{currentDirectory(),
                                  GRIDLOCK_VERSION,
                                  settings.rules,
                                  sources,
                                  settings.color && request.file == "-",
                                  toTerminal ? llvm::sys::Process::StandardOutColumns() : 0,
                                  units.notes};
    if (request.file == "-") {
      if (llvm::Error error = output::writeFindings(request.format, findings, context, llvm::outs()))
        return error;
      llvm::outs().flush();
      if (llvm::outs().has_error()) {
        std::error_code error = llvm::outs().error();
        llvm::outs().clear_error();
        return failure("cannot write to standard output: " + error.message());
      }
      continue;
    }
    if (llvm::Error error = output::writeOutputFile(request.file, [&](llvm::raw_ostream &stream) {
          return output::writeFindings(request.format, findings, context, stream);
        }))
      return failure("cannot write " + request.file + ": " + llvm::toString(std::move(error)));
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// The end of a run
//===----------------------------------------------------------------------===//

static llvm::Error fixFindings(llvm::ArrayRef<Finding> findings, const Settings &settings, Console &console) {
  FixOptions options;
  options.unsafe = settings.unsafeFixes;
  llvm::Expected<FixResult> fixed = applyFixIts(findings, options);
  if (!fixed)
    return fixed.takeError();
  std::string left;
  if (fixed->unsafe)
    left += "; left out because they may change what the code does (--unsafe): " + llvm::utostr(fixed->unsafe);
  if (fixed->overlapping)
    left += "; left out because another fix changes the same text: " + llvm::utostr(fixed->overlapping);
  console.note("fixed " + counted(fixed->applied, "finding") + " in " + counted(fixed->files.size(), "file") + left);
  return llvm::Error::success();
}

static void summarize(llvm::ArrayRef<Finding> findings, const Units &units, Console &console) {
  std::size_t hidden = llvm::count_if(findings, [](const Finding &finding) { return !finding.suppressedBy.empty(); });
  std::vector<std::string> remarks;
  if (units.unclean)
    remarks.push_back(llvm::utostr(units.unclean) + " not parsed cleanly");
  if (hidden)
    remarks.push_back(counted(hidden, "finding") + " hidden");
  console.note(counted(findings.size() - hidden, "finding") + " in " + counted(units.total, "unit") +
               (remarks.empty() ? "" : " (" + llvm::join(remarks, ", ") + ")"));
}

int reportOn(Units &units, const Settings &settings, Console &console, Stopwatch &watch) {
  SourceCache sources;
  llvm::Expected<std::vector<Finding>> findings = analyse(units, settings, sources, console, watch);
  if (!findings) {
    console.error(findings.takeError());
    return ExitError;
  }
  // Reports are written first: they show the code as it was analysed.
  if (llvm::Error error = writeOutputs(*findings, units, settings, sources)) {
    console.error(std::move(error));
    return ExitError;
  }
  if (settings.fix)
    if (llvm::Error error = fixFindings(*findings, settings, console)) {
      console.error(std::move(error));
      return ExitError;
    }
  watch.lap("output");
  summarize(*findings, units, console);
  if (units.hadErrors || (units.parsed.empty() && units.total != 0))
    return ExitError;
  if (settings.strict && units.unclean != 0)
    return ExitIncomplete;
  return suppress::shouldFail(settings.configuration, *findings) ? ExitFindings : ExitClean;
}

} // namespace gridlock::tool
