// One lock exists to serialise the conversation on the socket and guards
// nothing else; the statistics have a lock of their own.
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

struct client {
  pthread_mutex_t conversation;
  int socket;
  pthread_mutex_t statistics;
  long received;
};

long client_ask(struct client *client, const char *question, char *reply, size_t capacity) {
  long size;
  pthread_mutex_lock(&client->conversation);
  send(client->socket, question, strlen(question), 0);
  size = recv(client->socket, reply, capacity, 0);
  pthread_mutex_unlock(&client->conversation);
  pthread_mutex_lock(&client->statistics);
  if (size > 0)
    client->received += size;
  pthread_mutex_unlock(&client->statistics);
  return size;
}

int main(void) {
  static struct client client = {PTHREAD_MUTEX_INITIALIZER, -1, PTHREAD_MUTEX_INITIALIZER, 0};
  char reply[64];
  return client_ask(&client, "ping\n", reply, sizeof reply) > 0;
}
