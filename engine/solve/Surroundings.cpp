//===- Surroundings.cpp - What surrounds an access --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Surroundings.h"
#include "engine/solve/MixHash.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

const KeptSurroundings SurroundingsTable::none;

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

static std::uint64_t hashOf(std::uint32_t number) { return mixHash(number); }
static std::uint64_t hashOf(const AccessLock &lock) { return mixHash(lock.lock, unsigned(lock.mode)); }
static std::uint64_t hashOf(const HandOver &entry) { return mixHash(entry.place, unsigned(entry.value), entry.lock); }
static std::uint64_t hashOf(const Choice &choice) { return mixHash(choice.value, choice.equals, choice.as); }
static std::uint64_t hashOf(const Kind &kind) { return mixHash(kind.value, kind.field, kind.numbers.hash()); }
static std::uint64_t hashOf(const Fact &fact) { return mixHash(fact.term, fact.low, fact.high, fact.nonZero); }
static std::uint64_t hashOf(const Round &round) {
  return mixHash(round.barrier, round.arrived.least, round.waited.least, round.waited.stride);
}

template <class Item> llvm::ArrayRef<Item> SurroundingsTable::Lists<Item>::keep(llvm::ArrayRef<Item> items) {
  if (items.empty())
    return {};
  std::uint64_t hash = 0;
  for (const Item &item : items)
    hash = mixHash(hash, hashOf(item));
  if (std::uint32_t known = Index.find(hash, [&](std::uint32_t row) { return items == llvm::ArrayRef(Rows[row - 1]); }))
    return Rows[known - 1];
  Rows.emplace_back(items.begin(), items.end());
  Index.add(hash, std::uint32_t(Rows.size()));
  return Rows.back();
}

void Surroundings::assign(const KeptSurroundings &kept) {
  locks.assign(kept.locks.begin(), kept.locks.end());
  released.assign(kept.released.begin(), kept.released.end());
  alive.assign(kept.alive.begin(), kept.alive.end());
  awaited.assign(kept.awaited.begin(), kept.awaited.end());
  signaled.assign(kept.signaled.begin(), kept.signaled.end());
  choices.assign(kept.choices.begin(), kept.choices.end());
  kinds.assign(kept.kinds.begin(), kept.kinds.end());
  rounds.assign(kept.rounds.begin(), kept.rounds.end());
  unset.assign(kept.unset.begin(), kept.unset.end());
  joined.assign(kept.joined.begin(), kept.joined.end());
  won.assign(kept.won.begin(), kept.won.end());
}

bool Surroundings::operator==(const KeptSurroundings &kept) const {
  return kept.locks.equals(locks) && kept.signaled.equals(signaled) && kept.awaited.equals(awaited) &&
         kept.kinds.equals(kinds) && kept.released.equals(released) && kept.alive.equals(alive) &&
         kept.choices.equals(choices) && kept.rounds.equals(rounds) && kept.unset.equals(unset) &&
         kept.joined.equals(joined) && kept.won.equals(won);
}

//===----------------------------------------------------------------------===//
// What is kept
//===----------------------------------------------------------------------===//

/// Equal lists are one list.
static std::uint64_t hashLists(const KeptSurroundings &kept) {
  auto address = [](const auto &list) { return reinterpret_cast<std::uintptr_t>(list.data()); };
  return mixHash(address(kept.locks), address(kept.released), address(kept.alive), address(kept.awaited),
                 address(kept.signaled), address(kept.choices), address(kept.kinds), address(kept.rounds),
                 address(kept.unset), address(kept.joined), address(kept.won));
}

static bool haveSameLists(const KeptSurroundings &a, const KeptSurroundings &b) {
  auto areOne = [](const auto &one, const auto &other) { return one.data() == other.data(); };
  return areOne(a.locks, b.locks) && areOne(a.released, b.released) && areOne(a.alive, b.alive) &&
         areOne(a.awaited, b.awaited) && areOne(a.signaled, b.signaled) && areOne(a.choices, b.choices) &&
         areOne(a.kinds, b.kinds) && areOne(a.rounds, b.rounds) && areOne(a.unset, b.unset) &&
         areOne(a.joined, b.joined) && areOne(a.won, b.won);
}

static std::uint64_t hashLocks(const KeptSurroundings &kept) {
  std::uint64_t hash = 0;
  for (const AccessLock &lock : kept.locks)
    hash = mixHash(hash, hashOf(lock));
  for (TermId lock : kept.released)
    hash = mixHash(hash, lock, 1);
  return hash;
}

const KeptSurroundings *SurroundingsTable::keep(const Surroundings &surroundings) {
  // Accesses that follow each other mostly share their surroundings.
  if (surroundings == *Last)
    return Last;
  if (surroundings == none)
    return Last = &none;
  KeptSurroundings kept;
  kept.locks = Locks.keep(surroundings.locks);
  kept.released = Names.keep(surroundings.released);
  kept.alive = Names.keep(surroundings.alive);
  kept.awaited = HandOvers.keep(surroundings.awaited);
  kept.signaled = HandOvers.keep(surroundings.signaled);
  kept.choices = Choices.keep(surroundings.choices);
  kept.kinds = KindLists.keep(surroundings.kinds);
  kept.rounds = RoundLists.keep(surroundings.rounds);
  kept.unset = Facts.keep(surroundings.unset);
  kept.joined = Names.keep(surroundings.joined);
  kept.won = Names.keep(surroundings.won);
  const std::uint64_t hash = hashLists(kept);
  auto isSame = [&](std::uint32_t row) { return haveSameLists(Rows[row - 1], kept); };
  if (std::uint32_t known = Index.find(hash, isSame))
    return Last = &Rows[known - 1];
  kept.number = std::uint32_t(Rows.size() + 1);
  kept.lockHash = hashLocks(kept);
  kept.namesInputs =
      llvm::any_of(kept.locks, [&](const AccessLock &lock) { return Terms[lock.lock].mentionsFormal; }) ||
      llvm::any_of(kept.won, [&](TermId lock) { return Terms[lock].mentionsFormal; }) ||
      llvm::any_of(kept.choices, [&](const Choice &choice) { return Terms[choice.value].mentionsFormal; }) ||
      llvm::any_of(kept.unset, [&](const Fact &fact) { return Terms[fact.term].mentionsFormal; });
  Rows.push_back(kept);
  Index.add(hash, kept.number);
  return Last = &Rows.back();
}

const KeptSurroundings *SurroundingsTable::weaken(const KeptSurroundings *one, const KeptSurroundings *other) {
  if (one == other)
    return one;
  const KeptSurroundings *&result = Weakened[{one->number, other->number}];
  if (result)
    return result;
  Surroundings &both = Scratch;
  both.assign(*one);
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
  llvm::erase_if(both.won, [&](TermId lock) { return !llvm::is_contained(other->won, lock); });
  // Who has not waited for a thread on this way has most likely not started it.
  for (TermId handle : other->joined)
    if (both.joined.size() < handOverLimit && !llvm::is_contained(both.joined, handle))
      both.joined.push_back(handle);
  return result = keep(both);
}

} // namespace gridlock::solve
