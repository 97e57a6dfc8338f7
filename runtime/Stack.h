//===- Stack.h - Where a lock was taken -------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Call stacks at three prices. Every acquisition records a few return
/// addresses by following frame pointers (nanoseconds). A new edge of the graph
/// asks for a full stack: by frame pointers when the program has them, else by
/// the unwinder, whose answer is remembered and re-checked against the return
/// slots on the stack, so that it is paid once for each path. Full stacks are
/// stored once each, as sites that survive dlclose.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_STACK_H
#define GRIDLOCK_RUNTIME_STACK_H

#include "runtime/Modules.h"

namespace gridlock::rt {

struct ThreadState;

/// Frames kept with each held lock, and frames of a stored stack.
constexpr unsigned ShallowFrames = 6;
constexpr unsigned DeepFrames = 16;

/// What one acquisition knows about where it happened. `frames[0]` is the
/// return address into the caller of the lock function; `stackAt` the value of
/// the stack pointer there; `lastFrame` the stack address above the last frame, when
/// there are several.
struct ShallowStack {
  std::uintptr_t stackAt;
  std::uintptr_t lastFrame;
  std::uint32_t count;
  std::uint32_t storedAs; ///< the stored stack, once somebody asked; 0 before
  std::uintptr_t frames[ShallowFrames];
};

/// A stack with the stack pointers of its frames; lives on the stack of the
/// thread that builds it.
struct DeepStack {
  unsigned count = 0;
  std::uintptr_t frames[DeepFrames];
  std::uintptr_t stackAt[DeepFrames];
};

/// A stored stack: immutable, found by its number.
struct StoredStack {
  std::uint32_t count;
  /// From this frame on, the function is right but the line may be a later one
  /// of the same call: the frame was still running when the stack was taken.
  std::uint32_t inexactFrame;
  Site frames[DeepFrames];
};
constexpr std::uint32_t NoInexactFrame = 255;

/// What `deepen` and `storeDeep` need of it.
GRIDLOCK_INLINE void startShallowStack(ShallowStack &stack, const void *frame) {
  const std::uintptr_t *at = static_cast<const std::uintptr_t *>(frame);
  stack.storedAs = 0;
  stack.frames[0] = at[1];
  stack.stackAt = reinterpret_cast<std::uintptr_t>(at + 2);
}

/// Follows saved frame pointers, from that of the caller of a function called at
/// `stackAt`, while they stay inside the thread's stack.
GRIDLOCK_INLINE void takeShallowStack(ShallowStack &stack, std::uintptr_t stackAt, std::uintptr_t returnAddress,
                                      std::uintptr_t callersFrame, std::uintptr_t stackLow, std::uintptr_t stackHigh) {
  stack.frames[0] = returnAddress;
  stack.stackAt = stackAt;
  std::uint64_t count = 1;
  std::uintptr_t current = stackAt - 16, next = callersFrame, high = stackHigh - 16;
  if (current >= stackLow) {
    while (next - current - 1 < high - current - 1 && !(next & 7)) {
      std::uintptr_t address = reinterpret_cast<const std::uintptr_t *>(next)[1];
      if (address < 4096)
        break;
      stack.frames[count++] = address;
      stack.lastFrame = next + 16;
      if (count == ShallowFrames)
        break;
      current = next;
      next = *reinterpret_cast<const std::uintptr_t *>(current);
    }
  }
  __builtin_memcpy(&stack.count, &count, sizeof(count)); // and `storedAs` with it
}

/// The same from `frame`, an interposed function's own frame.
GRIDLOCK_INLINE void takeShallowStack(ShallowStack &stack, const void *frame, std::uintptr_t stackLow,
                                      std::uintptr_t stackHigh) {
  const auto *at = static_cast<const std::uintptr_t *>(frame);
  takeShallowStack(stack, reinterpret_cast<std::uintptr_t>(at + 2), at[1], at[0], stackLow, stackHigh);
}

/// The full stack above `shallow`, which was taken in this very call.
void deepen(ThreadState &thread, const ShallowStack &shallow, DeepStack &result);

/// What `storeDeep` found: the stack is in the thread's memory until the next
/// stack is asked for, or in `room`.
struct FoundStack {
  const DeepStack *stack;
  std::uint32_t storedAs;
};

/// Stores the current stack.
std::uint32_t storeCurrent(ThreadState &thread, const DeepStack &deep);
/// Both in one: `deepen`, then store.
FoundStack storeDeep(ThreadState &thread, const ShallowStack &shallow, DeepStack &room);
/// Stores the stack of an earlier acquisition of this thread: what it recorded
/// itself, then the frames that are still running now.
/// `nowStored` is the number of `now`.
std::uint32_t storeEarlier(ThreadState &thread, ShallowStack &earlier, const DeepStack &now, std::uint32_t nowStored);
/// Stores what is known without looking at the present.
std::uint32_t storeShallow(ThreadState &thread, const ShallowStack &shallow);

const StoredStack &storedStack(std::uint32_t index);
std::uint32_t storedStackEnd();

InternalLock &stackLock();

/// A thread's memory of full stacks (see Stack.cpp).
struct UnwindMemory {
  std::uintptr_t returnAddress;
  std::uint32_t moduleEpoch;
  std::uint32_t storedAs; ///< 0: not yet
  DeepStack stack;        ///< of no frames: nothing remembered
};
constexpr unsigned UnwindMemories = 64;
/// How many stacks from one place are remembered: calls of one wrapper look the same.
constexpr unsigned UnwindWays = 4;

/// A thread's memory of stored stacks, by the hash of their raw addresses.
struct StoredMemory {
  std::uint64_t hash;
  std::uint32_t moduleEpoch;
  std::uint32_t index;
};
constexpr unsigned StoredMemories = 128;

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_STACK_H
