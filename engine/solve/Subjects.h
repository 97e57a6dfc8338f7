//===- Subjects.h - What a condition is about -------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The declared things that a condition reads: fields, globals, variables. A
/// thread that waits tests some; a thread that notifies has changed one of
/// them. All objects of a class share their fields' subjects; a capture by
/// reference is the captured variable.
///
/// Built before functions are executed, from the tables alone. It remembers
/// what it looked up, so it is for one thread. Construction: linear in all
/// events; a query: in the expression and a few levels of callees.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SUBJECTS_H
#define GRIDLOCK_ENGINE_SOLVE_SUBJECTS_H

#include "engine/link/CallableFlow.h"
#include "engine/solve/Term.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include <string>

namespace gridlock::solve {

/// A field, a global, or a variable of a function; 0 is "none".
using Subject = std::uint64_t;

/// What an expression reads.
struct Tested {
  llvm::SmallVector<Subject, 4> subjects;
  bool waitResult = false; ///< what a wait returned
  bool unknown = false;    ///< what code without a body returned
  /// A call of `ignoredIn` whose result does not count.
  link::FunctionId ignoredIn = 0;
  ir::Index ignoredCall = 0;
  bool reads(Subject subject) const;
  bool overlaps(llvm::ArrayRef<Subject> others) const;
  /// About something that other threads can change.
  bool isShared() const { return unknown || !subjects.empty(); }
};

class Subjects {
public:
  Subjects(const link::Program &program, const link::CallableFlow &flow);

  /// The subject that a place expression names.
  Subject ofPlace(link::FunctionId function, ir::Index place) const;
  /// The subject that a place of the solver lies in.
  Subject ofTerm(const TermTable &terms, TermId place) const;
  /// Adds what a value reads. Variables that nobody else can see stand for what
  /// was assigned to them.
  void ofValue(link::FunctionId function, ir::Index value, Tested &result, unsigned depth = 0) const;
  /// Adds what the body of a function reads, and the bodies that it calls.
  void ofBody(link::FunctionId function, Tested &result, unsigned depth = 0) const;

  /// What a lambda's field captured by reference, or 0.
  Subject captured(link::FieldId field) const { return Captured.lookup(field); }
  /// The variable of a function, and its row, that a lambda's field captured by
  /// reference; no function when it is none.
  std::pair<link::FunctionId, ir::Index> capturedVariable(link::FieldId field) const;

  /// Whether a field is the `this` that a lambda captured which is kept in a field
  /// or global, to be called later.
  bool capturesThis(link::FieldId field) const { return CapturedThis.contains(field); }

  /// Whether a variable is part of what several threads may share: a lambda
  /// captured it by reference, or it is a plain one whose address was taken.
  bool mayBeShared(Subject subject) const;

  /// Whether some thread that waits may test it.
  bool isAwaited(Subject subject) const { return Awaited.contains(subject); }

  /// The effect of a call that waits for a condition variable, or null.
  static const model::Effect *waitEffect(const link::Program &program, link::FunctionId callee);

  static Subject ofField(link::FieldId field) { return (1ull << 60) | field; }
  static Subject ofGlobal(link::GlobalId global) { return (2ull << 60) | global; }
  static Subject ofLocal(link::FunctionId function, ir::Index variable) {
    return (3ull << 60) | (std::uint64_t(function) << 28) | variable;
  }

  /// `Queue::items_`, `ready`.
  std::string name(Subject subject) const;

private:
  void findCaptures();
  void findKeptClosures();
  void findAwaited();
  Subject ofPointer(link::FunctionId function, ir::Index value) const;
  void ofCall(link::FunctionId function, ir::Index call, Tested &result, unsigned depth) const;
  llvm::ArrayRef<ir::Index> assigned(link::FunctionId function, ir::Index variable) const;

  const link::Program &Program;
  const link::CallableFlow &Flow;
  llvm::DenseMap<link::FieldId, Subject> Captured;
  llvm::DenseSet<Subject> Awaited, CapturedVariables;
  llvm::DenseSet<link::FieldId> CapturedThis;
  mutable llvm::DenseSet<link::FunctionId> Scanned;
  mutable llvm::DenseMap<std::pair<link::FunctionId, ir::Index>, llvm::SmallVector<ir::Index, 2>> Assigned;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SUBJECTS_H
