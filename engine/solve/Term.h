//===- Term.h - Symbolic values and access paths ----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Hash-consed terms: the values and places (access paths) that the solver
/// computes with. A term is a small number; equal terms have equal numbers, so
/// "surely the same lock" is an integer comparison.
///
/// A place is a root followed by selectors:
///   roots:     Local (a variable of one function), Global, Heap (an object made
///              at one allocation site), Deref of an opaque value
///   selectors: Field, Element (index known or not), Deref
/// A value that a function receives is named by where it stood on entry:
/// `Formal(i)` is argument i, `Initial(place)` what the place held on entry.
/// Terms made of these mean the same for every caller after substitution.
///
/// A term is *weak* when it may stand for several objects at a time: an unknown
/// index, a value merged at a join or changed by a loop. Equal weak terms are
/// possibly the same object, equal strong terms surely.
///
/// One table per solve, used by one thread.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_TERM_H
#define GRIDLOCK_ENGINE_SOLVE_TERM_H

#include "engine/link/Program.h"
#include "engine/solve/TaggedIndex.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gridlock::solve {

/// A row of the term table; 0 is "none".
using TermId = std::uint32_t;

enum class TermKind : std::uint8_t {
  None,
  // Values.
  Integer,  ///< number
  String,   ///< a = interned text
  Function, ///< a = FunctionId
  Address,  ///< a = place
  Initial,  ///< a = place: what it held when the function was entered
  Formal,   ///< a = position of the argument, `this` included
  Unary,    ///< op, a
  Binary,   ///< op, a, b
  Opaque,   ///< a = origin (see `OriginKind`), number = site; unknown but fixed.
            ///< b = the function whose loop changes it, for its own loops
  // Places.
  Local,   ///< a = FunctionId, b = variable's row
  Global,  ///< a = GlobalId
  Heap,    ///< number = allocation site; a = 1: its address may be null, for want of memory
  Field,   ///< a = place, b = FieldId
  Element, ///< a = place, b = index value, 0 when unknown
  Deref,   ///< a = value
};

/// Where an opaque value comes from.
enum class OriginKind : std::uint32_t {
  Unknown,      ///< not modelled
  CallResult,   ///< what an unmodelled call returned
  Merge,        ///< different values met at a join: weak
  Loop,         ///< changed by a loop: weak
  Share,        ///< the counter of a loop whose rounds a team divides: weak; the number is
                ///< the variable's row, b its function
  ThreadNumber, ///< of a thread in its team
  Aged,         ///< an older incarnation of such a value: weak
  Descriptor,   ///< a file descriptor that a model opened
  TryFailure,   ///< what a try-lock returns when it fails: equals any error
  Fresh,        ///< the address of an object nobody shares yet
  Uninitialized,
  PipeEnd,      ///< a descriptor or stream of a pipe that a model made
  Child,        ///< the number of a child that a model started
  CapturedThis, ///< what a stored lambda captured as `this`; the number is its field
};

struct Term {
  TermKind kind = TermKind::None;
  ir::Operator op = ir::Operator::None;
  bool mentionsFormal : 1 = false; ///< means something else for each caller
  bool mentionsLocal : 1 = false;
  bool mentionsInitial : 1 = false; ///< depends on what memory held on entry
  bool mentionsMade : 1 = false;    ///< an object or value that a call made or got
  bool inputsOnly : 1 = false;      ///< made of formals, globals, constants, and what they lead to
  bool weak : 1 = false;
  std::uint8_t depth = 0;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  TermId root = 0; ///< see TermTable::root
  std::int64_t number = 0;
};

/// A descriptor or stream that a model opened.
inline bool isDescriptor(const Term &term) {
  return term.kind == TermKind::Opaque &&
         (OriginKind(term.a) == OriginKind::Descriptor || OriginKind(term.a) == OriginKind::PipeEnd);
}

/// Whether a path from that root leads to an object known exactly.
inline bool isExactRoot(const Term &root) {
  return root.kind == TermKind::Global || root.kind == TermKind::Local || root.kind == TermKind::Heap;
}

/// What a stored lambda captured as `this`.
inline bool isCapturedThis(const Term &term) {
  return term.kind == TermKind::Opaque && OriginKind(term.a) == OriginKind::CapturedThis;
}

/// A constant operator's result; none when it has none. Unary ones have no right side.
std::optional<std::int64_t> foldIntegers(ir::Operator op, std::int64_t left, std::int64_t right = 0);

class TermTable {
public:
  explicit TermTable(const link::Program &program) : Linked(program) {}

  const Term &operator[](TermId id) const { return Terms[id]; }
  const link::Program &program() const { return Linked; }

  TermId integer(std::int64_t value) { return make({.kind = TermKind::Integer, .number = value}); }
  TermId string(std::string_view text);
  TermId function(link::FunctionId id) { return make({.kind = TermKind::Function, .a = id}); }
  TermId formal(unsigned position) { return make({.kind = TermKind::Formal, .a = position}); }
  TermId opaque(OriginKind origin, std::int64_t site) {
    return make({.kind = TermKind::Opaque, .a = std::uint32_t(origin), .number = site});
  }
  /// A value that a loop of the function changes each round.
  TermId roundValue(link::FunctionId function, std::int64_t site) {
    return make({.kind = TermKind::Opaque, .a = std::uint32_t(OriginKind::Loop), .b = function, .number = site});
  }
  /// The counter of a loop of the function whose rounds several threads divide.
  TermId share(link::FunctionId function, ir::Index variable) {
    return make({.kind = TermKind::Opaque, .a = std::uint32_t(OriginKind::Share), .b = function, .number = variable});
  }
  /// The address of a place; `address(Deref(v))` is v.
  TermId address(TermId place);
  TermId initial(TermId place) { return make({.kind = TermKind::Initial, .a = place}); }
  /// Folds constants and normalises comparisons.
  TermId unary(ir::Operator op, TermId operand);
  TermId binary(ir::Operator op, TermId left, TermId right);

  TermId local(link::FunctionId function, ir::Index variable) {
    return make({.kind = TermKind::Local, .a = function, .b = variable});
  }
  TermId global(link::GlobalId id) { return make({.kind = TermKind::Global, .a = id}); }
  TermId heap(std::int64_t site, bool mayBeNull = false) {
    return make({.kind = TermKind::Heap, .a = mayBeNull, .number = site});
  }
  /// The address of an object whose allocation may have failed.
  bool mayBeNull(const Term &value) const {
    return value.kind == TermKind::Address && Terms[value.a].kind == TermKind::Heap && Terms[value.a].a;
  }
  /// The one of two values that stands for both: the address of an allocation that
  /// may have failed, for null; 0: neither does.
  TermId eitherOf(TermId a, TermId b) const {
    if (a == b || (mayBeNull(Terms[a]) && isInteger(b, 0)))
      return a;
    return mayBeNull(Terms[b]) && isInteger(a, 0) ? b : 0;
  }
  TermId field(TermId place, link::FieldId field) { return make({.kind = TermKind::Field, .a = place, .b = field}); }
  /// Element `index` of the array at `place`. A pointer to an array's first
  /// element leads to the array: `(&a[0])[i]` is `a[i]`.
  TermId element(TermId place, TermId index) {
    if (Terms[place].kind == TermKind::Element && Terms[place].b && isInteger(Terms[place].b, 0))
      place = Terms[place].a;
    return make({.kind = TermKind::Element, .a = place, .b = index});
  }
  /// The object a value points to; `deref(Address(p))` is p.
  TermId deref(TermId value);

  bool isPlace(TermId id) const { return Terms[id].kind >= TermKind::Local; }
  bool isInteger(TermId id, std::int64_t value) const {
    return Terms[id].kind == TermKind::Integer && Terms[id].number == value;
  }
  std::string_view stringText(TermId id) const { return Strings[Terms[id].a]; }

  /// The root of a path: the first term that is neither a selector nor an
  /// `Initial` or `Address` of a path.
  TermId root(TermId id) const { return Terms[id].root; }
  /// The terms from the root of a path outwards, itself last.
  llvm::SmallVector<TermId, 12> steps(TermId place) const;
  /// Whether a place is, or lies in, an element of an array or container.
  bool isOneOfMany(TermId place) const {
    for (; Terms[place].kind == TermKind::Field && !Terms[place].weak; place = Terms[place].a)
      ;
    return Terms[place].weak || Terms[place].kind == TermKind::Element;
  }
  /// What the program declares nearest to the end of a path: the term of a field,
  /// ghosts left out, or of a global; 0: none. With `throughPointers` also on the
  /// way to a pointer that the path follows.
  TermId declared(TermId place, bool throughPointers = false) const;
  /// The same, when it is a field.
  link::FieldId declaredField(TermId place, bool throughPointers = false) const {
    const Term &term = Terms[declared(place, throughPointers)];
    return term.kind == TermKind::Field ? term.b : 0;
  }
  /// The object that a place is part of: the path without its last fields and
  /// elements.
  TermId objectOf(TermId place) const {
    while (Terms[place].kind == TermKind::Field || Terms[place].kind == TermKind::Element)
      place = Terms[place].a;
    return place;
  }
  /// Whether a place is `whole`, or one of its fields or elements at any depth.
  bool isPartOf(TermId place, TermId whole) const {
    while (place != whole && (Terms[place].kind == TermKind::Field || Terms[place].kind == TermKind::Element))
      place = Terms[place].a;
    return place == whole;
  }
  /// Whether `part` occurs in `id`.
  bool mentions(TermId id, TermId part) const;

  /// Calls `visit` with every Heap and Opaque term in `id`.
  void forEachMade(TermId id, llvm::function_ref<void(TermId)> visit) const;

  /// The same term with other operands; folds as the makers above do.
  TermId rebuild(const Term &term, TermId a, TermId b);

  /// Rebuilds `id` with every part that `replace` maps to non-zero replaced; it is
  /// asked for the whole before its parts. `initial` gets the rebuilt place of an
  /// Initial term and returns its value.
  TermId rewrite(TermId id, llvm::function_ref<TermId(TermId)> replace, llvm::function_ref<TermId(TermId)> initial);

  /// As a programmer would write it: `this->mutex_`, `conn->lock`,
  /// `table[...].lock`. `function` gives names to formals.
  std::string spell(TermId id, link::FunctionId function) const;

  std::size_t size() const { return Terms.size(); }

private:
  TermId masked(TermId value, std::int64_t mask);
  TermId make(Term term);
  void derive(Term &term) const;
  std::string spellPlace(TermId id, link::FunctionId function) const;

  const link::Program &Linked;
  std::vector<Term> Terms{Term{}};
  std::vector<std::string> Strings{std::string()};
  llvm::StringMap<std::uint32_t> StringIds;
  TaggedIndex Index; ///< over `Terms`
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_TERM_H
