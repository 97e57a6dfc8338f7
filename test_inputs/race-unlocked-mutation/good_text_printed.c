// Only where the text lies is printed, or it is printed when the thread has ended.
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static char title[64];

static void *rename_all(void *argument) {
  strcpy(title, "new");
  return argument;
}

int main(void) {
  pthread_t thread;
  printf("before: %s\n", title);
  pthread_create(&thread, 0, rename_all, 0);
  printf("at %d\n", 12);
  pthread_join(thread, 0);
  printf("now: %s\n", title);
  return 0;
}
