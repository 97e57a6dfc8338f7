//===- FormatsTest.cpp - Every format against its golden file ---*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SampleReport.h"
#include "llvm/Support/FileSystem.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace gridlock::output {
namespace {

using testing::HasSubstr;
using testing::Not;

class GoldenTest : public testing::TestWithParam<std::pair<OutputFormat, const char *>> {};

TEST_P(GoldenTest, MatchesTheStoredFile) {
  SampleReport report;
  expectGolden(GetParam().second, report.render(GetParam().first));
}

INSTANTIATE_TEST_SUITE_P(
    Formats, GoldenTest,
    testing::Values(std::pair(OutputFormat::Text, "report.txt"), std::pair(OutputFormat::Json, "report.json"),
                    std::pair(OutputFormat::JsonLines, "report.jsonl"), std::pair(OutputFormat::Sarif, "report.sarif"),
                    std::pair(OutputFormat::Html, "report.html"), std::pair(OutputFormat::Dot, "report.dot"),
                    std::pair(OutputFormat::Github, "report.github.txt"),
                    std::pair(OutputFormat::Gitlab, "report.gitlab.json"),
                    std::pair(OutputFormat::JUnit, "report.junit.xml")),
    [](const auto &instance) { return toString(instance.param.first).str(); });

TEST(OutputFormat, NamesAreReadBack) {
  for (llvm::StringRef name : outputFormatNames()) {
    std::optional<OutputFormat> format = parseOutputFormat(name);
    ASSERT_TRUE(format) << name.str();
    EXPECT_EQ(toString(*format), name);
  }
  EXPECT_FALSE(parseOutputFormat("xml"));
  EXPECT_FALSE(parseOutputFormat(""));
}

TEST(OutputFormat, EveryFormatWritesAnEmptyReport) {
  SampleReport report;
  for (llvm::StringRef name : outputFormatNames()) {
    OutputFormat format = *parseOutputFormat(name);
    std::string text = SampleReport::render(format, {}, report.context());
    if (format == OutputFormat::Text || format == OutputFormat::JsonLines || format == OutputFormat::Github)
      EXPECT_EQ(text, "") << name.str();
    else
      EXPECT_NE(text, "") << name.str();
  }
}

TEST(OutputFormat, AFullDiskIsAnError) {
  if (!llvm::sys::fs::exists("/dev/full"))
    GTEST_SKIP() << "this system has no /dev/full";
  SampleReport report;
  std::error_code code;
  llvm::raw_fd_ostream os("/dev/full", code);
  ASSERT_FALSE(code);
  llvm::Error error = writeFindings(OutputFormat::Text, report.findings, report.context(), os);
  ASSERT_TRUE(static_cast<bool>(error));
  EXPECT_THAT(llvm::toString(std::move(error)), HasSubstr("No space left"));
}

TEST(OutputFormat, SuppressedFindingsAppearOnlyWhereTheyAreMarked) {
  SampleReport report;
  for (llvm::StringRef name : outputFormatNames()) {
    OutputFormat format = *parseOutputFormat(name);
    bool marks = format == OutputFormat::Json || format == OutputFormat::Sarif;
    EXPECT_EQ(llvm::StringRef(report.render(format)).contains("Counter::other"), marks) << name.str();
  }
}

TEST(GithubOutput, AFindingIsOneLine) {
  SampleReport report;
  std::string text = report.render(OutputFormat::Github);
  EXPECT_EQ(llvm::StringRef(text).count('\n'), 3U);
  EXPECT_THAT(text, HasSubstr("::notice file=/elsewhere/run.cpp,line=1,"));
  EXPECT_THAT(text, HasSubstr("100%25"));
}

TEST(GithubOutput, ColonsAndCommasInPathsAreEscaped) {
  SampleReport report;
  Finding finding;
  finding.rule = "r";
  finding.message = "a: b, c";
  finding.location = {"/project/a,b:c.cpp", 1, 1, 2, {}};
  std::string text = SampleReport::render(OutputFormat::Github, finding, report.context());
  EXPECT_THAT(text, HasSubstr("file=a%2Cb%3Ac.cpp,line=1"));
  EXPECT_THAT(text, HasSubstr("::a: b, c%0A"));
}

TEST(JUnitOutput, InvalidBytesAreReplaced) {
  SampleReport report;
  Finding finding;
  finding.rule = "r";
  finding.message = "a\x01 \xff <b> & \"c\"";
  std::string text = SampleReport::render(OutputFormat::JUnit, finding, report.context());
  EXPECT_THAT(text, HasSubstr("a? \xEF\xBF\xBD &lt;b&gt; &amp; &quot;c&quot;"));
}

TEST(GitlabOutput, FingerprintsDiffer) {
  SampleReport report;
  llvm::json::Value document = parseJson(report.render(OutputFormat::Gitlab));
  ASSERT_EQ(document.getAsArray()->size(), 3U);
  std::set<llvm::StringRef> fingerprints;
  for (const llvm::json::Value &entry : *document.getAsArray())
    fingerprints.insert(*entry.getAsObject()->getString("fingerprint"));
  EXPECT_EQ(fingerprints.size(), 3U);
}

TEST(DotOutput, ACycleWithoutEdgesIsTakenFromTheLocksHeld) {
  SampleReport report;
  for (Finding &finding : report.findings)
    finding.cycle.clear();
  std::string text = report.render(OutputFormat::Dot);
  EXPECT_THAT(text, HasSubstr("\"Bank::log.mutex\" -> \"Account::mutex\""));
  EXPECT_THAT(text, HasSubstr("\"Account::mutex\" -> \"Bank::log.mutex\""));
}

TEST(HtmlOutput, TextCannotBecomeMarkup) {
  SampleReport report;
  Finding finding;
  finding.rule = "<script>alert(1)</script>";
  finding.message = "`<img src=x onerror=alert(1)>` \" ' <b";
  finding.location = {"/project/\"><script>.cpp", 1, 1, 2, {}};
  finding.cycle = {{"<svg onload=1>", "</title>", 0}, {"</title>", "<svg onload=1>", 1}};
  std::string text = SampleReport::render(OutputFormat::Html, finding, report.context());
  EXPECT_EQ(llvm::StringRef(text).count("<script>"), 1U); // Our own.
  EXPECT_THAT(text, Not(HasSubstr("<img")));
  EXPECT_THAT(text, Not(HasSubstr("<svg onload")));
}

TEST(HtmlOutput, NamesNoOtherHost) {
  SampleReport report;
  std::string text = report.render(OutputFormat::Html);
  EXPECT_THAT(text, HasSubstr("default-src 'none'"));
  EXPECT_THAT(text, Not(HasSubstr("http:")));
  EXPECT_THAT(text, Not(HasSubstr("https:")));
  EXPECT_THAT(text, Not(HasSubstr(" style="))); // The policy would drop them.
}

TEST(HtmlOutput, DrawsCyclesOfOneToSixNodes) {
  SampleReport report;
  for (unsigned count = 1; count <= 6; ++count) {
    Finding finding;
    for (unsigned index = 0; index < count; ++index)
      finding.cycle.push_back({"lock" + std::to_string(index), "lock" + std::to_string((index + 1) % count), index});
    std::string text = SampleReport::render(OutputFormat::Html, finding, report.context());
    EXPECT_EQ(llvm::StringRef(text).count("<rect"), count);
    EXPECT_EQ(llvm::StringRef(text).count("marker-end"), count);
    EXPECT_THAT(text, Not(HasSubstr("-9223372036854775808"))); // What lround makes of "not a number".
  }
}

} // namespace
} // namespace gridlock::output
