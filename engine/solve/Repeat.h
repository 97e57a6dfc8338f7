//===- Repeat.h - Calls whose records are known already ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The paths of a function pass the same call many times. What the callee's
/// records become there depends on little of the state: the locks, the facts
/// about inputs, and the few places and values that the records name. A
/// `CallTrace` keeps what was looked at, with the answers; a state that answers
/// the same adds nothing new, and the records are skipped. That is exact, since
/// adding a record twice is the same as adding it once.
///
/// Private to the room; lives as long as one function's execution.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_REPEAT_H
#define GRIDLOCK_ENGINE_SOLVE_REPEAT_H

#include "engine/solve/Summary.h"
#include "llvm/ADT/DenseSet.h"

namespace gridlock::solve {

/// Whether a record of this kind becomes the same when what a `CallTrace` holds
/// is the same. False for those that execute something in the state.
inline bool isTraced(RecordKind kind) {
  return kind == RecordKind::Acquire || kind == RecordKind::NeedsHeld || kind == RecordKind::Block ||
         kind == RecordKind::Join;
}

struct CallTrace {
  /// What a state knows about a value.
  struct Decision {
    TermId subject = 0;
    std::optional<bool> truth;
    Fact known;
    friend bool operator==(const Decision &, const Decision &) = default;
  };
  llvm::SmallVector<Fact, 2> facts;                      ///< about inputs
  llvm::SmallVector<std::pair<TermId, TermId>, 8> loads; ///< place, and what it held
  llvm::SmallVector<Decision, 8> decisions;
  llvm::SmallDenseSet<TermId, 16> decided;
  /// Something depended on more than this.
  bool incomplete = false;

  static Decision decide(const TermTable &terms, const State &state, TermId subject) {
    Decision decision;
    decision.subject = subject;
    decision.truth = state.decide(terms, subject);
    if (const Fact *known = state.fact(subject))
      decision.known = *known;
    return decision;
  }
  void noteDecision(const TermTable &terms, const State &state, TermId subject) {
    if (decided.insert(subject).second)
      decisions.push_back(decide(terms, state, subject));
  }
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_REPEAT_H
