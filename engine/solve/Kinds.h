//===- Kinds.h - What a number may be on the way to a place -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A value of a function's inputs that is compared with constants, and the numbers
/// that it may be where something happens: one of a few after `case`, any but a few
/// after `default`. A call or an access carries a few of these; one that a caller's
/// numbers rule out does not happen. Private to the room; plain values.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_KINDS_H
#define GRIDLOCK_ENGINE_SOLVE_KINDS_H

#include "engine/solve/State.h"
#include "llvm/ADT/DenseSet.h"

namespace gridlock::solve {

/// A set of numbers: a few, or all but a few.
class Numbers {
public:
  /// All there are.
  Numbers() = default;
  static Numbers only(std::int64_t number);
  /// What a path knows of a value. Linear in the path's facts.
  static Numbers of(const TermTable &terms, const State &state, TermId value);

  bool isAny() const { return AllBut && Listed.empty(); }
  bool isNone() const { return !AllBut && Listed.empty(); }
  /// Whether a number other than zero is named: no null test does that.
  bool namesNumber() const;
  /// Numbers of either set; all when there are too many to list.
  void unite(const Numbers &other);
  /// Numbers of both sets.
  void intersect(const Numbers &other);
  std::uint64_t hash() const;
  friend bool operator==(const Numbers &, const Numbers &) = default;

private:
  bool contains(std::int64_t number) const;
  llvm::SmallVector<std::int64_t, 4> Listed; ///< sorted
  bool AllBut = true;
};

/// Whether a value may be a kind: its type tells, or else what is known of it.
enum class KindTest : std::uint8_t { No, Yes, ByNumbers };

/// What a value may be where something happens.
struct Kind {
  TermId value = 0;        ///< 0: a caller has ruled it out
  link::FieldId field = 0; ///< in which the value stands; 0: in none that is known
  Numbers numbers;
  friend bool operator==(const Kind &, const Kind &) = default;
};
using Kinds = llvm::SmallVector<Kind, 1>;

/// What a call hands to a callee of what the callee asks for.
struct PassedKind {
  TermId asked = 0;        ///< in the callee's names
  TermId from = 0;         ///< in the caller's names, when it is the caller's input, too
  link::FieldId field = 0; ///< in which `asked` stands
  Numbers numbers;
};

/// Keeps what holds on either of two ways.
/// \returns whether that is less than before.
bool uniteKinds(llvm::SmallVectorImpl<Kind> &kinds, llvm::ArrayRef<Kind> other);

/// Adds those of values that nothing is told of yet, as many as an access carries.
void addKinds(llvm::SmallVectorImpl<Kind> &kinds, llvm::ArrayRef<Kind> more);

/// What is told of a value; null: nothing.
const Kind *kindOf(llvm::ArrayRef<Kind> kinds, TermId value);

/// What a callee's inputs are, where the caller's are `known`.
Kinds passDown(llvm::ArrayRef<PassedKind> passed, llvm::ArrayRef<Kind> known);

/// Whether something does not happen where the inputs are `known`. What stands in a
/// field that is `changing` says nothing.
bool isRuledOut(llvm::ArrayRef<Kind> kinds, llvm::ArrayRef<Kind> known, const llvm::DenseSet<link::FieldId> &changing);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_KINDS_H
