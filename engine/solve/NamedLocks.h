//===- NamedLocks.h - Names of the locks at accesses ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The locks that an access itself names, by keys that mean the same in all
/// functions. They are the same for all of a function's accesses in the same
/// surroundings, so they are found once. For one thread, while a solution is made.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_NAMEDLOCKS_H
#define GRIDLOCK_ENGINE_SOLVE_NAMEDLOCKS_H

#include "engine/solve/Solution.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

class NamedLocks {
public:
  explicit NamedLocks(Solution &solution) : S(solution) {}

  const llvm::SmallVector<NamedLock, 2> &of(const Access &access) {
    auto [entry, isNew] = Known.try_emplace({access.around->number, access.function});
    if (!isNew)
      return entry->second;
    auto add = [&](TermId lock, model::LockMode mode) {
      const LockName &name = S.name(lock, access.function);
      const std::uint32_t key = S.lockWord(name), classKey = S.lockClasses.lookup(key);
      entry->second.push_back({key, classKey, name.exact, mode});
      S.noteOnceLock(lock, classKey);
    };
    for (const AccessLock &lock : access.around->locks)
      add(lock.lock, lock.mode);
    for (TermId lock : access.around->won)
      add(lock, model::LockMode::Exclusive);
    return entry->second;
  }

  /// Those of them that may guard what is touched. A lock that a number chooses from an
  /// array guards what is chosen as well; where there is no other one, a variable that
  /// there is only one of is counted on without a lock.
  llvm::SmallVector<NamedLock, 2> guarding(const Access &access) {
    const bool isCounted = access.kind == AccessKind::Update && isOnlyOne(access.subject);
    if (isCounted && access.around->won.empty() &&
        llvm::all_of(access.around->locks, [&](const AccessLock &lock) { return isChosen(lock.lock); }))
      return {};
    return of(access);
  }

private:
  /// Whether a place is a global variable, or a member of one.
  bool isOnlyOne(TermId place) const {
    while (S.terms[place].kind == TermKind::Field)
      place = S.terms[place].a;
    return S.terms[place].kind == TermKind::Global;
  }

  /// Whether a number that the path knows chooses the lock. A loop takes all of them in turn.
  bool isChosen(TermId lock) const {
    for (; S.terms[lock].kind == TermKind::Field || S.terms[lock].kind == TermKind::Element; lock = S.terms[lock].a)
      if (S.terms[lock].kind == TermKind::Element)
        if (const Term &index = S.terms[S.terms[lock].b];
            index.kind == TermKind::Binary || index.kind == TermKind::Initial || index.kind == TermKind::Formal ||
            (index.kind == TermKind::Opaque && !index.weak))
          return true;
    return false;
  }

  Solution &S;
  llvm::DenseMap<std::pair<std::uint32_t, link::FunctionId>, llvm::SmallVector<NamedLock, 2>> Known;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_NAMEDLOCKS_H
