//===- CheckNames.cpp - Gridlock's rules as names that clangd knows -------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Findings do not come from clang-tidy's checks here: those see one file, and
// not the bodies of what it includes, and would say again what the relay says
// better. But `.clangd` may name the rules (live/EditorChecks.h), and clangd
// complains there of names that it does not know, and of checks that it does not
// know to be fast. So each rule is a check that does nothing, and is fast.
//
//===----------------------------------------------------------------------===//

#include "checks/Registry.h"
#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyModule.h"
#include <optional>

namespace {

class SilentCheck : public clang::tidy::ClangTidyCheck {
public:
  using ClangTidyCheck::ClangTidyCheck;
};

class NamesModule : public clang::tidy::ClangTidyModule {
public:
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories &factories) override {
    for (const gridlock::RegisteredRule &rule : gridlock::checks::allRules())
      factories.registerCheck<SilentCheck>("gridlock-" + std::string(rule.info.id));
  }
};

} // namespace

static clang::tidy::ClangTidyModuleRegistry::Add<NamesModule> registration("gridlock-names", "Gridlock's rules.");

// clang::clangd::isFastTidyCheck, which the linker wraps; nothing for a check
// whose speed is not known.
std::optional<bool> askClangd(llvm::StringRef check) asm("__real__ZN5clang6clangd15isFastTidyCheckEN4llvm9StringRefE");
std::optional<bool> isFast(llvm::StringRef check) asm("__wrap__ZN5clang6clangd15isFastTidyCheckEN4llvm9StringRefE");
std::optional<bool> isFast(llvm::StringRef check) {
  return check.starts_with("gridlock-") ? std::optional(true) : askClangd(check);
}
