// The numbers are put in order before the elements that they choose are locked.
// gap: numbers that std::swap has put in order are lost among those of threads that a loop starts
#include <array>
#include <mutex>
#include <thread>
#include <vector>
constexpr int N = 5;
std::array<std::mutex, N> forks;
int eaten[N];
void philosopher(int i) {
  int l = i, r = (i + 1) % N;
  if (l > r)
    std::swap(l, r);
  for (int k = 0; k < 100; ++k) {
    std::lock_guard a(forks[l]);
    std::lock_guard b(forks[r]);
    eaten[i]++;
  }
}
int main() {
  std::vector<std::thread> ts;
  for (int i = 0; i < N; ++i)
    ts.emplace_back(philosopher, i);
  for (auto &t : ts)
    t.join();
}
