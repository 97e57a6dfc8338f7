//===- LockName.h - A lock's name in the whole program ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How facts name a lock, or a condition variable. A plain value.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_LOCKNAME_H
#define GRIDLOCK_ENGINE_SOLVE_LOCKNAME_H

#include "engine/link/Program.h"
#include "engine/solve/Term.h"
#include <string>
#include <string_view>

namespace gridlock::solve {

/// A lock's name in the whole program. Locks of one class are possibly the
/// same; exact locks of different terms surely are not.
struct LockName {
  std::string key;      ///< of the object when exact, else of its class
  std::string classKey; ///< `conn::lock`: all objects that it may be one of
  std::string display;  ///< for messages
  bool exact = false;   ///< one object: a global, or a local of one function
  /// Only the type of a bare lock object is known (a `Latch *` parameter): too
  /// little to call two of them the same.
  bool generic = false;
  /// It lies behind a pointer that the named owner keeps: it may be a lock that
  /// has another name elsewhere.
  bool throughPointer = false;
  /// The field of its owner in which the object lies, or which alone points to
  /// it; 0 when not known. Objects in two such fields are two objects.
  link::FieldId part = 0;
  /// The path of fields and pointers by which a global leads to it, when it is not
  /// exact: `bans.priv->mutex`. Two such paths most often lead to two objects.
  TermId fromGlobal = 0;
  /// An exact lock that is a variable of this function: each call has its own; 0:
  /// any other lock.
  link::FunctionId frame = 0;
};

/// Whether a ghost is a lock that keeps two runs of some code apart and guards no data
/// elsewhere: of an initialisation (Once.cpp), or of what one thread wins (Winners.cpp).
inline bool isTurn(std::string_view ghost) { return ghost == "$once" || ghost.starts_with("$won"); }

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_LOCKNAME_H
