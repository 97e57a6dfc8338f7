// flags: -fopenmp
#include <stdlib.h>

static double a[100], b[100], c[100], d[100];

void otherRounds(int n) {
#pragma omp parallel
  {
#pragma omp for schedule(dynamic) nowait
    for (int i = 0; i < n; i++)
      a[i] = i; // expect: race-unlocked-mutation
#pragma omp for schedule(dynamic)
    for (int i = 0; i < n; i++)
      b[i] = a[i] * 2;
  }
}

void neighbour(int n) {
#pragma omp parallel
  {
#pragma omp for schedule(static) nowait
    for (int i = 0; i < n; i++)
      c[i] = i; // expect: race-unlocked-mutation
#pragma omp for schedule(static)
    for (int i = 0; i < n; i++)
      b[i] = c[n - 1 - i];
  }
}

static void waitForNobody(void) {}

void calls(void) {
#pragma omp parallel
  {
#pragma omp for nowait
    for (int i = 0; i < 100; i++)
      d[i] = i; // expect: race-unlocked-mutation
    waitForNobody();
#pragma omp for
    for (int i = 1; i < 100; i++)
      b[i] = d[i - 1];
  }
}

long inCircle(unsigned seed) {
  long count = 0;
#pragma omp parallel for reduction(+ : count)
  for (int i = 0; i < 100; i++)
    count += rand_r(&seed) & 1; // expect: race-unlocked-mutation
  return count;
}
