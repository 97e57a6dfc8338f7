//===- CapturedObjects.h - The objects of stored lambdas --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Gives the accesses of jobs, which are on "what this lambda captured as
/// `this`", the names of the objects that lambdas did capture (Captures.cpp), and
/// says which of them belong to one job. Private to the room; used by one thread,
/// before accesses are joined.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_CAPTUREDOBJECTS_H
#define GRIDLOCK_ENGINE_SOLVE_CAPTUREDOBJECTS_H

#include "engine/solve/Solution.h"
#include "llvm/ADT/DenseSet.h"

namespace gridlock::solve {

class CapturedObjects {
public:
  explicit CapturedObjects(Solution &solution) : S(solution) {}

  /// Adds to the solution's accesses, for each that is on a captured object, one
  /// for each object that it may be. Linear in both.
  void nameAccesses();

  /// Whether two accesses are of one job, or of a job and one that it makes: of
  /// these only one runs.
  bool areOneJob(const Access &a, const Access &b) const;

  /// Whether one is of a job, and the other one was over before a lambda captured
  /// the object, on the thread that made it do so.
  bool isBeforeCapture(const Access &a, std::uint32_t rootOfA, const Access &b) const;

private:
  /// One object that a lambda captured.
  struct Object {
    link::FieldId field = 0;
    TermId address = 0;
    bool repeated = false;
    link::FunctionId function = 0; ///< in which it was captured
  };
  /// A lambda's objects; those that it got from a lambda around it are that one's.
  const llvm::SmallVector<std::uint32_t, 2> &objectsOf(link::FieldId field);
  void addOpenCaptures();
  void closeMadeIn();
  link::FieldId capturedField(TermId place) const;

  Solution &S;
  std::vector<Object> Objects{Object{}};
  std::map<link::FieldId, llvm::SmallVector<std::uint32_t, 2>> ByField;
  /// A lambda, and one inside which it was made.
  llvm::DenseSet<std::pair<link::FieldId, link::FieldId>> MadeIn;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_CAPTUREDOBJECTS_H
