// A cache that forgets what was used longest ago; readers share.
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>

template <typename Key, typename Value> class Cache {
public:
  explicit Cache(std::size_t capacity) : Capacity(capacity) {}

  std::shared_ptr<const Value> find(const Key &key) {
    std::unique_lock lock(Guard);
    auto found = Index.find(key);
    if (found == Index.end())
      return nullptr;
    Order.splice(Order.begin(), Order, found->second);
    return found->second->second;
  }
  void insert(Key key, Value value) {
    auto shared = std::make_shared<const Value>(std::move(value));
    std::unique_lock lock(Guard);
    if (auto found = Index.find(key); found != Index.end()) {
      found->second->second = std::move(shared);
      return;
    }
    Order.emplace_front(key, std::move(shared));
    Index.emplace(std::move(key), Order.begin());
    while (Order.size() > Capacity) {
      Index.erase(Order.back().first);
      Order.pop_back();
    }
  }
  std::size_t size() const {
    std::shared_lock lock(Guard);
    return Order.size();
  }

private:
  using Entries = std::list<std::pair<Key, std::shared_ptr<const Value>>>;
  mutable std::shared_mutex Guard;
  std::size_t Capacity;
  Entries Order;
  std::unordered_map<Key, typename Entries::iterator> Index;
};

int main() {
  Cache<std::string, std::string> pages(64);
  for (int number = 0; number < 256; ++number)
    pages.insert("page " + std::to_string(number), std::string(128, 'x'));
  return pages.find("page 255") && pages.size() == 64 ? 0 : 1;
}
