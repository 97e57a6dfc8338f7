// expect: none
#include "support.h"

static pthread_mutex_t m[5] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                               PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void p0(void) { lock2(&m[0], &m[1]); }
static void p1(void) { lock2(&m[1], &m[2]); }
static void p2(void) { lock2(&m[2], &m[3]); }
static void p3(void) { lock2(&m[3], &m[4]); }
static void p4(void) { lock2(&m[0], &m[4]); }

int main(void) { IN_TURN(p0, p2, p4, p1, p3); }
