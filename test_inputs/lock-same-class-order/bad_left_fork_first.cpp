// The left fork first, for everybody.
#include <mutex>
#include <thread>
#include <vector>
#include <array>
constexpr int N = 5;
std::array<std::mutex, N> forks;
int meals[N];
void dine(int i) {
  for (int k = 0; k < 100; ++k) {
    std::lock_guard<std::mutex> l(forks[i]);
    std::lock_guard<std::mutex> r(forks[(i + 1) % N]); // expect: lock-same-class-order
    meals[i]++;
  }
}
int main() { std::vector<std::thread> t; for (int i = 0; i < N; ++i) t.emplace_back(dine, i); for (auto &x : t) x.join(); }
