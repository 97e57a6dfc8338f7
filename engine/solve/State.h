//===- State.h - What is known at one point of one path ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The abstract state of the path engine: the lock vector, a small environment
/// of predicates, and a store. Two states at one point are merged only when
/// their lock vectors are equal (property simulation: Das, Lerner, Seigle, PLDI
/// 2002), so every state holds a path-consistent set of locks.
///
/// States are values, copied where a path forks. All vectors are sorted or
/// short; lookups are logarithmic or linear in a few entries.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_STATE_H
#define GRIDLOCK_ENGINE_SOLVE_STATE_H

#include "engine/solve/Rounds.h"
#include "engine/solve/Term.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <optional>

namespace gridlock::solve {

/// A row of the step table (see Summary.h); 0 is "none".
using StepId = std::uint32_t;

/// A history of descriptors and children (see DescriptorLog.h); 0: empty.
using LogId = std::uint32_t;

/// What kind of lock an acquisition took, from its type and from the model.
struct LockTraits {
  model::LockKind kind = model::LockKind::Mutex;
  model::Recursion recursion = model::Recursion::Never;
  bool coroutineAware = false;
  bool prefersReaders = false;
  bool makesAtomic = false; ///< what is done under it is one atomic operation
  /// It is there to be held while its owner waits or works for long: no thread's
  /// section of a few lines.
  bool isForLong() const { return kind == model::LockKind::Semaphore || kind == model::LockKind::Flag; }
  friend bool operator==(const LockTraits &, const LockTraits &) = default;
};

/// A lock that this path holds.
struct Held {
  TermId lock = 0;
  model::LockMode mode = model::LockMode::Exclusive;
  bool byTry = false; ///< taken by a try or timed call: never waits for ever
  std::uint8_t count = 1;
  std::uint8_t group = 0; ///< taken in one deadlock-free step with equal groups
  LockTraits traits;
  StepId acquiredAt = 0;
  /// This path surely did not hold it before.
  bool wasFree = false;
  /// A callee returned with it on a path where its other paths release it: a
  /// defect of the callee, not to be reported again by every caller.
  bool leaked = false;
};

/// A lock of the caller that this path released.
struct Released {
  TermId lock = 0;
  StepId at = 0;
  friend bool operator==(const Released &a, const Released &b) { return a.lock == b.lock; }
};

/// A constraint on a value: an interval, or one value excluded.
struct Fact {
  TermId term = 0;
  std::int64_t low = INT64_MIN;
  std::int64_t high = INT64_MAX;
  bool nonZero = false;
  friend bool operator==(const Fact &, const Fact &) = default;
  /// What this and another fact about the same term have in common; false when
  /// that is nothing.
  bool widen(const Fact &other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
    nonZero &= other.nonZero;
    return low != INT64_MIN || high != INT64_MAX || nonZero;
  }
};

/// A thing happens only in some mode of an object, which nothing decides where
/// it is looked at; see ModeTests.cpp.
enum class OpenMode : std::uint8_t {
  None,
  Number,   ///< what a number or truth value in memory says
  FlagWord, ///< ... a bit of such a number
};

/// A hand-over between threads: what comes before the signal happens before what
/// comes after the wait. `value` tells which value of a flag was set or seen.
struct HandOver {
  enum Value : std::uint8_t { Zero, NonZero, Any };
  static Value valueOf(std::optional<bool> truth) { return !truth ? Any : *truth ? NonZero : Zero; }
  TermId place = 0;
  Value value = Any;
  std::uint32_t lock = 0; ///< the class of the lock under which it has to be signalled; 0: any
  friend bool operator==(const HandOver &, const HandOver &) = default;
};
/// Hand-overs that a path or an access remembers. What is forgotten of the signals
/// given makes rules silent, of those awaited makes them less so.
constexpr unsigned handOverLimit = 8;

/// Whether the value is 0 or 1: a comparison, or a conjunction of such.
bool isTruthValue(const TermTable &terms, TermId value);

/// A decision that rests on what a place held: under a lock, in one critical
/// section, or on an atomic (lock 0).
struct SectionTest {
  TermId place = 0;
  TermId lock = 0;
  StepId section = 0; ///< the acquisition; 0: it was over when the decision was taken
  ir::Index location = 0;
  ir::Index call = 0; ///< into `calls`: of a function that locks, looks and tells; 0: seen right here
  unsigned block = 0; ///< whose branch the decision is
  friend bool operator==(const SectionTest &a, const SectionTest &b) {
    return a.place == b.place && a.lock == b.lock && a.section == b.section;
  }
};

/// A thread that was started on this path and may still run.
struct Alive {
  std::uint32_t spawn = 0; ///< into the spawn table; 0: one of a callee's
  TermId handle = 0;       ///< the place where it was put; 0: nowhere
  TermId value = 0;        ///< what is in the handle, and moves with it
  bool isThread = false;   ///< a thread of its own, not a task, timer or event
  bool detached = false;   ///< surely
  bool unsure = false;     ///< it may have been detached, or handed to unknown code
  bool met = false;        ///< this path has waited for something since it started
  /// Some path merged into this one has waited for its end. Whoever did not come
  /// that way has most likely not started it either. No part of `==`.
  bool over = false;
  StepId startedAt = 0;
  /// Addresses that the thread got of variables, or of what the function's
  /// inputs point to; a place stands for all pointers stored in it.
  llvm::SmallVector<TermId, 2> borrowed;
  /// The way to the start does not matter.
  friend bool operator==(const Alive &a, const Alive &b) {
    return a.spawn == b.spawn && a.handle == b.handle && a.value == b.value && a.detached == b.detached &&
           a.unsure == b.unsure && a.met == b.met && a.borrowed == b.borrowed;
  }
};

/// A change of something that another thread's wait may be about.
struct Change {
  std::uint64_t subject = 0; ///< see Subjects.h
  StepId at = 0;
  llvm::SmallVector<TermId, 2> guards; ///< locks held then, or taken since
  friend bool operator==(const Change &a, const Change &b) { return a.subject == b.subject && a.guards == b.guards; }
};

/// Adds a number to a sorted list, once.
inline void insertSorted(llvm::SmallVectorImpl<std::uint32_t> &list, std::uint32_t value) {
  auto at = std::lower_bound(list.begin(), list.end(), value);
  if (at == list.end() || *at != value)
    list.insert(at, value);
}

/// Keeps of two paths' changes and locks taken what both guarantee: either may
/// have changed something, both must have taken the lock.
void mergeChanges(llvm::SmallVectorImpl<Change> &changes, llvm::SmallVectorImpl<TermId> &taken,
                  llvm::ArrayRef<Change> otherChanges, llvm::ArrayRef<TermId> otherTaken);

class State {
public:
  //===--- Store -----------------------------------------------------------===//

  /// What `place` was last given on this path, or 0.
  TermId stored(TermId place) const;
  void store(TermId place, TermId value);
  /// Forgets everything below a place: the lifetime ended, or the whole object
  /// was written.
  void forget(const TermTable &terms, TermId place);
  llvm::ArrayRef<std::pair<TermId, TermId>> entries() const { return Store; }

  //===--- Predicates ------------------------------------------------------===//

  /// The truth of a value as a condition, when it is known.
  std::optional<bool> decide(const TermTable &terms, TermId condition) const;
  /// Assumes a condition; false when that contradicts what is known.
  bool assume(TermTable &terms, TermId condition, bool truth);
  llvm::ArrayRef<Fact> facts() const { return Facts; }
  const Fact *fact(TermId term) const;
  void forgetFacts(llvm::function_ref<bool(const Fact &)> which) { llvm::erase_if(Facts, which); }
  /// How many facts both states have; those about `important` terms count more
  /// than all others.
  unsigned commonFacts(const State &other, const llvm::DenseSet<TermId> &important) const;
  /// What holds for a value by its nature, or null.
  static const Fact *inherentFact(const Term &term);
  /// Keeps the facts that both states have.
  void intersectFacts(const TermTable &terms, const State &other);
  /// The path took two different addresses, one of them the start of this
  /// lock's name, to be equal.
  bool assumesEqual(const TermTable &terms, TermId lock) const;
  /// A comparison is known of two values, each on the way to one of the places or
  /// part of an object where that way starts: something orders them.
  bool compares(const TermTable &terms, TermId left, TermId right) const;
  /// Whether `low <= high` is known to be so.
  bool knowsOrder(const TermTable &terms, TermId low, TermId high) const;

  //===--- Locks -----------------------------------------------------------===//

  llvm::SmallVector<Held, 2> locks;
  /// Initialisations under way that other threads wait for (Once.cpp).
  llvm::SmallVector<Held, 1> onces;
  /// Locks of the caller that this path released.
  llvm::SmallVector<Released, 1> released;
  bool hasReleased(TermId lock) const {
    for (const Released &entry : released)
      if (entry.lock == lock)
        return true;
    return false;
  }
  /// Locks that this path surely does not hold: it released them, or failed to
  /// take them.
  llvm::SmallVector<TermId, 2> notHeld;
  /// Locks that a callee takes in one mode of an object only, and did not take
  /// here, where nothing decides the mode. No part of `equals`.
  llvm::SmallVector<TermId, 1> skipped;
  /// Locks that this path, or one merged into it, took and gave back.
  llvm::SmallVector<TermId, 2> givenBack;
  llvm::SmallVector<Alive, 2> alive;
  /// Handles joined here whose thread was started elsewhere.
  llvm::SmallVector<TermId, 1> joined;
  /// Handles that some path merged into this one has joined, and the spawns that
  /// were known behind them. No part of `equals`.
  llvm::SmallVector<TermId, 1> joinedOnSome;
  llvm::SmallVector<std::uint32_t, 1> ended;
  void markOver(llvm::ArrayRef<std::uint32_t> spawns);
  /// Hand-over between threads: what this path surely waited for, and what some
  /// path merged into it has signalled. No part of `equals`: merged, not split.
  llvm::SmallVector<HandOver, 1> awaited, signaled;
  /// Flags that this path has seen without a lock: awaited once it takes one.
  llvm::SmallVector<HandOver, 1> glimpsed;
  llvm::SmallVector<SectionTest, 1> tested;
  /// How often this path has come to barriers since the function was entered.
  Rounds rounds;
  /// Places that this path has tested and then written in one section of a lock, and
  /// the lock: nobody else does so until somebody writes there again.
  llvm::SmallVector<std::pair<TermId, TermId>, 1> claimed;
  /// Objects made here that a started thread was given.
  llvm::SmallVector<TermId, 2> handedOut;
  /// Objects that stored lambdas captured as `this`, on some path merged into this one.
  llvm::SmallVector<TermId, 1> captured;
  /// Objects made here that were put where others look for them, on some path merged
  /// into this one (Published.cpp).
  llvm::SmallVector<TermId, 1> published;
  /// The parallel region that this path is in, as a spawn; 0: none.
  std::uint32_t region = 0;
  /// Tasks and other pieces of regions that may run from here on, as spawns; sorted.
  llvm::SmallVector<std::uint32_t, 2> pieces;
  void mergeHandOver(const State &other);
  /// A lock of a class is taken: whoever takes the lock under which a flag was set,
  /// and had seen the flag before, sees what came before it.
  void awaitGlimpsed(std::uint32_t lockClass);
  /// Changes of awaited state on this path, the last few.
  llvm::SmallVector<Change, 1> changes;
  /// Locks that this path has taken so far, its callees' included.
  llvm::SmallVector<TermId, 2> taken;
  /// An exception is on its way; where it was thrown.
  StepId thrownAt = 0;
  /// A budget was used up or a call was not resolved: rules that need every
  /// lock operation of the path stay silent.
  bool lossy = false;
  /// Stands for rounds of a loop that are not followed on their own (LoopRounds.cpp):
  /// what differs between these is open, so rules that need the path stay silent.
  /// Not merged with others.
  bool widened = false;
  /// What this path did to descriptors and children.
  LogId log = 0;
  /// At a loop's head, before any round; and the loop that was left like that just
  /// now, as its head's block + 1 (LoopLocks.cpp). No part of `equals`.
  bool beforeRounds = false;
  unsigned skippedLoop = 0;

  const Held *held(TermId lock) const;

  /// Equal lock vectors, and equal histories where one makes pipes or children:
  /// the condition for merging.
  bool sameLocks(const State &other) const;
  /// Equal in everything that matters to later steps.
  bool equals(const State &other) const;

  /// Merges `other`, whose locks are the same, into this state. Values that
  /// differ become `merged(place, before)`.
  void merge(TermTable &terms, const State &other, llvm::function_ref<TermId(TermId place, TermId before)> merged);

  /// Replaces a term wherever it occurs, as when a value gets a new
  /// incarnation in a loop.
  void replace(TermTable &terms, TermId from, TermId to);
  /// Whether anything is known about the term, or named by it.
  bool isKnown(const TermTable &terms, TermId part) const;
  /// Whether a held lock's name mentions the term.
  bool locksMention(const TermTable &terms, TermId part) const;

private:
  llvm::SmallVector<std::pair<TermId, TermId>, 2> commonOrders(const TermTable &terms, const State &other) const;
  bool constrain(TermId term, Fact wanted);
  bool assumePart(TermTable &terms, TermId condition, bool truth);
  std::optional<bool> decideParts(const TermTable &terms, TermId condition) const;
  bool contradictsExclusions(const TermTable &terms) const;
  llvm::SmallVector<std::pair<TermId, TermId>, 8> Store; ///< sorted by place
  llvm::SmallVector<Fact, 4> Facts;                      ///< sorted by term
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_STATE_H
