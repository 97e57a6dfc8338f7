/*===- locks.c - What a lock costs under a run-time checker ---------------===*\
|*
|* Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/
/*
 * One scenario a run: prints nanoseconds per lock+unlock pair. `compare.py` runs
 * the same binary plain and under each checker, in pairs. An idle second thread
 * keeps the C library's shortcuts for single-threaded programs off.
 *
 *   single       one mutex
 *   nest2        two mutexes, nested
 *   chain8       eight mutexes, nested
 *   cont2        two threads, one mutex
 *   t64          64 threads, each a random pair of 256 mutexes, always in order
 *   dense1000    4 of 1,000 mutexes in one global order: the graph grows
 *   steady1000   the same sequence of acquisitions again
 *   grow100000   4 of 100,000 mutexes in one global order: the graph grows
 */

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Time that this process got, of all its threads: a busy machine makes it noisy,
 * not wrong. */
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint64_t state = 88172645463325252ull;
static uint64_t next_random(uint64_t *s) {
  *s ^= *s << 13;
  *s ^= *s >> 7;
  *s ^= *s << 17;
  return *s;
}

static pthread_mutex_t *make(size_t count) {
  pthread_mutex_t *m = calloc(count, sizeof(*m));
  for (size_t i = 0; i < count; ++i)
    pthread_mutex_init(&m[i], 0);
  return m;
}

/* The idle thread must not make the main thread hold a lock. */
static int idle_pipe[2];
static void *idle(void *unused) {
  char end;
  if (read(idle_pipe[0], &end, 1) != 1)
    abort();
  return unused;
}

/* Best of several batches: the cost without the neighbours' noise. */
static double chain(int depth, long pairs) {
  pthread_mutex_t *m = make((size_t)depth);
  double best = 1e30;
  for (int batch = 0; batch < 15; ++batch) {
    double start = now();
    for (long i = 0; i < pairs / depth; ++i) {
      for (int d = 0; d < depth; ++d)
        pthread_mutex_lock(&m[d]);
      for (int d = depth; d-- > 0;)
        pthread_mutex_unlock(&m[d]);
    }
    double each = (now() - start) / (double)(pairs / depth * depth);
    if (each < best)
      best = each;
  }
  return best;
}

static pthread_mutex_t *shared;
static long per_thread;
static void *contend(void *unused) {
  for (long i = 0; i < per_thread; ++i) {
    pthread_mutex_lock(shared);
    pthread_mutex_unlock(shared);
  }
  return unused;
}
static void *pairs_of_256(void *seed) {
  uint64_t s = (uint64_t)(uintptr_t)seed * 0x9E3779B97F4A7C15ull + 1;
  for (long i = 0; i < per_thread; ++i) {
    uint64_t r = next_random(&s);
    unsigned x = r & 255, y = (r >> 8) & 255;
    if (x == y)
      y = (y + 1) & 255;
    unsigned low = x < y ? x : y, high = x < y ? y : x;
    pthread_mutex_lock(&shared[low]);
    pthread_mutex_lock(&shared[high]);
    pthread_mutex_unlock(&shared[high]);
    pthread_mutex_unlock(&shared[low]);
  }
  return 0;
}

static double threads(int count, void *(*run)(void *), long each, int pairs) {
  pthread_t t[64];
  per_thread = each;
  double start = now();
  for (int i = 0; i < count; ++i)
    pthread_create(&t[i], 0, run, (void *)(uintptr_t)(i + 1));
  for (int i = 0; i < count; ++i)
    pthread_join(t[i], 0);
  return (now() - start) / ((double)each * count * pairs);
}

static int by_value(const void *a, const void *b) {
  unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
  return (x > y) - (x < y);
}

static double graph(unsigned locks, long iterations, int passes) {
  pthread_mutex_t *m = make(locks);
  /* The global order is not the order of creation. */
  unsigned *order = malloc(locks * sizeof(*order));
  for (unsigned i = 0; i < locks; ++i)
    order[i] = i;
  for (unsigned i = locks; i-- > 1;) {
    unsigned k = (unsigned)(next_random(&state) % (i + 1)), t = order[i];
    order[i] = order[k];
    order[k] = t;
  }
  double each = 0;
  for (int pass = 0; pass < passes; ++pass) {
    uint64_t s = 12345;
    double start = now();
    for (long i = 0; i < iterations; ++i) {
      unsigned pick[4];
      for (int d = 0; d < 4; ++d)
        pick[d] = (unsigned)(next_random(&s) % locks);
      qsort(pick, 4, sizeof(*pick), by_value);
      int taken = 0;
      for (int d = 0; d < 4; ++d)
        if (d == 0 || pick[d] != pick[d - 1])
          pthread_mutex_lock(&m[order[pick[taken++] = pick[d]]]);
      while (taken-- > 0)
        pthread_mutex_unlock(&m[order[pick[taken]]]);
    }
    each = (now() - start) / (double)(iterations * 4);
  }
  return each;
}

int main(int argc, char **argv) {
  const char *scenario = argc > 1 ? argv[1] : "";
  double scale = argc > 2 ? atof(argv[2]) : 1;
  pthread_t idler;
  if (pipe(idle_pipe) != 0)
    return 1;
  pthread_create(&idler, 0, idle, 0);
  double result = -1;
  if (!strcmp(scenario, "single"))
    result = chain(1, (long)(2000000 * scale));
  else if (!strcmp(scenario, "nest2"))
    result = chain(2, (long)(2000000 * scale));
  else if (!strcmp(scenario, "chain8"))
    result = chain(8, (long)(2000000 * scale));
  else if (!strcmp(scenario, "cont2"))
    shared = make(1), result = threads(2, contend, (long)(2000000 * scale), 1);
  else if (!strcmp(scenario, "t64"))
    shared = make(256), result = threads(64, pairs_of_256, (long)(100000 * scale), 2);
  else if (!strcmp(scenario, "dense1000"))
    result = graph(1000, (long)(100000 * scale), 1);
  else if (!strcmp(scenario, "steady1000"))
    result = graph(1000, (long)(100000 * scale), 2);
  else if (!strcmp(scenario, "grow100000"))
    result = graph(100000, (long)(100000 * scale), 1);
  if (write(idle_pipe[1], "", 1) != 1)
    return 1;
  pthread_join(idler, 0);
  if (result < 0) {
    fprintf(stderr, "usage: locks SCENARIO [SCALE]\n");
    return 2;
  }
  printf("%.2f\n", result);
}
