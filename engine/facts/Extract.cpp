//===- Extract.cpp - Runs Clang on one unit -------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parsing is nearly all of the cost, and most of what is parsed are system
// headers. Their bodies are skipped, with two exceptions: function templates,
// because their instantiation is what instantiates a generic closure that the
// project gives them, and methods of third-party classes. Those are lowered
// only when the class owns a lock; but Clang asks whether to skip a method
// before it has seen the fields that follow.
//
//===----------------------------------------------------------------------===//

#include "engine/facts/Arguments.h"
#include "engine/facts/ErrorCounter.h"
#include "engine/facts/Facts.h"
#include "engine/facts/Preamble.h"
#include "engine/facts/UnitLowering.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace gridlock::facts {

std::unique_ptr<ir::Unit> lowerUnit(ASTContext &context, const std::string &directory) {
  auto unit = std::make_unique<ir::Unit>();
  ir::Builder builder(*unit);
  UnitLowering lowering(context, builder, directory);
  const SourceManager &sources = context.getSourceManager();
  // Row 1 is the main file; the others follow as they were read.
  unit->mainFile = lowering.Names.file(sources.getMainFileID());
  lowering.run();
  for (unsigned i = 0; i != sources.local_sloc_entry_size(); ++i) {
    const SrcMgr::SLocEntry &entry = sources.getLocalSLocEntry(i);
    if (entry.isFile())
      lowering.Names.file(sources.getFileID(SourceLocation::getFromRawEncoding(entry.getOffset())));
  }
  // What came from a preamble.
  for (unsigned i = 0; i != sources.loaded_sloc_entry_size(); ++i) {
    bool isInvalid = false;
    const SrcMgr::SLocEntry &entry = sources.getLoadedSLocEntry(i, &isInvalid);
    if (!isInvalid && entry.isFile())
      lowering.Names.file(sources.getFileID(SourceLocation::getFromRawEncoding(entry.getOffset())));
  }
  return unit;
}

namespace {

struct Outcome {
  std::unique_ptr<ir::Unit> unit;
  std::string directory;
};

class Consumer : public ASTConsumer {
public:
  Consumer(Outcome &outcome) : Result(outcome) {}

  void Initialize(ASTContext &context) override { Sources = &context.getSourceManager(); }

  bool shouldSkipFunctionBody(Decl *declaration) override { return isBodySkipped(*Sources, declaration); }

  void HandleTranslationUnit(ASTContext &context) override { Result.unit = lowerUnit(context, Result.directory); }

private:
  Outcome &Result;
  const SourceManager *Sources = nullptr;
};

class ExtractAction : public ASTFrontendAction {
public:
  explicit ExtractAction(Outcome &outcome) : Result(outcome) {}

protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &, llvm::StringRef) override {
    return std::make_unique<Consumer>(Result);
  }

private:
  Outcome &Result;
};

/// Runs the action with the options that make a broken unit useful still.
class Invocation : public tooling::ToolAction {
public:
  Invocation(Outcome &outcome, Preamble *preamble) : Result(outcome), Headers(preamble) {}

  bool runInvocation(std::shared_ptr<CompilerInvocation> invocation, FileManager *files,
                     std::shared_ptr<PCHContainerOperations> containers, DiagnosticConsumer *consumer) override {
    FrontendOptions &options = invocation->getFrontendOpts();
    options.SkipFunctionBodies = true;
    options.DisableFree = false;
    invocation->getDependencyOutputOpts() = DependencyOutputOptions();
    invocation->getLangOpts().CommentOpts.ParseAllComments = false;
    invocation->getLangOpts().RecoveryAST = true;
    invocation->getLangOpts().RecoveryASTType = true;
    auto fileSystem = files->getVirtualFileSystemPtr();
    IntrusiveRefCntPtr<FileManager> filesBehind;
    UsesPreamble = Headers && Headers->use(*invocation, fileSystem);
    if (UsesPreamble)
      filesBehind = llvm::makeIntrusiveRefCnt<FileManager>(files->getFileSystemOpts(), fileSystem);
    CompilerInstance compiler(std::move(invocation), std::move(containers));
    compiler.setVirtualFileSystem(fileSystem);
    compiler.setFileManager(filesBehind ? filesBehind.get() : files);
    compiler.createDiagnostics(consumer, false);
    if (!compiler.hasDiagnostics())
      return false;
    // After a missing header Clang would stop instantiating templates.
    compiler.getDiagnostics().setFatalsAsError(true);
    compiler.createSourceManager();
    ExtractAction action(Result);
    const bool isClean = compiler.ExecuteAction(action);
    files->clearStatCache();
    return isClean;
  }

  /// Whether the last run started behind the preamble.
  bool UsesPreamble = false;

private:
  Outcome &Result;
  Preamble *Headers;
};

} // namespace

/// One attempt with one command.
static void parse(const std::vector<std::string> &command, FileManager &files, Invocation &action,
                  ErrorCounter &errors) {
  tooling::ToolInvocation invocation(command, &action, &files, std::make_shared<PCHContainerOperations>());
  invocation.setDiagnosticConsumer(&errors);
  invocation.run();
}

static Extraction extractBehind(const CompileJob &job, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystem,
                                Preamble *preamble) {
  Extraction extraction;
  Outcome outcome;
  outcome.directory = job.directory;
  fileSystem->setCurrentWorkingDirectory(job.directory);
  FileSystemOptions options;
  options.WorkingDir = job.directory;
  auto files = llvm::makeIntrusiveRefCnt<FileManager>(options, fileSystem);
  Invocation action(outcome, preamble);
  ErrorCounter errors;
  parse(parserArguments(job.arguments, job.file), *files, action, errors);
  if (!outcome.unit) {
    ErrorCounter again;
    parse(parserArguments(minimalArguments(job.arguments, job.file), job.file), *files, action, again);
    // What the driver refused is not an error of the code.
    if (outcome.unit)
      errors = std::move(again);
  }
  extraction.unit = std::move(outcome.unit);
  if (!extraction.unit) {
    extraction.failure = errors.First.empty() ? "the parser did not start for '" + job.file + "'" : errors.First;
    return extraction;
  }
  if (action.UsesPreamble && preamble->errorCount()) {
    errors.First = preamble->firstError();
    errors.Count += preamble->errorCount();
  }
  extraction.unit->errorCount = errors.Count;
  if (errors.Count) {
    extraction.unit->firstError = ir::Index(extraction.unit->strings.size());
    extraction.unit->strings.push_back(errors.First);
  }
  return extraction;
}

Extraction extract(const CompileJob &job, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystem) {
  return extractBehind(job, std::move(fileSystem), nullptr);
}

Extraction extract(const CompileJob &job, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystem,
                   Preamble &preamble) {
  return extractBehind(job, std::move(fileSystem), &preamble);
}

} // namespace gridlock::facts
