// Each thread adds to its own element.
#include <thread>
#include <vector>
int main() {
  std::vector<int> sums(8, 0);
  std::vector<std::thread> ts;
  for (int i = 0; i < 8; ++i)
    ts.emplace_back([&sums, i] {
      for (int k = 0; k < 100; ++k)
        sums[i] += k;
    });
  for (auto &t : ts)
    t.join();
  return sums[0];
}
