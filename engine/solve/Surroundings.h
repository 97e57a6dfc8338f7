//===- Surroundings.h - What surrounds an access ----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The locks held at an access, the threads that may run by then, what was handed
/// over before. A function has hundreds of accesses in a few surroundings, and its
/// callers hand all of them on: so equal surroundings are kept once in a solve,
/// accesses point to them, and what a call makes of them is computed once for all
/// accesses that share them.
///
/// One table per solve, used by one thread; what it gave out stays where it is.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SURROUNDINGS_H
#define GRIDLOCK_ENGINE_SOLVE_SURROUNDINGS_H

#include "engine/solve/Kinds.h"
#include "engine/solve/TaggedIndex.h"
#include "llvm/ADT/DenseMap.h"
#include <deque>
#include <vector>

namespace gridlock::solve {

/// A lock held at an access.
struct AccessLock {
  TermId lock = 0;
  model::LockMode mode = model::LockMode::Exclusive;
  friend bool operator==(const AccessLock &, const AccessLock &) = default;
};

/// A value that decides which of several threads comes here: `value` is `equals`.
/// Once a thread is started with it, `as` is what the thread itself calls it.
struct Choice {
  TermId value = 0;
  std::int64_t equals = 0;
  TermId as = 0;
  friend bool operator==(const Choice &, const Choice &) = default;
};

/// Choices, facts about what was not done yet, and joined handles that an access carries.
constexpr std::size_t choiceLimit = 2, unsetLimit = 3, joinedLimit = 8;

struct KeptSurroundings;

/// Surroundings while they are put together.
struct Surroundings {
  llvm::SmallVector<AccessLock, 2> locks;
  /// Locks of the caller that had been released by then.
  llvm::SmallVector<TermId, 1> released;
  llvm::SmallVector<std::uint32_t, 1> alive; ///< spawns that may run by then; sorted
  /// Hand-over: places that were awaited before, or signalled before.
  llvm::SmallVector<HandOver, 1> awaited, signaled;
  llvm::SmallVector<Choice, 1> choices; ///< that hold on every path
  Kinds kinds;                          ///< what values of the inputs are on every path
  Rounds rounds;                        ///< of barriers, since the thread or function began
  llvm::SmallVector<Fact, 1> unset;     ///< of a write: what was not done yet, on every path; see SetUp.h
  llvm::SmallVector<TermId, 1> joined;  ///< handles in globals whose threads had been waited for
  llvm::SmallVector<TermId, 1> won;     ///< as names of locks, on every path; see Winners.h

  void assign(const KeptSurroundings &kept);
  bool operator==(const KeptSurroundings &kept) const;
};

/// Surroundings that the table keeps, and what is often asked of them. The lists are the
/// table's, too: equal ones are one, so that comparing two is comparing addresses.
struct KeptSurroundings {
  llvm::ArrayRef<AccessLock> locks;
  llvm::ArrayRef<TermId> released;
  llvm::ArrayRef<std::uint32_t> alive;
  llvm::ArrayRef<HandOver> awaited, signaled;
  llvm::ArrayRef<Choice> choices;
  llvm::ArrayRef<Kind> kinds;
  llvm::ArrayRef<Round> rounds;
  llvm::ArrayRef<Fact> unset;
  llvm::ArrayRef<TermId> joined, won;
  std::uint32_t number = 0;
  bool namesInputs = false;   ///< a lock or a choice means something else for each caller
  std::uint64_t lockHash = 0; ///< of the locks held and released
};

class SurroundingsTable {
public:
  explicit SurroundingsTable(const TermTable &terms) : Terms(terms) {}
  const KeptSurroundings *keep(const Surroundings &surroundings);
  /// What holds of two equal accesses, of which either may happen: the locks of the
  /// first, which are those of the other, too.
  const KeptSurroundings *weaken(const KeptSurroundings *one, const KeptSurroundings *other);

  /// Where there is nothing.
  static const KeptSurroundings none;

private:
  /// The lists of one kind of item.
  template <class Item> class Lists {
  public:
    llvm::ArrayRef<Item> keep(llvm::ArrayRef<Item> items);

  private:
    std::deque<std::vector<Item>> Rows;
    TaggedIndex Index;
  };

  const TermTable &Terms;
  const KeptSurroundings *Last = &none;
  Surroundings Scratch; ///< its lists keep their room
  std::deque<KeptSurroundings> Rows;
  TaggedIndex Index;
  llvm::DenseMap<std::pair<std::uint32_t, std::uint32_t>, const KeptSurroundings *> Weakened;
  Lists<AccessLock> Locks;
  Lists<TermId> Names;
  Lists<HandOver> HandOvers;
  Lists<Choice> Choices;
  Lists<Kind> KindLists;
  Lists<Round> RoundLists;
  Lists<Fact> Facts;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SURROUNDINGS_H
