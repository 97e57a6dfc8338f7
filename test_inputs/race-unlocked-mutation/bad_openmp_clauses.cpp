// flags: -fopenmp
#include <vector>

// The clause names another variable than the one that is changed.
static int scratch, other, total;

int globals() {
  int values[100];
#pragma omp parallel for private(other)
  for (int i = 0; i < 100; i++) {
    scratch = 2 * i; // expect: race-unlocked-mutation
    other = scratch;
    values[i] = other;
  }
#pragma omp parallel for
  for (int i = 0; i < 100; i++)
    total += values[i]; // expect: race-unlocked-mutation
  return total;
}

int captured(const std::vector<int> &values) {
  int sum = 0, other = 0;
  auto run = [&] {
#pragma omp parallel for reduction(+ : other)
    for (int i = 0; i < int(values.size()); i++)
      sum += values[i]; // expect: race-unlocked-mutation
  };
  run();
  return sum + other;
}
