//===- AtomicBlocks.h - Operations that a directive makes atomic *- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `#pragma omp atomic` is a lock to the solver (models/openmp.yaml); who reads under it
/// reads an atomic. Private to the room.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_ATOMICBLOCKS_H
#define GRIDLOCK_ENGINE_SOLVE_ATOMICBLOCKS_H

#include "engine/solve/Solution.h"
#include "engine/solve/State.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Whether a directive makes what is done here one atomic operation.
inline bool isAtomicBlock(const link::Program &program, const TermTable &terms, const State &state) {
  return llvm::any_of(state.locks, [&](const Held &held) {
    const Term &lock = terms[held.lock];
    return lock.kind == TermKind::Field && terms[lock.a].kind == TermKind::Heap && terms[lock.a].number == 0 &&
           lock.b == program.ghostField("@omp_atomic");
  });
}

/// What is read is what some thread has left there, not what this path has.
inline void readAtomic(Solution &solution, TermTable &terms, State &state, TermId place) {
  const auto number = std::int64_t(llvm::hash_combine(place, 71));
  const TermId seen = terms.opaque(OriginKind::CallResult, number);
  if (state.isKnown(terms, seen))
    state.replace(terms, seen, terms.opaque(OriginKind::Aged, number));
  state.store(place, seen);
  solution.atomicLoads.insert(place);
  solution.loadedFrom[number] = place;
}

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_ATOMICBLOCKS_H
