// A loop starts threads into a vector. The first of them adds up between the two waits.
#include <barrier>
#include <thread>
#include <vector>

int main() {
  constexpr int count = 4;
  std::vector<int> part(count);
  int total = 0;
  std::barrier sync(count);
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([&, i] {
      part[i] = i;
      sync.arrive_and_wait();
      if (i == 0)
        for (int value : part)
          total += value;
      sync.arrive_and_wait();
      part[i] = total;
    });
  for (std::thread &thread : threads)
    thread.join();
  return total;
}
