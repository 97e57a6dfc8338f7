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

/* Tasks that divide an array among themselves by what they are given. */
static void sort(int *numbers, int low, int high) {
  if (low >= high)
    return;
  int pivot = numbers[high], middle = low, kept;
  for (int i = low; i < high; i++)
    if (numbers[i] < pivot) {
      kept = numbers[i];
      numbers[i] = numbers[middle];
      numbers[middle++] = kept;
    }
  numbers[high] = numbers[middle];
  numbers[middle] = pivot;
#pragma omp task
  sort(numbers, low, middle - 1);
#pragma omp task
  sort(numbers, middle + 1, high);
#pragma omp taskwait
}

int sorted(void) {
  static int numbers[100];
#pragma omp parallel
#pragma omp single
  sort(numbers, 0, 99);
  return numbers[0];
}

/* Sums of its own for each thread, for an array as for a number. */
int histogram(const int *data) {
  int counts[10] = {0};
#pragma omp parallel for reduction(+ : counts[:10])
  for (int i = 0; i < 100; i++)
    counts[data[i] % 10]++;
  return counts[0];
}
