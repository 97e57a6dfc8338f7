//===- ElementOverlap.h - Whether two elements may be one -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Compares the indices with which two threads of one team, or two threads that
/// run the same loop, choose elements of an array. Private to the room; linear in
/// the paths; any thread that may read the term table.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_ELEMENTOVERLAP_H
#define GRIDLOCK_ENGINE_SOLVE_ELEMENTOVERLAP_H

#include "engine/solve/Access.h"
#include "engine/solve/Term.h"
#include "llvm/ADT/DenseMap.h"
#include <optional>

namespace gridlock::solve {

enum class ElementOverlap {
  Unknown, ///< nothing can be said of the indices
  Apart,   ///< different elements, or one and the same thread
  Meets,   ///< one thread's element is another one's
};

/// The constants at which counters of loops start; none: various.
using LoopStarts = llvm::DenseMap<TermId, std::optional<std::int64_t>>;

/// Of two places that are otherwise the same path.
ElementOverlap compareElements(const TermTable &terms, const LoopStarts &starts, TermId a, TermId b);

/// Whether an index on the path is what each thread has for itself.
bool isThreadsElement(const TermTable &terms, TermId place);

/// Whether the two paths choose an element by the same round of a loop.
bool areOfOneRound(const TermTable &terms, TermId a, TermId b);

/// Whether a value is computed from what each thread has for itself: its number,
/// or the rounds that it got.
bool dependsOnThread(const TermTable &terms, TermId value);

/// Whether each thread has indices of its own: its number, or its rounds, plus and
/// times something. (Divided by something they collide, and so do numbers that are
/// looked up in a table.)
bool isOfThread(const TermTable &terms, TermId index);

/// An element that a loop of this very function chooses: a slot of its own for each
/// round.
bool isOwnSlot(const TermTable &terms, TermId place, link::FunctionId function);

/// Whether the path goes through an element whose index is no constant.
bool hasComputedElement(const TermTable &terms, TermId place);

/// Whether a number in an array is counted up or down where it stands: nobody hands
/// such an array from thread to thread.
bool isCount(const TermTable &terms, const Access &access);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_ELEMENTOVERLAP_H
