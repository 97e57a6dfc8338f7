#include <thread>
#include <vector>

// What all threads have in common chooses none of them.
static int total;

static void work(int number, int mode) {
  if (mode == 0)
    total += number; // expect: race-unlocked-mutation
}

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, i, 0);
  for (std::thread &thread : threads)
    thread.join();
}
