// C threads that get a pointer to a local of a function that returns first.
#include <pthread.h>
#include <stdio.h>

struct request {
  int id;
  const char *text;
};

static void *answer(void *argument) {
  struct request *request = argument;
  printf("%d %s\n", request->id, request->text);
  return 0;
}

int ask_later(int id) {
  struct request request = {id, "later"};
  pthread_t thread;
  if (pthread_create(&thread, 0, answer, &request) != 0) // expect: thread-escaping-reference
    return -1;
  return pthread_detach(thread);
}

int ask_parameter(struct request request) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  return pthread_create(&thread, &attributes, answer, &request); // expect: thread-escaping-reference
}

static pthread_t last;

int ask_kept(int id) {
  struct request request = {id, "kept"};
  return pthread_create(&last, 0, answer, &request); // expect: thread-escaping-reference
}

void wait_for_last(void) { pthread_join(last, 0); }
