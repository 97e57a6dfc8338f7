/*===- omp.h - OpenMP's functions, where no compiler brings them ------------===
 *
 * Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The interface of the OpenMP API specification, version 5.2. Clang's own header
 * is in a package of its own, and GCC's in a folder that Clang does not look at:
 * this one stands behind all others, for commands with `-fopenmp`.
 */

#ifndef GRIDLOCK_HEADERS_OMP_H
#define GRIDLOCK_HEADERS_OMP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define GRIDLOCK_OMP_NONE
#else
#define GRIDLOCK_OMP_NONE void
#include <stdbool.h>
#endif

typedef struct omp_lock_t {
  void *handle;
} omp_lock_t;
typedef struct omp_nest_lock_t {
  void *handle;
} omp_nest_lock_t;

typedef enum omp_sched_t {
  omp_sched_static = 1,
  omp_sched_dynamic = 2,
  omp_sched_guided = 3,
  omp_sched_auto = 4
} omp_sched_t;
typedef enum omp_proc_bind_t {
  omp_proc_bind_false,
  omp_proc_bind_true,
  omp_proc_bind_primary,
  omp_proc_bind_master = omp_proc_bind_primary,
  omp_proc_bind_close,
  omp_proc_bind_spread
} omp_proc_bind_t;
typedef enum omp_sync_hint_t {
  omp_sync_hint_none = 0,
  omp_lock_hint_none = 0,
  omp_sync_hint_uncontended = 1,
  omp_lock_hint_uncontended = 1,
  omp_sync_hint_contended = 2,
  omp_lock_hint_contended = 2,
  omp_sync_hint_nonspeculative = 4,
  omp_lock_hint_nonspeculative = 4,
  omp_sync_hint_speculative = 8,
  omp_lock_hint_speculative = 8
} omp_sync_hint_t;
typedef omp_sync_hint_t omp_lock_hint_t;
typedef uintptr_t omp_memspace_handle_t;
typedef uintptr_t omp_allocator_handle_t;
typedef uintptr_t omp_event_handle_t;

/* Teams and threads. */
void omp_set_num_threads(int count);
int omp_get_num_threads(GRIDLOCK_OMP_NONE);
int omp_get_max_threads(GRIDLOCK_OMP_NONE);
int omp_get_thread_num(GRIDLOCK_OMP_NONE);
int omp_get_num_procs(GRIDLOCK_OMP_NONE);
int omp_in_parallel(GRIDLOCK_OMP_NONE);
int omp_in_final(GRIDLOCK_OMP_NONE);
void omp_set_dynamic(int isOn);
int omp_get_dynamic(GRIDLOCK_OMP_NONE);
void omp_set_nested(int isOn);
int omp_get_nested(GRIDLOCK_OMP_NONE);
int omp_get_cancellation(GRIDLOCK_OMP_NONE);
void omp_set_schedule(omp_sched_t kind, int chunk);
void omp_get_schedule(omp_sched_t *kind, int *chunk);
int omp_get_thread_limit(GRIDLOCK_OMP_NONE);
int omp_get_supported_active_levels(GRIDLOCK_OMP_NONE);
void omp_set_max_active_levels(int count);
int omp_get_max_active_levels(GRIDLOCK_OMP_NONE);
int omp_get_level(GRIDLOCK_OMP_NONE);
int omp_get_active_level(GRIDLOCK_OMP_NONE);
int omp_get_ancestor_thread_num(int level);
int omp_get_team_size(int level);
omp_proc_bind_t omp_get_proc_bind(GRIDLOCK_OMP_NONE);
int omp_get_num_places(GRIDLOCK_OMP_NONE);
int omp_get_place_num(GRIDLOCK_OMP_NONE);
int omp_get_num_teams(GRIDLOCK_OMP_NONE);
int omp_get_team_num(GRIDLOCK_OMP_NONE);
int omp_get_max_task_priority(GRIDLOCK_OMP_NONE);

/* Locks. */
void omp_init_lock(omp_lock_t *lock);
void omp_init_lock_with_hint(omp_lock_t *lock, omp_sync_hint_t hint);
void omp_destroy_lock(omp_lock_t *lock);
void omp_set_lock(omp_lock_t *lock);
void omp_unset_lock(omp_lock_t *lock);
int omp_test_lock(omp_lock_t *lock);
void omp_init_nest_lock(omp_nest_lock_t *lock);
void omp_init_nest_lock_with_hint(omp_nest_lock_t *lock, omp_sync_hint_t hint);
void omp_destroy_nest_lock(omp_nest_lock_t *lock);
void omp_set_nest_lock(omp_nest_lock_t *lock);
void omp_unset_nest_lock(omp_nest_lock_t *lock);
int omp_test_nest_lock(omp_nest_lock_t *lock);

/* Time and events. */
double omp_get_wtime(GRIDLOCK_OMP_NONE);
double omp_get_wtick(GRIDLOCK_OMP_NONE);
void omp_fulfill_event(omp_event_handle_t event);

/* Devices. */
void omp_set_default_device(int device);
int omp_get_default_device(GRIDLOCK_OMP_NONE);
int omp_get_num_devices(GRIDLOCK_OMP_NONE);
int omp_get_device_num(GRIDLOCK_OMP_NONE);
int omp_get_initial_device(GRIDLOCK_OMP_NONE);
int omp_is_initial_device(GRIDLOCK_OMP_NONE);
void *omp_target_alloc(size_t size, int device);
void omp_target_free(void *memory, int device);
int omp_target_is_present(const void *memory, int device);
int omp_target_memcpy(void *to, const void *from, size_t size, size_t toOffset, size_t fromOffset, int toDevice,
                      int fromDevice);
int omp_target_associate_ptr(const void *host, const void *memory, size_t size, size_t offset, int device);
int omp_target_disassociate_ptr(const void *host, int device);

/* Memory. */
#define omp_null_allocator ((omp_allocator_handle_t)0)
#define omp_default_mem_alloc ((omp_allocator_handle_t)1)
#define omp_large_cap_mem_alloc ((omp_allocator_handle_t)2)
#define omp_const_mem_alloc ((omp_allocator_handle_t)3)
#define omp_high_bw_mem_alloc ((omp_allocator_handle_t)4)
#define omp_low_lat_mem_alloc ((omp_allocator_handle_t)5)
#define omp_cgroup_mem_alloc ((omp_allocator_handle_t)6)
#define omp_pteam_mem_alloc ((omp_allocator_handle_t)7)
#define omp_thread_mem_alloc ((omp_allocator_handle_t)8)
void *omp_alloc(size_t size, omp_allocator_handle_t allocator);
void *omp_calloc(size_t count, size_t size, omp_allocator_handle_t allocator);
void omp_free(void *memory, omp_allocator_handle_t allocator);
void omp_set_default_allocator(omp_allocator_handle_t allocator);
omp_allocator_handle_t omp_get_default_allocator(GRIDLOCK_OMP_NONE);

#undef GRIDLOCK_OMP_NONE
#ifdef __cplusplus
}
#endif

#endif /* GRIDLOCK_HEADERS_OMP_H */
