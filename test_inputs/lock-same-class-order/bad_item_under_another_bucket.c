// A table's buckets share a few locks. The answer puts its item back, with the bucket of another item locked: two clients
// with each other's items wait for each other.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct Item {
  struct Item *next;
  unsigned key;
  int users;
};

struct Answer {
  struct Item *item;
  char text[64];
};

struct Client {
  struct Answer *answer;
  unsigned wanted;
};

static pthread_mutex_t *bucketLocks;
static unsigned lockMask;
static struct Item *buckets[64];

static void bucketLock(unsigned hash) {
  pthread_mutex_lock(&bucketLocks[hash & lockMask]);
}
static void bucketUnlock(unsigned hash) { pthread_mutex_unlock(&bucketLocks[hash & lockMask]); }

unsigned hashOf(unsigned key); // of the user's choice

static void dropItem(struct Item *item) {
  unsigned hash = hashOf(item->key);
  bucketLock(hash); // expect: lock-same-class-order
  if (--item->users == 0)
    free(item);
  bucketUnlock(hash);
}

static void resetAnswer(struct Answer *answer) {
  dropItem(answer->item);
  answer->item = NULL;
  answer->text[0] = 0;
}

static void answerError(struct Client *client, const char *text) {
  resetAnswer(client->answer);
  snprintf(client->answer->text, sizeof client->answer->text, "error: %s", text);
}

static void removeItem(struct Client *client) {
  unsigned hash = hashOf(client->wanted);
  bucketLock(hash);
  struct Item *item = buckets[hash % 64];
  if (item && item->users > 1)
    answerError(client, "in use");
  bucketUnlock(hash);
}

static void *serve(void *argument) {
  struct Client *client = argument;
  for (;;) {
    removeItem(client);
    puts(client->answer->text);
    resetAnswer(client->answer);
  }
  return NULL;
}

int main(void) {
  bucketLocks = calloc(8, sizeof *bucketLocks);
  for (int i = 0; i < 8; ++i)
    pthread_mutex_init(&bucketLocks[i], NULL);
  lockMask = 7;
  struct Client clients[2] = {{calloc(1, sizeof(struct Answer)), 1}, {calloc(1, sizeof(struct Answer)), 2}};
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, serve, &clients[i]);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
  return 0;
}
