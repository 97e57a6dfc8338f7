#include <atomic>
#include <thread>

std::atomic<bool> running = true;

void poll() {
  while (running)
    std::this_thread::yield();
}

int main() {
  std::jthread worker(poll);
  running = false;
}
