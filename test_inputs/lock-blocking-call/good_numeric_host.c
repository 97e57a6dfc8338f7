// With NI_NUMERICHOST no name server is asked.
// flags: -std=gnu17
#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static char last[64];

void note_peer(const struct sockaddr *peer, socklen_t length) {
  pthread_mutex_lock(&log_lock);
  getnameinfo(peer, length, last, sizeof last, 0, 0, NI_NUMERICHOST | NI_NUMERICSERV);
  pthread_mutex_unlock(&log_lock);
}
