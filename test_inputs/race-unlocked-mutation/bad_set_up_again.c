// The first task initialises before there are threads, but a request may take that back, and
// then the threads do it again.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct task {
  int kind;
  int reply[3];
};

static int isVersionChecked;
static int isVersionRight = 1;
static unsigned minorVersion;
static int descriptor = -1;

static struct task *makeTask(int kind);

static int openDescriptor(void) {
  if (descriptor != -1)
    return 1;
  descriptor = dup(0); // expect: race-unlocked-mutation
  return descriptor >= 0;
}

static int runTask(struct task *task) {
  if (!openDescriptor())
    return 0;
  return read(descriptor, task->reply, sizeof task->reply) == (ssize_t)sizeof task->reply;
}

static int askVersion(void) {
  struct task *task = makeTask(0);
  if (!task)
    return 0;
  int isRun = runTask(task);
  if (isRun)
    minorVersion = (unsigned)task->reply[1]; // expect: race-unlocked-mutation
  free(task);
  return isRun;
}

/* Asks for the version the first time, with a task; that one does not ask again. */
static int checkVersion(void) {
  if (isVersionChecked)
    return isVersionRight;
  isVersionChecked = 1; // expect: race-unlocked-mutation
  if (askVersion())
    return 1;
  isVersionRight = 0; // expect: race-unlocked-mutation
  return 0;
}

static struct task *makeTask(int kind) {
  if (!checkVersion())
    return NULL;
  struct task *task = calloc(1, sizeof *task);
  if (task)
    task->kind = kind;
  return task;
}

static void *watch(void *argument) {
  struct task *task = makeTask(1);
  if (task && minorVersion > 3)
    runTask(task);
  free(task);
  free(argument);
  return NULL;
}

static void forget(void) {
  isVersionChecked = 0;
  close(descriptor);
  descriptor = -1;
}

static int serve(int kind) {
  pthread_t thread;
  struct task *task = makeTask(kind);
  if (!task)
    return -1;
  if (kind == 'r')
    forget();
  if (pthread_create(&thread, NULL, watch, task))
    return -1;
  pthread_detach(thread);
  return 0;
}

int main(void) {
  char request;
  while (read(0, &request, 1) == 1)
    if (serve(request) < 0)
      break;
  return 0;
}
