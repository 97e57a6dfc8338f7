// Each thread writes its neighbour's element, too.
#include <thread>
#include <vector>
constexpr int N = 4;
int cells[N];
void step(int i) {
  for (int k = 0; k < 100; ++k) {
    cells[(i + 1) % N] += 1; // expect: race-unlocked-mutation
    cells[i]++;
  }
}
int main() {
  std::vector<std::thread> ts;
  for (int i = 0; i < N; ++i)
    ts.emplace_back(step, i);
  for (auto &t : ts)
    t.join();
  return cells[0];
}
