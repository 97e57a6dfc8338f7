//===- SetBefore.h - What is set when a thread is started -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which places have been set on every way to the start of a thread. Private to the
/// room; for one thread.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SETBEFORE_H
#define GRIDLOCK_ENGINE_SOLVE_SETBEFORE_H

#include "engine/solve/Access.h"
#include "engine/solve/Entity.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <memory>
#include <vector>

namespace gridlock::solve {

class Solution;

/// Places are numbers of the one who asks. Built when the phases are known; linear
/// in the calls, and in the blocks of functions that lead to the start of a thread,
/// times the places.
class SetBefore {
public:
  /// A place, and the accesses that set it.
  struct Setters {
    TermId place = 0;
    std::vector<std::uint32_t> accesses;
  };
  using IsEarly = llvm::function_ref<bool(std::uint32_t place, std::uint32_t root)>;
  /// `isEarly`: whether a place is set before somebody unknown may call the root.
  SetBefore(const Solution &solution, llvm::ArrayRef<Setters> setters, IsEarly isEarly);
  /// Whether the place is set whenever the thread is started.
  bool isSet(std::uint32_t place, std::uint32_t spawn) const { return AtStart[spawn].test(place); }

private:
  using Places = llvm::BitVector;
  /// What is set before each event of a function, by its location.
  using Events = llvm::DenseMap<ir::Index, Places>;

  void findSets(llvm::ArrayRef<Setters> setters);
  bool isSure(link::FunctionId function, ir::Index location);
  bool findSure(link::FunctionId function, ir::Index location) const;
  bool asks(const link::Program::UnitLink &link, ir::Index value, unsigned depth) const;
  void findStarters();
  const Events &eventsOf(link::FunctionId function);
  Places beforeRoot(std::uint32_t root, IsEarly isEarly) const;
  void spread(IsEarly isEarly);
  bool keepAll(Places &kept, const Places &also) const;

  const Solution &S;
  unsigned Count;
  std::vector<Places> Sets;    ///< of each function: what it or a callee sets; may be empty
  std::vector<Events> OwnSets; ///< of each function: what it sets itself, by location
  llvm::DenseSet<Entity> Told; ///< the places
  llvm::DenseMap<std::pair<link::FunctionId, ir::Index>, bool> Sure;
  std::vector<bool> Starts;                    ///< functions that lead to the start of a thread
  std::vector<Places> AtEntry;                 ///< of those: what is set on every way there
  std::vector<Places> AtStart;                 ///< of each spawn
  std::vector<std::unique_ptr<Events>> Before; ///< of functions that were asked for
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SETBEFORE_H
