//===- Stack.cpp - Where a lock was taken ---------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A report needs both ends of an edge: where the outer lock was taken, and
// where the inner one. The inner end is now, and may cost something. The outer
// end is past; it recorded a few frames when it happened.
//
// Frame pointers give both in debug builds. In optimised code they end at once
// or lead nowhere, so every address found that way must be code and must follow
// a call instruction; when fewer than three frames stand, the unwinder is
// asked. The unwinder takes microseconds, far too much for each new edge of a
// big graph. The answer depends only on the code along the path and on the
// return addresses stored on the stack. So it is remembered under (return
// address, stack pointer), together with the stack slots of all return
// addresses; when each slot still holds the same address, the path is the same.
// An answer by frame pointers is remembered in the same way.
//
// The outer end in optimised code is one return address and the stack pointer
// at that call. Frames of the present stack above that stack pointer were
// already running then. The lowest of them is the function that made the call
// itself, when the return address lies in it (inlined guards), else it is the
// caller of a wrapper that has returned: right function, later line. Such a
// frame is marked inexact.
//
//===----------------------------------------------------------------------===//

#include "runtime/Stack.h"
#include "runtime/Arena.h"
#include "runtime/Thread.h"

#include <cstring>
#include <unwind.h>

namespace gridlock::rt {

namespace {

Store<StoredStack> stacks;
InternalLock Guard;

struct Table {
  std::size_t mask = 0;
  std::size_t used = 0;
  std::uint32_t *slots = nullptr;
} table;

/// Whether a call instruction ends where this address begins.
bool followsCall(std::uintptr_t address) {
#if defined(__x86_64__)
  const unsigned char *code = reinterpret_cast<const unsigned char *>(address);
  if (code[-5] == 0xE8)
    return true;
  for (int length = 2; length <= 7; ++length)
    if (code[-length] == 0xFF && ((code[-length + 1] >> 3) & 7) == 2)
      return true;
  return false;
#else
  return true;
#endif
}

bool isReturnAddress(std::uintptr_t address) { return isCode(address - 1) && followsCall(address); }

struct UnwindRequest {
  std::uintptr_t returnAddress;
  DeepStack *result;
  bool started;
  unsigned skipped;
};

_Unwind_Reason_Code collect(_Unwind_Context *context, void *argument) {
  UnwindRequest &request = *static_cast<UnwindRequest *>(argument);
  std::uintptr_t address = _Unwind_GetIP(context);
  if (!request.started) {
    if (address != request.returnAddress)
      return ++request.skipped > 24 ? _URC_END_OF_STACK : _URC_NO_REASON;
    request.started = true;
  }
  if (request.result->count == DeepFrames || !address)
    return _URC_END_OF_STACK;
  request.result->frames[request.result->count] = address;
  request.result->stackAt[request.result->count] = _Unwind_GetCFA(context);
  ++request.result->count;
  return _URC_NO_REASON;
}

/// The word under each frame's stack pointer is the return address into it.
bool slotsStillHold(const UnwindMemory &memory, std::uintptr_t stackHigh) {
#if defined(__x86_64__)
  const DeepStack &stack = memory.stack;
  for (unsigned i = 1; i < stack.count; ++i) {
    if (stack.stackAt[i] >= stackHigh)
      return false;
    if (reinterpret_cast<const std::uintptr_t *>(stack.stackAt[i])[-1] != stack.frames[i])
      return false;
  }
  return stack.count > 0;
#else
  return false;
#endif
}

void unwind(const ShallowStack &shallow, DeepStack &result) {
  result.count = 0;
  UnwindRequest request = {shallow.frames[0], &result, false, 0};
  _Unwind_Backtrace(collect, &request);
}

/// Frames by frame pointers that stand up to a look at the code.
void walk(const ThreadState &thread, const ShallowStack &shallow, DeepStack &result) {
  std::uintptr_t current = shallow.stackAt - 16;
  result.frames[0] = shallow.frames[0];
  result.stackAt[0] = shallow.stackAt;
  result.count = 1;
  if (current < thread.stackLow)
    return;
  while (result.count < DeepFrames) {
    std::uintptr_t next = *reinterpret_cast<const std::uintptr_t *>(current);
    if (next <= current || next >= thread.stackHigh - 16 || (next & 7))
      return;
    std::uintptr_t address = reinterpret_cast<const std::uintptr_t *>(next)[1];
    if (!isReturnAddress(address))
      return;
    result.frames[result.count] = address;
    result.stackAt[result.count] = next + 16;
    ++result.count;
    current = next;
  }
}

std::uint64_t hashOf(const StoredStack &stack) {
  std::uint64_t hash = stack.count;
  for (unsigned i = 0; i < stack.count; ++i)
    hash = mix(hash, mix(stack.frames[i].module, stack.frames[i].offset));
  return mix(hash, stack.inexactFrame);
}

bool isSame(const StoredStack &a, const StoredStack &b) {
  if (a.count != b.count || a.inexactFrame != b.inexactFrame)
    return false;
  for (unsigned i = 0; i < a.count; ++i)
    if (a.frames[i].module != b.frames[i].module || a.frames[i].offset != b.frames[i].offset)
      return false;
  return true;
}

void growTable() {
  Table bigger;
  bigger.mask = table.slots ? table.mask * 2 + 1 : 1023;
  bigger.used = table.used;
  bigger.slots = static_cast<std::uint32_t *>(mapPages((bigger.mask + 1) * sizeof(std::uint32_t)));
  for (std::uint32_t index = 1; index < stacks.end(); ++index)
    for (std::uint64_t i = hashOf(stacks[index]);; ++i)
      if (!bigger.slots[i & bigger.mask]) {
        bigger.slots[i & bigger.mask] = index;
        break;
      }
  if (table.slots)
    unmapPages(table.slots, (table.mask + 1) * sizeof(std::uint32_t));
  table = bigger;
}

std::uint32_t store(const StoredStack &stack) {
  InternalGuard guard(Guard);
  if (table.used * 2 >= table.mask)
    growTable();
  for (std::uint64_t i = hashOf(stack);; ++i) {
    std::uint32_t &slot = table.slots[i & table.mask];
    if (slot && isSame(stacks[slot], stack))
      return slot;
    if (slot)
      continue;
    std::uint32_t index = stacks.add();
    if (!index)
      return 0;
    stacks[index] = stack;
    slot = index;
    ++table.used;
    return index;
  }
}

/// Stores raw addresses; a thread's memory makes the usual case two loads.
std::uint32_t storeRaw(ThreadState &thread, const std::uintptr_t *frames, unsigned count, unsigned inexact) {
  std::uint64_t hash = mix(count, inexact);
  for (unsigned i = 0; i < count; ++i)
    hash = mix(hash, frames[i]);
  StoredMemory &memory = thread.stored[hash & (StoredMemories - 1)];
  if (memory.hash == hash && memory.index && memory.moduleEpoch == moduleEpoch())
    return memory.index;
  StoredStack stack = {};
  stack.inexactFrame = NoInexactFrame;
  for (unsigned i = 0; i < count; ++i) {
    if (isOwnCode(frames[i]))
      continue; // sanitizers' interceptors above us are no part of the program
    if (i >= inexact && stack.inexactFrame == NoInexactFrame)
      stack.inexactFrame = stack.count;
    stack.frames[stack.count++] = siteOf(frames[i]);
  }
  std::uint32_t index = store(stack);
  memory = {hash, moduleEpoch(), index};
  return index;
}

} // namespace

InternalLock &stackLock() { return Guard; }

namespace {

/// Returns the place where the stack is remembered, or null when it cannot be: then
/// it is in `result`.
UnwindMemory *findDeep(ThreadState &thread, const ShallowStack &shallow, DeepStack &result) {
  std::uint64_t hash = mix(shallow.frames[0], shallow.stackAt);
  std::size_t place = hash & (UnwindMemories - 1);
  for (std::size_t way = 0; way < UnwindWays; ++way) {
    UnwindMemory &memory = thread.unwound[place ^ way];
    if (memory.returnAddress == shallow.frames[0] && memory.stack.stackAt[0] == shallow.stackAt &&
        memory.moduleEpoch == moduleEpoch() && slotsStillHold(memory, thread.stackHigh))
      return &memory;
  }
  walk(thread, shallow, result);
  if (result.count < 3) {
    DeepStack unwound;
    unwind(shallow, unwound);
    if (unwound.count > result.count)
      result = unwound;
  }
  if (result.stackAt[0] != shallow.stackAt)
    return nullptr;
  UnwindMemory &memory = thread.unwound[place ^ (thread.unwoundAdded++ % UnwindWays)];
  memory.returnAddress = shallow.frames[0];
  memory.moduleEpoch = moduleEpoch();
  memory.storedAs = 0;
  memory.stack = result;
  return &memory;
}

} // namespace

void deepen(ThreadState &thread, const ShallowStack &shallow, DeepStack &result) {
  if (const UnwindMemory *memory = findDeep(thread, shallow, result))
    result = memory->stack;
}

FoundStack storeDeep(ThreadState &thread, const ShallowStack &shallow, DeepStack &room) {
  UnwindMemory *memory = findDeep(thread, shallow, room);
  if (!memory)
    return {&room, storeCurrent(thread, room)};
  if (!memory->storedAs)
    memory->storedAs = storeCurrent(thread, memory->stack);
  return {&memory->stack, memory->storedAs};
}

std::uint32_t storeCurrent(ThreadState &thread, const DeepStack &deep) {
  return storeRaw(thread, deep.frames, deep.count, NoInexactFrame);
}

std::uint32_t storeShallow(ThreadState &thread, const ShallowStack &shallow) {
  unsigned count = 1;
  while (count < shallow.count && isReturnAddress(shallow.frames[count]))
    ++count;
  return storeRaw(thread, shallow.frames, count, NoInexactFrame);
}

namespace {

std::uint32_t composeEarlier(ThreadState &thread, const ShallowStack &earlier, const DeepStack &now) {
  std::uintptr_t frames[DeepFrames];
  unsigned count = 1, inexact = NoInexactFrame;
  frames[0] = earlier.frames[0];
  while (count < earlier.count && isReturnAddress(earlier.frames[count])) {
    frames[count] = earlier.frames[count];
    ++count;
  }
  if (count >= 3) {
    // Exact as far as it goes; above it, the same activations as now.
    unsigned next = 0;
    while (next < now.count && (count < earlier.count || now.stackAt[next] <= earlier.lastFrame))
      ++next;
    while (next < now.count && count < DeepFrames)
      frames[count++] = now.frames[next++];
  } else {
    // The lowest frame of now whose activation was running then.
    count = 1;
    unsigned running = now.count;
    while (running-- > 0)
      if (now.stackAt[running] <= earlier.stackAt)
        break;
    if (running < now.count) {
      void *caller = _Unwind_FindEnclosingFunction(reinterpret_cast<void *>(earlier.frames[0] - 1));
      void *active = _Unwind_FindEnclosingFunction(reinterpret_cast<void *>(now.frames[running] - 1));
      if (caller && caller == active)
        ++running; // the same activation: its own return address is the exact place
      else
        inexact = 1;
      while (running < now.count && count < DeepFrames)
        frames[count++] = now.frames[running++];
    }
  }
  return storeRaw(thread, frames, count, inexact);
}

} // namespace

std::uint32_t storeEarlier(ThreadState &thread, ShallowStack &earlier, const DeepStack &now, std::uint32_t nowStored) {
  if (earlier.storedAs)
    return earlier.storedAs;
  // The same two places on the same stack give the same answer.
  std::uintptr_t lastFrame = earlier.count > 1 ? earlier.lastFrame : 0;
  std::uint64_t hash = mix(mix(earlier.stackAt, lastFrame), mix(now.stackAt[0], nowStored));
  for (unsigned i = 0; i < earlier.count; ++i)
    hash = mix(hash, earlier.frames[i]);
  StoredMemory &memory = thread.stored[hash & (StoredMemories - 1)];
  if (memory.hash != hash || memory.moduleEpoch != moduleEpoch())
    memory = {hash, moduleEpoch(), composeEarlier(thread, earlier, now)};
  earlier.storedAs = memory.index;
  return earlier.storedAs;
}

const StoredStack &storedStack(std::uint32_t index) { return stacks[index]; }
std::uint32_t storedStackEnd() { return stacks.end(); }

} // namespace gridlock::rt
