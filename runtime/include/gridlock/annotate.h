/*===- annotate.h - Tell the run time about home-made locks -------*- C -*-===*\
|*
|* Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/
/**
 * Locks that are not built on pthread (spin locks on atomics, futex locks, a
 * global interpreter lock, file locks) are invisible to the run time. These
 * calls show them. They work from C and C++, and do nothing, at the cost of one
 * test, when the program runs without the run time: all functions are weak.
 *
 *   void my_lock(struct my_lock *l) {
 *     GRIDLOCK_BEFORE_ACQUIRE(l, GRIDLOCK_EXCLUSIVE);   // before it may block
 *     ...
 *     GRIDLOCK_ACQUIRED(l, GRIDLOCK_EXCLUSIVE);         // now it is held
 *   }
 *   void my_unlock(struct my_lock *l) {
 *     GRIDLOCK_RELEASED(l);                             // before it is free
 *     ...
 *   }
 *
 * A successful try is GRIDLOCK_ACQUIRED alone: a thread that does not wait
 * cannot deadlock by it. Any thread may call anything here at any time; not
 * from signal handlers.
 *
 * ThreadSanitizer's annotations mean the same: define
 * GRIDLOCK_REPLACE_TSAN_ANNOTATIONS before including this header and the macros
 * of <sanitizer/tsan_interface.h> (`__tsan_mutex_pre_lock`, ...) and the older
 * ANNOTATE_RWLOCK_* call the run time.
 */

#ifndef GRIDLOCK_ANNOTATE_H
#define GRIDLOCK_ANNOTATE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum gridlock_mode { GRIDLOCK_EXCLUSIVE = 0, GRIDLOCK_SHARED = 1 };
enum gridlock_lock_flags { GRIDLOCK_RECURSIVE = 1 };

#define GRIDLOCK_WEAK __attribute__((weak, visibility("default")))

/* The life of a lock. Without `create` a lock begins at its first use. */
void gridlock_lock_create(const void *lock, unsigned flags) GRIDLOCK_WEAK;
void gridlock_lock_destroy(const void *lock) GRIDLOCK_WEAK;

void gridlock_lock_before_acquire(const void *lock, enum gridlock_mode mode) GRIDLOCK_WEAK;
void gridlock_lock_acquired(const void *lock, enum gridlock_mode mode) GRIDLOCK_WEAK;
void gridlock_lock_released(const void *lock) GRIDLOCK_WEAK;

/* For every kind of lock, also a pthread_mutex_t or a std::mutex. The text must
 * live as long as the program. */
void gridlock_lock_set_name(const void *lock, const char *name) GRIDLOCK_WEAK;
/* Locks with ranks must be taken in ascending order of rank, on any thread: one
 * wrong path is enough for a report. */
void gridlock_lock_set_rank(const void *lock, int rank) GRIDLOCK_WEAK;

/* Between these, the calling thread's acquisitions are not recorded. They nest. */
void gridlock_ignore_begin(void) GRIDLOCK_WEAK;
void gridlock_ignore_end(void) GRIDLOCK_WEAK;

/* Called for each report, before it is written, on the thread that causes it.
 * `kind` is "lock-order-inversion", ...; `text` is not ended by a zero. The
 * callback must not take locks that the program uses, nor throw. */
typedef void (*gridlock_report_callback)(const char *kind, const char *text, size_t bytes, void *argument);
void gridlock_set_report_callback(gridlock_report_callback callback, void *argument) GRIDLOCK_WEAK;
/* How many problems were reported so far. */
unsigned gridlock_report_count(void) GRIDLOCK_WEAK;
/* Searches now for what a big graph leaves to the helper thread: the end of a test
 * is a good moment. Returns at once when nothing was left. */
void gridlock_check_now(void) GRIDLOCK_WEAK;

#undef GRIDLOCK_WEAK

#ifdef __cplusplus
}
#endif

#define GRIDLOCK_CALL(function, ...)                                                                                   \
  do {                                                                                                                 \
    if (function)                                                                                                      \
      function(__VA_ARGS__);                                                                                           \
  } while (0)

#define GRIDLOCK_CREATED(lock, flags) GRIDLOCK_CALL(gridlock_lock_create, lock, flags)
#define GRIDLOCK_DESTROYED(lock) GRIDLOCK_CALL(gridlock_lock_destroy, lock)
#define GRIDLOCK_BEFORE_ACQUIRE(lock, mode) GRIDLOCK_CALL(gridlock_lock_before_acquire, lock, mode)
#define GRIDLOCK_ACQUIRED(lock, mode) GRIDLOCK_CALL(gridlock_lock_acquired, lock, mode)
#define GRIDLOCK_RELEASED(lock) GRIDLOCK_CALL(gridlock_lock_released, lock)
#define GRIDLOCK_SET_NAME(lock, name) GRIDLOCK_CALL(gridlock_lock_set_name, lock, name)
#define GRIDLOCK_SET_RANK(lock, rank) GRIDLOCK_CALL(gridlock_lock_set_rank, lock, rank)

/* An embedded interpreter's global lock: one lock, whatever threads it has.
 * Put the first before the call that may wait for it and the second after. */
#define GRIDLOCK_BEFORE_GIL() GRIDLOCK_BEFORE_ACQUIRE(gridlock_gil(), GRIDLOCK_EXCLUSIVE)
#define GRIDLOCK_GIL_TAKEN() GRIDLOCK_ACQUIRED(gridlock_gil(), GRIDLOCK_EXCLUSIVE)
#define GRIDLOCK_GIL_RELEASED() GRIDLOCK_RELEASED(gridlock_gil())
#ifdef __cplusplus
extern "C"
#endif
    /* The address that stands for it in this process. */
    const void *gridlock_gil_address(void) __attribute__((weak, visibility("default")));
static inline const void *gridlock_gil(void) { return gridlock_gil_address ? gridlock_gil_address() : (const void *)0; }

#ifdef GRIDLOCK_REPLACE_TSAN_ANNOTATIONS

/* The flags of <sanitizer/tsan_interface.h>. */
enum {
  gridlock_tsan_write_reentrant = 1 << 1,
  gridlock_tsan_read_lock = 1 << 3,
  gridlock_tsan_try_lock = 1 << 4,
  gridlock_tsan_try_lock_failed = 1 << 5,
};

#undef __tsan_mutex_create
#undef __tsan_mutex_destroy
#undef __tsan_mutex_pre_lock
#undef __tsan_mutex_post_lock
#undef __tsan_mutex_pre_unlock
#undef __tsan_mutex_post_unlock
#define __tsan_mutex_create(lock, flags)                                                                               \
  GRIDLOCK_CREATED(lock, ((flags) & gridlock_tsan_write_reentrant) ? GRIDLOCK_RECURSIVE : 0)
#define __tsan_mutex_destroy(lock, flags) GRIDLOCK_DESTROYED(lock)
#define __tsan_mutex_pre_lock(lock, flags)                                                                             \
  do {                                                                                                                 \
    if (!((flags) & gridlock_tsan_try_lock))                                                                           \
      GRIDLOCK_BEFORE_ACQUIRE(lock, ((flags) & gridlock_tsan_read_lock) ? GRIDLOCK_SHARED : GRIDLOCK_EXCLUSIVE);       \
  } while (0)
#define __tsan_mutex_post_lock(lock, flags, recursion)                                                                 \
  do {                                                                                                                 \
    if (!((flags) & gridlock_tsan_try_lock_failed))                                                                    \
      GRIDLOCK_ACQUIRED(lock, ((flags) & gridlock_tsan_read_lock) ? GRIDLOCK_SHARED : GRIDLOCK_EXCLUSIVE);             \
  } while (0)
#define __tsan_mutex_pre_unlock(lock, flags) GRIDLOCK_RELEASED(lock)
#define __tsan_mutex_post_unlock(lock, flags) ((void)0)

#undef ANNOTATE_RWLOCK_CREATE
#undef ANNOTATE_RWLOCK_DESTROY
#undef ANNOTATE_RWLOCK_ACQUIRED
#undef ANNOTATE_RWLOCK_RELEASED
#define ANNOTATE_RWLOCK_CREATE(lock) GRIDLOCK_CREATED(lock, 0)
#define ANNOTATE_RWLOCK_DESTROY(lock) GRIDLOCK_DESTROYED(lock)
/* This one comes after the fact: the order is noted when the lock is held. */
#define ANNOTATE_RWLOCK_ACQUIRED(lock, is_write)                                                                       \
  do {                                                                                                                 \
    GRIDLOCK_BEFORE_ACQUIRE(lock, (is_write) ? GRIDLOCK_EXCLUSIVE : GRIDLOCK_SHARED);                                  \
    GRIDLOCK_ACQUIRED(lock, (is_write) ? GRIDLOCK_EXCLUSIVE : GRIDLOCK_SHARED);                                        \
  } while (0)
#define ANNOTATE_RWLOCK_RELEASED(lock, is_write) GRIDLOCK_RELEASED(lock)

#endif /* GRIDLOCK_REPLACE_TSAN_ANNOTATIONS */

#endif /* GRIDLOCK_ANNOTATE_H */
