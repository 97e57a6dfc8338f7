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

namespace gridlock::solve {

class NamedLocks {
public:
  explicit NamedLocks(Solution &solution) : S(solution) {}

  const llvm::SmallVector<NamedLock, 2> &of(const Access &access) {
    auto [entry, isNew] = Known.try_emplace({access.around->number, access.function});
    if (isNew)
      for (const AccessLock &lock : access.around->locks) {
        const LockName &name = S.name(lock.lock, access.function);
        const std::uint32_t key = S.lockWord(name), classKey = S.lockClasses.lookup(key);
        entry->second.push_back({key, classKey, name.exact, lock.mode});
        S.noteOnceLock(lock.lock, classKey);
      }
    return entry->second;
  }

private:
  Solution &S;
  llvm::DenseMap<std::pair<std::uint32_t, link::FunctionId>, llvm::SmallVector<NamedLock, 2>> Known;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_NAMEDLOCKS_H
