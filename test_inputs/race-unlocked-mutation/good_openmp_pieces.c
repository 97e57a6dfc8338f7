// flags: -fopenmp

/* Pieces that keep to variables of their own, that are waited for, that depend on
   each other, or that the first thread runs. */

static int counter, first, second;
#pragma omp threadprivate(counter)

static void count(void) {
  counter++;
}

int ownCounters(void) {
  int total = 0;
#pragma omp parallel
  {
    counter = 0;
    for (int i = 0; i < 10; i++)
      count();
#pragma omp critical
    total += counter;
  }
  return total;
}

void sections(void) {
#pragma omp parallel sections
  {
    first = 1;
#pragma omp section
    second = 2;
  }
}

static int fibonacci(int n) {
  int x, y;
  if (n < 2)
    return n;
#pragma omp task shared(x)
  x = fibonacci(n - 1);
#pragma omp task shared(y)
  y = fibonacci(n - 2);
#pragma omp taskwait
  return x + y;
}

int tasks(void) {
  int result = 0, depends = 0;
#pragma omp parallel
#pragma omp single
  {
    result = 1;
#pragma omp task depend(out : depends)
    depends = 1;
#pragma omp task depend(inout : depends)
    depends += 2;
#pragma omp taskwait
    result += fibonacci(10) + depends;
  }
  return result;
}

int mainThread(void) {
  int x = 0;
#pragma omp parallel
  {
#pragma omp master
    x = 1;
#pragma omp master
    x += 2;
  }
  return x;
}

static double values[100];
static int done;

/* Called by the threads of a team: the barriers in it order what it does. */
static void step(void) {
#pragma omp for
  for (int i = 0; i < 100; i++)
    values[i] = i;
#pragma omp single
  done++;
#pragma omp for
  for (int i = 1; i < 99; i++)
    values[i] = values[i] + done;
}

void team(void) {
#pragma omp parallel
  step();
}
