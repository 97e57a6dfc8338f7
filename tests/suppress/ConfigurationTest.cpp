//===- ConfigurationTest.cpp - Settings -------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/Configuration.h"
#include "tests/finding/ScratchFolder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace gridlock::suppress {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Configuration read(llvm::StringRef yaml) {
  llvm::Expected<Configuration> configuration = parseConfiguration(yaml, "/p/.gridlock.yaml");
  if (configuration)
    return *configuration;
  ADD_FAILURE() << llvm::toString(configuration.takeError());
  return {};
}

std::string mistake(llvm::StringRef yaml) {
  llvm::Expected<Configuration> configuration = parseConfiguration(yaml, "/p/.gridlock.yaml");
  return configuration ? "no error" : llvm::toString(configuration.takeError());
}

std::string messageOf(llvm::Error error) { return llvm::toString(std::move(error)); }

const std::vector<RuleInfo> Rules = {
    {"lock-order-inversion", "lock", "", Severity::Error, Confidence::High, true},
    {"lock-foreign-call", "lock", "", Severity::Warning, Confidence::Medium, false},
    {"process-no-timeout", "process", "", Severity::Note, Confidence::Medium, true},
};

std::vector<std::string> enabled(const Configuration &configuration) {
  std::vector<std::string> names;
  for (const RuleInfo &rule : Rules)
    if (isRuleEnabled(configuration, rule))
      names.emplace_back(rule.id);
  return names;
}

TEST(ConfigurationFile, EveryKey) {
  Configuration c = read("enable: [lock-foreign-call]\n"
                         "disable:\n  - process-*\n"
                         "severity:\n  lock-*: warning\n"
                         "min-confidence: high\n"
                         "fail-on: note\n"
                         "exclude: [third_party/, '*.pb.cc']\n"
                         "system-headers: true\n"
                         "models: [models/ours.yaml, /opt/m.yaml]\n"
                         "thresholds:\n  blocking-bound-ms: 250\n"
                         "cache-dir: .cache\n");
  EXPECT_THAT(c.enable, ElementsAre("lock-foreign-call"));
  EXPECT_THAT(c.disable, ElementsAre("process-*"));
  EXPECT_EQ(c.severity.at("lock-*"), Severity::Warning);
  EXPECT_EQ(c.minConfidence, Confidence::High);
  EXPECT_EQ(c.failOn, Severity::Note);
  EXPECT_THAT(c.exclude, ElementsAre("third_party/", "*.pb.cc"));
  EXPECT_TRUE(c.systemHeaders);
  EXPECT_THAT(c.models, ElementsAre("/p/models/ours.yaml", "/opt/m.yaml"));
  EXPECT_EQ(c.blockingBoundMs, 250U);
  EXPECT_EQ(c.cacheDirectory, "/p/.cache");
  EXPECT_EQ(c.folder, "/p");
}

TEST(ConfigurationFile, AnEmptyFileMeansTheDefaults) {
  for (const char *yaml : {"", "# nothing\n", "---\n", "---\n# x\n...\n"}) {
    Configuration c = read(yaml);
    EXPECT_EQ(c.blockingBoundMs, 100U);
    EXPECT_EQ(c.failOn, Severity::Warning);
    EXPECT_EQ(c.minConfidence, Confidence::Medium);
    EXPECT_TRUE(c.origins.empty());
  }
}

TEST(ConfigurationFile, UnknownKeysHaveAPlaceAndAdvice) {
  EXPECT_EQ(mistake("enable: []\nexcludes: [x]\n"),
            "/p/.gridlock.yaml:2:1: unknown key 'excludes'; allowed are: enable, disable, severity, min-confidence, "
            "fail-on, exclude, system-headers, models, thresholds, cache-dir");
  EXPECT_EQ(mistake("thresholds:\n  blocking-ms: 3\n"),
            "/p/.gridlock.yaml:2:3: unknown key 'blocking-ms'; allowed are: blocking-bound-ms");
  EXPECT_THAT(mistake("thresholds:\n  blocking-bound-ms: 3\nfoo: 1\n"),
              HasSubstr("3:1: unknown key 'foo'; allowed are: enable"));
}

TEST(ConfigurationFile, WrongValuesHaveAPlaceAndAdvice) {
  EXPECT_THAT(mistake("fail-on: fatal\n"), HasSubstr("/p/.gridlock.yaml:1:10: expected note, warning or error"));
  EXPECT_THAT(mistake("min-confidence: 3\n"), HasSubstr("expected low, medium or high"));
  EXPECT_THAT(mistake("severity: {a: bad}\n"), HasSubstr("expected note, warning or error"));
  EXPECT_THAT(mistake("thresholds: {blocking-bound-ms: soon}\n"), HasSubstr("/p/.gridlock.yaml:1:33: "));
  EXPECT_THAT(mistake("enable: {\n"), HasSubstr("/p/.gridlock.yaml:"));
  EXPECT_THAT(mistake("- a\n"), HasSubstr("/p/.gridlock.yaml:1:1: "));
}

TEST(ConfigurationFile, IsFoundUpwards) {
  ScratchFolder folder;
  std::string outer = folder.write(".gridlock.yaml", "fail-on: error\n");
  folder.write("a/b/c.cpp", "");
  EXPECT_EQ(findConfigurationFile(folder.path("a/b")), outer);
  std::string inner = folder.write("a/.gridlock.yaml", "fail-on: note\n");
  EXPECT_EQ(findConfigurationFile(folder.path("a/b")), inner);
  llvm::Expected<Configuration> loaded = loadConfiguration(inner);
  ASSERT_TRUE(static_cast<bool>(loaded)) << llvm::toString(loaded.takeError());
  EXPECT_EQ(loaded->failOn, Severity::Note);
  EXPECT_EQ(loaded->folder, folder.path("a"));
  llvm::Expected<Configuration> missing = loadConfiguration(folder.path("none.yaml"));
  ASSERT_FALSE(static_cast<bool>(missing));
  EXPECT_THAT(llvm::toString(missing.takeError()), HasSubstr("cannot read the configuration file"));
}

TEST(ShowConfiguration, IsReadBackAndSaysWhereFrom) {
  Configuration c =
      read("enable: ['lock-\"x']\nseverity: {lock-*: note}\nexclude: ['a b/']\nthresholds: {blocking-bound-ms: 7}\n");
  c.failOn = Severity::Error;
  c.origins["fail-on"] = "command line";
  std::string shown;
  llvm::raw_string_ostream os(shown);
  showConfiguration(c, os);
  EXPECT_THAT(shown, HasSubstr("fail-on: error  # command line\n"));
  EXPECT_THAT(shown, HasSubstr("min-confidence: medium  # default\n"));
  EXPECT_THAT(shown, HasSubstr("thresholds: {blocking-bound-ms: 7}  # /p/.gridlock.yaml\n"));
  Configuration again = read(shown);
  EXPECT_EQ(again.enable, c.enable);
  EXPECT_EQ(again.severity, c.severity);
  EXPECT_EQ(again.exclude, c.exclude);
  EXPECT_EQ(again.failOn, c.failOn);
  EXPECT_EQ(again.blockingBoundMs, 7U);
  EXPECT_EQ(again.cacheDirectory, "");
}

TEST(RuleSelection, DefaultsThenTheClosestPattern) {
  Configuration c;
  EXPECT_THAT(enabled(c), ElementsAre("lock-order-inversion", "process-no-timeout"));
  c.enable = {"lock-foreign-call"};
  EXPECT_THAT(enabled(c), ElementsAre("lock-order-inversion", "lock-foreign-call", "process-no-timeout"));
  c = {};
  c.disable = {"*"};
  c.enable = {"lock-*"};
  EXPECT_THAT(enabled(c), ElementsAre("lock-order-inversion", "lock-foreign-call"));
  c.disable = {"*", "lock-foreign-call"};
  EXPECT_THAT(enabled(c), ElementsAre("lock-order-inversion"));
  c.enable = c.disable = {"lock-*"};
  EXPECT_THAT(enabled(c), ElementsAre("process-no-timeout"));
}

TEST(RuleSelection, TheCommandLineListIsExact) {
  Configuration c;
  c.disable = {"lock-order-inversion"};
  ASSERT_EQ(messageOf(selectRules(c, "lock-*, -lock-foreign-call", Rules)), "");
  EXPECT_THAT(enabled(c), ElementsAre("lock-order-inversion"));
  c = {};
  ASSERT_EQ(messageOf(selectRules(c, "-lock-*", Rules)), "");
  EXPECT_THAT(enabled(c), ElementsAre("process-no-timeout"));
  ASSERT_EQ(messageOf(selectRules(c, "gridlock-lock-foreign-call", Rules)), "");
  EXPECT_THAT(enabled(c), ElementsAre("lock-foreign-call"));
}

TEST(RuleSelection, UnknownNamesAreMistakes) {
  Configuration c;
  EXPECT_EQ(messageOf(selectRules(c, "lock-order-invertion", Rules)),
            "--rules: no rule is called `lock-order-invertion`; did you mean `lock-order-inversion`?");
  EXPECT_THAT(messageOf(selectRules(c, "zzz-*", Rules)), HasSubstr("`gridlock rules` lists them"));
  c = read("severity: {proces-no-timeout: error}\n");
  EXPECT_EQ(messageOf(checkRuleNames(c, Rules)),
            "/p/.gridlock.yaml: `severity`: no rule is called `proces-no-timeout`; "
            "did you mean `process-no-timeout`?");
  c = read("severity: {process-*: error}\nenable: ['*']\ndisable: [lock-foreign-call]\n");
  EXPECT_EQ(messageOf(checkRuleNames(c, Rules)), "");
}

class ApplyConfigurationTest : public testing::Test {
protected:
  static Finding at(std::string file, Confidence confidence = Confidence::High) {
    Finding finding;
    finding.rule = "lock-order-inversion";
    finding.location = {std::move(file), 1, 1, 0, {}};
    finding.confidence = confidence;
    return finding;
  }
  DroppedFindings apply(std::vector<Finding> &findings) {
    llvm::Expected<DroppedFindings> dropped =
        applyConfiguration(configuration, findings, [](llvm::StringRef file) { return file.starts_with("/usr/"); });
    if (dropped)
      return *dropped;
    ADD_FAILURE() << llvm::toString(dropped.takeError());
    return {};
  }
  Configuration configuration = read("exclude: [vendor/]\nseverity: {lock-*: note, lock-order-inversion: warning}\n");
};

TEST_F(ApplyConfigurationTest, DropsAndCounts) {
  std::vector<Finding> findings = {at("/p/a.cpp"), at("/p/vendor/a.cpp"), at("/p/b.cpp", Confidence::Low),
                                   at("/usr/include/x.h")};
  DroppedFindings dropped = apply(findings);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].location.file, "/p/a.cpp");
  EXPECT_EQ(dropped.excluded, 1U);
  EXPECT_EQ(dropped.belowConfidence, 1U);
  EXPECT_EQ(dropped.inSystemHeaders, 1U);
}

TEST_F(ApplyConfigurationTest, OneStepInTheProjectIsEnough) {
  std::vector<Finding> findings = {at("/usr/include/x.h")};
  findings[0].threads = {
      {"t", {{{"/usr/include/x.h", 1, 1, 0, {}}, "", {}, 0, ""}, {{"/p/a.cpp", 1, 1, 0, {}}, "", {}, 0, ""}}}};
  EXPECT_EQ(apply(findings).inSystemHeaders, 0U);
  EXPECT_EQ(findings.size(), 1U);
}

TEST_F(ApplyConfigurationTest, SystemHeadersOnRequest) {
  configuration.systemHeaders = true;
  std::vector<Finding> findings = {at("/usr/include/x.h")};
  apply(findings);
  EXPECT_EQ(findings.size(), 1U);
}

TEST_F(ApplyConfigurationTest, TheClosestSeverityCounts) {
  std::vector<Finding> findings = {at("/p/a.cpp"), at("/p/a.cpp"), at("/p/a.cpp")};
  findings[1].rule = "lock-self-deadlock";
  findings[2].rule = "race-stop-flag";
  findings[2].severity = Severity::Error;
  apply(findings);
  EXPECT_EQ(findings[0].severity, Severity::Warning);
  EXPECT_EQ(findings[1].severity, Severity::Note);
  EXPECT_EQ(findings[2].severity, Severity::Error);
}

TEST_F(ApplyConfigurationTest, OnlyShownFindingsFailTheRun) {
  std::vector<Finding> findings = {at("/p/a.cpp")};
  findings[0].severity = Severity::Warning;
  EXPECT_TRUE(shouldFail(configuration, findings));
  findings[0].suppressedBy = "baseline";
  EXPECT_FALSE(shouldFail(configuration, findings));
  findings[0].suppressedBy.clear();
  configuration.failOn = Severity::Error;
  EXPECT_FALSE(shouldFail(configuration, findings));
}

} // namespace
} // namespace gridlock::suppress
