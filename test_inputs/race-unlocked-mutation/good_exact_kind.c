/* The collector hands only samples on; what the callee does with a reset, it does on
   the thread of `main` alone. The callee's default path excludes what the caller asks. */
#include <pthread.h>
#include <stdio.h>

enum kind { KIND_SAMPLE = 2, KIND_RESET = 5, KIND_DUMP = 6 };

struct record {
  int kind;
  long value;
};

static long total;
static long resets;
static pthread_mutex_t total_lock = PTHREAD_MUTEX_INITIALIZER;

static void note(const struct record *record) {
  switch (record->kind) {
  case KIND_SAMPLE:
    pthread_mutex_lock(&total_lock);
    total += record->value;
    pthread_mutex_unlock(&total_lock);
    break;
  case KIND_DUMP:
    break;
  default:
    resets++;
  }
}

static void *collect(void *argument) {
  struct record *records = argument;
  for (int i = 0; i < 100; i++)
    if (records[i].kind == KIND_SAMPLE)
      note(&records[i]);
  return NULL;
}

static struct record records[100];

int main(void) {
  pthread_t collector;
  for (int i = 0; i < 100; i++) {
    records[i].kind = i % 3 ? KIND_SAMPLE : KIND_DUMP;
    records[i].value = i;
  }
  if (pthread_create(&collector, NULL, collect, records))
    return 1;
  struct record own;
  for (int i = 0; i < 100; i++) {
    own.kind = getchar();
    own.value = i;
    note(&own);
  }
  pthread_join(collector, NULL);
  printf("%ld %ld\n", total, resets);
  return 0;
}
