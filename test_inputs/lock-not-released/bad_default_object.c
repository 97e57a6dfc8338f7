// Each function takes the context that it gets, else the default one, else any. When the wait fails, the function leaves
// with the lock that it has taken in the context that was looked up.
#include <pthread.h>
#include <stdio.h>

struct Context {
  pthread_mutex_t events, waiters;
  pthread_cond_t changed;
  int active, verbose, timers;
  void (*log)(struct Context *, int, const char *);
};

static struct Context *defaultContext;
static struct Context *fallbackContext;

void setDefault(struct Context *context) { defaultContext = context; }
void setFallback(struct Context *context) { fallbackContext = context; }

static struct Context *lookUp(struct Context *context) {
  static int warned;
  if (!context)
    context = defaultContext;
  if (!context) {
    context = fallbackContext;
    if (context && warned == 0) {
      fprintf(stderr, "no context was made for this\n");
      warned = 1;
    }
  }
  return context;
}

static void say(struct Context *context, int level, const char *text) {
  context = context ? context : defaultContext;
  if (context && context->verbose < level)
    return;
  if (context && context->log)
    context->log(context, level, text);
  else
    fprintf(stderr, "%s\n", text);
}

static void lockWaiters(struct Context *context) {
  context = lookUp(context);
  pthread_mutex_lock(&context->waiters);
}

static void unlockWaiters(struct Context *context) {
  context = lookUp(context);
  pthread_mutex_unlock(&context->waiters);
}

static int tryEvents(struct Context *context) {
  context = lookUp(context);
  if (context->verbose > 5)
    say(context, 5, "try");
  if (pthread_mutex_trylock(&context->events))
    return 1;
  context->active = 1;
  return 0;
}

static void unlockEvents(struct Context *context) {
  context = lookUp(context);
  context->active = 0;
  pthread_mutex_unlock(&context->events);
}

static int isActive(struct Context *context) {
  context = lookUp(context);
  if (context->verbose > 5)
    say(context, 5, "active?");
  return context->active;
}

static int nextTimeout(struct Context *context, int wanted, int *out) {
  context = lookUp(context);
  if (context->timers == 0) {
    *out = wanted;
    return 0;
  }
  if (context->timers < 0)
    return 1;
  *out = wanted < context->timers ? wanted : context->timers;
  return 0;
}

static int waitForEvent(struct Context *context, int timeout) {
  context = lookUp(context);
  while (context->active && timeout == 0)
    pthread_cond_wait(&context->changed, &context->waiters);
  return context->verbose ? 1 : 0;
}

int handleEvents(struct Context *context, int timeout, int *completed) {
  int result, left;
  if (timeout < 0)
    return -1;
  context = lookUp(context);
  result = nextTimeout(context, timeout, &left);
  if (result)
    return 0;

retry:
  if (tryEvents(context) == 0) {
    if (completed == NULL || !*completed) {
      say(context, 4, "doing it here");
      result = context->verbose;
    }
    unlockEvents(context);
    return result;
  }
  lockWaiters(context); // expect: lock-not-released
  if (completed && *completed)
    goto done;
  if (!isActive(context)) {
    unlockWaiters(context);
    say(context, 4, "again");
    goto retry;
  }
  say(context, 4, "another thread does it");
  result = waitForEvent(context, left);
  if (result == 1)
    return result;

done:
  unlockWaiters(context);
  if (result < 0)
    return result;
  return 0;
}
