// flags: -fopenmp
#include <stdlib.h>

/* Loops that are divided alike give each thread the same rounds; a function that the team
   calls waits for all threads. */

static double a[100], b[100], c[100];

void sameRounds(int n) {
  int i;
#pragma omp parallel
  {
#pragma omp for schedule(static) nowait
    for (i = 0; i < n; i++)
      a[i] = i;
#pragma omp for schedule(static)
    for (int k = 0; k < n; k++)
      b[k] = a[k] * 2;
  }
}

static void waitForAll(void) {
#pragma omp barrier
}

void calls(void) {
#pragma omp parallel
  {
#pragma omp for nowait
    for (int i = 0; i < 100; i++)
      c[i] = i;
    waitForAll();
#pragma omp for
    for (int i = 1; i < 100; i++)
      b[i] = c[i - 1];
  }
}

long inCircle(unsigned seed) {
  long count = 0;
#pragma omp parallel for firstprivate(seed) reduction(+ : count)
  for (int i = 0; i < 100; i++)
    count += rand_r(&seed) & 1;
  return count;
}
