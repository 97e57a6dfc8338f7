// expect: destroy-while-held
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;

int main(void) {
  pthread_mutex_lock(&a);
  pthread_mutex_destroy(&a);
}
