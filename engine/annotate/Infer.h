//===- Infer.h - Attributes that the solution suggests -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the solver knows about locks, as proposals of attributes: fields and
/// globals that one lock guards at every access, classes that are locks or hold
/// one while they live, orders of locks. Called by the annotator; pure.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_ANNOTATE_INFER_H
#define GRIDLOCK_ENGINE_ANNOTATE_INFER_H

#include "engine/annotate/Annotation.h"
#include "engine/solve/Solution.h"
#include <map>
#include <optional>

namespace gridlock::annotate {

/// Guards, lock classes and orders. The solution was made with `keepsGuarded`.
std::vector<Annotation> inferAnnotations(const solve::Solution &solution);

/// Where a function's name stands, as `facts::findInsertions` wants it.
facts::NamePlace namePlace(const solve::Solution &solution, link::FunctionId function);

/// What a function does to locks on all of its ways out.
enum class LockEffect { None, Acquires, Releases, Tries, Mixed };
struct FunctionEffect {
  LockEffect effect = LockEffect::None;
  bool isShared = false;
  std::string success; ///< of a try: `true`, `0`
  solve::TermId lock = 0;
};
/// The attribute that tells of an effect: `Acquires`, `Releases` or `Tries`.
AnnotationKind kindOf(LockEffect effect);
FunctionEffect effectOf(const solve::Solution &solution, link::FunctionId function);

/// Whether every caller holds a lock of the class.
bool callersHoldClass(const solve::Solution &solution, link::FunctionId function, std::uint32_t lockClass);

/// Finds functions by a place inside their bodies.
class FunctionIndex {
public:
  explicit FunctionIndex(const solve::Solution &solution);
  /// The innermost function around a place; 0: none.
  link::FunctionId at(const facts::NamePlace &place) const;

private:
  struct Range {
    facts::NamePlace begin, end;
    link::FunctionId function = 0;
  };
  std::map<std::string, std::vector<Range>> ByFile;
};

} // namespace gridlock::annotate

#endif // GRIDLOCK_ENGINE_ANNOTATE_INFER_H
