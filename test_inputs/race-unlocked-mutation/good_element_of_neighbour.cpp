// Each thread writes its own element alone.
#include <thread>
#include <vector>
constexpr int N = 4;
int cells[N];
void step(int i) {
  for (int k = 0; k < 100; ++k) {
    cells[(i) % N] += 1;
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
