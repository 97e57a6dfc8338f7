//===- TidyModule.cpp - Gridlock's rules as clang-tidy checks ---*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `clang-tidy-22 --load=libgridlock_tidy.so --checks=gridlock-*`. Each rule is a
// check of its own, as clang-tidy wants it, but a unit is analysed once: the
// checks of one unit share a session. clang-tidy makes all checks of a unit
// before the first of them runs, on the thread that runs them; so a check joins
// the thread's open session, and the first that runs closes it.
//
//===----------------------------------------------------------------------===//

#include "checks/Registry.h"
#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyModule.h"
#include "integrations/unit/UnitCheck.h"
#include "clang/ASTMatchers/ASTMatchers.h"

namespace gridlock::integrations {
namespace {

class Session {
public:
  /// The session of the unit whose checks are being made.
  static std::shared_ptr<Session> open() {
    static thread_local std::weak_ptr<Session> current;
    std::shared_ptr<Session> session = current.lock();
    if (!session || session->IsClosed)
      current = session = std::make_shared<Session>();
    return session;
  }

  /// All findings of the unit; the first call analyses it.
  const std::vector<Finding> &findings(clang::ASTContext &context) {
    if (IsClosed)
      return Findings;
    IsClosed = true;
    llvm::Expected<std::vector<Finding>> found = checkUnit(unitOf(context), /*hideByComment=*/false);
    if (found)
      Findings = std::move(*found);
    else
      Failure = llvm::toString(found.takeError());
    return Findings;
  }

  /// Why there is no answer; given out once.
  std::string takeFailure() { return std::exchange(Failure, std::string()); }

private:
  bool IsClosed = false;
  std::vector<Finding> Findings;
  std::string Failure;
};

class RuleCheck : public clang::tidy::ClangTidyCheck {
public:
  RuleCheck(llvm::StringRef name, clang::tidy::ClangTidyContext *context)
      : ClangTidyCheck(name, context), Rule(name.substr(name.find('-') + 1)), Shared(Session::open()) {}

  void registerMatchers(clang::ast_matchers::MatchFinder *finder) override {
    finder->addMatcher(clang::ast_matchers::translationUnitDecl(), this);
  }

  void check(const clang::ast_matchers::MatchFinder::MatchResult &result) override {
    for (const Finding &finding : Shared->findings(*result.Context))
      if (finding.rule == Rule)
        report(*result.SourceManager, finding);
    if (std::string failure = Shared->takeFailure(); !failure.empty())
      configurationDiag("gridlock: %0") << failure;
  }

private:
  void report(const clang::SourceManager &sources, const Finding &finding) {
    clang::SourceLocation place = locate(sources, finding.location);
    if (place.isInvalid())
      return;
    {
      clang::DiagnosticBuilder builder = diag(place, "%0") << finding.message;
      for (const clang::FixItHint &hint : fixItsOf(sources, finding))
        builder << hint;
    }
    for (const Remark &remark : remarksOf(finding))
      if (clang::SourceLocation at = locate(sources, remark.location); at.isValid())
        diag(at, "%0", clang::DiagnosticIDs::Note) << remark.message;
  }

  std::string Rule;
  std::shared_ptr<Session> Shared;
};

class GridlockModule : public clang::tidy::ClangTidyModule {
public:
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories &factories) override {
    for (const RegisteredRule &rule : checks::allRules())
      factories.registerCheck<RuleCheck>("gridlock-" + std::string(rule.info.id));
  }
};

} // namespace
} // namespace gridlock::integrations

static clang::tidy::ClangTidyModuleRegistry::Add<gridlock::integrations::GridlockModule>
    registration("gridlock-module", "Concurrency defects.");
