//===- Strangers.h - Children that other threads start ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A descriptor that is not close-on-exec is inherited by every child of the
/// process, also by one that another thread starts between `pipe` and `close`.
/// Used by `pipe-end-left-open`.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_CHECKS_PIPE_STRANGERS_H
#define GRIDLOCK_CHECKS_PIPE_STRANGERS_H

#include "engine/solve/Solution.h"

namespace gridlock::checks {

/// Where a thread may start a child while another one is between the conflict's
/// pipe and its child; the same place when several threads run there. Null when
/// no two threads are known that do, or a lock that both hold keeps them apart.
/// Linear in the program's starts of children times their contexts.
const solve::ChildStart *strangerOf(const solve::Solution &solution, const solve::PipeConflict &conflict);

} // namespace gridlock::checks

#endif // GRIDLOCK_CHECKS_PIPE_STRANGERS_H
