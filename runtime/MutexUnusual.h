//===- MutexUnusual.h - Mutexes, all that is not the usual way --*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the exported functions in MutexUsual.cpp end with when a mutex cannot be
/// taken or released in the usual way. Each has the arguments and the result of
/// the function that it stands for and is called last, as a jump: its frame is
/// then the one of a function that the program itself called, where stacks begin.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_MUTEXUNUSUAL_H
#define GRIDLOCK_RUNTIME_MUTEXUNUSUAL_H

#include <pthread.h>
#include <threads.h>

namespace gridlock::rt {

int lockUnusually(pthread_mutex_t *mutex);
int lockUnusually(mtx_t *mutex);
int unlockUnusually(pthread_mutex_t *mutex);
int unlockUnusually(mtx_t *mutex);
/// Wakes somebody who waits for a mutex that was just released; returns 0, which is
/// success for both families.
int wakeAfterUnlock(pthread_mutex_t *mutex);

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_MUTEXUNUSUAL_H
