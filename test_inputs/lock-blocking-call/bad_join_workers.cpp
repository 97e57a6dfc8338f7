// resize() joins workers under the pool's lock, although the workers never
// need it: everyone else who wants the pool waits for the longest job.
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

class Pool {
public:
  void resize(unsigned count) {
    std::lock_guard<std::mutex> lock(Mutex);
    Stop = true;
    for (std::thread &worker : Workers)
      worker.join(); // expect: lock-blocking-call
    Workers.clear();
    Stop = false;
    for (unsigned i = 0; i < count; ++i)
      Workers.emplace_back([this] {
        while (!Stop)
          std::this_thread::yield();
      });
  }
  std::size_t size() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Workers.size();
  }

private:
  std::mutex Mutex;
  std::atomic<bool> Stop{false};
  std::vector<std::thread> Workers;
};

int main() {
  Pool pool;
  pool.resize(2);
  pool.resize(0);
  return static_cast<int>(pool.size());
}
