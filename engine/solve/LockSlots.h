//===- LockSlots.h - Which part of which object a lock is -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the shapes of two locks' paths say about the locks: whether two
/// different paths may lead to one lock, and whether the objects that hold two
/// locks of one class play different parts.
///
/// Pure functions of terms and program, for the executor, for lock names and for
/// rules. Linear in the length of a path.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_LOCKSLOTS_H
#define GRIDLOCK_ENGINE_SOLVE_LOCKSLOTS_H

#include "engine/solve/Term.h"

namespace gridlock::solve {

class State;

/// Fields that hold pointers to objects of their own: all that the program ever
/// assigns to them is what a call returned, or null. And fields that lead to an
/// object of somebody else: nothing that a call returned is ever assigned to them.
class OwningFields {
public:
  /// Looks at every assignment of the program, once.
  explicit OwningFields(const link::Program &program);
  bool contains(link::FieldId field) const { return Shared.size() > field && !Shared[field]; }
  bool isBackPointer(link::FieldId field) const { return Made.size() > field && !Made[field]; }

private:
  std::vector<bool> Shared; ///< something that is there already was assigned
  std::vector<bool> Made;   ///< what a call returned was assigned
};

/// Whether two different paths may lead to the same lock: they end in the same
/// fields, and one of them starts at a pointer that came out of memory or from a
/// call, so that nothing tells what it points to.
bool mayAlias(const TermTable &terms, TermId lock, TermId other);

/// Whether a lock of an object is taken, with the same lock of an object of that
/// class held, by way of an object of another class that was told whom it belongs
/// to: `view->model->lock` with `this->lock` held. Most often both are one. Returns the
/// pointer's field, `model`; 0: no.
link::FieldId metThroughBackPointer(const TermTable &terms, const OwningFields &owning, TermId held, TermId acquired);

/// Whether the path knows two values to be equal that make two names of a lock one.
/// Linear in the facts of the path.
bool areOneHere(TermTable &terms, const State &state, TermId lock, TermId other);

/// The field of its owner in which the object with the lock lies, or which alone
/// points to it: `ofbuf` of `lookahead->ofbuf.mutex`. `owner` is the record that
/// the lock's name starts with. 0: not known.
link::FieldId partOf(const TermTable &terms, const OwningFields &owning, TermId lock, link::RecordId owner);

/// Whether an unknown value of this origin occurs in the lock's path.
bool mentionsOrigin(const TermTable &terms, TermId lock, OriginKind origin);

/// Whether the paths go through the same fields, so that the two objects could
/// change places.
bool sameShape(const TermTable &terms, TermId lock, TermId other);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_LOCKSLOTS_H
