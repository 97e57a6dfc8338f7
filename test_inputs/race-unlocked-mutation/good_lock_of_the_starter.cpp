// A mutex that is a variable of the function that starts the threads: one for all.
#include <mutex>
#include <thread>
#include <vector>
int counter;
int main() {
  std::mutex m;
  auto work = [&m] {
    for (int i = 0; i < 1000; ++i) {
      std::lock_guard<std::mutex> g(m);
      ++counter;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work);
  for (auto &thread : threads)
    thread.join();
}
