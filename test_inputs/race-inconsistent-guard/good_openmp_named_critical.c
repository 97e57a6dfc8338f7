// flags: -fopenmp

static int n;

static void more(void) {
#pragma omp critical(count)
  n++;
}

void change(void) {
#pragma omp parallel
  {
    more();
#pragma omp critical(count)
    n--;
  }
}
