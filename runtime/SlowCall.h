//===- SlowCall.h - Blocking calls with a lock held -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// With the option `slow_ms`, the helper thread looks for threads that sit in
/// one and the same call into the kernel for that long while they hold a lock:
/// every other user of the lock waits as long.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_SLOWCALL_H
#define GRIDLOCK_RUNTIME_SLOWCALL_H

namespace gridlock::rt {

/// One look; two in a row that see the same call make a report. By the helper
/// thread, once a period.
void lookForSlowCalls();

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_SLOWCALL_H
