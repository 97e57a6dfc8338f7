//===- JsonTest.cpp - The report for programs -------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SampleReport.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace gridlock::output {
namespace {

using testing::HasSubstr;

TEST(JsonOutput, IsReadBackWithoutLoss) {
  SampleReport report;
  std::string text = report.render(OutputFormat::Json);
  llvm::Expected<Report> read = readReport(text);
  ASSERT_TRUE(static_cast<bool>(read)) << llvm::toString(read.takeError());
  EXPECT_EQ(read->findings.size(), report.findings.size());
  EXPECT_EQ(read->root, "/project");
  EXPECT_EQ(read->toolVersion, "1.2.3");
  OutputContext context = report.context();
  context.notes = read->notes;
  EXPECT_EQ(SampleReport::render(OutputFormat::Json, read->findings, context), text);
  EXPECT_EQ(read->findings[0].location.file.substr(0, 1), "/");
}

TEST(JsonOutput, BytesThatAreNotUtf8AreReplaced) {
  SampleReport report;
  Finding finding;
  finding.message = "caf\xe9";
  llvm::json::Value document = parseJson(SampleReport::render(OutputFormat::Json, finding, report.context()));
  const llvm::json::Object &first = *document.getAsObject()->getArray("findings")->front().getAsObject();
  EXPECT_EQ(first.getString("message"), "caf\xEF\xBF\xBD");
}

TEST(JsonLines, EachLineIsOneFinding) {
  SampleReport report;
  std::string text = report.render(OutputFormat::JsonLines);
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(text).split(lines, '\n', -1, /*KeepEmpty=*/false);
  ASSERT_EQ(lines.size(), 3U);
  for (llvm::StringRef line : lines)
    EXPECT_TRUE(parseJson(line).getAsObject()->getString("rule"));
}

TEST(ReadReport, NamesThePlaceOfAMistake) {
  llvm::Expected<Report> read = readReport(
      R"({"version": 1, "tool": {"version": ""}, "root": "/", "findings": [{"rule": 3}], "suppressed": [], "notes": []})");
  ASSERT_FALSE(static_cast<bool>(read));
  EXPECT_THAT(llvm::toString(read.takeError()), HasSubstr("report.findings[0].rule"));
}

TEST(ReadReport, RefusesOtherVersions) {
  llvm::Expected<Report> read = readReport(R"({"version": 2})");
  ASSERT_FALSE(static_cast<bool>(read));
  EXPECT_THAT(llvm::toString(read.takeError()), HasSubstr("version 2"));
}

TEST(ReadReport, RefusesWhatIsNotJson) {
  llvm::Expected<Report> read = readReport("findings: none");
  ASSERT_FALSE(static_cast<bool>(read));
  llvm::consumeError(read.takeError());
}

} // namespace
} // namespace gridlock::output
