#include <algorithm>
#include <atomic>
#include <execution>
#include <vector>

// Elements of its own, an atomic sum, and algorithms that run on this thread.
int main() {
  std::vector<int> values(100, 1);
  std::atomic<int> sum{0};
  int inOrder = 0;
  std::for_each(std::execution::par, values.begin(), values.end(), [&](int &value) {
    value *= 2;
    sum += value;
  });
  std::for_each(std::execution::seq, values.begin(), values.end(), [&](int value) { inOrder += value; });
  std::for_each(values.begin(), values.end(), [&](int value) { inOrder += value; });
  return sum + inOrder;
}
