//===- PipeCheck.h - Children blocked on a pipe -----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A parent that waits for a child, and a child that waits until the parent
/// reads its output: the oldest deadlock with pipes. Found from outside, by what
/// the kernel says about the child.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_PIPECHECK_H
#define GRIDLOCK_RUNTIME_PIPECHECK_H

#include <cstdint>
#include <sys/types.h>

namespace gridlock::rt {

/// Whether this process has the reading end of any pipe open. Reads /proc.
bool holdsReadingEnd();

/// What one look at a waiting thread found.
struct PipeLook {
  pid_t child;          ///< 0: no child is blocked on a pipe of ours
  std::uint64_t inode;  ///< of the pipe
  int descriptor;       ///< our reading end
  int queued;           ///< bytes in the pipe
  std::uint64_t wanted; ///< bytes the child wants to write
};

/// Looks for a child (`target`, or any when it is not positive) that sits in a
/// write to a pipe whose reading end is ours.
PipeLook lookAtChildren(pid_t target);

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_PIPECHECK_H
