//===- OptionsTest.cpp - Command lines, parsed ------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Options.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace gridlock::tool;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

constexpr OptionSpec Table[] = {
    {"--format", "", "FORMAT", "how"},
    {"--jobs", "-j", "N", "how many"},
    {"--strict", "", "", "no mercy"},
    {"-o", "", "FILE", "where"},
};

CommandSpec command() { return {"check", "[PATH...]", "Checks", {Table}, nullptr}; }

Arguments parse(std::vector<const char *> words) {
  llvm::Expected<Arguments> parsed = Arguments::parse(command(), words);
  if (!parsed) {
    ADD_FAILURE() << llvm::toString(parsed.takeError());
    return {};
  }
  return *parsed;
}

std::string refusal(std::vector<const char *> words) {
  llvm::Expected<Arguments> parsed = Arguments::parse(command(), words);
  return parsed ? "" : llvm::toString(parsed.takeError());
}

TEST(Options, valuesInAllForms) {
  EXPECT_EQ(parse({"--format", "sarif"}).value("--format"), "sarif");
  EXPECT_EQ(parse({"--format=sarif"}).value("--format"), "sarif");
  EXPECT_EQ(parse({"-j", "4"}).value("--jobs"), "4");
  EXPECT_EQ(parse({"-j4"}).value("--jobs"), "4");
  EXPECT_EQ(parse({"-o", "a=b"}).value("-o"), "a=b");
  EXPECT_EQ(parse({"--format", "-x"}).value("--format"), "-x");
  EXPECT_EQ(parse({"--format", "a", "--format", "b"}).value("--format"), "b");
  EXPECT_THAT(parse({"--format", "a", "--format", "b"}).values("--format"), ElementsAre("a", "b"));
  EXPECT_EQ(parse({}).value("--format", "text"), "text");
  EXPECT_TRUE(parse({"--strict"}).has("--strict"));
  EXPECT_TRUE(parse({"-h"}).has("--help"));
}

TEST(Options, everythingBehindTheSeparatorIsLeftAlone) {
  Arguments arguments = parse({"a.c", "--strict", "-", "b.c", "--", "--format", "-Wall", "--"});
  EXPECT_THAT(arguments.positional(), ElementsAre("a.c", "-", "b.c"));
  EXPECT_TRUE(arguments.hasSeparator());
  EXPECT_THAT(arguments.afterSeparator(), ElementsAre("--format", "-Wall", "--"));
  EXPECT_FALSE(parse({"a.c"}).hasSeparator());
}

TEST(Options, slipsAreNamed) {
  EXPECT_THAT(refusal({"--fromat", "x"}), HasSubstr("unknown option '--fromat'; did you mean '--format'?"));
  EXPECT_THAT(refusal({"--strickt=1"}), HasSubstr("unknown option '--strickt'; did you mean '--strict'?"));
  EXPECT_THAT(refusal({"-q"}), HasSubstr("unknown option '-q'"));
  EXPECT_THAT(refusal({"--format"}), HasSubstr("--format needs a value: --format FORMAT"));
  EXPECT_THAT(refusal({"--strict=yes"}), HasSubstr("--strict takes no value"));
  EXPECT_EQ(didYouMean("zzzzzz", {"check", "link"}), "");
  EXPECT_EQ(closest("chekc", {"check", "link"}), "check");
}

TEST(Options, theHelpNamesEveryOption) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  printCommandHelp(command(), stream);
  for (const OptionSpec &option : Table)
    EXPECT_THAT(text, HasSubstr(option.name.str()));
}

} // namespace
