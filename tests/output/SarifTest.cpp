//===- SarifTest.cpp - What readers of SARIF rely on ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SampleReport.h"
#include "gtest/gtest.h"
#include <set>

namespace gridlock::output {
namespace {

using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

/// Follows keys, and indexes written as numbers; fails the test when one is
/// missing.
const Value &get(const Value &value, llvm::StringRef path) {
  static const Value none = nullptr;
  const Value *current = &value;
  llvm::SmallVector<llvm::StringRef> keys;
  path.split(keys, '/');
  for (llvm::StringRef key : keys) {
    std::size_t index = 0;
    const Value *next = nullptr;
    if (const Array *array = current->getAsArray(); array && !key.getAsInteger(10, index) && index < array->size())
      next = &(*array)[index];
    else if (const Object *object = current->getAsObject())
      next = object->get(key);
    if (!next) {
      ADD_FAILURE() << "no " << key.str() << " in " << path.str();
      return none;
    }
    current = next;
  }
  return *current;
}

class SarifTest : public testing::Test {
protected:
  SampleReport report;
  Value document = parseJson(report.render(OutputFormat::Sarif));
  const Value &at(llvm::StringRef path) { return get(document, path); }
  const Value &result(llvm::StringRef rule) {
    for (const Value &each : *at("runs/0/results").getAsArray())
      if (each.getAsObject()->getString("ruleId") == rule)
        return each;
    ADD_FAILURE() << "no result of " << rule.str();
    return document;
  }
};

TEST_F(SarifTest, HasVersionSchemaAndTool) {
  EXPECT_EQ(at("version"), "2.1.0");
  EXPECT_EQ(at("$schema"), "https://json.schemastore.org/sarif-2.1.0.json");
  EXPECT_EQ(at("runs/0/tool/driver/name"), "gridlock");
  EXPECT_EQ(at("runs/0/tool/driver/semanticVersion"), "1.2.3");
  EXPECT_EQ(at("runs/0/columnKind"), "utf16CodeUnits");
  EXPECT_EQ(at("runs/0/invocations/0/executionSuccessful"), true);
  EXPECT_EQ(at("runs/0/invocations/0/toolExecutionNotifications").getAsArray()->size(), 1U);
}

TEST_F(SarifTest, RuleIndexNamesTheRule) {
  const Array &rules = *at("runs/0/tool/driver/rules").getAsArray();
  EXPECT_EQ(rules.size(), 4U); // Three known ones, and one that only occurs.
  for (const Value &each : *at("runs/0/results").getAsArray())
    EXPECT_EQ(get(rules[*get(each, "ruleIndex").getAsInteger()], "id"), get(each, "ruleId"));
  EXPECT_EQ(get(rules[0], "properties/tags/2"), "external/cwe/cwe-833");
  EXPECT_EQ(get(rules[0], "fullDescription/text"), "Two threads take two locks in opposite orders.");
  EXPECT_EQ(get(rules[2], "fullDescription/text"), "A wait that does not test its condition"); // No page: the title.
  for (const Value &rule : rules)
    EXPECT_FALSE(get(rule, "help/markdown").getAsString()->empty());
}

TEST_F(SarifTest, EveryThreadIsACodeFlowWithOneThreadFlow) {
  const Value &cycle = result("lock-order-inversion");
  EXPECT_EQ(get(cycle, "level"), "error");
  const Array &flows = *get(cycle, "codeFlows").getAsArray();
  ASSERT_EQ(flows.size(), 2U);
  for (const Value &flow : flows) {
    EXPECT_EQ(get(flow, "threadFlows").getAsArray()->size(), 1U);
    EXPECT_EQ(get(flow, "threadFlows/0/locations").getAsArray()->size(), 3U);
  }
  EXPECT_EQ(get(flows[0], "threadFlows/0/locations/2/state/locks held/text"), "`Bank::log.mutex`");
  EXPECT_EQ(get(flows[0], "threadFlows/0/locations/2/nestingLevel"), 1);
}

TEST_F(SarifTest, EveryStepIsARelatedLocationThatTheMessageCanLink) {
  const Value &cycle = result("lock-order-inversion");
  const Array &related = *get(cycle, "relatedLocations").getAsArray();
  ASSERT_EQ(related.size(), 7U); // Six steps and one more.
  std::set<std::int64_t> ids;
  for (const Value &location : related)
    ids.insert(*get(location, "id").getAsInteger());
  EXPECT_EQ(ids.size(), related.size());
  llvm::StringRef message = *get(cycle, "message/text").getAsString();
  EXPECT_TRUE(message.ends_with("opposite orders. See [thread 1](3), [thread 2](6).")) << message.str();
}

TEST_F(SarifTest, FilesBelowTheRootAreRelativeOthersAreFileUris) {
  EXPECT_EQ(at("runs/0/originalUriBaseIds/SRCROOT/uri"), "file:///project/");
  const Value &race = get(result("race-unlocked-mutation"), "locations/0/physicalLocation/artifactLocation");
  EXPECT_EQ(get(race, "uri"), "src/a%20counter.h");
  EXPECT_EQ(get(race, "uriBaseId"), "SRCROOT");
  const Value &outside = get(result("process-no-timeout"), "locations/0/physicalLocation/artifactLocation");
  EXPECT_EQ(get(outside, "uri"), "file:///elsewhere/run.cpp");
  EXPECT_EQ(outside.getAsObject()->get("uriBaseId"), nullptr);
}

TEST_F(SarifTest, ColumnsCountUtf16CodeUnits) {
  // Line 18 is `  /* 💰 */ log.write(...)`; byte column 14 is `log`, and the
  // emoji is four bytes but two units.
  const Value &step = get(result("lock-order-inversion"), "codeFlows/1/threadFlows/0/locations/1/location");
  EXPECT_EQ(get(step, "physicalLocation/region/startColumn"), 12);
  EXPECT_EQ(get(step, "physicalLocation/region/endColumn"), 15);
}

TEST_F(SarifTest, RegionsHaveAllFourCorners) {
  const Value &region = get(result("lock-order-inversion"), "locations/0/physicalLocation/region");
  for (llvm::StringRef key : {"startLine", "startColumn", "endLine", "endColumn"})
    EXPECT_TRUE(get(region, key).getAsInteger()) << key.str();
}

TEST_F(SarifTest, FingerprintsAreUniqueAndNotEmpty) {
  std::set<std::string> seen;
  for (const Value &each : *at("runs/0/results").getAsArray())
    seen.insert(get(each, "partialFingerprints/primaryLocationLineHash").getAsString()->str());
  EXPECT_EQ(seen.size(), 4U);
  EXPECT_FALSE(seen.contains(":1"));
}

TEST_F(SarifTest, SuppressedFindingsSayWhere) {
  unsigned suppressed = 0;
  for (const Value &each : *at("runs/0/results").getAsArray())
    if (!get(each, "suppressions").getAsArray()->empty()) {
      ++suppressed;
      EXPECT_EQ(get(each, "suppressions/0/kind"), "inSource");
      EXPECT_EQ(get(each, "suppressions/0/justification"), "NOLINT at src/a counter.h:3");
    }
  EXPECT_EQ(suppressed, 1U);
}

TEST_F(SarifTest, FixesGiveTheDeletedRegion) {
  const Value &change = get(result("race-unlocked-mutation"), "fixes/0/artifactChanges/0");
  EXPECT_EQ(get(change, "artifactLocation/uri"), "src/a%20counter.h");
  EXPECT_EQ(get(change, "replacements/0/deletedRegion/startColumn"), 3);
  EXPECT_EQ(get(change, "replacements/0/deletedRegion/endColumn"), 6);
  EXPECT_EQ(get(change, "replacements/0/insertedContent/text"), "std::atomic<int>");
}

TEST_F(SarifTest, KeepsGithubsLimitOnLocations) {
  Finding finding;
  finding.rule = "r";
  finding.message = "m";
  finding.threads = {{"Thread 1", std::vector<TraceStep>(1500)}, {"Thread 2", std::vector<TraceStep>(1)}};
  Value limited = parseJson(SampleReport::render(OutputFormat::Sarif, finding, report.context()));
  EXPECT_EQ(get(limited, "runs/0/results/0/relatedLocations").getAsArray()->size(), 1000U);
  EXPECT_EQ(get(limited, "runs/0/results/0/message/text"), "m"); // No link to what was left out.
}

} // namespace
} // namespace gridlock::output
