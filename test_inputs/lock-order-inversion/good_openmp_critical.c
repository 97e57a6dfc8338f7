// flags: -fopenmp

/* The same order on both threads. */
static int from, to;

static void move(void) {
#pragma omp critical(from)
  {
    from--;
#pragma omp critical(to)
    to++;
  }
}

static void back(void) {
#pragma omp critical(from)
  {
    from++;
#pragma omp critical(to)
    to--;
  }
}

int main(void) {
#pragma omp parallel sections
  {
#pragma omp section
    move();
#pragma omp section
    back();
  }
  return from;
}
