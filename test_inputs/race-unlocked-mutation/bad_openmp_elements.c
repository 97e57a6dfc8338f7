// flags: -fopenmp
#include <stdlib.h>

/* One thread's element is another one's: a neighbour, an element that another
   round reaches, a fixed one, or all of them. */

static double grid[100][100], row[100], column[200], early[100], whole[100];

void neighbour(void) {
#pragma omp parallel for
  for (int i = 0; i < 99; i++)
    row[i] = row[i + 1] + 1; // expect: race-unlocked-mutation
}

void above(void) {
#pragma omp parallel for
  for (int i = 1; i < 100; i++)
    for (int j = 0; j < 100; j++)
      grid[i][j] = grid[i - 1][j]; // expect: race-unlocked-mutation
}

void otherFactor(int n) {
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    column[2 * i] = column[i] + 1; // expect: race-unlocked-mutation
}

double beforeAllAreDone(void) {
  double result = 0;
#pragma omp parallel
  {
#pragma omp for nowait
    for (int i = 0; i < 100; i++)
      early[i] = i; // expect: race-unlocked-mutation
#pragma omp single
    result = early[9];
  }
  return result;
}

void everyThread(void) {
#pragma omp parallel
  for (int i = 0; i < 100; i++)
    whole[i] = whole[i] + 1; // expect: race-unlocked-mutation
}

void inner(double matrix[100][100]) {
  for (int i = 0; i < 100; i++)
#pragma omp parallel for
    for (int j = 1; j < 100; j++)
      matrix[i][j] = matrix[i][j - 1]; // expect: race-unlocked-mutation
}

void together(void) {
  static double square[100][100];
#pragma omp parallel for collapse(2)
  for (int i = 0; i < 100; i++)
    for (int j = 1; j < 100; j++)
      square[i][j] = square[i][j - 1]; // expect: race-unlocked-mutation
}
