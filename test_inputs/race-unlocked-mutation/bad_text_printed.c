// One thread writes the text that another one prints.
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static char title[64];

static void *rename_all(void *argument) {
  strcpy(title, "new"); // expect: race-unlocked-mutation
  return argument;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, rename_all, 0);
  printf("now: %s\n", title);
  pthread_join(thread, 0);
  return 0;
}
