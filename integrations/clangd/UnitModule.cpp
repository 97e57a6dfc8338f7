//===- UnitModule.cpp - Units from clangd's own parse ---------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd parses a file in two steps. What its first lines include becomes a
// precompiled preamble, in which function bodies are skipped; then the rest is
// parsed, again after every change. A listener may change the compiler between
// its set-up and the parse; both steps have consumers of their own, and another
// one is put beside them. In the first step it asks for the bodies that the
// project needs: a body is skipped when all consumers agree to skip it. In the
// second it lowers the finished AST, on clangd's thread, because the AST is
// clangd's; everything after that happens elsewhere.
//
//===----------------------------------------------------------------------===//

#include "integrations/clangd/UnitModule.h"
#include "engine/facts/Facts.h"
#include "engine/facts/Preamble.h"
#include "engine/run/Scheduler.h"
#include "integrations/clangd/ClangdModule.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "llvm/Support/xxhash.h"

namespace gridlock::integrations {

static LiveAnalysis *receiver = nullptr; // set before clangd starts any thread

void giveUnitsTo(LiveAnalysis &analysis) { receiver = &analysis; }

namespace {

/// Keeps the bodies that the project needs in the preamble.
class BodyKeeper : public clang::ASTConsumer {
public:
  explicit BodyKeeper(clang::SourceManager &sources) : Sources(sources) {}
  bool shouldSkipFunctionBody(clang::Decl *declaration) override { return facts::isBodySkipped(Sources, declaration); }

private:
  clang::SourceManager &Sources;
};

/// Lowers the AST of an open file.
class Lowering : public clang::ASTConsumer {
public:
  explicit Lowering(clang::CompilerInstance &compiler) : Compiler(compiler) {}

  void HandleTranslationUnit(clang::ASTContext &context) override {
    const clang::SourceManager &sources = context.getSourceManager();
    std::optional<llvm::StringRef> text = sources.getBufferDataOrNone(sources.getMainFileID());
    if (!text || !receiver)
      return;
    std::string directory = Compiler.getFileSystemOpts().WorkingDir;
    if (directory.empty())
      if (llvm::ErrorOr<std::string> current = Compiler.getVirtualFileSystem().getCurrentWorkingDirectory())
        directory = *current;
    // A crash of ours must not take the editor's server along.
    std::unique_ptr<ir::Unit> unit;
    if (!run::runGuarded([&] { unit = facts::lowerUnit(context, directory); }))
      return;
    unit->errorCount = context.getDiagnostics().hasErrorOccurred();
    std::string file(unit->text(unit->files[unit->mainFile].path));
    receiver->give(file, llvm::xxh3_64bits(*text), std::move(unit));
  }

private:
  clang::CompilerInstance &Compiler;
};

class Listener : public clang::clangd::FeatureModule::ASTListener {
public:
  void beforeExecute(clang::CompilerInstance &compiler) override {
    std::vector<std::unique_ptr<clang::ASTConsumer>> consumers;
    consumers.push_back(compiler.takeASTConsumer());
    if (compiler.getFrontendOpts().ProgramAction == clang::frontend::GeneratePCH)
      consumers.push_back(std::make_unique<BodyKeeper>(compiler.getSourceManager()));
    else
      consumers.push_back(std::make_unique<Lowering>(compiler));
    compiler.setASTConsumer(std::make_unique<clang::MultiplexConsumer>(std::move(consumers)));
  }
};

class UnitModule final : public clang::clangd::FeatureModule {
public:
  std::unique_ptr<ASTListener> astListeners() override { return std::make_unique<Listener>(); }
};

} // namespace
} // namespace gridlock::integrations

static llvm::Registry<clang::clangd::FeatureModule>::Add<gridlock::integrations::UnitModule>
    registration("gridlock", "Concurrency defects.");
