// Two threads each add to one element: their numbers are divided.
#include <thread>
#include <vector>
int main() {
  std::vector<int> sums(8, 0);
  std::vector<std::thread> ts;
  for (int i = 0; i < 8; ++i)
    ts.emplace_back([&sums, i] {
      for (int k = 0; k < 100; ++k)
        sums[i / 2] += k; // expect: race-unlocked-mutation
    });
  for (auto &t : ts)
    t.join();
  return sums[0];
}
