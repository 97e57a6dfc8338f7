//===- Reach.h - What can be reached with constant arguments ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A walk down the calls from one function that knows which arguments are
/// constants. A function that a signal handler calls is often told so by a flag,
/// and then leaves out what a handler must not do. The path engine leaves the
/// conditions (`Ways`); rules walk when all is solved.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_REACH_H
#define GRIDLOCK_ENGINE_SOLVE_REACH_H

#include "engine/solve/State.h"
#include <vector>

namespace gridlock::solve {

class Solution;

/// A function's arguments, as far as they are constants.
using Constants = std::vector<std::optional<std::int64_t>>;

/// The value of a term when all that it is made of is known. O(term).
std::optional<std::int64_t> evaluate(const TermTable &terms, TermId value, const Constants &arguments);

/// On which ways a function comes to an event: what each of them knows of the
/// function's arguments, and passes on when the event is a call. A few are kept
/// apart.
class Ways {
public:
  /// One more way there, with all its facts.
  void add(const TermTable &terms, llvm::ArrayRef<Fact> facts, llvm::ArrayRef<TermId> passed = {});
  /// Whether some way is open to these arguments.
  bool areOpen(const TermTable &terms, const Constants &arguments) const;
  /// What each open way passes on; 0: not known.
  void forEachOpen(const TermTable &terms, const Constants &arguments,
                   llvm::function_ref<void(llvm::ArrayRef<TermId>)> visit) const;

private:
  struct Way {
    std::vector<Fact> facts;
    std::vector<TermId> passed;
    bool isOpen(const TermTable &terms, const Constants &arguments) const;
    friend bool operator==(const Way &, const Way &) = default;
  };
  bool AreJoined = false; ///< the first stands for all
  std::vector<Way> Each;
};

/// The functions that one function reaches, breadth first, each with the constants
/// that it gets. Costs a few times the calls on the way.
class ConstantWalk {
public:
  struct Visit {
    link::FunctionId function = 0;
    Constants arguments;
    std::uint32_t from = 0; ///< the caller's visit
    std::uint32_t call = 0; ///< into `Solution::callSites`; of the first visit: none
  };
  ConstantWalk(const Solution &solution, link::FunctionId start, Constants arguments);

  const std::vector<Visit> &visits() const { return Visits; }
  /// The calls that led to a visit, outermost first; into `Solution::callSites`.
  std::vector<std::uint32_t> callsTo(const Visit &visit) const;

private:
  const Solution &S;
  std::vector<Visit> Visits;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_REACH_H
