//===- Build.h - Makes the tables of a unit, row by row ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Adds rows to an `ir::Unit` and keeps equal ones together: strings, types,
/// locations and expressions are stored once. Expressions are simplified when
/// they are made, so that one object has one spelling:
///
///   *&x is x                 &*p is p             p[0] is *p
///   (&a[i])[j] is a[i + j]   constants are folded
///
/// Used by `engine/facts` and by tests that write a unit by hand. The builder
/// must not outlive the unit. Not thread-safe. Every operation is O(1) but
/// `list`, which is linear.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SUMMARY_BUILD_H
#define GRIDLOCK_ENGINE_SUMMARY_BUILD_H

#include "engine/summary/Ir.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <unordered_map>

namespace gridlock::ir {

class Builder {
public:
  explicit Builder(Unit &unit) : U(unit) {}

  Unit &unit() { return U; }

  Index string(llvm::StringRef text);
  List list(llvm::ArrayRef<Index> rows);
  Index type(const Type &type);
  Index location(const Location &location);

  // Values.
  Index constant(std::int64_t value, Index type = 0);
  Index null(Index type = 0);
  Index stringConstant(llvm::StringRef text, Index type = 0);
  Index functionRef(Index function, Index type = 0);
  Index load(Index place, Index type = 0);
  Index addressOf(Index place, Index type = 0);
  Index result(Index call, Index type = 0);
  Index unary(Operator op, Index value, Index type = 0);
  Index binary(Operator op, Index left, Index right, Index type = 0);
  Index sizeOf(Index type = 0);

  // Places.
  Index local(Index variable);
  Index global(Index global);
  Index field(Index place, Index field);
  /// An element of an array place.
  Index index(Index array, Index position, Index elementType = 0);
  Index deref(Index pointer, Index type = 0);
  /// `pointer[position]`, a place.
  Index element(Index pointer, Index position, Index elementType = 0);

  /// The integer that `expr` is, when it is one (null counts as 0).
  std::optional<std::int64_t> integer(Index expr) const;

private:
  Index expression(const Expr &expr);
  Index sum(Index left, Index right);

  struct Hash {
    std::size_t operator()(const Expr &e) const {
      return llvm::hash_combine(unsigned(e.kind), unsigned(e.op), e.a, e.b, e.type, e.value);
    }
    std::size_t operator()(const Type &t) const {
      return llvm::hash_combine(unsigned(t.kind), t.flags, t.extent, t.name, t.record, t.element);
    }
    std::size_t operator()(const Location &l) const { return llvm::hash_combine(l.file, l.line, l.column, l.macro); }
  };
  struct Equal {
    bool operator()(const Expr &x, const Expr &y) const {
      return x.kind == y.kind && x.op == y.op && x.a == y.a && x.b == y.b && x.type == y.type && x.value == y.value;
    }
    bool operator()(const Type &x, const Type &y) const {
      return x.kind == y.kind && x.flags == y.flags && x.extent == y.extent && x.name == y.name &&
             x.record == y.record && x.element == y.element;
    }
    bool operator()(const Location &x, const Location &y) const {
      return x.file == y.file && x.line == y.line && x.column == y.column && x.macro == y.macro;
    }
  };

  Unit &U;
  llvm::StringMap<Index> Strings;
  std::unordered_map<Type, Index, Hash, Equal> Types;
  std::unordered_map<Location, Index, Hash, Equal> Locations;
  std::unordered_map<Expr, Index, Hash, Equal> Exprs;
};

} // namespace gridlock::ir

#endif // GRIDLOCK_ENGINE_SUMMARY_BUILD_H
