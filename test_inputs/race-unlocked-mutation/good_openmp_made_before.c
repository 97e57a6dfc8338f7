// flags: -fopenmp
#include <stdlib.h>

double *library(void);

/* An object that each thread makes is its own, also behind a barrier; of one that was
   made before, each thread has elements. */
double own(int n) {
  double sum = 0;
#pragma omp parallel reduction(+ : sum)
  {
    double *mine = malloc(100 * sizeof *mine);
    for (int i = 0; i < 100; i++)
      mine[i] = i;
#pragma omp barrier
    for (int i = 0; i < 100; i++)
      sum += mine[i];
    free(mine);
  }
  double *all = calloc(n, sizeof *all);
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    all[i] = all[i] + 1;
  sum += all[0];
  free(all);
  return sum;
}

void ofLibrary(int n) {
  double *values = library();
#pragma omp parallel for
  for (int i = 1; i < n; i++)
    values[i] = values[i] + 1;
}

double madeByOne(void) {
  double *made = NULL;
#pragma omp parallel
  {
#pragma omp single
    made = calloc(100, sizeof *made);
#pragma omp for
    for (int i = 0; i < 100; i++)
      made[i] += i;
  }
  return made[1];
}
