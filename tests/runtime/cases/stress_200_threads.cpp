// expect: lock-order-inversion
// flags: -std=c++20
// 200 threads live at once and take pairs of 64 locks in one order; then two
// other locks are taken both ways: the only report there is.
#include "support.h"
#include <barrier>
#include <thread>
#include <vector>

static pthread_mutex_t ordered[64], a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
constexpr int Threads = 200;

int main() {
  for (pthread_mutex_t &lock : ordered)
    pthread_mutex_init(&lock, nullptr);
  std::barrier all(Threads);
  std::vector<std::thread> threads;
  for (int number = 0; number < Threads; ++number)
    threads.emplace_back([&, number] {
      all.arrive_and_wait();
      unsigned random = 77u + unsigned(number);
      for (int i = 0; i < 500; ++i) {
        random = random * 1103515245u + 12345u;
        unsigned low = random >> 16 & 63, high = random >> 22 & 63;
        if (low != high)
          lock2(&ordered[low < high ? low : high], &ordered[low < high ? high : low]);
      }
      all.arrive_and_wait();
      if (number == 7)
        lock2(&a, &b);
      all.arrive_and_wait();
      if (number == 8)
        lock2(&b, &a);
      all.arrive_and_wait();
    });
  for (std::thread &thread : threads)
    thread.join();
}
