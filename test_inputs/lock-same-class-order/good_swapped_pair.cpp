// The numbers are put in order before the elements that they choose are locked.
#include <mutex>
#include <thread>
#include <utility>
std::mutex forks[5];
int eaten[5];
void philosopher(int i) {
  int l = i, r = (i + 1) % 5;
  if (l > r)
    std::swap(l, r);
  for (int k = 0; k < 100; ++k) {
    std::lock_guard a(forks[l]);
    std::lock_guard b(forks[r]);
    eaten[i]++;
  }
}
int main() {
  std::thread a(philosopher, 0), b(philosopher, 1);
  a.join();
  b.join();
}
