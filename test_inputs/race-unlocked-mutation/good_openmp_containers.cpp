// flags: -fopenmp
#include <vector>

// What a thread declares in the region is its own; what it appends to the shared
// container it appends one at a time.
int main() {
  std::vector<int> all;
  std::vector<double> values(100, 2.0);
#pragma omp parallel
  {
    std::vector<int> mine;
#pragma omp for nowait
    for (int i = 0; i < 100; ++i)
      if (i % 3 == 0)
        mine.push_back(i);
#pragma omp critical
    all.insert(all.end(), mine.begin(), mine.end());
  }
#pragma omp parallel for schedule(dynamic)
  for (int i = 0; i < 100; ++i)
    values[i] = values[i] * 3;
  return int(all.size());
}
