// flags: -fopenmp
#include <vector>

// All threads append to one container, count in one table, read a neighbour.
int main() {
  std::vector<int> all;
  std::vector<double> values(100, 2.0);
  int data[100] = {0}, counts[10] = {0};
#pragma omp parallel for
  for (int i = 0; i < 100; ++i)
    if (i % 3 == 0)
      all.push_back(i); // expect: race-unlocked-mutation
#pragma omp parallel for
  for (int i = 1; i < 100; ++i)
    values[i] = values[i] + values[i - 1]; // expect: race-unlocked-mutation
#pragma omp parallel for
  for (int i = 0; i < 100; ++i)
    counts[data[i] % 10]++; // expect: race-unlocked-mutation
  return int(all.size()) + counts[0];
}
