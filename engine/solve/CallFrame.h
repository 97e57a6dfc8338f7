//===- CallFrame.h - A call that is being executed ---------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the executor knows of one call, of the program's or of a model's: its arguments as
/// values, where the result goes, and how it came to the callee. Plain values; one for each
/// call, for as long as the executor is at it.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_CALLFRAME_H
#define GRIDLOCK_ENGINE_SOLVE_CALLFRAME_H

#include "engine/solve/Summary.h"
#include <string_view>
#include <utility>

namespace gridlock::solve {

struct CallFrame {
  const ir::Call *call = nullptr; ///< null for calls that a model makes
  ir::Index location = 0;
  llvm::SmallVector<TermId, 6> arguments; ///< values
  TermId destination = 0;                 ///< a place
  link::RecordId owner = 0;               ///< the object's class, in calls that a model makes
  unsigned depth = 0;                     ///< of calls that models make inside one another
  TermId resultSlot = 0;                  ///< under which the result is stored; 0: not needed
  std::int64_t site = 0;
  bool manyTargets = false;
  bool areStored = false; ///< ... lambdas, each of which somebody stored to have it called
  bool areJobs = false;   ///< ... each of which somebody stored with its argument
  std::uint8_t guess() const { return !manyTargets || areStored ? 0 : areJobs ? GuessJob : GuessTarget; }
  ir::Index unwind = 0;
  bool canUnwind = true;
  bool ownsObject = false;                        ///< the first argument is a functor that the thread gets a copy of
  bool childNoted = false;                        ///< several effects of a call tell of one child
  bool isFromBelow = false, startsInLoop = false; ///< a callee's arguments; a thread that a loop starts
  bool startsMany = false;                        ///< several threads at a time
  std::string_view startedAs = {};                ///< a start: thread, event, ...; of what was given: by what
  std::pair<TermId, TermId> callBack = {};        ///< a place as the callee names it, and its name here
  bool meetsNull = false;                         ///< the callee locks or unlocks in an object that does not exist
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_CALLFRAME_H
