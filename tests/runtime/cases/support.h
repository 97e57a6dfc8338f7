/*
 * Helpers for the run-time cases. Order is made by semaphores that start at
 * zero, which the run time takes for signals, and by joins; never by time.
 */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*step)(void);

#define MUST(call)                                                                                                     \
  do {                                                                                                                 \
    int must_code = (call);                                                                                            \
    if (must_code != 0) {                                                                                              \
      fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, strerror(must_code));                              \
      exit(3);                                                                                                         \
    }                                                                                                                  \
  } while (0)

static inline void signal_to(sem_t *event) { sem_post(event); }
static inline void await(sem_t *event) {
  while (sem_wait(event) != 0 && errno == EINTR) {
  }
}

struct turn {
  step run;
  sem_t begin, done, end;
};

static void *run_turn(void *argument) {
  struct turn *turn = (struct turn *)argument;
  await(&turn->begin);
  turn->run();
  signal_to(&turn->done);
  await(&turn->end);
  return 0;
}

/* All threads exist from the beginning to the end; their steps run one after
 * the other. What they do could as well have happened at the same time. */
static inline void in_turn(int count, const step *steps) {
  struct turn *turns = (struct turn *)calloc((size_t)count, sizeof(struct turn));
  pthread_t *threads = (pthread_t *)calloc((size_t)count, sizeof(pthread_t));
  for (int i = 0; i < count; ++i) {
    turns[i].run = steps[i];
    sem_init(&turns[i].begin, 0, 0);
    sem_init(&turns[i].done, 0, 0);
    sem_init(&turns[i].end, 0, 0);
    MUST(pthread_create(&threads[i], 0, run_turn, &turns[i]));
  }
  for (int i = 0; i < count; ++i) {
    signal_to(&turns[i].begin);
    await(&turns[i].done);
  }
  for (int i = 0; i < count; ++i)
    signal_to(&turns[i].end);
  for (int i = 0; i < count; ++i)
    MUST(pthread_join(threads[i], 0));
  free(turns);
  free(threads);
}
#define IN_TURN(...)                                                                                                   \
  do {                                                                                                                 \
    const step turn_steps[] = {__VA_ARGS__};                                                                           \
    in_turn((int)(sizeof(turn_steps) / sizeof(turn_steps[0])), turn_steps);                                            \
  } while (0)

static void *run_step(void *argument) {
  step run;
  memcpy(&run, argument, sizeof(run));
  run();
  return 0;
}

/* One thread after the other has ended: these can never run at once. */
static inline void one_by_one(int count, const step *steps) {
  for (int i = 0; i < count; ++i) {
    pthread_t thread;
    step copy = steps[i];
    MUST(pthread_create(&thread, 0, run_step, &copy));
    MUST(pthread_join(thread, 0));
  }
}
#define ONE_BY_ONE(...)                                                                                                \
  do {                                                                                                                 \
    const step one_steps[] = {__VA_ARGS__};                                                                            \
    one_by_one((int)(sizeof(one_steps) / sizeof(one_steps[0])), one_steps);                                            \
  } while (0)

static inline void lock2(pthread_mutex_t *first, pthread_mutex_t *second) {
  pthread_mutex_lock(first);
  pthread_mutex_lock(second);
  pthread_mutex_unlock(second);
  pthread_mutex_unlock(first);
}

#endif
