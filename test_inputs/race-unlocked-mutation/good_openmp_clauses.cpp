// flags: -fopenmp
#include <vector>

// Clauses name globals, members' copies, captured variables and references, too, and
// each thread has one of its own.
static int scratch, total;
static int seen;
#pragma omp threadprivate(seen)

int globals() {
  int values[100];
#pragma omp parallel for private(scratch) reduction(+ : total)
  for (int i = 0; i < 100; i++) {
    scratch = 2 * i;
    values[i] = scratch;
    total += scratch;
    seen++;
  }
#pragma omp parallel reduction(+ : total)
  total += seen;
  return values[3] + total;
}

int captured(const std::vector<int> &values) {
  int sum = 0;
  auto run = [&] {
#pragma omp parallel for reduction(+ : sum)
    for (int i = 0; i < int(values.size()); i++)
      sum += values[i];
  };
  run();
  return sum;
}

void reference(int &last, int *out) {
#pragma omp parallel for firstprivate(last)
  for (int i = 0; i < 10; i++) {
    last = i;
    out[i] = last;
  }
}

// One thread of the team runs all of it.
int oneThread() {
  int x = 0;
#pragma omp parallel master
  {
    x = 1;
    x++;
  }
  return x;
}

// An iterator's rounds are divided as a number's.
void iterators(std::vector<int> &values) {
#pragma omp parallel for
  for (auto it = values.begin(); it < values.end(); ++it)
    *it *= 2;
#pragma omp parallel for
  for (int &value : values)
    value += 1;
}
