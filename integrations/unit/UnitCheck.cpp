//===- UnitCheck.cpp - One unit, checked inside a compiler ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/unit/UnitCheck.h"
#include "checks/Registry.h"
#include "engine/facts/Facts.h"
#include "engine/link/Program.h"
#include "engine/solve/Solution.h"
#include "engine/suppress/Configuration.h"
#include "engine/suppress/Nolint.h"
#include "clang/Basic/Diagnostic.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace gridlock::integrations {

std::unique_ptr<ir::Unit> unitOf(clang::ASTContext &context) {
  clang::FileManager &files = context.getSourceManager().getFileManager();
  std::string directory = files.getFileSystemOpts().WorkingDir;
  if (directory.empty())
    if (llvm::ErrorOr<std::string> current = files.getVirtualFileSystem().getCurrentWorkingDirectory())
      directory = *current;
  std::unique_ptr<ir::Unit> unit = facts::lowerUnit(context, directory);
  if (const clang::DiagnosticConsumer *client = context.getDiagnostics().getClient())
    unit->errorCount = client->getNumErrors();
  return unit;
}

static llvm::Expected<suppress::Configuration> configurationFor(llvm::StringRef mainFile) {
  llvm::StringRef folder = llvm::sys::path::parent_path(mainFile);
  if (std::optional<std::string> file = suppress::findConfigurationFile(folder))
    return suppress::loadConfiguration(*file);
  suppress::Configuration configuration;
  configuration.folder = folder.str();
  return configuration;
}

static llvm::Expected<std::unique_ptr<model::Models>> modelsFor(const suppress::Configuration &configuration) {
  llvm::Expected<std::unique_ptr<model::Models>> models = model::Models::builtin();
  for (const std::string &file : configuration.models) {
    if (!models)
      break;
    auto buffer = llvm::MemoryBuffer::getFile(file);
    if (!buffer)
      return llvm::createStringError(buffer.getError(), "cannot read the model " + file);
    if (llvm::Error error = (*models)->add((*buffer)->getBuffer(), file))
      return error;
  }
  return models;
}

static std::vector<Finding> runRules(const solve::Solution &solution, const suppress::Configuration &configuration) {
  std::vector<Finding> findings;
  for (const RegisteredRule &rule : checks::allRules()) {
    if (!suppress::isRuleEnabled(configuration, rule.info))
      continue;
    RuleOutput output(rule.info);
    rule.run({solution, rule.info}, output);
    std::vector<Finding> found = output.take();
    findings.insert(findings.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  finalizeFindings(findings);
  return findings;
}

llvm::Expected<std::vector<Finding>> checkUnit(std::shared_ptr<const ir::Unit> unit, bool hideByComment) {
  llvm::Expected<suppress::Configuration> configuration =
      configurationFor(unit->text(unit->files[unit->mainFile].path));
  if (!configuration)
    return configuration.takeError();
  llvm::Expected<std::unique_ptr<model::Models>> models = modelsFor(*configuration);
  if (!models)
    return models.takeError();
  llvm::StringSet<> system;
  for (const ir::File &file : unit->files)
    if (file.flags & ir::FileIsSystem)
      system.insert(unit->text(file.path));

  std::unique_ptr<link::Program> program = link::linkProgram({unit}, **models);
  solve::Options options;
  options.blockingBoundMilliseconds = configuration->blockingBoundMs;
  std::unique_ptr<solve::Solution> solution = solve::solve(*program, options);
  std::vector<Finding> findings = runRules(*solution, *configuration);
  llvm::Expected<suppress::DroppedFindings> dropped = suppress::applyConfiguration(
      *configuration, findings, [&](llvm::StringRef file) { return system.contains(file); });
  if (!dropped)
    return dropped.takeError();
  if (hideByComment) {
    SourceCache sources;
    suppress::NolintFilter(sources).apply(findings);
    llvm::erase_if(findings, [](const Finding &finding) { return !finding.suppressedBy.empty(); });
  }
  return findings;
}

clang::SourceLocation locate(const clang::SourceManager &sources, const SourceLocation &place) {
  if (place.file.empty() || !place.line)
    return {};
  clang::OptionalFileEntryRef file = sources.getFileManager().getOptionalFileRef(place.file);
  return file ? sources.translateFileLineCol(*file, place.line, std::max(place.column, 1u)) : clang::SourceLocation();
}

std::vector<Remark> remarksOf(const Finding &finding) {
  std::vector<Remark> remarks;
  for (const ThreadTrace &thread : finding.threads) {
    bool isFirst = true;
    for (const TraceStep &step : thread.steps) {
      remarks.push_back({step.location, (isFirst ? thread.title + ": " : "") + step.message});
      isFirst = false;
    }
  }
  for (const RelatedLocation &related : finding.related)
    remarks.push_back({related.location, related.message});
  if (!finding.help.empty())
    remarks.push_back({finding.location, "help: " + finding.help});
  return remarks;
}

std::vector<clang::FixItHint> fixItsOf(const clang::SourceManager &sources, const Finding &finding) {
  std::vector<clang::FixItHint> hints;
  auto fix = llvm::find_if(finding.fixIts, [](const FixIt &each) { return each.safe; });
  if (fix == finding.fixIts.end())
    return hints;
  for (const TextEdit &edit : fix->edits) {
    SourceLocation end = edit.begin;
    end.line = edit.endLine;
    end.column = edit.endColumn;
    hints.push_back(clang::FixItHint::CreateReplacement(
        clang::CharSourceRange::getCharRange(locate(sources, edit.begin), locate(sources, end)), edit.replacement));
  }
  return hints;
}

} // namespace gridlock::integrations
