//===- Build.cpp - Makes the tables of a unit, row by row -----------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/summary/Build.h"

namespace gridlock::ir {

Index Builder::string(llvm::StringRef text) {
  if (text.empty())
    return 0;
  auto [entry, isNew] = Strings.try_emplace(text, Index(U.strings.size()));
  if (isNew)
    U.strings.emplace_back(text);
  return entry->second;
}

List Builder::list(llvm::ArrayRef<Index> rows) {
  if (rows.empty())
    return {};
  List result{Index(U.lists.size()), std::uint32_t(rows.size())};
  U.lists.insert(U.lists.end(), rows.begin(), rows.end());
  return result;
}

Index Builder::type(const Type &type) {
  auto [entry, isNew] = Types.try_emplace(type, Index(U.types.size()));
  if (isNew)
    U.types.push_back(type);
  return entry->second;
}

Index Builder::location(const Location &location) {
  if (location.file == 0)
    return 0;
  auto [entry, isNew] = Locations.try_emplace(location, Index(U.locations.size()));
  if (isNew)
    U.locations.push_back(location);
  return entry->second;
}

Index Builder::expression(const Expr &expr) {
  auto [entry, isNew] = Exprs.try_emplace(expr, Index(U.exprs.size()));
  if (isNew)
    U.exprs.push_back(expr);
  return entry->second;
}

Index Builder::constant(std::int64_t value, Index type) {
  return expression({ExprKind::IntConst, Operator::None, 0, 0, 0, type, value});
}

Index Builder::null(Index type) { return expression({ExprKind::NullConst, Operator::None, 0, 0, 0, type, 0}); }

Index Builder::stringConstant(llvm::StringRef text, Index type) {
  return expression({ExprKind::StringConst, Operator::None, 0, string(text), 0, type, 0});
}

Index Builder::functionRef(Index function, Index type) {
  return expression({ExprKind::FunctionRef, Operator::None, 0, function, 0, type, 0});
}

Index Builder::load(Index place, Index type) {
  if (place == 0)
    return 0;
  return expression({ExprKind::Load, Operator::None, 0, place, 0, type ? type : U.exprs[place].type, 0});
}

Index Builder::addressOf(Index place, Index type) {
  if (U.exprs[place].kind == ExprKind::Deref)
    return U.exprs[place].a;
  if (place == 0)
    return 0;
  return expression({ExprKind::AddressOf, Operator::None, 0, place, 0, type, 0});
}

Index Builder::result(Index call, Index type) {
  return expression({ExprKind::Result, Operator::None, 0, call, 0, type, 0});
}

std::optional<std::int64_t> Builder::integer(Index expr) const {
  const Expr &row = U.exprs[expr];
  if (row.kind == ExprKind::IntConst)
    return row.value;
  if (row.kind == ExprKind::NullConst)
    return 0;
  return std::nullopt;
}

Index Builder::unary(Operator op, Index value, Index type) {
  if (auto number = integer(value)) {
    if (op == Operator::Not)
      return constant(*number == 0, type);
    if (op == Operator::Negate)
      return constant(std::int64_t(0 - std::uint64_t(*number)), type);
    if (op == Operator::Complement)
      return constant(~*number, type);
  }
  if (value == 0)
    return 0;
  return expression({ExprKind::Unary, op, 0, value, 0, type, 0});
}

/// The result of `op` on two integers; nothing where C++ leaves it undefined.
static std::optional<std::int64_t> fold(Operator op, std::int64_t left, std::int64_t right) {
  const std::uint64_t x = std::uint64_t(left), y = std::uint64_t(right);
  switch (op) {
  case Operator::Equal:
    return left == right;
  case Operator::NotEqual:
    return left != right;
  case Operator::Less:
    return left < right;
  case Operator::LessEqual:
    return left <= right;
  case Operator::Greater:
    return left > right;
  case Operator::GreaterEqual:
    return left >= right;
  case Operator::Add:
    return std::int64_t(x + y);
  case Operator::Subtract:
    return std::int64_t(x - y);
  case Operator::Multiply:
    return std::int64_t(x * y);
  case Operator::Divide:
    if (right == 0 || right == -1)
      return std::nullopt;
    return left / right;
  case Operator::Remainder:
    if (right == 0 || right == -1)
      return std::nullopt;
    return left % right;
  case Operator::And:
    return left & right;
  case Operator::Or:
    return left | right;
  case Operator::Xor:
    return left ^ right;
  case Operator::ShiftLeft:
    if (right < 0 || right > 63)
      return std::nullopt;
    return std::int64_t(x << y);
  case Operator::ShiftRight:
    if (right < 0 || right > 63)
      return std::nullopt;
    return left >> right;
  case Operator::None:
  case Operator::Not:
  case Operator::Negate:
  case Operator::Complement:
    break;
  }
  return std::nullopt;
}

Index Builder::binary(Operator op, Index left, Index right, Index type) {
  const auto x = integer(left), y = integer(right);
  if (x && y)
    if (auto number = fold(op, *x, *y))
      return constant(*number, type);
  // An operand that is not modelled leaves nothing to reason about.
  if (op == Operator::None || left == 0 || right == 0)
    return 0;
  return expression({ExprKind::Binary, op, 0, left, right, type, 0});
}

Index Builder::sizeOf(Index type) { return expression({ExprKind::SizeOf, Operator::None, 0, 0, 0, type, 0}); }

Index Builder::local(Index variable) {
  return expression({ExprKind::Local, Operator::None, 0, variable, 0, U.variables[variable].type, 0});
}

Index Builder::global(Index global) {
  return expression({ExprKind::Global, Operator::None, 0, global, 0, U.globals[global].type, 0});
}

Index Builder::field(Index place, Index field) {
  return expression({ExprKind::Field, Operator::None, 0, place, field, U.fields[field].type, 0});
}

Index Builder::index(Index array, Index position, Index elementType) {
  return expression({ExprKind::Index, Operator::None, 0, array, position, elementType, 0});
}

Index Builder::deref(Index pointer, Index type) {
  if (U.exprs[pointer].kind == ExprKind::AddressOf)
    return U.exprs[pointer].a;
  return expression({ExprKind::Deref, Operator::None, 0, pointer, 0, type, 0});
}

Index Builder::sum(Index left, Index right) {
  if (integer(left) == 0)
    return right;
  if (integer(right) == 0)
    return left;
  return binary(Operator::Add, left, right, U.exprs[left].type);
}

Index Builder::element(Index pointer, Index position, Index elementType) {
  const Expr row = U.exprs[pointer];
  if (row.kind == ExprKind::AddressOf && U.exprs[row.a].kind == ExprKind::Index) {
    const Expr place = U.exprs[row.a];
    const bool isUnknown = place.b == 0 || position == 0;
    return index(place.a, isUnknown ? 0 : sum(place.b, position), elementType ? elementType : place.type);
  }
  if (integer(position) == 0)
    return deref(pointer, elementType);
  return index(deref(pointer, elementType), position, elementType);
}

} // namespace gridlock::ir
