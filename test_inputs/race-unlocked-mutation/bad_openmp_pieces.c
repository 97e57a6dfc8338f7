// flags: -fopenmp

/* Sections, tasks and `single` run beside each other, and what they call does. */

static int counter, shared, sum;

static void count(void) {
  counter++; // expect: race-unlocked-mutation
}

static int next(void) {
  static int number;
  return number++; // expect: race-unlocked-mutation
}

int callees(void) {
  int numbers[10];
#pragma omp parallel for
  for (int i = 0; i < 10; i++) {
    count();
    numbers[i] = next();
  }
  return numbers[0];
}

void sections(void) {
#pragma omp parallel sections
  {
#pragma omp section
    shared = 1; // expect: race-unlocked-mutation
#pragma omp section
    shared = 2;
  }
}

void tasksInLoop(void) {
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < 10; i++) {
#pragma omp task
    sum += i; // expect: race-unlocked-mutation
  }
}

int noTaskwait(void) {
  int x = 0;
#pragma omp parallel
#pragma omp single
  {
#pragma omp task shared(x)
    x = 1;
    x += 2; // expect: race-unlocked-mutation
  }
  return x;
}

int singleNowait(void) {
  int x = 0, y = 0;
#pragma omp parallel
  {
#pragma omp single nowait
    x = 5; // expect: race-unlocked-mutation
#pragma omp atomic
    y += x;
  }
  return y;
}
