//===- LockNames.h - What a lock of a trace is called -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A lock is called by the name that the program gave it, else by the global
/// variable that it is or lies in, else by where it was made, else by the
/// function that was first seen to take it. All but the last also say which
/// locks of different runs are the same, and which belong to one class.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_TRACE_LOCKNAMES_H
#define GRIDLOCK_ENGINE_TRACE_LOCKNAMES_H

#include "engine/trace/Symbols.h"

namespace gridlock::trace {

/// `mutex`, `read-write lock`, ...
llvm::StringRef kindWord(const Lock &lock);

class LockNames {
public:
  LockNames(const Trace &trace, Symbols &symbols);

  /// Without quotes and kind: `queue_lock`, `made at pool.cpp:12`.
  const std::string &name(Id lock) const;
  /// With both: "mutex `queue_lock`", "mutex made at pool.cpp:12".
  std::string description(Id lock) const;
  /// Equal for the same lock (or class of locks) in other runs; empty for a lock
  /// known by its use only.
  const std::string &key(Id lock) const;
  /// Where the lock is taken, as `file:line`; sorted.
  const std::vector<std::string> &sites(Id lock) const;

private:
  struct Known {
    std::string name, key;
    bool quoted = false;
    std::vector<std::string> sites;
  };
  void describe(const Trace &trace, Id id, Symbols &symbols);

  const Trace &Source;
  std::map<Id, Known> All;
};

} // namespace gridlock::trace

#endif // GRIDLOCK_ENGINE_TRACE_LOCKNAMES_H
