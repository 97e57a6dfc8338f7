// A local container of threads that nobody joins.
// gap: a container of threads that dies after a loop is taken to be joined
#include <thread>
#include <vector>

static void work(int) {}

void runAll(int count) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back(work, i); // expect: thread-not-joined#all
} // expect: thread-not-joined#all

void runJoined(int count) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back(work, i);
  for (std::size_t i = 0; i < threads.size(); ++i)
    threads[i].join();
}
