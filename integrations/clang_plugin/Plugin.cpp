//===- Plugin.cpp - Gridlock inside clang -----------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `clang++ -fplugin=libgridlock_plugin.so` warns about what one unit shows, after
// the compiler's own work, and can leave the unit's summary for `gridlock link`.
//
//   -fplugin-arg-gridlock-summary=FILE.gls     write the summary there
//   -fplugin-arg-gridlock-summary-dir=FOLDER   ... there, under a name of its own
//   -fplugin-arg-gridlock-quiet                write summaries, warn of nothing
//
// The warnings belong to a group of Clang's, since a plugin cannot add one: only
// so do -Werror, -Werror=GROUP, -Wno-GROUP and -w apply to them.
//
//===----------------------------------------------------------------------===//

#include "engine/summary/Store.h"
#include "integrations/unit/UnitCheck.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

namespace gridlock::integrations {
namespace {

struct PluginOptions {
  std::string summary;
  std::string summaryDirectory;
  bool quiet = false;
};

class Consumer : public clang::ASTConsumer {
public:
  Consumer(clang::DiagnosticsEngine &diagnostics, PluginOptions options)
      : Diagnostics(diagnostics), Options(std::move(options)) {}

  void HandleTranslationUnit(clang::ASTContext &context) override {
    // Code that does not compile is the compiler's to complain about.
    bool isSilent = Options.quiet || Diagnostics.getIgnoreAllWarnings();
    bool writes = !Options.summary.empty() || !Options.summaryDirectory.empty();
    if (Diagnostics.hasErrorOccurred() || (isSilent && !writes))
      return;
    std::shared_ptr<const ir::Unit> unit = unitOf(context);
    if (writes)
      writeSummary(*unit);
    if (isSilent)
      return;
    llvm::Expected<std::vector<Finding>> findings = checkUnit(unit, /*hideByComment=*/true);
    if (!findings) {
      fail(llvm::toString(findings.takeError()));
      return;
    }
    for (const Finding &finding : *findings)
      report(context.getSourceManager(), finding);
  }

private:
  void fail(const std::string &message) {
    Diagnostics.Report(Diagnostics.getCustomDiagID(clang::DiagnosticsEngine::Error, "gridlock: %0")) << message;
  }

  void writeSummary(const ir::Unit &unit) {
    std::string file = Options.summary;
    if (file.empty()) {
      llvm::StringRef source = unit.text(unit.files[unit.mainFile].path);
      llvm::SmallString<256> path(Options.summaryDirectory);
      if (std::error_code error = llvm::sys::fs::create_directories(path))
        return fail("cannot make the folder " + Options.summaryDirectory + ": " + error.message());
      llvm::sys::path::append(path, llvm::sys::path::filename(source) + "-" +
                                        llvm::utohexstr(llvm::xxh3_64bits(source), /*LowerCase=*/true) + ".gls");
      file = path.str();
    }
    if (llvm::Error error =
            llvm::writeToOutput(file, [&](llvm::raw_ostream &stream) { return ir::writeUnit(unit, stream); }))
      fail("cannot write " + file + ": " + llvm::toString(std::move(error)));
  }

  void report(const clang::SourceManager &sources, const Finding &finding) {
    using clang::DiagnosticIDs;
    unsigned warning = Diagnostics.getDiagnosticIDs()->getCustomDiagID(
        DiagnosticIDs::CustomDiagDesc(clang::diag::Severity::Warning, "%0 [gridlock-%1]", DiagnosticIDs::CLASS_WARNING,
                                      false, false, clang::diag::Group::ThreadSafety));
    clang::SourceLocation place = locate(sources, finding.location);
    {
      clang::DiagnosticBuilder builder = Diagnostics.Report(place, warning) << finding.message << finding.rule;
      for (const clang::FixItHint &hint : fixItsOf(sources, finding))
        builder << hint;
    }
    unsigned note = Diagnostics.getCustomDiagID(clang::DiagnosticsEngine::Note, "%0");
    for (const Remark &remark : remarksOf(finding))
      if (clang::SourceLocation at = locate(sources, remark.location); at.isValid())
        Diagnostics.Report(at, note) << remark.message;
  }

  clang::DiagnosticsEngine &Diagnostics;
  PluginOptions Options;
};

class Action : public clang::PluginASTAction {
protected:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance &compiler, llvm::StringRef) override {
    return std::make_unique<Consumer>(compiler.getDiagnostics(), Options);
  }

  bool ParseArgs(const clang::CompilerInstance &compiler, const std::vector<std::string> &arguments) override {
    for (llvm::StringRef argument : arguments) {
      if (argument.consume_front("summary="))
        Options.summary = argument.str();
      else if (argument.consume_front("summary-dir="))
        Options.summaryDirectory = argument.str();
      else if (argument == "quiet")
        Options.quiet = true;
      else {
        clang::DiagnosticsEngine &diagnostics = compiler.getDiagnostics();
        diagnostics.Report(diagnostics.getCustomDiagID(
            clang::DiagnosticsEngine::Error,
            "gridlock: there is no plugin argument '%0' (summary=FILE, summary-dir=FOLDER, quiet)"))
            << argument;
        return false;
      }
    }
    return true;
  }

  ActionType getActionType() override { return AddAfterMainAction; }

private:
  PluginOptions Options;
};

} // namespace
} // namespace gridlock::integrations

static clang::FrontendPluginRegistry::Add<gridlock::integrations::Action> registration("gridlock",
                                                                                       "finds concurrency defects");
