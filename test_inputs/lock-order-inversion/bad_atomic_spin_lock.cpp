// A spin lock made of an atomic_flag beside an ordinary mutex: the pair is
// taken in both orders.
#include <atomic>
#include <mutex>
#include <thread>

class SpinLock {
public:
  void lock() {
    while (Flag.test_and_set(std::memory_order_acquire)) { // expect: lock-order-inversion#spin
    }
  }
  void unlock() { Flag.clear(std::memory_order_release); }

private:
  std::atomic_flag Flag;
};

static SpinLock ring;
static std::mutex table;
static int head, rows;

static void push() {
  std::lock_guard<SpinLock> guard(ring);
  ++head;
  std::lock_guard<std::mutex> lock(table); // expect: lock-order-inversion#spin
  rows = head;
}

static void compact() {
  table.lock();
  rows /= 2;
  ring.lock(); // expect: lock-order-inversion#spin
  head = rows;
  ring.unlock();
  table.unlock();
}

int main() {
  std::thread pusher(push), compactor(compact);
  pusher.join();
  compactor.join();
}
