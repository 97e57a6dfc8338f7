/*===- thread_safety.h - Clang's thread-safety attributes ---------*- C -*-===*\
|*
|* Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/
/**
 * Names for Clang's thread-safety attributes; nothing for other compilers.
 * `gridlock annotate` writes them, `clang -Wthread-safety` checks them, and
 * `gridlock check` reads them as facts. The file stands alone: copy it, or let
 * `gridlock annotate --header FILE` write it into your project.
 *
 *   class GRIDLOCK_CAPABILITY("mutex") Mutex { ... };
 *   int total GRIDLOCK_GUARDED_BY(mutex);
 *   void addLocked(int amount) GRIDLOCK_REQUIRES(mutex);
 */

#ifndef GRIDLOCK_THREAD_SAFETY_H
#define GRIDLOCK_THREAD_SAFETY_H

#if defined(__clang__)
#define GRIDLOCK_ATTRIBUTE(...) __attribute__((__VA_ARGS__))
#else
#define GRIDLOCK_ATTRIBUTE(...)
#endif

/* On a class: it is a lock; its objects hold a lock while they live. */
#define GRIDLOCK_CAPABILITY(name) GRIDLOCK_ATTRIBUTE(capability(name))
#define GRIDLOCK_SCOPED_CAPABILITY GRIDLOCK_ATTRIBUTE(scoped_lockable)

/* On a variable: accessed with this lock held only; or what it points to. */
#define GRIDLOCK_GUARDED_BY(lock) GRIDLOCK_ATTRIBUTE(guarded_by(lock))
#define GRIDLOCK_PT_GUARDED_BY(lock) GRIDLOCK_ATTRIBUTE(pt_guarded_by(lock))

/* On a lock: the order in which several are taken. */
#define GRIDLOCK_ACQUIRED_BEFORE(...) GRIDLOCK_ATTRIBUTE(acquired_before(__VA_ARGS__))
#define GRIDLOCK_ACQUIRED_AFTER(...) GRIDLOCK_ATTRIBUTE(acquired_after(__VA_ARGS__))

/* On a function: what its callers must hold, or must not hold. */
#define GRIDLOCK_REQUIRES(...) GRIDLOCK_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define GRIDLOCK_REQUIRES_SHARED(...) GRIDLOCK_ATTRIBUTE(requires_shared_capability(__VA_ARGS__))
#define GRIDLOCK_EXCLUDES(...) GRIDLOCK_ATTRIBUTE(locks_excluded(__VA_ARGS__))

/* On a function: what it does to locks. Without arguments: to its object. */
#define GRIDLOCK_ACQUIRE(...) GRIDLOCK_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define GRIDLOCK_ACQUIRE_SHARED(...) GRIDLOCK_ATTRIBUTE(acquire_shared_capability(__VA_ARGS__))
#define GRIDLOCK_RELEASE(...) GRIDLOCK_ATTRIBUTE(release_capability(__VA_ARGS__))
#define GRIDLOCK_RELEASE_SHARED(...) GRIDLOCK_ATTRIBUTE(release_shared_capability(__VA_ARGS__))
#define GRIDLOCK_TRY_ACQUIRE(...) GRIDLOCK_ATTRIBUTE(try_acquire_capability(__VA_ARGS__))
#define GRIDLOCK_TRY_ACQUIRE_SHARED(...) GRIDLOCK_ATTRIBUTE(try_acquire_shared_capability(__VA_ARGS__))

/* On a function whose locks Clang cannot follow. */
#define GRIDLOCK_NO_THREAD_SAFETY_ANALYSIS GRIDLOCK_ATTRIBUTE(no_thread_safety_analysis)

#endif
