//===- FindingTest.cpp - Order and fingerprints -----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/finding/Finding.h"
#include "gtest/gtest.h"

namespace gridlock {
namespace {

Finding at(std::string file, unsigned line, std::string identity) {
  Finding finding;
  finding.rule = "lock-self-deadlock";
  finding.location = {std::move(file), line, 1, 0, {}};
  finding.identity = {std::move(identity)};
  return finding;
}

TEST(FinalizeFindings, SortsByPlaceAndDropsEqualOnes) {
  std::vector<Finding> findings = {at("/b.cpp", 1, "m"), at("/a.cpp", 9, "m"), at("/a.cpp", 2, "m"),
                                   at("/b.cpp", 1, "m")};
  finalizeFindings(findings);
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings[0].location.line, 2U);
  EXPECT_EQ(findings[1].location.line, 9U);
  EXPECT_EQ(findings[2].location.file, "/b.cpp");
}

TEST(FinalizeFindings, FingerprintsSurviveLineMovesAndOtherCheckouts) {
  std::vector<Finding> before = {at("/home/a/x.cpp", 10, "m")}, after = {at("/build/x.cpp", 25, "m")};
  finalizeFindings(before);
  finalizeFindings(after);
  EXPECT_EQ(before[0].fingerprint, after[0].fingerprint);
  EXPECT_EQ(before[0].fingerprint.size(), 16U);
}

TEST(FinalizeFindings, FingerprintsTellFindingsApart) {
  std::vector<Finding> findings = {at("/a.cpp", 1, "m"), at("/a.cpp", 2, "m"), at("/a.cpp", 3, "n")};
  finalizeFindings(findings);
  EXPECT_NE(findings[0].fingerprint, findings[1].fingerprint);
  EXPECT_NE(findings[1].fingerprint, findings[2].fingerprint);
  EXPECT_NE(findings[0].fingerprint, findings[2].fingerprint);
}

TEST(Words, AreReadBack) {
  for (Severity severity : {Severity::Note, Severity::Warning, Severity::Error}) {
    Severity read;
    ASSERT_TRUE(parseSeverity(toString(severity), read));
    EXPECT_EQ(read, severity);
  }
  for (Confidence confidence : {Confidence::Low, Confidence::Medium, Confidence::High}) {
    Confidence read;
    ASSERT_TRUE(parseConfidence(toString(confidence), read));
    EXPECT_EQ(read, confidence);
  }
  Severity severity = Severity::Note;
  EXPECT_FALSE(parseSeverity("Error", severity));
  EXPECT_EQ(severity, Severity::Note);
}

} // namespace
} // namespace gridlock
