/* Commands about the routes are to be left to the routes' thread, but the caller's
   `if` does not know of one of them. */
#include <pthread.h>
#include <stdlib.h>

enum command_type { CMD_STATUS, CMD_ADD_ROUTE, CMD_DROP_ROUTE };

struct command {
  enum command_type type;
  int argument;
  struct command *next;
};

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t queue_filled = PTHREAD_COND_INITIALIZER;
static struct command *queue;
static int routes;

static void perform(struct command *command) {
  if (command->type == CMD_ADD_ROUTE)
    routes += command->argument;
  else if (command->type == CMD_DROP_ROUTE)
    routes -= command->argument; // expect: race-unlocked-mutation
  free(command);
}

static void submit(struct command *command) {
  if (command->type == CMD_ADD_ROUTE) {
    pthread_mutex_lock(&queue_lock);
    command->next = queue;
    queue = command;
    pthread_cond_signal(&queue_filled);
    pthread_mutex_unlock(&queue_lock);
    return;
  }
  perform(command);
}

static void *route_thread(void *unused) {
  (void)unused;
  for (;;) {
    pthread_mutex_lock(&queue_lock);
    while (!queue)
      pthread_cond_wait(&queue_filled, &queue_lock);
    struct command *command = queue;
    queue = command->next;
    pthread_mutex_unlock(&queue_lock);
    perform(command);
  }
  return NULL;
}

static void *client_thread(void *argument) {
  int seed = *(int *)argument;
  for (int i = 0; i < 100; i++) {
    struct command *command = malloc(sizeof(*command));
    if (!command)
      abort();
    command->type = (seed + i) % 3 == 0 ? CMD_STATUS : (seed + i) % 3 == 1 ? CMD_ADD_ROUTE : CMD_DROP_ROUTE;
    command->argument = i;
    submit(command);
  }
  return NULL;
}

int main(void) {
  pthread_t router, clients[2];
  static int seeds[2] = {1, 2};
  if (pthread_create(&router, NULL, route_thread, NULL))
    return 1;
  for (int i = 0; i < 2; i++)
    if (pthread_create(&clients[i], NULL, client_thread, &seeds[i]))
      return 1;
  for (int i = 0; i < 2; i++)
    pthread_join(clients[i], NULL);
  pthread_join(router, NULL);
  return 0;
}
