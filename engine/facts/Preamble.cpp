//===- Preamble.cpp - The headers of a file, parsed once ------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/Preamble.h"
#include "engine/facts/Clang.h"
#include "engine/facts/ErrorCounter.h"
#include "engine/facts/UnitLowering.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendOptions.h"
#include "clang/Frontend/PrecompiledPreamble.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Serialization/PCHContainerOperations.h"
#include <optional>

using namespace clang;

namespace gridlock::facts {

struct Preamble::State {
  std::optional<PrecompiledPreamble> precompiled;
  std::unique_ptr<llvm::MemoryBuffer> text; ///< of the main file, for the parser that runs
  ErrorCounter errors;
};

Preamble::Preamble() : Kept(std::make_unique<State>()) {}
Preamble::~Preamble() = default;
Preamble::Preamble(Preamble &&) noexcept = default;
Preamble &Preamble::operator=(Preamble &&) noexcept = default;

unsigned Preamble::errorCount() const { return Kept->precompiled ? Kept->errors.Count : 0; }
const std::string &Preamble::firstError() const { return Kept->errors.First; }

namespace {

/// Keeps the bodies that count.
class Callbacks : public PreambleCallbacks {
public:
  void BeforeExecute(CompilerInstance &compiler) override { Sources = &compiler.getSourceManager(); }
  bool shouldSkipFunctionBody(Decl *declaration) override { return isBodySkipped(*Sources, declaration); }

private:
  const SourceManager *Sources = nullptr;
};

} // namespace

bool Preamble::use(CompilerInvocation &invocation, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> &fileSystem) {
  if (invocation.getFrontendOpts().Inputs.size() != 1 || !invocation.getFrontendOpts().Inputs[0].isFile())
    return false;
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> text =
      fileSystem->getBufferForFile(invocation.getFrontendOpts().Inputs[0].getFile());
  if (!text)
    return false;
  State &state = *Kept;
  state.text = std::move(*text);
  PreambleBounds bounds = ComputePreambleBounds(invocation.getLangOpts(), *state.text, 0);
  if (bounds.Size == 0)
    return false;
  if (!state.precompiled || !state.precompiled->CanReuse(invocation, *state.text, bounds, *fileSystem)) {
    state.precompiled.reset();
    state.errors = ErrorCounter();
    DiagnosticOptions options;
    auto diagnostics = CompilerInstance::createDiagnostics(*fileSystem, options, &state.errors, false);
    diagnostics->setFatalsAsError(true);
    Callbacks callbacks;
    llvm::ErrorOr<PrecompiledPreamble> built = PrecompiledPreamble::Build(
        invocation, state.text.get(), bounds, diagnostics, fileSystem, std::make_shared<PCHContainerOperations>(),
        /*StoreInMemory=*/true, /*StoragePath=*/"", callbacks);
    if (!built)
      return false;
    state.precompiled.emplace(std::move(*built));
  }
  state.precompiled->AddImplicitPreamble(invocation, fileSystem, state.text.get());
  invocation.getPreprocessorOpts().RetainRemappedFileBuffers = true;
  return true;
}

bool isBodySkipped(const SourceManager &sources, const Decl *declaration) {
  const SourceLocation place = sources.getExpansionLoc(declaration->getLocation());
  if (!sources.isInSystemHeader(place))
    return false;
  if (isa<FunctionTemplateDecl>(declaration))
    return false;
  const auto *function = const_cast<Decl *>(declaration)->getAsFunction();
  if (function && function->getDescribedFunctionTemplate())
    return false;
  if (!isa_and_nonnull<CXXMethodDecl>(function))
    return true;
  return isStandardLibrary(sources.getFilename(place));
}

} // namespace gridlock::facts
