//===- Stuck.h - Who waits for whom in a running process --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Looks at a process that hangs, which ran without the run-time checker: what
/// each thread waits for says the kernel, who holds it says the lock itself, as
/// glibc writes the owner into it. Linux on x86-64 only. The process is read,
/// never stopped or changed.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_TRACE_STUCK_H
#define GRIDLOCK_ENGINE_TRACE_STUCK_H

#include "engine/trace/Symbols.h"

namespace gridlock::trace {

struct Waiter {
  int thread = 0; ///< as gettid says
  std::string name;
  enum Kind { Mutex, ReadWrite, Join, OtherFutex, NotWaiting } kind = NotWaiting;
  std::uint64_t address = 0; ///< of the lock, or of the word waited on
  int holder = 0;            ///< thread that it waits for; 0: unknown
  std::string what;          ///< "mutex `a` (0x...)"
  Id stack = 0;              ///< of `Hung::process`
};

struct Hung {
  /// Modules and stacks, for Symbols. Frames were found by looking for return
  /// addresses on the stack, so calls that are over may be among them.
  Trace process;
  std::vector<Waiter> waiters;
  std::vector<Finding> findings; ///< the cycles: rule `deadlock`
};

/// Looks twice, a moment apart: only waits that last count.
/// \returns an error when the process cannot be read, saying what is needed.
llvm::Expected<Hung> lookAtProcess(int process, Symbols &symbols);

} // namespace gridlock::trace

#endif // GRIDLOCK_ENGINE_TRACE_STUCK_H
