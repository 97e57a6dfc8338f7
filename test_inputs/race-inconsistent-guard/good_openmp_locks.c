// flags: -fopenmp
#include <omp.h>

/* Each bin has a lock of its own, and the count has one. */
static omp_lock_t binLock[10], countLock;
static int bins[10], count;

int main(void) {
  int data[100] = {0};
  for (int i = 0; i < 10; i++)
    omp_init_lock(&binLock[i]);
  omp_init_lock(&countLock);
#pragma omp parallel for
  for (int i = 0; i < 100; i++) {
    int bin = data[i] % 10;
    omp_set_lock(&binLock[bin]);
    bins[bin]++;
    omp_unset_lock(&binLock[bin]);
    omp_set_lock(&countLock);
    count++;
    omp_unset_lock(&countLock);
  }
  return bins[0] + count;
}
