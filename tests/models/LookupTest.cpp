//===- LookupTest.cpp - Which entry a call gets -------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "models/Model.h"
#include "gtest/gtest.h"

using namespace gridlock::model;
using llvm::StringRef;

namespace {

class Lookup : public testing::Test {
protected:
  void add(StringRef functions) {
    if (llvm::Error error = Loaded.add(("library: x\nfunctions:\n" + functions).str(), "x.yaml"))
      FAIL() << toString(std::move(error));
  }
  /// The operand of the one effect of the entry taken: tells entries apart.
  std::string taken(StringRef name, std::vector<StringRef> parameters = {}) {
    const FunctionModel *model = Loaded.function(name, parameters);
    if (!model)
      return "none";
    return model->pure ? "pure" : model->effects.at(0).value.text;
  }
  Models Loaded;
};

std::string entry(StringRef name, StringRef parameters, int value) {
  return ("  - name: \"" + name + "\"\n" + (parameters.empty() ? "" : "    parameters: " + parameters + "\n") +
          "    effects:\n      - returns: \"#" + std::to_string(value) + "\"\n")
      .str();
}

TEST_F(Lookup, FirstMatchingParametersWin) {
  add(entry("f", "[]", 0) + entry("f", "[a::Tag]", 1) + entry("f", "[_]", 2) + entry("f", "[_, a::Tag]", 3) +
      entry("f", "[_, ...]", 4));
  EXPECT_EQ(taken("f"), "#0");
  EXPECT_EQ(taken("f", {"a::Tag"}), "#1");
  EXPECT_EQ(taken("f", {"b"}), "#2");
  EXPECT_EQ(taken("f", {""}), "#2");
  EXPECT_EQ(taken("f", {"", "a::Tag"}), "#3");
  EXPECT_EQ(taken("f", {"", ""}), "#4");
  EXPECT_EQ(taken("f", {"", "", ""}), "#4");
}

TEST_F(Lookup, TooFewOrTooManyParametersDoNotMatch) {
  add(entry("f", "[_, _]", 1));
  EXPECT_EQ(taken("f", {""}), "none");
  EXPECT_EQ(taken("f", {"", "", ""}), "none");
  EXPECT_TRUE(Loaded.knows("f"));
  EXPECT_FALSE(Loaded.knows("g"));
}

TEST_F(Lookup, EllipsisMatchesNoneToo) {
  add(entry("f", "[a, ...]", 1) + entry("g", "[...]", 2));
  EXPECT_EQ(taken("f", {"a"}), "#1");
  EXPECT_EQ(taken("f", {}), "none");
  EXPECT_EQ(taken("g", {}), "#2");
}

TEST_F(Lookup, RvalueReferences) {
  add(entry("f", "[\"a&&\"]", 1) + entry("f", "[a]", 2) + entry("f", "[\"_&&\"]", 3) + entry("f", "[_]", 4));
  EXPECT_EQ(taken("f", {"a&&"}), "#1");
  EXPECT_EQ(taken("f", {"a &&"}), "#1");
  EXPECT_EQ(taken("f", {"a"}), "#2");
  EXPECT_EQ(taken("f", {"b&&"}), "#3");
  EXPECT_EQ(taken("f", {"&&"}), "#3");
  EXPECT_EQ(taken("f", {"b"}), "#4");
}

TEST_F(Lookup, SpacesInTypesDoNotCount) {
  add(entry("f", "[\"a *\"]", 1));
  EXPECT_EQ(taken("f", {"a*"}), "#1");
  EXPECT_EQ(taken("f", {"a"}), "none");
}

TEST_F(Lookup, LongestPrefixAfterExactNames) {
  add(entry("Py*", "", 1) + entry("PyEval_*", "", 2) + entry("PyEval_SaveThread", "", 3));
  EXPECT_EQ(taken("PyEval_SaveThread"), "#3");
  EXPECT_EQ(taken("PyEval_CallObject"), "#2");
  EXPECT_EQ(taken("PyErr_Clear"), "#1");
  EXPECT_EQ(taken("Py"), "#1");
  EXPECT_EQ(taken("Px"), "none");
  EXPECT_TRUE(Loaded.knows("PyX"));
  // A member of some class is none of C's functions.
  EXPECT_EQ(taken("PyWindow::show"), "none");
  EXPECT_FALSE(Loaded.knows("PyWindow::show"));
}

TEST_F(Lookup, PrefixIsTakenWhenNoOverloadOfTheNameMatches) {
  add(entry("a::*", "", 1) + entry("a::f", "[_]", 2));
  EXPECT_EQ(taken("a::f", {""}), "#2");
  EXPECT_EQ(taken("a::f", {"", ""}), "#1");
}

TEST_F(Lookup, OperatorStarIsAName) {
  add(entry("a::operator*", "", 1));
  EXPECT_EQ(taken("a::operator*"), "#1");
  EXPECT_EQ(taken("a::operator*="), "none");
}

TEST_F(Lookup, BracesStandForSeveralNames) {
  add("  - names: [\"s::{a,b}::{f,~g}\", h]\n    pure: true\n");
  for (StringRef name : {"s::a::f", "s::a::~g", "s::b::f", "s::b::~g", "h"})
    EXPECT_EQ(taken(name), "pure") << name.str();
  EXPECT_EQ(taken("s::c::f"), "none");
}

TEST_F(Lookup, LaterFilesGoFirst) {
  add(entry("f", "", 1) + entry("g", "[_]", 2) + entry("p*", "", 3));
  add(entry("f", "[a]", 10) + entry("g", "", 20) + entry("p*", "[a]", 30));
  EXPECT_EQ(taken("f", {"a"}), "#10");
  EXPECT_EQ(taken("f", {"b"}), "#1");
  EXPECT_EQ(taken("g", {"b"}), "#20");
  EXPECT_EQ(taken("px", {"a"}), "#30");
  EXPECT_EQ(taken("px", {"b"}), "#3");
}

} // namespace
