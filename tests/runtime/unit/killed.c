/*===- killed.c - A program that is killed while it makes orders ----------===*\
|*
|* Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/
/* Run by TraceTest.cpp. Two threads make new orders for ever; a third kills the
 * process in the middle of it. What is written before each acquisition returned
 * must be in the trace: the program prints how many that were at least. */

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { Locks = 1500 };
static pthread_mutex_t locks[2][Locks];
static int made[2];

static void *make_orders(void *argument) {
  int number = *(int *)argument;
  pthread_mutex_t *own = locks[number];
  for (int distance = 1; distance < Locks; ++distance)
    for (int i = 0; i + distance < Locks; ++i) {
      pthread_mutex_lock(&own[i]);
      pthread_mutex_lock(&own[i + distance]);
      pthread_mutex_unlock(&own[i + distance]);
      pthread_mutex_unlock(&own[i]);
      __atomic_fetch_add(&made[number], 1, __ATOMIC_RELEASE);
    }
  return 0;
}

int main(void) {
  static int numbers[2] = {0, 1};
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    for (int k = 0; k < Locks; ++k)
      pthread_mutex_init(&locks[i][k], 0);
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], 0, make_orders, &numbers[i]);
  int least = 0;
  while (least < 20000)
    least = __atomic_load_n(&made[0], __ATOMIC_ACQUIRE) + __atomic_load_n(&made[1], __ATOMIC_ACQUIRE);
  printf("%d\n", least);
  fflush(stdout);
  kill(getpid(), SIGKILL);
  return 0;
}
