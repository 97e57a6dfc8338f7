// After the wait all threads of the vector add to one number.
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
      total += part[i]; // expect: race-unlocked-mutation
    });
  for (std::thread &thread : threads)
    thread.join();
  return total;
}
