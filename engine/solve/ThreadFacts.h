//===- ThreadFacts.h - The lives of threads ---------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tables about threads that nobody waits for, that outlive what they use, or
/// that start before their object is complete. Parts of the solution; plain
/// values.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_THREADFACTS_H
#define GRIDLOCK_ENGINE_SOLVE_THREADFACTS_H

#include "engine/solve/State.h"
#include <vector>

namespace gridlock::solve {

/// The handle of a thread is lost while the thread is neither joined nor
/// detached.
struct LostThread {
  link::FunctionId function = 0;
  std::uint32_t spawn = 0; ///< 0 when it is not known what runs
  StepId startedAt = 0;
  StepId lostAt = 0;
  StepId thrownAt = 0; ///< the exception that destroys the handle, if one does
  enum Form { Destroyed, Overwritten, Dropped, OverwrittenHandle } form = Destroyed;
  TermId handle = 0;
};

/// A member or a global gets a thread, and nothing in the program could wait for
/// it.
struct UnjoinedHandle {
  std::uint64_t holder = 0; ///< see Subjects.h
  link::FunctionId function = 0;
  ir::Index location = 0; ///< where it is started
  std::uint32_t spawn = 0;
  bool isObject = false; ///< an object whose end ends the program
};

/// A variable's life ends while a thread that has its address may run.
struct EscapingReference {
  link::FunctionId function = 0;
  std::uint32_t spawn = 0;
  StepId startedAt = 0;
  ir::Index variable = 0;
  ir::Index endLocation = 0;
  bool detached = false;
};

/// A constructor writes a member after it started a thread that has `this`.
struct LateMember {
  link::FunctionId constructor = 0;
  std::uint32_t spawn = 0;
  StepId startedAt = 0;
  link::FieldId field = 0;
  StepId writtenAt = 0;
};

/// A constructor starts a thread that has `this`.
struct ConstructorStart {
  link::FunctionId constructor = 0;
  std::uint32_t spawn = 0;
  StepId startedAt = 0;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_THREADFACTS_H
