// Callbacks are put into a queue under the cache's lock but run later by one
// dispatcher thread that holds no lock while it calls them.
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

class Dispatcher {
public:
  void post(std::function<void()> event) {
    {
      std::lock_guard<std::mutex> lock(Mutex);
      Events.push_back(std::move(event));
    }
    Changed.notify_one();
  }
  void run() {
    std::unique_lock<std::mutex> lock(Mutex);
    for (;;) {
      Changed.wait(lock, [this] { return Done || !Events.empty(); });
      if (Events.empty())
        return;
      std::function<void()> event = std::move(Events.front());
      Events.pop_front();
      lock.unlock();
      event();
      lock.lock();
    }
  }
  void stop() {
    {
      std::lock_guard<std::mutex> lock(Mutex);
      Done = true;
    }
    Changed.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  std::list<std::function<void()>> Events;
  bool Done = false;
};

class Cache {
public:
  explicit Cache(Dispatcher &dispatcher) : Events(dispatcher) {}
  void put(int key, std::function<void()> evicted) {
    std::lock_guard<std::mutex> lock(Mutex);
    Keys.push_back(key);
    if (Keys.size() > 8) {
      Keys.pop_front();
      Events.post(std::move(evicted));
    }
  }
  void shrink() {
    std::lock_guard<std::mutex> lock(Mutex);
    Keys.clear();
  }

private:
  Dispatcher &Events;
  std::mutex Mutex;
  std::list<int> Keys;
};

int main() {
  Dispatcher dispatcher;
  Cache cache(dispatcher);
  std::mutex quota;
  int left = 8;
  std::jthread loop([&] { dispatcher.run(); });
  for (int i = 0; i < 40; ++i)
    cache.put(i, [&] {
      std::lock_guard<std::mutex> lock(quota);
      ++left;
    });
  {
    std::lock_guard<std::mutex> lock(quota);
    if (left < 4)
      cache.shrink();
  }
  dispatcher.stop();
}
