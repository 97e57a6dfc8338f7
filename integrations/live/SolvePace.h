//===- SolvePace.h - When a result is worth waiting for ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A large project takes seconds to solve, and its user types on. The newest
/// text wins: a solve of an older one is given up. But not when it is nearly
/// done, for then its result, moved along with the text, is there sooner than
/// any other; nor when the user has been shown nothing for long, since he who
/// never stops typing would never see anything.
///
/// Not safe to use on two threads at once.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_LIVE_SOLVEPACE_H
#define GRIDLOCK_INTEGRATIONS_LIVE_SOLVEPACE_H

#include <algorithm>
#include <chrono>
#include <optional>

namespace gridlock::integrations {

class SolvePace {
public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  void begin(Time now) {
    Began = now;
    if (!LastShown)
      LastShown = now;
  }

  /// Ends what began last. `isDone`: it was not given up.
  void end(Time now, bool isDone) {
    if (isDone) {
      Usual = now - *Began;
      LastShown = now;
    }
    Began.reset();
  }

  /// A newer text is there. Whether what runs now should be given up for it.
  bool isWorthGivingUp(Time now) const {
    if (!Began || isLongAgo(now))
      return false;
    return !Usual || now - *Began < *Usual / 2;
  }

  /// A newer text is there, and nothing runs. Whether to go straight for that.
  bool isWorthSkipping(Time now) const { return LastShown && !isLongAgo(now); }

private:
  bool isLongAgo(Time now) const {
    return now - *LastShown >= std::max<Duration>(std::chrono::milliseconds(1500), Usual.value_or(Duration()) * 3);
  }

  std::optional<Time> Began;     ///< while one runs
  std::optional<Time> LastShown; ///< or, at first, when the first began
  std::optional<Duration> Usual; ///< of the last that was not given up
};

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_LIVE_SOLVEPACE_H
