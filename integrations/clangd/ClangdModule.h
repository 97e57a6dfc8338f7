//===- ClangdModule.h - What clangd offers to code linked into it -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The part of clangd's interface that is needed here. Packages of LLVM hold its
/// libraries but not its headers, so the classes are declared again: the order
/// of the virtual functions and the size of the members must be those of clangd
/// 22.1 (`FeatureModule.h` there).
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_CLANGD_CLANGDMODULE_H
#define GRIDLOCK_INTEGRATIONS_CLANGD_CLANGDMODULE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Registry.h"
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

static_assert(LLVM_VERSION_MAJOR == 22 && LLVM_VERSION_MINOR == 1, "compare these declarations with clangd's own");

namespace clang {
class CompilerInstance;
class Diagnostic;
namespace clangd {
struct Diag;
class LSPBinder;
class SymbolIndex;
class ThreadsafeFS;
class TUScheduler;
class Tweak;

/// A point in time: never, none, or that one.
class Deadline {
  int Kind;
  std::chrono::steady_clock::time_point Time;
};

class FeatureModule {
public:
  virtual ~FeatureModule() = default;
  virtual void initializeLSP(LSPBinder &binder, const llvm::json::Object &client, llvm::json::Object &server) {}
  virtual void stop() {}
  virtual bool blockUntilIdle(Deadline deadline) { return true; }
  virtual void contributeTweaks(std::vector<std::unique_ptr<Tweak>> &tweaks) {}

  /// Made for each AST and each preamble, on the thread that builds it.
  struct ASTListener {
    virtual ~ASTListener() = default;
    /// After everything is set up, before anything is parsed.
    virtual void beforeExecute(CompilerInstance &compiler) {}
    virtual void sawDiagnostic(const Diagnostic &diagnostic, Diag &shown) {}
  };
  virtual std::unique_ptr<ASTListener> astListeners() { return nullptr; }

private:
  struct Facilities {
    TUScheduler &Scheduler;
    const SymbolIndex *Index;
    const ThreadsafeFS &Files;
  };
  std::optional<Facilities> Given;
};

/// The program.
int clangdMain(int count, char *words[]);

namespace remote {
/// Stands for a `std::unique_ptr<SymbolIndex>`, of which nothing but the name is
/// known here: one pointer, returned through memory.
struct IndexPointer {
  SymbolIndex *Index = nullptr;
  ~IndexPointer() {}
};
IndexPointer getClient(llvm::StringRef address, llvm::StringRef root);
} // namespace remote

} // namespace clangd
} // namespace clang

namespace llvm {
extern template class Registry<clang::clangd::FeatureModule>;
} // namespace llvm

#endif // GRIDLOCK_INTEGRATIONS_CLANGD_CLANGDMODULE_H
