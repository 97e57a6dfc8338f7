//===- BaselineTest.cpp - Known findings ------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/Baseline.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace gridlock::suppress {
namespace {

using testing::HasSubstr;

std::vector<Finding> three() {
  std::vector<Finding> findings(3);
  for (std::size_t index = 0; index < findings.size(); ++index) {
    findings[index].rule = "rule-" + std::to_string(index);
    findings[index].message = "message \"" + std::to_string(index) + "\"";
    findings[index].location.file = "/p/" + std::string(1, static_cast<char>('c' - index)) + ".cpp";
    findings[index].fingerprint = std::to_string(index);
  }
  return findings;
}

std::string written(const Baseline &baseline) {
  std::string text;
  llvm::raw_string_ostream os(text);
  baseline.write(os);
  return text;
}

Baseline read(llvm::StringRef text) {
  llvm::Expected<Baseline> baseline = Baseline::parse(text, "b.json");
  if (baseline)
    return *baseline;
  ADD_FAILURE() << llvm::toString(baseline.takeError());
  return {};
}

TEST(Baseline, IsOneLineAFindingSortedByFile) {
  EXPECT_EQ(written(Baseline::of(three(), "/p")), R"({
  "version": 1,
  "findings": [
    {"fingerprint":"2","rule":"rule-2","file":"a.cpp","message":"message \"2\""},
    {"fingerprint":"1","rule":"rule-1","file":"b.cpp","message":"message \"1\""},
    {"fingerprint":"0","rule":"rule-0","file":"c.cpp","message":"message \"0\""}
  ]
}
)");
  EXPECT_EQ(written({}), "{\n  \"version\": 1,\n  \"findings\": []\n}\n");
}

TEST(Baseline, HidesWhatItLists) {
  std::vector<Finding> findings = three();
  Baseline baseline = read(written(Baseline::of(llvm::ArrayRef(findings).take_front(2), "/p")));
  EXPECT_EQ(baseline.apply(findings), 2U);
  EXPECT_EQ(findings[0].suppressedBy, "baseline");
  EXPECT_EQ(findings[1].suppressedBy, "baseline");
  EXPECT_EQ(findings[2].suppressedBy, "");
}

TEST(Baseline, HoldsNoSuppressedFindings) {
  std::vector<Finding> findings = three();
  findings[1].suppressedBy = "NOLINT in line 1";
  EXPECT_EQ(Baseline::of(findings, "/p").size(), 2U);
  Baseline all = Baseline::of(three(), "/p");
  EXPECT_EQ(all.apply(findings), 2U);
  EXPECT_EQ(findings[1].suppressedBy, "NOLINT in line 1");
}

TEST(Baseline, PruneDropsWhatIsGone) {
  Baseline baseline = Baseline::of(three(), "/p");
  std::vector<Finding> left = three();
  left.pop_back();
  EXPECT_EQ(baseline.prune(left), 1U);
  EXPECT_EQ(baseline.size(), 2U);
  EXPECT_EQ(baseline.prune(left), 0U);
}

TEST(Baseline, MistakesNameTheFile) {
  for (const char *text : {"", "[]", "{\"version\": 2}", "{\"version\": 1}", "{\"version\": 1, \"findings\": [3]}"}) {
    llvm::Expected<Baseline> baseline = Baseline::parse(text, "b.json");
    ASSERT_FALSE(static_cast<bool>(baseline)) << text;
    EXPECT_THAT(llvm::toString(baseline.takeError()), testing::StartsWith("b.json: "));
  }
}

} // namespace
} // namespace gridlock::suppress
