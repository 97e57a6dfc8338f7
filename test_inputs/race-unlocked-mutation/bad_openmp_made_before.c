// flags: -fopenmp
#include <stdlib.h>

double *library(void);

/* All threads of a team get the object that was made before, by whatever name. */
int pointee(void) {
  int *count = malloc(sizeof *count);
  *count = 0;
#pragma omp parallel for firstprivate(count)
  for (int i = 0; i < 100; i++)
    *count += i; // expect: race-unlocked-mutation
  return *count;
}

double buffer(void) {
  double *shared = malloc(100 * sizeof *shared), sum = 0;
#pragma omp parallel reduction(+ : sum)
  {
    for (int i = 0; i < 100; i++)
      shared[i] = i; // expect: race-unlocked-mutation
#pragma omp barrier
    sum += shared[1];
  }
  return sum;
}

void counts(const int *of, const double *weights, int n) {
  double *sums = calloc(10, sizeof *sums);
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    sums[of[i]] += weights[i]; // expect: race-unlocked-mutation
}

void ofLibrary(int n) {
  double *values = library();
#pragma omp parallel for
  for (int i = 1; i < n; i++)
    values[i] = values[i - 1] + 1; // expect: race-unlocked-mutation
}

double madeByOne(void) {
  double *made = NULL;
#pragma omp parallel
  {
#pragma omp single
    made = calloc(100, sizeof *made);
#pragma omp for
    for (int i = 0; i < 99; i++)
      made[i] = made[i + 1] + 1; // expect: race-unlocked-mutation
  }
  return made[1];
}
