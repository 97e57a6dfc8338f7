#include <thread>
#include <vector>

// The threads are made in place in a container, and their number chooses one.
static int total;

static void work(int number) {
  if (number == 0)
    total += 1;
}

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, i);
  for (std::thread &thread : threads)
    thread.join();
  threads.clear();
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([i] {
      if (i == 1)
        total += 2;
    });
  for (std::thread &thread : threads)
    thread.join();
}
