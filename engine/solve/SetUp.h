//===- SetUp.h - What is done once, before there are threads ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes that happen only as long as a global says that something was not done
/// yet, when `main` makes it say otherwise before it starts threads. Private to
/// the room; for one thread.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SETUP_H
#define GRIDLOCK_ENGINE_SOLVE_SETUP_H

#include "engine/solve/Access.h"
#include "engine/solve/AccessFilter.h"
#include "engine/solve/AtEnd.h"
#include "engine/solve/SetBefore.h"
#include <map>
#include <set>

namespace gridlock::solve {

struct Context;
class Solution;

/// The place that a fact tells of: what stands there, or a comparison of that with
/// a constant; 0: none.
TermId toldPlace(const TermTable &terms, const Fact &fact);
/// Whether the fact holds when the number stands in its place.
bool holdsFor(const TermTable &terms, const Fact &fact, std::int64_t number);
/// A global or a part of one, or of what an input points to: other functions know
/// it by that name.
bool isKnownElsewhere(const TermTable &terms, TermId place);
/// The constant that an assignment stores; none when it is none.
std::optional<std::int64_t> storedBy(const Solution &solution, const Access &access);

/// Adds what a path knows of places that are set once: that they are not set yet.
/// Linear in what the path knows.
void noteUnset(const TermTable &terms, const AccessFilter &filter, const State &state,
               llvm::SmallVectorImpl<Fact> &unset);

/// A callee's facts in the names of a caller; those that lead to no place which
/// other functions know are dropped.
void passOnUnset(const TermTable &terms, llvm::SmallVectorImpl<Fact> &unset,
                 llvm::function_ref<TermId(TermId)> substitute);

/// Which places `main` sets before there are threads. Built when the phases are
/// known: linear in the accesses.
class SetUp {
public:
  explicit SetUp(const Solution &solution);
  /// Drops the threads beside which `main` never does it: they were started when the
  /// place was set. Whether no other is left.
  bool dropDone(const Access &access, const Context &callers, llvm::SmallVectorImpl<std::uint32_t> &alive) const;
  /// Whether a thread never does it there, since it finds it done.
  bool isDone(const Access &access, std::uint32_t root, const Context *callers) const;

private:
  struct Place {
    bool isTested = false;          ///< somebody sets it where it is not set
    std::set<std::uint32_t> setBy;  ///< roots of `main` that set it first
    std::set<std::uint32_t> later;  ///< ... then or later
    std::set<std::uint32_t> undone; ///< roots of threads that take that back
  };
  void add(llvm::ArrayRef<Fact> unset);
  /// What one store to the fact's place means for it; whether it sets the place.
  bool place(const Access &access, const Fact &fact, Place &found);
  bool isSetFor(std::uint32_t row, std::uint32_t root, bool isBefore) const;

  const Solution &S;
  AtEnd Last;
  std::vector<std::pair<Fact, Place>> Places;
  llvm::DenseMap<TermId, llvm::SmallVector<std::uint32_t, 1>> Rows;   ///< by the facts' terms, into Places
  llvm::DenseMap<TermId, llvm::SmallVector<std::uint32_t, 1>> RowsOf; ///< by place, into Places
  std::optional<SetBefore> AtStarts;                                  ///< of threads
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SETUP_H
