//===- UnitCheck.cpp - One unit, checked inside a compiler ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/unit/UnitCheck.h"
#include "engine/facts/Facts.h"
#include "integrations/unit/ProgramCheck.h"
#include "clang/Basic/Diagnostic.h"

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

llvm::Expected<std::vector<Finding>> checkUnit(std::shared_ptr<const ir::Unit> unit, bool hideByComment) {
  llvm::Expected<suppress::Configuration> configuration =
      configurationFor(unit->text(unit->files[unit->mainFile].path));
  if (!configuration)
    return configuration.takeError();
  llvm::Expected<std::unique_ptr<model::Models>> models = modelsFor(*configuration);
  if (!models)
    return models.takeError();
  llvm::Expected<CheckedProgram> checked = checkProgram({{unit}, {}}, **models, *configuration);
  if (!checked)
    return checked.takeError();
  if (hideByComment) {
    SourceCache sources;
    hideCommented(checked->findings, sources);
  }
  return std::move(checked->findings);
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
