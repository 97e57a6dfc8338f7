// One latch lets the thread go on, another one lets `main` go on.
#include <latch>
#include <thread>

static int settings;

static std::latch start(1), done(1);

static void worker() {
  start.wait();
  settings += 1;
  done.count_down();
}

int main() {
  std::thread thread(worker);
  settings = 4;
  start.count_down();
  done.wait();
  settings *= 2;
  thread.join();
  return settings;
}
