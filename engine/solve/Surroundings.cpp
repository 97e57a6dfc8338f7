//===- Surroundings.cpp - What surrounds an access --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Surroundings.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

const KeptSurroundings SurroundingsTable::none;

static std::uint64_t hashLocks(const Surroundings &surroundings) {
  std::uint64_t hash = 0;
  for (const AccessLock &lock : surroundings.locks)
    hash = llvm::hash_combine(hash, lock.lock, unsigned(lock.mode));
  for (TermId lock : surroundings.released)
    hash = llvm::hash_combine(hash, lock, 1);
  return hash;
}

std::size_t SurroundingsTable::Hash::operator()(const Surroundings &surroundings) const {
  std::uint64_t hash = hashLocks(surroundings);
  for (std::uint32_t spawn : surroundings.alive)
    hash = llvm::hash_combine(hash, spawn, 2);
  for (const HandOver &entry : surroundings.awaited)
    hash = llvm::hash_combine(hash, entry.place, unsigned(entry.value), entry.lock, 3);
  for (const HandOver &entry : surroundings.signaled)
    hash = llvm::hash_combine(hash, entry.place, unsigned(entry.value), entry.lock, 4);
  for (const Choice &choice : surroundings.choices)
    hash = llvm::hash_combine(hash, choice.value, choice.equals, choice.as, 5);
  for (const Kind &kind : surroundings.kinds)
    hash = llvm::hash_combine(hash, kind.value, kind.field, kind.numbers.hash(), 7);
  for (const Round &round : surroundings.rounds)
    hash = llvm::hash_combine(hash, round.barrier, round.arrived.least, round.waited.least, round.waited.stride, 8);
  for (TermId handle : surroundings.joined)
    hash = llvm::hash_combine(hash, handle, 6);
  for (const Fact &fact : surroundings.unset)
    hash = llvm::hash_combine(hash, fact.term, fact.low, fact.high, fact.nonZero, 7);
  return hash;
}

const KeptSurroundings *SurroundingsTable::keep(const Surroundings &surroundings) {
  if (surroundings == none)
    return &none;
  if (auto known = Kept.find(surroundings); known != Kept.end())
    return &*known;
  KeptSurroundings kept;
  static_cast<Surroundings &>(kept) = surroundings;
  kept.number = std::uint32_t(Kept.size() + 1);
  kept.lockHash = hashLocks(kept);
  kept.namesInputs =
      llvm::any_of(kept.locks, [&](const AccessLock &lock) { return Terms[lock.lock].mentionsFormal; }) ||
      llvm::any_of(kept.choices, [&](const Choice &choice) { return Terms[choice.value].mentionsFormal; }) ||
      llvm::any_of(kept.unset, [&](const Fact &fact) { return Terms[fact.term].mentionsFormal; });
  return &*Kept.insert(std::move(kept)).first;
}

const KeptSurroundings *SurroundingsTable::weaken(const KeptSurroundings *one, const KeptSurroundings *other) {
  if (one == other)
    return one;
  const KeptSurroundings *&result = Weakened[{one->number, other->number}];
  if (result)
    return result;
  Surroundings both = *one;
  for (std::uint32_t spawn : other->alive)
    insertSorted(both.alive, spawn);
  llvm::erase_if(both.awaited, [&](const HandOver &entry) { return !llvm::is_contained(other->awaited, entry); });
  for (const HandOver &entry : other->signaled)
    if (both.signaled.size() < handOverLimit && !llvm::is_contained(both.signaled, entry))
      both.signaled.push_back(entry);
  llvm::erase_if(both.choices, [&](const Choice &choice) { return !llvm::is_contained(other->choices, choice); });
  uniteKinds(both.kinds, other->kinds);
  uniteRounds(both.rounds, other->rounds);
  llvm::erase_if(both.unset, [&](const Fact &fact) { return !llvm::is_contained(other->unset, fact); });
  // Who has not waited for a thread on this way has most likely not started it.
  for (TermId handle : other->joined)
    if (both.joined.size() < handOverLimit && !llvm::is_contained(both.joined, handle))
      both.joined.push_back(handle);
  return result = keep(both);
}

} // namespace gridlock::solve
