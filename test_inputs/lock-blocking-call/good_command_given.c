// Whether the file lock is waited for is the caller's to say; these do not wait.
// flags: -std=gnu17
#include <fcntl.h>
#include <pthread.h>
#include <string.h>

enum command { TRY = F_SETLK, LOOK = F_GETLK };

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static int readers;

static int reader_lock(int descriptor, enum command command, short type) {
  struct flock lock;
  memset(&lock, 0, sizeof lock);
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_len = 1;
  return fcntl(descriptor, command, &lock);
}

int reader_open(int descriptor) {
  pthread_mutex_lock(&table_lock);
  int status = reader_lock(descriptor, TRY, F_RDLCK);
  if (status == 0)
    ++readers;
  pthread_mutex_unlock(&table_lock);
  return status;
}

int reader_check(int descriptor) {
  pthread_mutex_lock(&table_lock);
  int status = reader_lock(descriptor, LOOK, F_WRLCK);
  pthread_mutex_unlock(&table_lock);
  return status;
}
