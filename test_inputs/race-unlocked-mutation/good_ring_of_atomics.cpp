// One thread puts numbers into a ring, another takes them out. Each publishes how
// far it is by an atomic, in a method that the thread calls again and again.
#include <atomic>
#include <cstddef>
#include <thread>

template <class T, std::size_t Size> class Ring {
public:
  bool push(const T &value) {
    const std::size_t at = head.load(std::memory_order_relaxed);
    const std::size_t next = (at + 1) % Size;
    if (next == tail.load(std::memory_order_acquire))
      return false;
    values[at] = value;
    head.store(next, std::memory_order_release);
    return true;
  }
  bool pop(T &value) {
    const std::size_t at = tail.load(std::memory_order_relaxed);
    if (at == head.load(std::memory_order_acquire))
      return false;
    value = values[at];
    tail.store((at + 1) % Size, std::memory_order_release);
    return true;
  }

private:
  T values[Size];
  std::atomic<std::size_t> head{0}, tail{0};
};

static Ring<int, 64> ring;

int main() {
  long sum = 0;
  std::thread producer([] {
    for (int i = 0; i < 1000; ++i)
      while (!ring.push(i))
        ;
  });
  std::thread consumer([&sum] {
    int value = 0;
    for (int i = 0; i < 1000; ++i) {
      while (!ring.pop(value))
        ;
      sum += value;
    }
  });
  producer.join();
  consumer.join();
  return int(sum);
}
