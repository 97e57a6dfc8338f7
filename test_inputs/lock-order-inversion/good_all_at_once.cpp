// Both orders are written, but each in one deadlock-free step: scoped_lock,
// std::lock with adopted guards, and std::lock over deferred ones.
#include <mutex>
#include <thread>

static std::mutex names, numbers;
static int count, sum;

static void add() {
  std::scoped_lock both(names, numbers);
  ++count;
  ++sum;
}

static void swapBoth() {
  std::lock(numbers, names);
  std::lock_guard<std::mutex> first(numbers, std::adopt_lock);
  std::lock_guard<std::mutex> second(names, std::adopt_lock);
  std::swap(count, sum);
}

static void reset() {
  std::unique_lock<std::mutex> second(numbers, std::defer_lock);
  std::unique_lock<std::mutex> first(names, std::defer_lock);
  std::lock(second, first);
  count = sum = 0;
}

int main() {
  std::thread one(add), two(swapBoth), three(reset);
  one.join();
  two.join();
  three.join();
}
