// The smaller number first: also where both numbers are computed, and in a loop.
#include <mutex>
#include <thread>
#include <vector>
#include <array>
#include <algorithm>
constexpr int N = 5;
std::array<std::mutex, N> forks;
int meals[N];
void dine(int i) {
  int a = std::min(i, (i + 1) % N), b = std::max(i, (i + 1) % N);
  for (int k = 0; k < 100; ++k) {
    std::lock_guard<std::mutex> l(forks[a]);
    std::lock_guard<std::mutex> r(forks[b]);
    meals[i]++;
  }
}
int main() { std::vector<std::thread> t; for (int i = 0; i < N; ++i) t.emplace_back(dine, i); for (auto &x : t) x.join(); }
