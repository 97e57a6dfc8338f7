// flags: -fopenmp
// Each thread has variables of its own by the directives' clauses, and what is
// shared is written before a barrier, or by one thread at a time.
double total(int count) {
  int i, j, sum = 0, largest = 0, scratch = 0, local, steps = 0;
  int values[100];
  double grid[100][100];
#pragma omp parallel for private(scratch)
  for (i = 0; i < 100; i++) {
    scratch = i * count;
    values[i] = scratch;
  }
#pragma omp parallel for reduction(+ : sum) reduction(max : largest) firstprivate(steps)
  for (i = 0; i < 100; i++) {
    steps = steps + 1;
    sum += values[i] + steps;
    if (values[i] > largest)
      largest = values[i];
  }
#pragma omp parallel private(local, j)
  {
    local = 0;
#pragma omp for nowait
    for (i = 0; i < 100; i++)
      for (j = 0; j < 100; j++) {
        grid[i][j] = values[i];
        local += values[i];
      }
#pragma omp critical
    sum += local;
#pragma omp barrier
#pragma omp single
    scratch = sum;
#pragma omp for
    for (i = 0; i < 100; i++)
      values[i] += scratch;
  }
  return sum + largest + scratch + steps + values[3] + grid[3][3];
}

int main(void) { return total(3) > 4; }
