// Two C threads meet twice at a barrier that stands in the struct which both got.
// flags: -std=gnu17
#include <pthread.h>

struct team {
  pthread_barrier_t gate;
  int input;
  int output;
};

static void *producer(void *argument) {
  struct team *team = argument;
  team->input = 3;
  pthread_barrier_wait(&team->gate);
  pthread_barrier_wait(&team->gate);
  team->input = team->output;
  return 0;
}

static void *consumer(void *argument) {
  struct team *team = argument;
  pthread_barrier_wait(&team->gate);
  team->output = team->input * 2;
  pthread_barrier_wait(&team->gate);
  return 0;
}

int main(void) {
  struct team team;
  pthread_t a, b;
  pthread_barrier_init(&team.gate, 0, 2);
  if (pthread_create(&a, 0, producer, &team))
    return 1;
  if (pthread_create(&b, 0, consumer, &team))
    return 1;
  pthread_join(a, 0);
  pthread_join(b, 0);
  pthread_barrier_destroy(&team.gate);
  return team.output;
}
