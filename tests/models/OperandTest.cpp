//===- OperandTest.cpp - Operands and conditions parse into the right steps ---===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "models/Model.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace gridlock::model;
using testing::HasSubstr;

namespace {

ConstantTable constants() {
  ConstantTable table;
  table["EBUSY"] = 16;
  table["WNOHANG"] = 1;
  return table;
}

/// Steps as text: `Argument 0, Deref, Field $lock`.
std::string show(const Operand &operand) {
  std::string text;
  for (const Operand::Step &step : operand.steps) {
    if (!text.empty())
      text += ' ';
    switch (step.kind) {
    case OperandKind::None:
      text += "none";
      break;
    case OperandKind::Argument:
      text += "arg" + std::to_string(step.number);
      break;
    case OperandKind::Result:
      text += "result";
      break;
    case OperandKind::Constant:
      text += "const" + std::to_string(step.number) + step.name;
      break;
    case OperandKind::String:
      text += "string:" + step.name;
      break;
    case OperandKind::Null:
      text += "null";
      break;
    case OperandKind::Fresh:
      text += "fresh";
      break;
    case OperandKind::ThreadNumber:
      text += "thread";
      break;
    case OperandKind::Unknown:
      text += "unknown";
      break;
    case OperandKind::Global:
      text += "global:" + step.name;
      break;
    case OperandKind::Field:
      text += "." + step.name;
      break;
    case OperandKind::Element:
      text += step.number < 0 ? "[?]" : "[#" + std::to_string(step.number) + "]";
      break;
    case OperandKind::ElementByArgument:
      text += "[" + std::to_string(step.number) + "]";
      break;
    case OperandKind::ElementByKey:
      text += "[*" + std::to_string(step.number) + "]";
      break;
    case OperandKind::Deref:
      text += "deref";
      break;
    case OperandKind::AddressOf:
      text += "address";
      break;
    }
  }
  return text + (operand.andFollowing ? " ..." : "");
}

std::string parse(llvm::StringRef text) {
  ConstantTable table = constants();
  auto operand = parseOperand(text, &table);
  if (!operand)
    return "error: " + toString(operand.takeError());
  EXPECT_EQ(operand->text, text.trim());
  return show(*operand);
}

std::string parseTest(llvm::StringRef text) {
  ConstantTable table = constants();
  auto condition = parseCondition(text, &table);
  if (!condition)
    return "error: " + toString(condition.takeError());
  static const char *const names[] = {"nonzero", "zero", "==", "!=", "<", ">", "&", "^="};
  std::string result = show(condition->left) + " " + names[static_cast<int>(condition->comparison)];
  return condition->right ? result + " " + show(condition->right) : result;
}

TEST(Operand, Primaries) {
  EXPECT_EQ(parse("0"), "arg0");
  EXPECT_EQ(parse("12"), "arg12");
  EXPECT_EQ(parse("this"), "arg0 deref");
  EXPECT_EQ(parse("result"), "result");
  EXPECT_EQ(parse("#0"), "const0");
  EXPECT_EQ(parse("#-1"), "const-1");
  EXPECT_EQ(parse("#null"), "null");
  EXPECT_EQ(parse("$EBUSY"), "const16EBUSY");
  EXPECT_EQ(parse("$fresh"), "fresh");
  EXPECT_EQ(parse("$unknown"), "unknown");
  EXPECT_EQ(parse("@gil"), "global:gil");
  EXPECT_EQ(parse("\"r+\""), "string:r+");
}

TEST(Operand, SuffixesBindStrongerThanPrefixes) {
  EXPECT_EQ(parse("*0"), "arg0 deref");
  EXPECT_EQ(parse("&*1"), "arg1 deref address");
  EXPECT_EQ(parse("this.$lock"), "arg0 deref .$lock");
  EXPECT_EQ(parse("*this.$lock"), "arg0 deref .$lock deref");
  EXPECT_EQ(parse("1->$lock"), "arg1 deref .$lock");
  EXPECT_EQ(parse("*1->$lock"), "arg1 deref .$lock deref");
  EXPECT_EQ(parse("(*1).$lock"), "arg1 deref .$lock");
  EXPECT_EQ(parse("this.$state->$value"), "arg0 deref .$state deref .$value");
  EXPECT_EQ(parse("result.$handle"), "result .$handle");
  EXPECT_EQ(parse("&this.$elements[?]"), "arg0 deref .$elements [?] address");
  EXPECT_EQ(parse("&this.$elements[1].second"), "arg0 deref .$elements [1] .second address");
  EXPECT_EQ(parse("&this.$elements[*1].second"), "arg0 deref .$elements [*1] .second address");
  EXPECT_EQ(parse("(*0)[#1]"), "arg0 deref [#1]");
  EXPECT_EQ(parse("(*0)[?].fd"), "arg0 deref [?] .fd");
}

TEST(Operand, AllThatFollow) {
  EXPECT_EQ(parse("2..."), "arg2 ...");
  EXPECT_EQ(parse("*0..."), "arg0 deref ...");
}

TEST(Operand, MistakesAreNamed) {
  EXPECT_THAT(parse(""), HasSubstr("an operand is missing"));
  EXPECT_THAT(parse("*"), HasSubstr("an operand is missing"));
  EXPECT_THAT(parse("1.$lock"), HasSubstr("say `(*X)` or `X->name`"));
  EXPECT_THAT(parse("*1.$lock"), HasSubstr("this is a value"));
  EXPECT_THAT(parse("0[?]"), HasSubstr("'[ ]' needs a place"));
  EXPECT_THAT(parse("&1"), HasSubstr("'&' needs a place"));
  EXPECT_THAT(parse("#1.x"), HasSubstr("needs a place"));
  EXPECT_THAT(parse("this."), HasSubstr("a name is missing"));
  EXPECT_THAT(parse("(*0"), HasSubstr("')' is missing"));
  EXPECT_THAT(parse("this.x[1"), HasSubstr("']' is missing"));
  EXPECT_THAT(parse("this.x[#-1]"), HasSubstr("not negative"));
  EXPECT_THAT(parse("\"r"), HasSubstr("closing"));
  EXPECT_THAT(parse("#x"), HasSubstr("a number is missing"));
  EXPECT_THAT(parse("$ENOSUCH"), HasSubstr("unknown constant '$ENOSUCH'"));
  EXPECT_THAT(parse("that"), HasSubstr("'that' is no operand"));
  EXPECT_THAT(parse("0 1"), HasSubstr("nothing may follow here: '1'"));
}

TEST(Condition, Forms) {
  EXPECT_EQ(parseTest("this.$owns"), "arg0 deref .$owns nonzero");
  EXPECT_EQ(parseTest("!result"), "result zero");
  EXPECT_EQ(parseTest("result == #0"), "result == const0");
  EXPECT_EQ(parseTest("result != $EBUSY"), "result != const16EBUSY");
  EXPECT_EQ(parseTest("2 < #0"), "arg2 < const0");
  EXPECT_EQ(parseTest("result > #0"), "result > const0");
  EXPECT_EQ(parseTest("2 & $WNOHANG"), "arg2 & const1WNOHANG");
  EXPECT_EQ(parseTest("1 ^= \"r\""), "arg1 ^= string:r");
  EXPECT_EQ(parseTest("1->$type == #1"), "arg1 deref .$type == const1");
}

TEST(Condition, KeepsTheTextOfBothSides) {
  auto condition = parseCondition("1->$type == #1", nullptr);
  ASSERT_TRUE(static_cast<bool>(condition));
  EXPECT_EQ(condition->left.text, "1->$type");
  EXPECT_EQ(condition->right.text, "#1");
}

TEST(Condition, MistakesAreNamed) {
  EXPECT_THAT(parseTest("result = #0"), HasSubstr("nothing may follow here: '= #0'"));
  EXPECT_THAT(parseTest("result =="), HasSubstr("an operand is missing"));
  EXPECT_THAT(parseTest("!result == #0"), HasSubstr("nothing may follow"));
  EXPECT_THAT(parseTest("0... == #1"), HasSubstr("'...' has no place in a condition"));
}

} // namespace
