// A client that keeps its statistics and its connection under one lock, and
// reads the reply with it held.
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

struct client {
  pthread_mutex_t lock;
  int socket;
  long received;
  char reply[128];
};

long client_ask(struct client *client, const char *question) {
  long size;
  pthread_mutex_lock(&client->lock);
  send(client->socket, question, strlen(question), 0);                      // allow: lock-blocking-call
  size = recv(client->socket, client->reply, sizeof client->reply - 1, 0); // expect: lock-blocking-call
  if (size > 0)
    client->received += size;
  pthread_mutex_unlock(&client->lock);
  return size;
}

long client_received(struct client *client) {
  pthread_mutex_lock(&client->lock);
  long received = client->received;
  pthread_mutex_unlock(&client->lock);
  return received;
}

int main(void) {
  static struct client client = {.lock = PTHREAD_MUTEX_INITIALIZER, .socket = -1};
  client_ask(&client, "ping\n");
  return (int)client_received(&client);
}
