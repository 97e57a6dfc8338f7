//===- Watchdog.h - Deadlocks that happen -----------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One helper thread, made with the program's second thread. Every
/// `watchdog_ms` it looks at the threads that have been blocked since the last
/// look, and reports cycles of waiting. It also searches graphs that are too
/// big to be searched before each new edge.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_WATCHDOG_H
#define GRIDLOCK_RUNTIME_WATCHDOG_H

namespace gridlock::rt {

void startWatchdog();
/// In the child of a fork: the helper thread is gone.
void watchdogForked();
/// Whether the calling thread is the helper.
bool isHelperThread();

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_WATCHDOG_H
