//===- Configuration.cpp - What the settings do -----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/Configuration.h"
#include "engine/suppress/PathPatterns.h"
#include "engine/suppress/RuleGlob.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace gridlock::suppress {

std::optional<std::string> findConfigurationFile(llvm::StringRef folder) {
  for (; !folder.empty(); folder = llvm::sys::path::parent_path(folder)) {
    llvm::SmallString<256> candidate(folder);
    llvm::sys::path::append(candidate, ConfigurationFileName);
    if (llvm::sys::fs::is_regular_file(candidate))
      return candidate.str().str();
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

static bool matchesRule(llvm::StringRef glob, llvm::StringRef rule) {
  glob.consume_front("gridlock-"); // The name that comments use.
  return matchesRuleGlob(glob, rule);
}

/// How closely the glob names the rule; 0: not at all.
static std::size_t closeness(llvm::StringRef glob, llvm::StringRef rule) {
  if (!matchesRule(glob, rule))
    return 0;
  return glob.contains('*') ? glob.size() : std::string::npos;
}

static std::size_t closest(llvm::ArrayRef<std::string> globs, llvm::StringRef rule) {
  std::size_t best = 0;
  for (const std::string &glob : globs)
    best = std::max(best, closeness(glob, rule));
  return best;
}

bool isRuleEnabled(const Configuration &configuration, const RuleInfo &rule) {
  std::size_t on = closest(configuration.enable, rule.id), off = closest(configuration.disable, rule.id);
  if (on == off)
    return on == 0 && rule.onByDefault;
  return on > off;
}

/// \returns an error with the nearest rule's name when `glob` fits none.
static llvm::Error checkRuleName(llvm::StringRef glob, llvm::StringRef where, llvm::ArrayRef<RuleInfo> rules) {
  if (llvm::any_of(rules, [&](const RuleInfo &rule) { return matchesRule(glob, rule.id); }))
    return llvm::Error::success();
  llvm::StringRef nearest;
  unsigned best = std::max<unsigned>(3, glob.size() / 3);
  for (const RuleInfo &rule : rules) {
    unsigned distance = glob.edit_distance(rule.id, /*AllowReplacements=*/true, best);
    if (distance < best) {
      best = distance;
      nearest = rule.id;
    }
  }
  std::string advice = nearest.empty() ? "`gridlock rules` lists them" : "did you mean `" + nearest.str() + "`?";
  return llvm::createStringError(where + ": no rule is called `" + glob + "`; " + advice);
}

llvm::Error checkRuleNames(const Configuration &configuration, llvm::ArrayRef<RuleInfo> rules) {
  auto where = [&](llvm::StringRef key) {
    auto origin = configuration.origins.find(key.str());
    return (origin == configuration.origins.end() ? "" : origin->second + ": ") + "`" + key.str() + "`";
  };
  for (const std::string &glob : configuration.enable)
    if (llvm::Error error = checkRuleName(glob, where("enable"), rules))
      return error;
  for (const std::string &glob : configuration.disable)
    if (llvm::Error error = checkRuleName(glob, where("disable"), rules))
      return error;
  for (const auto &[glob, severity] : configuration.severity)
    if (llvm::Error error = checkRuleName(glob, where("severity"), rules))
      return error;
  return llvm::Error::success();
}

llvm::Error selectRules(Configuration &configuration, llvm::StringRef list, llvm::ArrayRef<RuleInfo> rules) {
  std::vector<std::string> wanted, unwanted;
  for (llvm::StringRef glob : llvm::split(list, ',')) {
    glob = glob.trim();
    bool isUnwanted = glob.consume_front("-");
    if (glob.empty())
      continue;
    if (llvm::Error error = checkRuleName(glob, "--rules", rules))
      return error;
    (isUnwanted ? unwanted : wanted).push_back(glob.str());
  }
  // Decided here for each rule, by name: the list is exact, and what the file
  // says about a rule must not be closer than it.
  std::vector<std::string> on, off;
  for (const RuleInfo &rule : rules) {
    auto matches = [&](const std::string &glob) { return matchesRule(glob, rule.id); };
    bool runs = (wanted.empty() ? isRuleEnabled(configuration, rule) : llvm::any_of(wanted, matches)) &&
                llvm::none_of(unwanted, matches);
    (runs ? on : off).emplace_back(rule.id);
  }
  configuration.enable = std::move(on);
  configuration.disable = std::move(off);
  configuration.origins["enable"] = configuration.origins["disable"] = "--rules";
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Findings
//===----------------------------------------------------------------------===//

static void setSeverities(const Configuration &configuration, std::vector<Finding> &findings) {
  for (Finding &finding : findings) {
    std::size_t best = 0;
    for (const auto &[glob, severity] : configuration.severity)
      if (std::size_t close = closeness(glob, finding.rule); close > best) {
        best = close;
        finding.severity = severity;
      }
  }
}

llvm::Expected<DroppedFindings> applyConfiguration(const Configuration &configuration, std::vector<Finding> &findings,
                                                   llvm::function_ref<bool(llvm::StringRef)> isSystemFile) {
  llvm::Expected<PathPatterns> excluded = PathPatterns::create(configuration.exclude, configuration.folder);
  if (!excluded)
    return llvm::createStringError("`exclude`: " + llvm::toString(excluded.takeError()));
  setSeverities(configuration, findings);
  auto isAllSystem = [&](const Finding &finding) {
    return isSystemFile(finding.location.file) && llvm::all_of(finding.threads, [&](const ThreadTrace &thread) {
             return llvm::all_of(thread.steps, [&](const TraceStep &step) { return isSystemFile(step.location.file); });
           });
  };
  DroppedFindings dropped;
  llvm::erase_if(findings, [&](const Finding &finding) {
    if (finding.confidence < configuration.minConfidence)
      return ++dropped.belowConfidence, true;
    if (!excluded->match(finding.location.file).empty())
      return ++dropped.excluded, true;
    if (!configuration.systemHeaders && isAllSystem(finding))
      return ++dropped.inSystemHeaders, true;
    return false;
  });
  return dropped;
}

bool shouldFail(const Configuration &configuration, llvm::ArrayRef<Finding> findings) {
  return llvm::any_of(findings, [&](const Finding &finding) {
    return finding.suppressedBy.empty() && finding.severity >= configuration.failOn;
  });
}

} // namespace gridlock::suppress
