//===- InterposeThread.cpp - pthread_create, join, and thrd_* -------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/Interpose.h"
#include "runtime/Options.h"
#include "runtime/Real.h"
#include "runtime/Report.h"
#include "runtime/Start.h"

#include <cerrno>
#include <cstring>

using namespace gridlock::rt;

namespace {

std::size_t stackBytesOf(const pthread_attr_t *given) {
  std::size_t bytes = 0;
  if (given && pthread_attr_getstacksize(given, &bytes) == 0)
    return bytes;
  pthread_attr_t defaults;
  if (pthread_attr_init(&defaults) == 0) {
    pthread_attr_getstacksize(&defaults, &bytes);
    pthread_attr_destroy(&defaults);
  }
  return bytes ? bytes : 8u << 20;
}

/// First code of a new thread. `frame` lies near the upper end of its stack.
GRIDLOCK_INLINE void begin(ThreadRecord &record, const void *frame) {
  std::uintptr_t high = (addressOf(static_cast<const char *>(frame)) + 4096) & ~std::uintptr_t(4095);
  ThreadState *thread = startThread(record, high - record.stackBytes, high);
  pthread_setspecific(endKey, thread);
}

void *runThread(void *argument) {
  ThreadRecord &record = *static_cast<ThreadRecord *>(argument);
  begin(record, GRIDLOCK_FRAME);
  return record.start(record.argument);
}

int runC11Thread(void *argument) {
  ThreadRecord &record = *static_cast<ThreadRecord *>(argument);
  begin(record, GRIDLOCK_FRAME);
  return reinterpret_cast<thrd_start_t>(reinterpret_cast<void *>(record.start))(record.argument);
}

/// The record of the thread that is about to be made; null: not tracked.
ThreadRecord *prepare(void *(*start)(void *), void *argument, std::size_t stackBytes, const void *frame) {
  ThreadState *thread = enter();
  if (!thread)
    return nullptr;
  becomeMultithreaded();
  ThreadRecord *record = newThread(thread, storeHere(*thread, frame));
  if (record) {
    record->start = start;
    record->argument = argument;
    record->stackBytes = stackBytes;
  }
  leave(thread);
  return record;
}

bool isDetached(const pthread_attr_t *attributes) {
  int state = PTHREAD_CREATE_JOINABLE;
  return attributes && pthread_attr_getdetachstate(attributes, &state) == 0 && state == PTHREAD_CREATE_DETACHED;
}

/// From now on each acquisition of the joined thread looks at what we hold, if we hold
/// anything. The state may be handed on to another thread at any moment; that one
/// finds that nobody waits for it, and ignores us.
void announceJoin(ThreadRecord &joined, ThreadState &joiner) {
  if (!joiner.heldCount())
    return;
  joined.joiner.store(&joiner, std::memory_order_seq_cst);
  if (ThreadState *target = joined.state.load(std::memory_order_seq_cst))
    showJoiner(*target, joiner);
}

template <typename Join> GRIDLOCK_INLINE int joinWith(pthread_t handle, bool timed, const void *frame, Join join) {
  ThreadState *thread = enter();
  if (!thread)
    return join();
  ThreadRecord *record = threadByHandle(handle);
  if (record == thread->record) {
    std::uint32_t here = storeHere(*thread, frame);
    Report report(Problem::JoinSelf, "error: a thread waits for its own end");
    report.out().text("  ");
    report.thread(*record).line(" joins itself here:");
    report.stack(here);
    report.finish("let the thread that made it join it, or detach it");
    record = nullptr;
  }
  if (record && !timed && thread->heldCount())
    checkJoin(*thread, *record, frame);
  leave(thread);
  int code;
  {
    WaitScope scope(*thread, WaitKind::Join, record ? record->index : 0, LockMode::Exclusive, timed, frame);
    if (record && !timed)
      announceJoin(*record, *thread);
    code = join();
  }
  if (code == 0 && record) {
    thread->busy = 1;
    joinThread(*thread, *record);
    leave(thread);
  }
  return code;
}

void detached(pthread_t handle) {
  ThreadState *thread = enter();
  if (!thread)
    return;
  if (ThreadRecord *record = threadByHandle(handle))
    record->detached.store(true, std::memory_order_release);
  leave(thread);
}

} // namespace

GRIDLOCK_EXPORT int pthread_create(pthread_t *handle, const pthread_attr_t *attributes, void *(*start)(void *),
                                   void *argument) noexcept {
  ThreadRecord *record = prepare(start, argument, stackBytesOf(attributes), GRIDLOCK_FRAME);
  if (!record)
    return real.pthread_create(handle, attributes, start, argument);
  record->detached.store(isDetached(attributes), std::memory_order_relaxed);
  int code = real.pthread_create(handle, attributes, runThread, record);
  if (code == 0)
    record->handle = *handle;
  else
    record->ended.store(true), record->detached.store(true);
  return code;
}

GRIDLOCK_EXPORT int thrd_create(thrd_t *handle, thrd_start_t start, void *argument) {
  auto *erased = reinterpret_cast<void *(*)(void *)>(reinterpret_cast<void *>(start));
  ThreadRecord *record = prepare(erased, argument, stackBytesOf(nullptr), GRIDLOCK_FRAME);
  if (!record)
    return real.thrd_create(handle, start, argument);
  int code = real.thrd_create(handle, runC11Thread, record);
  if (code == thrd_success)
    record->handle = *handle;
  else
    record->ended.store(true), record->detached.store(true);
  return code;
}

GRIDLOCK_EXPORT int pthread_join(pthread_t handle, void **result) {
  return joinWith(handle, false, GRIDLOCK_FRAME, [=] { return real.pthread_join(handle, result); });
}

GRIDLOCK_EXPORT int pthread_tryjoin_np(pthread_t handle, void **result) noexcept {
  return joinWith(handle, true, GRIDLOCK_FRAME, [=] { return real.pthread_tryjoin_np(handle, result); });
}

GRIDLOCK_EXPORT int pthread_timedjoin_np(pthread_t handle, void **result, const timespec *deadline) {
  return joinWith(handle, true, GRIDLOCK_FRAME, [=] { return real.pthread_timedjoin_np(handle, result, deadline); });
}

GRIDLOCK_EXPORT int pthread_clockjoin_np(pthread_t handle, void **result, clockid_t clock, const timespec *deadline) {
  return joinWith(handle, true, GRIDLOCK_FRAME,
                  [=] { return real.pthread_clockjoin_np(handle, result, clock, deadline); });
}

GRIDLOCK_EXPORT int thrd_join(thrd_t handle, int *result) {
  return joinWith(handle, false, GRIDLOCK_FRAME, [=] { return real.thrd_join(handle, result); });
}

GRIDLOCK_EXPORT int pthread_detach(pthread_t handle) noexcept {
  detached(handle);
  return real.pthread_detach(handle);
}

GRIDLOCK_EXPORT int thrd_detach(thrd_t handle) {
  detached(handle);
  return real.thrd_detach(handle);
}

GRIDLOCK_EXPORT int pthread_setname_np(pthread_t handle, const char *name) noexcept {
  if (ThreadState *thread = enter()) {
    if (ThreadRecord *record = threadByHandle(handle))
      strncpy(record->name, name, sizeof(record->name) - 1);
    leave(thread);
  }
  return real.pthread_setname_np(handle, name);
}
