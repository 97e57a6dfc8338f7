// An object is complete when an atomic pointer leads others to it.
#include <atomic>
#include <thread>
struct P {
  int x;
};
std::atomic<P *> slot{nullptr};
int out;
int main() {
  std::thread t([] {
    P *p;
    while (!(p = slot.load(std::memory_order_acquire))) {
    }
    out = p->x;
  });
  P *p = new P;
  p->x = 42;
  slot.store(p, std::memory_order_release);
  t.join();
  return out;
}
