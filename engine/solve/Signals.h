//===- Signals.h - When a signal handler may run ----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Signals that a program keeps blocked: their handlers interrupt nothing but
/// the call that lets them in (`ppoll`, `sigsuspend`). Facts are left by the
/// path engine (Signals.cpp); rules ask `SignalWindows` when all is solved.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SIGNALS_H
#define GRIDLOCK_ENGINE_SOLVE_SIGNALS_H

#include "engine/solve/Term.h"

namespace gridlock::solve {

class Solution;
struct Spawn;

/// A change of a thread's signal mask. Signal N is bit N - 1.
struct MaskChange {
  link::FunctionId function = 0;
  std::uint32_t step = 0;
  std::uint64_t closes = 0; ///< surely blocked from here on
  std::uint64_t opens = 0;  ///< maybe let in from here on
  /// Let in again, if the caller had them open: blocked by this function before.
  std::uint64_t restores = 0;
};

/// What is known of a set of signals.
struct SignalBits {
  std::uint64_t ones = 0, zeros = 0;
  std::uint64_t kept = 0; ///< as they were when the function was entered
};

/// `mask` is the place that stands for the thread's mask.
SignalBits signalBits(const TermTable &terms, TermId value, TermId mask);

/// Where the signal of a handler can come in. O(functions on the way).
struct SignalWindow {
  enum Kind {
    Anywhere,   ///< as far as is known
    AfterBlock, ///< only until `change` blocks it, before any thread is started
    Opened,     ///< from `change` on; blocked until then
    Never,      ///< only in calls that let it in while they wait
  };
  Kind kind = Anywhere;
  const MaskChange *change = nullptr;
};
SignalWindow signalWindow(const Solution &solution, const Spawn &handler);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SIGNALS_H
