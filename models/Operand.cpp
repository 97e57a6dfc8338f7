//===- Operand.cpp - Operands and conditions of the models ----------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A recursive-descent parser for the small language of operands. The grammar,
/// with C's binding strengths (prefix weaker than suffix):
///
///   condition := '!' unary | unary [('==' | '!=' | '<' | '>' | '&' | '^=') unary]
///   unary     := ('*' | '&') unary | suffixed
///   suffixed  := primary ('.' name | '->' name | '[' index ']')*
///   primary   := digits ['...'] | 'this' | 'result' | '#' integer | '#null'
///              | '"' text '"' | '$' name | '@' name | '(' unary ')'
///   index     := '?' | '#' integer | digits
///
/// The parser also knows which operands are places and which are values, since
/// `1.x` for `1->x` would otherwise go unnoticed until a rule stays silent.
///
//===----------------------------------------------------------------------===//

#include "models/Model.h"
#include "models/YamlTree.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

using namespace llvm;

namespace gridlock::model {
namespace {

enum class Category { Value, Place, Either };

class OperandParser {
public:
  OperandParser(StringRef text, const ConstantTable *constants) : Rest(text.trim()), Constants(constants) {}

  /// False after an error, which `error()` then describes.
  bool parseUnary(Operand &operand);

  void skipSpaces() { Rest = Rest.ltrim(); }
  bool consume(StringRef token) { return Rest.consume_front(token); }
  bool atEnd() const { return Rest.empty(); }
  StringRef rest() const { return Rest; }
  const std::string &error() const { return Message; }

private:
  bool parseSuffixed(Operand &operand);
  bool parsePrimary(Operand &operand);
  bool parseField(Operand &operand);
  bool parseIndex(Operand &operand);
  bool parseDollar(Operand &operand);
  bool parseName(std::string &name);
  bool parseNumber(std::int64_t &number);
  bool needPlace(const Twine &what);
  void add(Operand &operand, OperandKind kind, Category category, std::int64_t number = 0, StringRef name = {});
  bool fail(const Twine &message) {
    Message = message.str();
    return false;
  }

  StringRef Rest;
  const ConstantTable *Constants;
  Category Current = Category::Value;
  std::string Message;
};

void OperandParser::add(Operand &operand, OperandKind kind, Category category, std::int64_t number, StringRef name) {
  operand.steps.push_back({kind, number, name.str()});
  Current = category;
}

bool OperandParser::needPlace(const Twine &what) {
  if (Current != Category::Value)
    return true;
  return fail(what + " needs a place, and this is a value: say `(*X)` or `X->name`");
}

bool OperandParser::parseName(std::string &name) {
  StringRef taken = Rest.take_while([](char c) { return isAlnum(c) || c == '_' || c == '$'; });
  if (taken.empty())
    return fail("a name is missing before '" + shown(Rest) + "'");
  name = taken.str();
  Rest = Rest.drop_front(taken.size());
  return true;
}

bool OperandParser::parseNumber(std::int64_t &number) {
  if (Rest.consumeInteger(0, number))
    return fail("a number is missing before '" + shown(Rest) + "'");
  return true;
}

bool OperandParser::parseUnary(Operand &operand) {
  skipSpaces();
  if (consume("*")) {
    if (!parseUnary(operand))
      return false;
    add(operand, OperandKind::Deref, Category::Place);
    return true;
  }
  if (consume("&")) {
    if (!parseUnary(operand) || !needPlace("'&'"))
      return false;
    add(operand, OperandKind::AddressOf, Category::Value);
    return true;
  }
  return parseSuffixed(operand);
}

bool OperandParser::parseField(Operand &operand) {
  std::string name;
  if (!parseName(name))
    return false;
  add(operand, OperandKind::Field, Category::Place, 0, name);
  return true;
}

bool OperandParser::parseIndex(Operand &operand) {
  if (!needPlace("'[ ]'"))
    return false;
  std::int64_t number = -1;
  OperandKind kind = OperandKind::Element;
  if (!consume("?")) {
    if (consume("*"))
      kind = OperandKind::ElementByKey;
    else if (!consume("#"))
      kind = OperandKind::ElementByArgument;
    if (!parseNumber(number))
      return false;
    if (number < 0)
      return fail("an index is not negative");
  }
  if (!consume("]"))
    return fail("']' is missing before '" + shown(Rest) + "'");
  add(operand, kind, Category::Place, number);
  return true;
}

bool OperandParser::parseSuffixed(Operand &operand) {
  if (!parsePrimary(operand))
    return false;
  for (;;) {
    if (consume(".")) {
      if (!needPlace("'.'") || !parseField(operand))
        return false;
    } else if (consume("->")) {
      add(operand, OperandKind::Deref, Category::Place);
      if (!parseField(operand))
        return false;
    } else if (consume("[")) {
      if (!parseIndex(operand))
        return false;
    } else {
      return true;
    }
  }
}

bool OperandParser::parseDollar(Operand &operand) {
  std::string name;
  if (!parseName(name))
    return false;
  if (name == "fresh" || name == "allocated" || name == "unknown") {
    add(operand, name == "unknown" ? OperandKind::Unknown : OperandKind::Fresh, Category::Value, name == "allocated");
    return true;
  }
  if (name == "thread") {
    add(operand, OperandKind::ThreadNumber, Category::Value);
    return true;
  }
  if (!Constants || !Constants->contains(name))
    return fail("unknown constant '$" + shown(name) + "': list it under `constants:`");
  add(operand, OperandKind::Constant, Category::Value, Constants->lookup(name), name);
  return true;
}

bool OperandParser::parsePrimary(Operand &operand) {
  std::int64_t number = 0;
  if (consume("(")) {
    if (!parseUnary(operand))
      return false;
    return consume(")") || fail("')' is missing before '" + shown(Rest) + "'");
  }
  if (consume("#")) {
    if (consume("null")) {
      add(operand, OperandKind::Null, Category::Value);
      return true;
    }
    if (!parseNumber(number))
      return false;
    add(operand, OperandKind::Constant, Category::Value, number);
    return true;
  }
  if (consume("\"")) {
    auto [body, after] = Rest.split('"');
    if (body.size() == Rest.size())
      return fail("the closing '\"' is missing");
    add(operand, OperandKind::String, Category::Value, 0, body);
    Rest = after;
    return true;
  }
  if (consume("$"))
    return parseDollar(operand);
  if (consume("@")) {
    std::string name;
    if (!parseName(name))
      return false;
    add(operand, OperandKind::Global, Category::Place, 0, name);
    return true;
  }
  if (!Rest.empty() && isDigit(Rest.front())) {
    if (!parseNumber(number))
      return false;
    add(operand, OperandKind::Argument, Category::Value, number);
    operand.andFollowing = consume("...");
    return true;
  }
  StringRef word = Rest.take_while([](char c) { return isAlnum(c) || c == '_'; });
  if (word == "this") {
    Rest = Rest.drop_front(word.size());
    add(operand, OperandKind::Argument, Category::Value, 0);
    add(operand, OperandKind::Deref, Category::Place);
    return true;
  }
  if (word == "result") {
    Rest = Rest.drop_front(word.size());
    add(operand, OperandKind::Result, Category::Either);
    return true;
  }
  if (Rest.empty())
    return fail("an operand is missing");
  return fail("'" + shown(Rest) +
              "' is no operand (allowed: argument number, this, result, #number, #null, \"text\", $CONSTANT, $fresh, "
              "$allocated, $unknown, @NAME)");
}

Error makeError(StringRef text, const Twine &message) {
  return createStringError("in '" + shown(text) + "': " + message);
}

} // namespace

Expected<Operand> parseOperand(StringRef text, const ConstantTable *constants) {
  OperandParser parser(text, constants);
  Operand operand;
  if (!parser.parseUnary(operand))
    return makeError(text, parser.error());
  parser.skipSpaces();
  if (!parser.atEnd())
    return makeError(text, "nothing may follow here: '" + shown(parser.rest()) + "'");
  operand.text = text.trim().str();
  return operand;
}

Expected<Condition> parseCondition(StringRef text, const ConstantTable *constants) {
  static constexpr struct {
    StringLiteral token;
    Comparison comparison;
  } Operators[] = {{"==", Comparison::Equal},  {"!=", Comparison::NotEqual},  {"<", Comparison::Less},
                   {">", Comparison::Greater}, {"^=", Comparison::HasPrefix}, {"&", Comparison::HasBit}};

  OperandParser parser(text, constants);
  Condition condition;
  bool negated = parser.consume("!");
  StringRef before = parser.rest();
  if (!parser.parseUnary(condition.left))
    return makeError(text, parser.error());
  condition.left.text = before.drop_back(parser.rest().size()).trim().str();
  parser.skipSpaces();
  if (negated)
    condition.comparison = Comparison::Zero;
  if (!negated && !parser.atEnd()) {
    for (const auto &entry : Operators) {
      if (!parser.consume(entry.token))
        continue;
      condition.comparison = entry.comparison;
      before = parser.rest();
      if (!parser.parseUnary(condition.right))
        return makeError(text, parser.error());
      condition.right.text = before.drop_back(parser.rest().size()).trim().str();
      parser.skipSpaces();
      break;
    }
  }
  if (!parser.atEnd())
    return makeError(text, "nothing may follow here: '" + shown(parser.rest()) +
                               "' (allowed: == != < > & ^= and one more operand)");
  if (condition.left.andFollowing || condition.right.andFollowing)
    return makeError(text, "'...' has no place in a condition");
  return condition;
}

} // namespace gridlock::model
