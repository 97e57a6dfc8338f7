#include <thread>

bool running = true;

void poll() {
  while (running) // expect: race-stop-flag
    std::this_thread::yield();
}

int main() {
  std::jthread worker(poll);
  running = false;
}
