// expect: none
// The usual way: prepare handlers take every lock, both sides release them.
#include "support.h"
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void before(void) {
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
}
static void after(void) {
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
}
static void use(void) { lock2(&a, &b); }

static void fork_one(void) {
  pid_t child = fork();
  if (child == 0) {
    use();
    IN_TURN(use, use);
    exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0)
    exit(1);
}

int main(void) {
  pthread_atfork(before, after, after);
  IN_TURN(use, fork_one, use);
}
