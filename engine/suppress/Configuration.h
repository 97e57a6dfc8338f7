//===- Configuration.h - The file .gridlock.yaml ----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a project may set, where it is found, and what it does to findings.
/// docs/configuration.md describes every key.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SUPPRESS_CONFIGURATION_H
#define GRIDLOCK_ENGINE_SUPPRESS_CONFIGURATION_H

#include "engine/finding/Finding.h"
#include "engine/finding/RuleInfo.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gridlock::suppress {

/// All settings. A fresh one holds the defaults. A plain value.
struct Configuration {
  /// Globs of rule ids. See `isRuleEnabled`.
  std::vector<std::string> enable, disable;
  /// By rule id or glob; the longest one that matches counts.
  std::map<std::string, Severity> severity;
  Confidence minConfidence = Confidence::Medium;
  Severity failOn = Severity::Warning;
  /// Path globs as in `.gitignore`, from `folder`.
  std::vector<std::string> exclude;
  /// Show findings of which every place is in a system header.
  bool systemHeaders = false;
  std::vector<std::string> models; ///< absolute paths
  unsigned blockingBoundMs = 100;
  std::string cacheDirectory; ///< absolute; empty: beside the database

  /// Where relative things start: the file's folder. Absolute.
  std::string folder;
  /// For `--show-config`: who set a key, by its name in the file. The command
  /// line adds its own.
  std::map<std::string, std::string> origins;
};

inline constexpr llvm::StringLiteral ConfigurationFileName = ".gridlock.yaml";

/// The nearest `.gridlock.yaml` in `folder` (absolute) or above it.
std::optional<std::string> findConfigurationFile(llvm::StringRef folder);

/// Reads a file.
/// \returns on an error one message: place, what is wrong, what is allowed.
llvm::Expected<Configuration> loadConfiguration(llvm::StringRef file);

/// The same for text. `fileName` is absolute, for messages and relative paths.
llvm::Expected<Configuration> parseConfiguration(llvm::StringRef yaml, llvm::StringRef fileName);

/// Writes all settings as a file that could be read back, each with a remark
/// where it comes from.
void showConfiguration(const Configuration &configuration, llvm::raw_ostream &os);

/// Whether a rule runs: as the pattern says that names it most closely (a full
/// name before a glob, a longer glob before a shorter one, `disable` before
/// `enable` when equal), else by the rule's own default.
bool isRuleEnabled(const Configuration &configuration, const RuleInfo &rule);

/// Puts `--rules` in force: `lock-*,-lock-foreign-call` runs exactly those, and
/// `-lock-*` all that are on but those.
/// \returns an error when a name or glob fits no rule.
llvm::Error selectRules(Configuration &configuration, llvm::StringRef list, llvm::ArrayRef<RuleInfo> rules);

/// \returns an error when a name or glob in the configuration fits no rule.
llvm::Error checkRuleNames(const Configuration &configuration, llvm::ArrayRef<RuleInfo> rules);

/// How many findings `applyConfiguration` dropped, and why.
struct DroppedFindings {
  unsigned belowConfidence = 0;
  unsigned excluded = 0;
  unsigned inSystemHeaders = 0;
};

/// Sets severities, then drops the findings that the project does not want to
/// see. `isSystemFile` gets absolute paths.
/// \returns an error when a path pattern in `exclude` is none.
llvm::Expected<DroppedFindings> applyConfiguration(const Configuration &configuration, std::vector<Finding> &findings,
                                                   llvm::function_ref<bool(llvm::StringRef)> isSystemFile);

/// Whether any finding that is not suppressed is at or above `failOn`.
bool shouldFail(const Configuration &configuration, llvm::ArrayRef<Finding> findings);

} // namespace gridlock::suppress

#endif // GRIDLOCK_ENGINE_SUPPRESS_CONFIGURATION_H
