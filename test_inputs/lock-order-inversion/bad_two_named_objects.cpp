// Two objects of one class, each with a name: two threads nest them in opposite
// orders, directly and through a member template that calls back.
#include <mutex>
#include <thread>

template <class T> class Guarded {
public:
  template <class F> void with(F &&f) {
    std::lock_guard<std::mutex> guard(mutex_); // expect: lock-order-inversion
    f(value_);
  }

private:
  std::mutex mutex_;
  T value_{};
};

Guarded<int> jobs, stats;

struct Shelf {
  std::mutex mutex;
  int books = 0;
};

Shelf left, right;

void toTheRight() {
  std::lock_guard<std::mutex> from(left.mutex);
  std::lock_guard<std::mutex> to(right.mutex); // expect: lock-order-inversion
  --left.books, ++right.books;
}

void toTheLeft() {
  std::lock_guard<std::mutex> from(right.mutex);
  std::lock_guard<std::mutex> to(left.mutex);
  --right.books, ++left.books;
}

int main() {
  std::thread first([] {
    jobs.with([](int &) { stats.with([](int &count) { ++count; }); });
    toTheRight();
  });
  std::thread second([] {
    stats.with([](int &) { jobs.with([](int &count) { ++count; }); });
    toTheLeft();
  });
  first.join();
  second.join();
}
