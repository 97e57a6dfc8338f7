// flags: -fopenmp

/* Critical sections of different names are different locks. */
static int n;

void change(void) {
#pragma omp parallel
  {
#pragma omp critical(up)
    n++;
#pragma omp critical(down)
    n--; // expect: race-inconsistent-guard
  }
}
