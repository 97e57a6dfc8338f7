//===- InterposeMemory.cpp - free and dlclose -----------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A std::mutex inside freed memory ended without a word; the next lock at that
// address is another one. See Lock.cpp for what this costs: one bit test for
// each page of the block.
//
//===----------------------------------------------------------------------===//

#include "runtime/Interpose.h"
#include "runtime/Options.h"
#include "runtime/Real.h"

using namespace gridlock::rt;

// Weak, so that a static executable may take the C library's instead.
GRIDLOCK_EXPORT __attribute__((weak)) void free(void *memory) noexcept {
  ThreadState *thread = self;
  if (memory && thread && !thread->busy && options.trackFree && real.malloc_usable_size) {
    std::uintptr_t address = addressOf(static_cast<char *>(memory));
    std::size_t bytes = real.malloc_usable_size(memory);
    if (GRIDLOCK_UNLIKELY(mayHoldLocks(address, bytes))) {
      if (ThreadState *entered = enter()) {
        retireLocksIn(address, bytes);
        leave(entered);
      }
    }
  }
  if (GRIDLOCK_UNLIKELY(!real.free) && enter())
    leave(self);
  if (GRIDLOCK_LIKELY(real.free != nullptr))
    real.free(memory);
}

GRIDLOCK_EXPORT int dlclose(void *handle) noexcept {
  ThreadState *thread = enter();
  if (thread)
    leave(thread);
  int code = real.dlclose(handle);
  modulesChanged();
  return code;
}
