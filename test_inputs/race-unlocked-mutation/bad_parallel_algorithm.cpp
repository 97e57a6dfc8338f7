#include <algorithm>
#include <execution>
#include <vector>

// The algorithm calls its argument on several threads at a time.
int main() {
  std::vector<int> values(100, 1);
  int sum = 0;
  std::for_each(std::execution::par, values.begin(), values.end(), [&](int value) {
    sum += value; // expect: race-unlocked-mutation
  });
  return sum;
}
