// flags: -fopenmp

/* Tasks wait for those whose dependences they name, also for those that these waited
   for; rounds wait for earlier ones; functions that a team calls end with a barrier. */

int tasks(void) {
  int x = 0, y = 0, sum = 0, values[10];
#pragma omp parallel
#pragma omp single
  {
#pragma omp task shared(x) depend(out : x)
    x = 1;
#pragma omp task shared(x, y) depend(in : x) depend(out : y)
    y = x + 1;
#pragma omp task shared(x, y) depend(in : y)
    x = y;
#pragma omp taskwait
    for (int i = 0; i < 10; i++) {
#pragma omp task shared(sum, values) depend(inout : values[i]) depend(inout : sum)
      sum += values[i] = i;
    }
  }
  return x + y + sum;
}

static double line[100], first[100], second[100];

void rounds(void) {
#pragma omp parallel for ordered(1)
  for (int i = 1; i < 100; i++) {
#pragma omp ordered depend(sink : i - 1)
    line[i] = line[i - 1] + 1;
#pragma omp ordered depend(source)
  }
}

static void fill(double *values) {
#pragma omp for
  for (int i = 0; i < 100; i++)
    values[i] = i;
}

static void shift(double *from, double *to) {
#pragma omp for
  for (int i = 1; i < 100; i++)
    to[i] = from[i - 1];
}

void team(void) {
#pragma omp parallel
  {
    fill(first);
    shift(first, second);
  }
}

int flag(void) {
  int data = 0, ready = 0, got = 0;
#pragma omp parallel sections num_threads(2)
  {
#pragma omp section
    {
      data = 42;
#pragma omp atomic write release
      ready = 1;
    }
#pragma omp section
    {
      int seen = 0;
      while (!seen) {
#pragma omp atomic read acquire
        seen = ready;
      }
      got = data;
    }
  }
  return got;
}
