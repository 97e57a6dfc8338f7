//===- ProgramCheck.cpp - Units to findings, without a console --*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/unit/ProgramCheck.h"
#include "checks/Registry.h"
#include "engine/suppress/Nolint.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace gridlock::integrations {

llvm::Expected<suppress::Configuration> configurationFor(llvm::StringRef file) {
  llvm::StringRef folder = llvm::sys::path::parent_path(file);
  if (std::optional<std::string> found = suppress::findConfigurationFile(folder))
    return suppress::loadConfiguration(*found);
  suppress::Configuration configuration;
  configuration.folder = folder.str();
  return configuration;
}

llvm::Expected<std::unique_ptr<model::Models>> modelsFor(const suppress::Configuration &configuration) {
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

llvm::Expected<CheckedProgram> checkProgram(ProgramUnits input, const model::Models &models,
                                            const suppress::Configuration &configuration,
                                            const std::atomic<bool> *cancelled) {
  llvm::StringSet<> system;
  for (const std::shared_ptr<const ir::Unit> &unit : input.units)
    for (const ir::File &file : unit->files)
      if (file.flags & ir::FileIsSystem)
        system.insert(unit->text(file.path));
  CheckedProgram checked;
  checked.program = link::linkProgram(std::move(input.units), models, input.programs);
  solve::Options options;
  options.blockingBoundMilliseconds = configuration.blockingBoundMs;
  options.cancelled = cancelled;
  checked.solution = solve::solve(*checked.program, options);
  if (!checked.solution)
    return checked;
  checked.findings = runRules(*checked.solution, configuration);
  llvm::Expected<suppress::DroppedFindings> dropped = suppress::applyConfiguration(
      configuration, checked.findings, [&](llvm::StringRef file) { return system.contains(file); });
  if (!dropped)
    return dropped.takeError();
  return checked;
}

void hideCommented(std::vector<Finding> &findings, SourceCache &sources) {
  suppress::NolintFilter(sources).apply(findings);
  llvm::erase_if(findings, [](const Finding &finding) { return !finding.suppressedBy.empty(); });
}

} // namespace gridlock::integrations
