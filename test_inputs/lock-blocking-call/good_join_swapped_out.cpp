// The workers are swapped out under the lock and joined without it.
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

class Pool {
public:
  void resize(unsigned count) {
    std::vector<std::jthread> old;
    {
      std::lock_guard<std::mutex> lock(Mutex);
      old.swap(Workers);
      for (unsigned i = 0; i < count; ++i)
        Workers.emplace_back([](std::stop_token stop) {
          while (!stop.stop_requested())
            std::this_thread::yield();
        });
    }
    for (std::jthread &worker : old) {
      worker.request_stop();
      worker.join();
    }
  }
  std::size_t size() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Workers.size();
  }

private:
  std::mutex Mutex;
  std::vector<std::jthread> Workers;
};

int main() {
  Pool pool;
  pool.resize(2);
  pool.resize(0);
  return static_cast<int>(pool.size());
}
