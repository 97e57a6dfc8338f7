// Higher-order locking: withLock(mutex, work) runs the work under the lock.
// Nested lambdas take index and body in opposite orders.
#include <mutex>
#include <string>
#include <thread>
#include <utility>

template <typename Mutex, typename Work> decltype(auto) withLock(Mutex &mutex, Work &&work) {
  std::lock_guard<Mutex> guard(mutex); // expect: lock-order-inversion#page
  return std::forward<Work>(work)();
}

struct Page {
  std::mutex indexLock, bodyLock;
  int index = 0;
  std::string body;

  void append(char c) {
    withLock(bodyLock, [&] {
      body += c;
      withLock(indexLock, [&] { index = static_cast<int>(body.size()); }); // expect: lock-order-inversion#page
    });
  }
  bool consistent() {
    return withLock(indexLock, [&] {
      return withLock(bodyLock, [&] { return index == static_cast<int>(body.size()); }); // expect: lock-order-inversion#page
    });
  }
};

int main() {
  Page page;
  std::jthread writer([&] { page.append('x'); });
  return page.consistent() ? 0 : 1;
}
