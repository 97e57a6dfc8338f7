//===- TextTest.cpp - What people read at a terminal ------------*- C++ -*-===//
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
using testing::Not;

std::string textOf(const Finding &finding) {
  SampleReport report;
  return SampleReport::render(OutputFormat::Text, finding, report.context());
}

Finding withSteps(unsigned count) {
  Finding finding;
  finding.rule = "lock-self-deadlock";
  finding.location = {"/project/x.cpp", 1, 1, 2, {}};
  finding.threads = {{"Thread 1", {}}};
  for (unsigned index = 0; index < count; ++index)
    finding.threads[0].steps.push_back(
        {{"/project/x.cpp", index + 1, 1, 2, {}}, "step " + std::to_string(index), {}, 0, ""});
  return finding;
}

TEST(TextOutput, OnlyHeadlinesStartInTheFirstColumn) {
  SampleReport report;
  std::string text = report.render(OutputFormat::Text);
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(text).split(lines, '\n', -1, /*KeepEmpty=*/false);
  unsigned headlines = 0;
  for (llvm::StringRef line : lines)
    headlines += line.front() != ' ';
  EXPECT_EQ(headlines, 3U);
  EXPECT_THAT(text, HasSubstr("src/bank.cpp:17:31: error: "));
}

TEST(TextOutput, EscapesOnlyWhenAsked) {
  SampleReport report;
  EXPECT_THAT(report.render(OutputFormat::Text), Not(HasSubstr("\x1b")));
  OutputContext context = report.context();
  context.color = true;
  std::string colored = SampleReport::render(OutputFormat::Text, report.findings, context);
  EXPECT_THAT(colored, HasSubstr("\x1b["));
  std::string plain;
  for (std::size_t at = 0; at < colored.size(); ++at) {
    if (colored[at] == '\x1b')
      at = colored.find('m', at);
    else
      plain += colored[at];
  }
  EXPECT_EQ(plain, report.render(OutputFormat::Text));
}

TEST(TextOutput, ShortTracesAreNotFolded) { EXPECT_THAT(textOf(withSteps(16)), Not(HasSubstr("more steps"))); }

TEST(TextOutput, LongTracesKeepBothEndsAndEveryChangeOfLocks) {
  Finding finding = withSteps(60);
  for (unsigned index = 30; index < 60; ++index)
    finding.threads[0].steps[index].held = {"m"};
  std::string text = textOf(finding);
  for (const char *kept : {"step 0\n", "step 2\n", "step 29\n", "step 30  {holds `m`}", "step 59  {holds `m`}"})
    EXPECT_THAT(text, HasSubstr(kept));
  EXPECT_THAT(text, Not(HasSubstr("step 10\n")));
  EXPECT_THAT(text, HasSubstr("... 26 more steps"));
  EXPECT_THAT(text, HasSubstr("... 25 more steps"));
}

TEST(TextOutput, AFileThatHasGoneStillHasItsHeadline) {
  Finding finding;
  finding.rule = "r";
  finding.message = "m";
  finding.location = {"/project/gone.cpp", 3, 4, 0, {}};
  EXPECT_EQ(textOf(finding), "gone.cpp:3:4: warning: m [r]\n  confidence: medium\n");
}

TEST(TextOutput, PathsThatOnlyStartLikeTheRootStayAbsolute) {
  Finding finding;
  finding.location = {"/projects/a.cpp", 1, 1, 0, {}};
  EXPECT_THAT(textOf(finding), testing::StartsWith("/projects/a.cpp:1:1: "));
}

TEST(TextOutput, NamesTheMacro) {
  SampleReport report;
  EXPECT_THAT(report.render(OutputFormat::Text), HasSubstr("(macro `LOCK`)"));
}

} // namespace
} // namespace gridlock::output
