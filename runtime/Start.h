//===- Start.h - The run time begins ----------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The first call into any interposed function, or the library's constructor,
/// whichever comes first, finds the real functions, reads the options, and
/// tracks the main thread. Nothing ends the run time: it leaves its state in
/// place and only looks at the report count when the process exits.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_START_H
#define GRIDLOCK_RUNTIME_START_H

#include <pthread.h>

namespace gridlock::rt {

/// Whether glibc's fields for a mutex's kind and owner are where its header
/// says (checked at start by locking one).
extern bool mutexFieldsKnown;
/// Whether we may do what the C library does to a plain mutex (NativeMutex.h).
extern bool mutexWordsKnown;

/// The key whose destructor runs when a tracked thread ends.
extern pthread_key_t endKey;

/// Called from newThread's users when the program gets its second thread.
void becomeMultithreaded();

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_START_H
