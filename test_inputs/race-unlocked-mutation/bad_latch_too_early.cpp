// `main` counts down before it sets what the thread changes after its wait.
#include <latch>
#include <thread>

static int settings;

static std::latch start(1);

static void worker() {
  start.wait();
  settings += 1; // expect: race-unlocked-mutation
}

int main() {
  std::thread thread(worker);
  start.count_down();
  settings = 4;
  thread.join();
  return settings;
}
