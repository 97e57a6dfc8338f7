// flags: -fopenmp
#include <omp.h>

static omp_lock_t countLock;
static int count;

int main(void) {
  omp_init_lock(&countLock);
#pragma omp parallel for
  for (int i = 0; i < 100; i++) {
    if (i % 2) {
      omp_set_lock(&countLock);
      count++;
      omp_unset_lock(&countLock);
    } else {
      count--; // expect: race-inconsistent-guard
    }
  }
  return count;
}
