// flags: -fopenmp

/* The dependences are of something else, or all read; rounds do not wait; a function
   that the team calls does not wait for all threads. */

int tasks(void) {
  int x = 0, y = 0;
#pragma omp parallel
#pragma omp single
  {
#pragma omp task shared(x) depend(out : x)
    x = 1; // expect: race-unlocked-mutation
#pragma omp task shared(x, y) depend(out : y)
    y = x + 1;
#pragma omp taskwait
  }
  return y;
}

int readers(void) {
  int x = 1, count = 0;
#pragma omp parallel
#pragma omp single
  {
#pragma omp task shared(x, count) depend(in : x)
    count += x; // expect: race-unlocked-mutation
#pragma omp task shared(x, count) depend(in : x)
    count += 2 * x;
#pragma omp taskwait
  }
  return count;
}

int loop(void) {
  int sum = 0, values[10];
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < 10; i++) {
#pragma omp task shared(sum, values) depend(inout : values[i])
    sum += values[i] = i; // expect: race-unlocked-mutation
  }
  return sum;
}

static double line[100], first[100], second[100];

void rounds(void) {
#pragma omp parallel for ordered
  for (int i = 1; i < 100; i++)
    line[i] = line[i - 1] + 1; // expect: race-unlocked-mutation
}

static void fill(double *values) {
#pragma omp for nowait
  for (int i = 0; i < 100; i++)
    values[i] = i; // expect: race-unlocked-mutation
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
