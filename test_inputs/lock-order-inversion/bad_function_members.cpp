// Callbacks kept as std::function members. The cache tells its listener about
// evictions with the cache locked; the listener locks the quota, and the quota
// shrinks the cache with the quota locked.
#include <functional>
#include <list>
#include <mutex>
#include <thread>

class Cache {
public:
  std::function<void(int)> onEvict;

  void put(int key) {
    std::scoped_lock lock(Mutex);
    Keys.push_back(key);
    if (Keys.size() > 8) {
      int victim = Keys.front();
      Keys.pop_front();
      onEvict(victim);
    }
  }
  void shrink() {
    std::scoped_lock lock(Mutex); // expect: lock-order-inversion#quota
    Keys.clear();
  }

private:
  std::mutex Mutex;
  std::list<int> Keys;
};

class Quota {
public:
  explicit Quota(Cache &cache) : Owner(cache) {
    cache.onEvict = [this](int) { give(); };
  }
  void take() {
    std::scoped_lock lock(Mutex);
    if (--Left < 0) {
      Owner.shrink();
      Left = 8;
    }
  }

private:
  void give() {
    std::scoped_lock lock(Mutex); // expect: lock-order-inversion#quota
    ++Left;
  }
  Cache &Owner;
  std::mutex Mutex;
  int Left = 8;
};

int main() {
  Cache cache;
  Quota quota(cache);
  std::thread producer([&] {
    for (int i = 0; i < 100; ++i)
      cache.put(i);
  });
  std::thread consumer([&] {
    for (int i = 0; i < 100; ++i)
      quota.take();
  });
  producer.join();
  consumer.join();
}
