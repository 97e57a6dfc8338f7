// Everything is a variable of one function, captured by reference.
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false;

  std::thread consumer([&] {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return ready; });
  });
  std::thread producer([&] {
    ready = // allow: race-unlocked-mutation, race-inconsistent-guard
        true; // expect: condvar-lost-wakeup#ready
    changed.notify_one(); // expect: condvar-lost-wakeup#ready
  });
  consumer.join();
  producer.join();
}
