// flags: -fopenmp

static int from, to;

static void move(void) {
#pragma omp critical(from)
  {
    from--;
#pragma omp critical(to) // expect: lock-order-inversion
    to++;
  }
}

static void back(void) {
#pragma omp critical(to)
  {
    to--;
#pragma omp critical(from)
    from++;
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
