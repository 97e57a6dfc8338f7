// flags: -fopenmp
int omp_get_thread_num(void);
int omp_get_num_threads(void);

/* Each thread keeps to elements of its own: those of its rounds, of its number, of
   its slice; what is apart by the factor, by the stride, by the bounds; and a row
   that one thread goes through. */

static double grid[100][100], row[200], odd[200], low[200], early[100], slice[1000], slot[64], all;

void own(void) {
#pragma omp parallel for
  for (int i = 0; i < 200; i++)
    row[i] = row[i] + 1;
}

void along(void) {
#pragma omp parallel for
  for (int i = 0; i < 100; i++)
    for (int j = 1; j < 100; j++)
      grid[i][j] = grid[i][j - 1];
}

void apart(void) {
#pragma omp parallel for
  for (int i = 0; i < 100; i++)
    odd[2 * i] = odd[2 * i + 1];
#pragma omp parallel for
  for (int i = 0; i < 200; i += 2)
    odd[i] = odd[i + 1];
#pragma omp parallel for
  for (int i = 0; i < 100; i++)
    low[i] = low[i + 100];
#pragma omp parallel for
  for (int i = 1; i < 100; i++)
    low[i] = low[0];
}

double allAreDone(void) {
  double result = 0;
#pragma omp parallel
  {
#pragma omp for
    for (int i = 0; i < 100; i++)
      early[i] = i;
#pragma omp single
    result = early[9];
  }
  return result;
}

void slices(void) {
#pragma omp parallel
  {
    int me = omp_get_thread_num(), count = omp_get_num_threads();
    int chunk = 1000 / count, start = me * chunk, end = me == count - 1 ? 1000 : start + chunk;
    for (int i = start; i < end; i++)
      slice[i] = i;
    slot[me] = slice[start];
#pragma omp barrier
    for (int i = 0; i < 1000; i++)
      if (i % count == me)
        slice[i]++;
    if (me == 0)
      for (int i = 0; i < count; i++)
        all += slot[i];
  }
}
