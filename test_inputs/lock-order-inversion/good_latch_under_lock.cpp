// The starter waits for its workers and takes the lock then.
#include <latch>
#include <mutex>
#include <thread>
#include <vector>
std::mutex m;
std::latch started{4};
int total;
void worker(int i) {
  {
    std::lock_guard g(m);
    total += i;
  }
  started.count_down();
}
int main() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 4; ++i)
    ts.emplace_back(worker, i);
  {
    started.wait();
    std::lock_guard g(m);
    total *= 2;
  }
  for (auto &t : ts)
    t.join();
  return total;
}
